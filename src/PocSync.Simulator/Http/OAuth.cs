using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>The connected app's and the run-as user's credentials; they follow from the seed.</summary>
internal sealed record Credentials(string ClientId, string ClientSecret, string Username, string Password)
{
    public static Credentials Of(int seed, string username)
    {
        var hex = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"credentials {seed}")));
        return new($"3MVG9{hex[..40]}", hex[40..], username, $"sim-{hex[..12].ToLowerInvariant()}");
    }
}

/// <summary>
/// Sign-in at /services/oauth2: authorization code, client credentials (body or Basic), JWT bearer, refresh token, username and password; revoke, userinfo, and the
/// identity URL. Errors are one JSON object, as OAuth has them. Any active user may sign in by password: all share one.
/// </summary>
internal sealed class OAuth(Org org, Sessions sessions, Credentials app)
{
    private readonly Dictionary<string, RSA> jwtKeys = new(StringComparer.Ordinal);
    private SignInPage? page;

    /// <summary>Where people sign in.</summary>
    public SignInPage Page => page ??= new(app, FindUser, org.Clock);

    /// <summary>Accepts assertions of this consumer key that are signed with the private half of this key.</summary>
    /// <param name="pem">A certificate or a public key.</param>
    /// <exception cref="ArgumentException">Neither.</exception>
    public void RegisterKey(string clientId, string pem)
    {
        RSA? key = null;
        try
        {
            if (pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal))
            {
                using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem);
                key = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(certificate);
            }
            else
                (key = RSA.Create()).ImportFromPem(pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ArgumentException("The key for JWT sign-in must be an RSA certificate or public key in PEM.", e);
        }
        lock (jwtKeys)
            jwtKeys[clientId] = key ?? throw new ArgumentException("The certificate for JWT sign-in holds no RSA key.");
    }

    public ApiAnswer Token(ReadOnlyMemory<byte> body, string? authorization, string baseUrl)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span));
        string? Field(string name) => form.TryGetValue(name, out StringValues values) ? values.ToString() : null;
        var (clientId, secret) = Basic(authorization) ?? (Field("client_id"), Field("client_secret"));
        switch (Field("grant_type"))
        {
            case "authorization_code":
                return (clientId == SignInPage.CommandLine ? null : AppError(clientId, secret))
                    ?? (Page.Redeem(Field("code"), clientId, Field("redirect_uri"), Field("code_verifier")) is { } person
                        ? Granted(person, baseUrl, sessions.OpenRefresh(person))
                        : Refused("invalid_grant", "invalid authorization code"));
            case "client_credentials":
                return AppError(clientId, secret) ?? Granted(org.RunAsUserId, baseUrl);
            case "password":
                if (AppError(clientId, secret) is { } error)
                    return error;
                return Field("password") == app.Password && FindUser(Field("username")) is { } user
                    ? Granted(user, baseUrl)
                    : Refused("invalid_grant", "authentication failure");
            case "refresh_token":
                if (clientId != app.ClientId && clientId != SignInPage.CommandLine)
                    return Refused("invalid_client_id", "client identifier invalid");
                return sessions.UserOfRefresh(Field("refresh_token") ?? "") is { } known
                    ? Granted(known, baseUrl)
                    : Refused("invalid_grant", "expired access/refresh token");
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                return Assertion(Field("assertion") ?? "", baseUrl);
            case null or "":
                return Refused("invalid_request", "missing required parameter: grant_type");
            default:
                return Refused("unsupported_grant_type", "grant type not supported");
        }
    }

    /// <summary>Errors are url-encoded text here, not JSON.</summary>
    public ApiAnswer Revoke(ReadOnlyMemory<byte> body, string? tokenInQuery)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span));
        var token = form.TryGetValue("token", out var given) ? given.ToString() : tokenInQuery;
        return token is not null && sessions.End(token)
            ? new(200)
            : new(400)
            {
                ContentType = "text/html;charset=UTF-8",
                Body = "error=unsupported_token_type&error_description=this+token+type+is+not+supported"u8.ToArray(),
            };
    }

    /// <summary>What userinfo (OpenID names) and the identity URL say of a user, in one object.</summary>
    public ApiAnswer Identity(string userId, string baseUrl)
    {
        var users = org["User"];
        var row = users.Find(userId);
        object? Of(string field) => users[row, users.Schema[field]];
        return ApiAnswer.Of(200, new Dictionary<string, object?>
        {
            ["sub"] = $"{baseUrl}/id/{org.OrganizationId}/{userId}",
            ["id"] = $"{baseUrl}/id/{org.OrganizationId}/{userId}",
            ["asserted_user"] = true,
            ["user_id"] = userId,
            ["organization_id"] = org.OrganizationId,
            ["username"] = Of("Username"),
            ["preferred_username"] = Of("Username"),
            ["nick_name"] = Of("CommunityNickname"),
            ["display_name"] = Of("Name"),
            ["name"] = Of("Name"),
            ["email"] = Of("Email"),
            ["email_verified"] = true,
            ["first_name"] = Of("FirstName"),
            ["last_name"] = Of("LastName"),
            ["given_name"] = Of("FirstName"),
            ["family_name"] = Of("LastName"),
            ["timezone"] = Of("TimeZoneSidKey") ?? "GMT",
            ["zoneinfo"] = Of("TimeZoneSidKey") ?? "GMT",
            ["active"] = Of("IsActive"),
            ["user_type"] = "STANDARD",
            ["language"] = Of("LanguageLocaleKey") ?? "en_US",
            ["locale"] = Of("LocaleSidKey") ?? "en_US",
            ["utcOffset"] = (long)org.Zone.GetUtcOffset(org.Now).TotalMilliseconds,
            ["urls"] = new Dictionary<string, string>
            {
                ["rest"] = $"{baseUrl}/services/data/v{{version}}/",
                ["sobjects"] = $"{baseUrl}/services/data/v{{version}}/sobjects/",
                ["query"] = $"{baseUrl}/services/data/v{{version}}/query/",
                ["recent"] = $"{baseUrl}/services/data/v{{version}}/recent/",
                ["profile"] = $"{baseUrl}/{userId}",
            },
        });
    }

    private ApiAnswer Assertion(string assertion, string baseUrl)
    {
        var parts = assertion.Split('.');
        JsonElement header, claims;
        byte[] signature;
        try
        {
            header = JsonDocument.Parse(WebEncoders.Base64UrlDecode(parts[0])).RootElement;
            claims = JsonDocument.Parse(WebEncoders.Base64UrlDecode(parts.ElementAtOrDefault(1) ?? "")).RootElement;
            signature = WebEncoders.Base64UrlDecode(parts.ElementAtOrDefault(2) ?? "");
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return Refused("invalid_grant", "invalid assertion");
        }
        string? Claim(string name) =>
            claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value) ? value.ToString() : null;
        RSA? key;
        lock (jwtKeys)
            key = jwtKeys.GetValueOrDefault(Claim("iss") ?? "");
        if (key is null)
            return Claim("iss") == app.ClientId ? Refused("invalid_grant", "invalid assertion")
                : Refused("invalid_client_id", "client identifier invalid");
        if (header.ValueKind != JsonValueKind.Object || !header.TryGetProperty("alg", out var algorithm) || algorithm.ToString() != "RS256"
            || !key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return Refused("invalid_grant", "invalid assertion");
        if (Claim("aud") is not ("https://login.salesforce.com" or "https://test.salesforce.com") && Claim("aud")?.TrimEnd('/') != baseUrl)
            return Refused("invalid_grant", "audience is invalid");
        if (!double.TryParse(Claim("exp"), System.Globalization.CultureInfo.InvariantCulture, out var expires)
            || expires <= org.Clock.GetUtcNow().ToUnixTimeSeconds())
            return Refused("invalid_grant", "expired authorization code");
        return FindUser(Claim("sub")) is { } user ? Granted(user, baseUrl) : Refused("invalid_grant", "user hasn't approved this consumer");
    }

    private static (string? Id, string? Secret)? Basic(string? authorization)
    {
        if (authorization?.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        var bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[6..].Trim(), bytes, out var length))
            return (null, null);
        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return (Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : null);
    }

    private ApiAnswer? AppError(string? clientId, string? secret) =>
        clientId != app.ClientId ? Refused("invalid_client_id", "client identifier invalid")
        : secret != app.ClientSecret ? Refused("invalid_client", "invalid client credentials")
        : null;

    /// <summary>An active user's id, by username.</summary>
    private string? FindUser(string? username)
    {
        var users = org["User"];
        if (username is null)
            return null;
        org.Lock.EnterReadLock();
        try
        {
            return users.LiveRows(users.Schema["Username"], username).Where(r => users[r, users.Schema["IsActive"]] is true)
                .Select(users.Id).FirstOrDefault();
        }
        finally
        {
            org.Lock.ExitReadLock();
        }
    }

    private ApiAnswer Granted(string userId, string baseUrl, string? refresh = null)
    {
        var issued = org.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString();
        var id = $"{baseUrl}/id/{org.OrganizationId}/{userId}";
        var granted = new Dictionary<string, string>
        {
            ["access_token"] = sessions.Open(userId),
            ["instance_url"] = baseUrl,
            ["id"] = id,
            ["token_type"] = "Bearer",
            ["issued_at"] = issued,
            ["signature"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(app.ClientSecret),
                Encoding.UTF8.GetBytes(id + issued))),
            ["scope"] = refresh is null ? "api" : "refresh_token api web",
        };
        if (refresh is not null)
            granted["refresh_token"] = refresh;
        return ApiAnswer.Of(200, granted);
    }

    private static ApiAnswer Refused(string error, string description) => ApiAnswer.Of(400, new { error, error_description = description });
}
