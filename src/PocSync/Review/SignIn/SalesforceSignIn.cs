using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Review.SignIn;

/// <summary>Somebody who signed in to the org.</summary>
/// <param name="Id">The user, 18 characters.</param>
/// <param name="Name">Full name.</param>
/// <param name="Username">Login name.</param>
/// <param name="Organization">The organization id, 18 characters.</param>
/// <param name="PermissionSets">The names of those permission sets of theirs that were asked about.</param>
public sealed record OrgUser(string Id, string Name, string Username, string Organization, IReadOnlyList<string> PermissionSets);

/// <summary>The org where people sign in.</summary>
/// <param name="Authorize">The page of the org that asks them.</param>
/// <param name="Token">Where its answer becomes a token.</param>
/// <param name="ReadAsync">Who the token is of: by the token, the org's instance as it answered, and the permission sets asked about. Throws
/// <see cref="OrgException"/>.</param>
public sealed record OrgSignIn(Uri Authorize, Uri Token, Func<string, Uri, IReadOnlyCollection<string>, CancellationToken, Task<OrgUser>> ReadAsync);

/// <summary>Signs people in with Salesforce: authorization code with PKCE, the roles read once with the person's own token, which is then forgotten.</summary>
public static class SalesforceSignIn
{
    /// <summary>The scheme's name.</summary>
    public const string Scheme = "Salesforce";

    private static readonly TimeSpan Stay = TimeSpan.FromHours(12);

    /// <summary>Adds the sign-in.</summary>
    public static IServiceCollection AddSalesforceSignIn(this IServiceCollection services, ReviewSettings settings, OrgSignIn org)
    {
        // The framework's own log of these calls would name people.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.Error));
        services.AddAuthentication().AddOAuth(Scheme, options =>
        {
            options.ClientId = settings.ClientId!;
            options.ClientSecret = settings.ClientSecret!;
            options.AuthorizationEndpoint = org.Authorize.ToString();
            options.TokenEndpoint = org.Token.ToString();
            options.CallbackPath = "/signed-in";
            options.UsePkce = true;
            options.TimeProvider = TimeProvider.System;
            options.SaveTokens = false;
            options.Scope.Add("openid");
            options.Scope.Add("api");
            options.Events.OnCreatingTicket = context => FillAsync(context, org);
            options.Events.OnRemoteFailure = context =>
            {
                context.HandleResponse();
                context.Response.Redirect($"{SignInRoutes.Path}?failed=1");
                return Task.CompletedTask;
            };
        });
        return services;
    }

    private static async Task FillAsync(OAuthCreatingTicketContext context, OrgSignIn org)
    {
        var instance = context.TokenResponse.Response!.RootElement.GetProperty("instance_url").GetString()!;
        var user = await org.ReadAsync(context.AccessToken!, new Uri(instance), [.. Roles.OfPermissionSets.Keys], context.HttpContext.RequestAborted);
        var ledger = await context.HttpContext.RequestServices.GetRequiredService<ReviewLedger>().OpenAsync();
        // Before a first run nobody can tell whose console it is, and a user of any org could come in.
        if (await new BookQueries(ledger).OrgAsync() is not { } owner)
        {
            throw new OrgException("This console has seen no org yet: people can sign in after the first run.");
        }

        if (owner.Id != user.Organization)
        {
            throw new OrgException($"{user.Username} is of another org than this console.");
        }

        var roles = user.PermissionSets.Select(s => Roles.OfPermissionSets.GetValueOrDefault(s)).OfType<string>().Distinct().ToList();
        context.Identity!.AddClaims(
        [
            new(ClaimTypes.NameIdentifier, user.Id), new(ClaimTypes.Name, user.Name), new(ClaimTypes.Upn, user.Username),
            .. roles.Select(r => new Claim(ClaimTypes.Role, r)),
        ]);
        context.Properties.IsPersistent = false;
        context.Properties.ExpiresUtc = TimeProvider.System.GetUtcNow() + Stay;
        context.Properties.AllowRefresh = false;
    }
}
