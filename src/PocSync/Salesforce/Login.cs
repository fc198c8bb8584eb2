using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PocSync.Salesforce;

/// <summary>Signs in by client credentials or by JWT bearer, whichever the settings choose.</summary>
internal sealed class Login(IHttpClientFactory http, SalesforceSettings settings, TimeProvider time)
{
    /// <summary>The named client for logins: the same pipeline as the org's, without a session and outside the call budget.</summary>
    public const string Client = "Salesforce login";

    /// <exception cref="OrgRefusedException">The login is refused, with what to check.</exception>
    /// <exception cref="OrgUnreachableException">No sensible answer.</exception>
    public async Task<Session> SignInAsync(CancellationToken cancellation)
    {
        var host = settings.LoginUrl.GetLeftPart(UriPartial.Authority);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.LoginUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/services/oauth2/token")
        {
            Content = new FormUrlEncodedContent(settings.UsesJwt ? JwtForm(host) : SecretForm()),
        };
        CallTraits.Set(request, new CallTraits(CallEffect.Read, Counted: false));
        using var response = await http.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var status = (int)response.StatusCode;
        using var answer = await OrgCalls.JsonOrNullAsync(response, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            if (status >= 500 || answer is null)
                throw new OrgUnreachableException(
                    $"{host} did not answer the login as Salesforce does (HTTP {status}): check Salesforce:LoginUrl, or try later.", status);
            var error = OrgError.Parse(answer.RootElement).FirstOrDefault() ?? new OrgError("login_failed", "", []);
            throw new OrgRefusedException(error.Code, $"{host} refuses the login ({error.Code}: {error.Message}): {Advice(error)}.", status);
        }
        return Read(answer, host);
    }

    private Session Read(JsonDocument? answer, string host)
    {
        if (answer is null || Text("access_token") is not { } token)
            throw new OrgUnreachableException($"{host} did not answer the login as Salesforce does: check Salesforce:LoginUrl.");
        var instance = Text("instance_url") ?? host;
        if (!Uri.TryCreate(instance, UriKind.Absolute, out var url) || !SalesforceSettings.IsSafe(url))
            throw new OrgRefusedException("UNSAFE_INSTANCE",
                $"{host} sends us to an instance without https, where the token would travel in clear: check Salesforce:LoginUrl.");
        // https://login.salesforce.com/id/00D.../005...
        var identity = Text("id")?.Split('/') is [.., var organization, var user] && organization.StartsWith("00D", StringComparison.Ordinal)
            ? (organization, user)
            : (null, null);
        return new Session(token, url, identity.organization, identity.user);

        string? Text(string name) => answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
    }

    private Dictionary<string, string> SecretForm() => new()
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = settings.ClientId,
        ["client_secret"] = settings.ClientSecret!,
    };

    private Dictionary<string, string> JwtForm(string audience)
    {
        using var key = PrivateKey();
        var assertion = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = settings.ClientId,
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = settings.Username! },
            Expires = time.GetUtcNow().UtcDateTime.AddMinutes(3),
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(key), SecurityAlgorithms.RsaSha256)
            {
                // A cached provider would outlive the key.
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        });
        return new()
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = assertion,
        };
    }

    private RSA PrivateKey()
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(settings.JwtKeyFile!));
            _ = key.ExportParameters(includePrivateParameters: true);
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            // Without the inner exception: its text could quote the file.
            throw new OrgRefusedException("JWT_KEY", e is IOException or UnauthorizedAccessException
                ? $"Salesforce:JwtKeyFile '{settings.JwtKeyFile}' cannot be read: check the path and its permissions."
                : $"Salesforce:JwtKeyFile '{settings.JwtKeyFile}' holds no RSA private key in unencrypted PEM form: give the key whose certificate the connected app knows.");
        }
    }

    private string Advice(OrgError error) => error switch
    {
        { Code: "invalid_client_id" or "invalid_client" } => settings.UsesJwt
            ? "check Salesforce:ClientId and that its connected app knows the certificate of Salesforce:JwtKeyFile"
            : "check Salesforce:ClientId and Salesforce:ClientSecret",
        { Code: "unsupported_grant_type" } => "enable this login flow on the connected app",
        { Code: "inactive_user" } => "activate the user the connected app runs as",
        { Code: "inactive_org" } => "the org is locked or expired",
        { Code: "rate_limit_exceeded" } => "wait an hour, one user may log in 3,600 times an hour",
        { Message: var text } when Holds(text, "hasn't approved") => "pre-authorise the user for the connected app",
        { Message: var text } when Holds(text, "audience") => "check Salesforce:LoginUrl",
        { Message: var text } when Holds(text, "expired") => "check this machine's clock",
        { Message: var text } when Holds(text, "no client credentials user") => "choose a run-as user on the connected app",
        _ => settings.UsesJwt
            ? "check Salesforce:LoginUrl, Salesforce:ClientId, Salesforce:Username and the connected app"
            : "check Salesforce:LoginUrl, Salesforce:ClientId, Salesforce:ClientSecret and the connected app",
    };

    private static bool Holds(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
