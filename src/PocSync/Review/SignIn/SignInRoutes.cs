using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace PocSync.Review.SignIn;

/// <summary>What the forms of the sign-in pages do.</summary>
internal static class SignInRoutes
{
    public const string Path = "/sign-in";

    private const int LongestPath = 2000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var actions = routes.MapActions();
        actions.MapPost("/enter", async (HttpContext http, EnterLink link, [FromForm] string? key) =>
        {
            if (!link.TryUse(key))
            {
                return Results.LocalRedirect("/enter");
            }

            var me = new ClaimsIdentity(
                [new(ClaimTypes.Name, Environment.UserName), new(ClaimTypes.Role, Roles.Administrator)], CookieAuthenticationDefaults.AuthenticationScheme);
            await http.SignInAsync(new ClaimsPrincipal(me), new AuthenticationProperties { IsPersistent = true, ExpiresUtc = TimeProvider.System.GetUtcNow() + Session.Longest });
            return Results.LocalRedirect("/");
        }).AllowAnonymous();
        actions.MapPost("/leave", async (HttpContext http) =>
        {
            await Session.EndAsync(http);
            return Results.LocalRedirect(Path);
        }).AllowAnonymous();
        actions.MapPost(Path, (ReviewSettings settings, [FromForm] string? returnUrl) => settings.IsSalesforce
            ? Results.Challenge(new AuthenticationProperties { RedirectUri = LocalPath(returnUrl) }, [SalesforceSignIn.Scheme])
            : Results.LocalRedirect(Path)).AllowAnonymous();
    }

    /// <summary>A path of the console, or its first page: nobody is led elsewhere, and nothing is sent that no address has.</summary>
    public static string LocalPath(string? path) =>
        path is ['/'] or { Length: <= LongestPath } and ['/', not ('/' or '\\'), ..] && path.All(c => c is > ' ' and <= '~') ? path : "/";
}
