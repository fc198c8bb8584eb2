using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace PocSync.Simulator.Http;

/// <summary>
/// The page at /services/oauth2/authorize where a user signs in for the connected app: authorization code, with PKCE where the app asks for it (S256,
/// also where the method is not named). Salesforce's own command line has an app in every org, without a secret and with PKCE. A code works once, for
/// 15 minutes. Whoever signs in has approved the app.
/// </summary>
internal sealed class SignInPage(Credentials app, Func<string?, string?> findUser, TimeProvider clock)
{
    /// <summary>The app of Salesforce's command line.</summary>
    public const string CommandLine = "PlatformCLI";

    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Grant> grants = new(StringComparer.Ordinal);

    /// <summary>The form, and what became of it.</summary>
    public ApiAnswer Answer(string method, string query, ReadOnlyMemory<byte> body)
    {
        var asked = QueryHelpers.ParseQuery(query);
        string? Asked(string name) => asked.TryGetValue(name, out var values) ? values.ToString() : null;
        var client = Asked("client_id");
        if ((client != app.ClientId && client != CommandLine) || Asked("response_type") != "code"
            || !Uri.TryCreate(Asked("redirect_uri"), UriKind.Absolute, out var back) || back.Scheme is not ("http" or "https"))
            return Page(400, "OAuth Error", "<p>error=invalid_request: client_id, response_type=code and redirect_uri are needed.</p>");
        if (Asked("code_challenge_method") is { } coding && coding != "S256")
            return Page(400, "OAuth Error", "<p>error=invalid_request: code_challenge_method must be S256.</p>");
        if (client == CommandLine && Asked("code_challenge") is null)
            return Page(400, "OAuth Error", "<p>error=invalid_request: missing required code challenge.</p>");
        if (method != "POST")
            return Form("");
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span));
        var user = form.TryGetValue("pw", out var password) && password == app.Password && form.TryGetValue("username", out var name) ? findUser(name) : null;
        if (user is null)
            return Form("<p>Check your username and password.</p>");
        var code = $"aPrx{Convert.ToHexString(RandomNumberGenerator.GetBytes(24))}==";
        grants[code] = new(client!, user, back.OriginalString, Asked("code_challenge"), clock.GetUtcNow() + Lasts);
        var answer = new Dictionary<string, string?> { ["code"] = code };
        if (Asked("state") is { } state)
            answer["state"] = state;
        return new(302) { Headers = [("Location", QueryHelpers.AddQueryString(back.OriginalString, answer))] };

        ApiAnswer Form(string note) => Page(200, "Login | Salesforce (simulated)", $"""
            {note}<form method="post" action="?{WebUtility.HtmlEncode(query.TrimStart('?'))}">
            <p><label>Username <input name="username" value="{WebUtility.HtmlEncode(Asked("login_hint") ?? "")}" autofocus></label></p>
            <p><label>Password <input name="pw" type="password"></label></p>
            <p><button>Log In</button></p></form>
            """);
    }

    /// <summary>The user of a code; null where it is not good, or not for this app, address or verifier.</summary>
    public string? Redeem(string? code, string? clientId, string? redirectUri, string? verifier) =>
        code is not null && grants.TryRemove(code, out var grant) && grant.Until > clock.GetUtcNow() && grant.ClientId == clientId && grant.RedirectUri == redirectUri
        && (grant.Challenge is null
            || grant.Challenge == WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier ?? ""))))
            ? grant.UserId : null;

    private static ApiAnswer Page(int status, string title, string body) => new(status)
    {
        ContentType = "text/html;charset=UTF-8",
        Body = Encoding.UTF8.GetBytes($"<!doctype html><html lang=\"en\"><title>{title}</title><h1>{title}</h1>{body}</html>"),
    };

    private sealed record Grant(string ClientId, string UserId, string RedirectUri, string? Challenge, DateTimeOffset Until);
}
