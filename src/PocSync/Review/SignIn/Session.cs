using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Ledger;

namespace PocSync.Review.SignIn;

/// <summary>A sign-in, from its cookie to the sign-out that ends it: a copy of the cookie ends with it, on every worker.</summary>
public static class Session
{
    /// <summary>The longest that anybody stays signed in.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private const string Name = "session";

    /// <summary>Gives a sign-in its name.</summary>
    public static void Begin(AuthenticationProperties cookie) => cookie.Items[Name] = RandomNumberGenerator.GetHexString(32);

    /// <summary>Lets nobody in with the cookie of a sign-in that was ended.</summary>
    public static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        if (!context.Properties.Items.TryGetValue(Name, out var name) || await (await SignOutsAsync(context.HttpContext)).HasEndedAsync(name!))
        {
            context.RejectPrincipal();
        }
    }

    /// <summary>Ends it, where somebody is signed in.</summary>
    public static async Task EndAsync(HttpContext http)
    {
        if ((await http.AuthenticateAsync()).Properties is { } cookie)
        {
            // A copy of the cookie can have been prolonged until now, and no further.
            await (await SignOutsAsync(http)).EndAsync(cookie.Items[Name]!, TimeProvider.System.GetUtcNow() + Longest);
        }

        await http.SignOutAsync();
    }

    private static async Task<SignOuts> SignOutsAsync(HttpContext http) =>
        new(await http.RequestServices.GetRequiredService<ReviewLedger>().OpenAsync(), TimeProvider.System);
}
