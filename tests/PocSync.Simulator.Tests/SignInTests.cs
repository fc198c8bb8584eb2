using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace PocSync.Simulator.Tests;

public sealed class SignInTests
{
    private const string TokenPath = "/services/oauth2/token";

    [Fact]
    public async Task A_code_of_the_sign_in_page_works_once_and_only_with_its_verifier()
    {
        await using var org = await TestOrg.StartAsync();
        org.Token = "";
        var (id, secret) = (org.Simulator.ClientId, org.Simulator.ClientSecret);
        var (verifier, back) = ("a-verifier-of-forty-three-characters-or-more", "http://127.0.0.1:1/signed-in");
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var page = QueryHelpers.AddQueryString("/services/oauth2/authorize", new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = id,
            ["redirect_uri"] = back,
            ["state"] = "s",
            ["code_challenge"] = challenge,
            ["code_challenge_method"] = "S256",
        });
        async Task<string> CodeAsync()
        {
            using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = org.Simulator.Url };
            (await http.GetStringAsync(page)).ShouldContain("Username");
            var signedIn = await http.PostAsync(page, new FormUrlEncodedContent([new("username", org.Simulator.Username), new("pw", org.Simulator.Password)]));
            var query = QueryHelpers.ParseQuery(signedIn.Headers.Location!.Query);
            query["state"].ToString().ShouldBe("s");
            return query["code"].ToString();
        }

        Task<Answer> RedeemAsync(string code, string with) => org.FormAsync(TokenPath, ("grant_type", "authorization_code"), ("client_id", id),
            ("client_secret", secret), ("code", code), ("redirect_uri", back), ("code_verifier", with));

        var code = await CodeAsync();
        (await RedeemAsync(code, verifier)).Json.GetProperty("id").GetString()!.ShouldEndWith(TestOrg.Robot);
        (await RedeemAsync(code, verifier)).Json.GetProperty("error").GetString().ShouldBe("invalid_grant");
        (await RedeemAsync(await CodeAsync(), "another")).Json.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task The_command_line_of_Salesforce_signs_in_without_a_secret_and_refreshes_its_session()
    {
        await using var org = await TestOrg.StartAsync();
        org.Token = "";
        var (verifier, back) = ("a-verifier-of-some-length-that-nobody-guesses", "http://localhost:1717/OauthRedirect");
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var page = QueryHelpers.AddQueryString("/services/oauth2/authorize", new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = "PlatformCLI",
            ["redirect_uri"] = back,
            ["code_challenge"] = challenge,
        });
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = org.Simulator.Url };
        (await http.GetAsync(page.Replace("code_challenge=", "other=", StringComparison.Ordinal))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var signedIn = await http.PostAsync(page, new FormUrlEncodedContent([new("username", org.Simulator.Username), new("pw", org.Simulator.Password)]));
        var code = QueryHelpers.ParseQuery(signedIn.Headers.Location!.Query)["code"].ToString();

        var granted = await org.FormAsync(TokenPath, ("grant_type", "authorization_code"), ("client_id", "PlatformCLI"), ("code", code), ("redirect_uri", back),
            ("code_verifier", verifier));
        var refreshed = await org.FormAsync(TokenPath, ("grant_type", "refresh_token"), ("client_id", "PlatformCLI"),
            ("refresh_token", granted.Json.GetProperty("refresh_token").GetString()!));

        org.Token = refreshed.Json.GetProperty("access_token").GetString()!;
        (await org.GetAsync("limits")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Client_credentials_work_in_the_body_and_as_basic_authorization()
    {
        await using var org = await TestOrg.StartAsync();
        org.Token = "";
        var (id, secret) = (org.Simulator.ClientId, org.Simulator.ClientSecret);

        var body = await org.FormAsync(TokenPath, ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret));
        var basic = await org.SendAsync("POST", TokenPath, new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
            ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"))));

        foreach (var answer in (Answer[])[body, basic])
        {
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
            answer.Json.GetProperty("access_token").GetString()!.ShouldStartWith("00Dsm0000000001!AQ");
            answer.Json.GetProperty("issued_at").ValueKind.ShouldBe(JsonValueKind.String);
            answer.Json.GetProperty("id").GetString()!.ShouldEndWith(TestOrg.Robot);
            answer.Json.TryGetProperty("expires_in", out _).ShouldBeFalse();
            org.Token = answer.Json.GetProperty("access_token").GetString()!;
            (await org.QueryAsync("SELECT Id FROM Account")).Count.ShouldBe(2);
            org.Token = "";
        }
    }

    [Fact]
    public async Task A_wrong_secret_is_one_oauth_object_that_does_not_repeat_it()
    {
        await using var org = await TestOrg.StartAsync();

        var answer = await org.FormAsync(TokenPath, ("grant_type", "client_credentials"), ("client_id", org.Simulator.ClientId),
            ("client_secret", "guess-me"));

        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.BadRequest, "invalid_client"));
        answer.Text.ShouldNotContain("guess-me");
    }

    [Fact]
    public async Task An_assertion_counts_only_with_the_registered_key_the_right_audience_and_time_left()
    {
        using RSA key = RSA.Create(2048), other = RSA.Create(2048);
        await using var org = await TestOrg.StartAsync();
        async Task<Answer> Assert(RSA with, string audience = "https://login.salesforce.com", int seconds = 180, string user = "bob@x.example") =>
            await org.FormAsync(TokenPath, ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", Jwt(with, org.Simulator.ClientId, user, audience, seconds)));

        (await Assert(key)).Code.ShouldBe("invalid_grant");
        (await org.SendAsync("POST", "/_control/jwt-keys",
            new { clientId = org.Simulator.ClientId, publicKey = key.ExportSubjectPublicKeyInfoPem() })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await Assert(key)).Json.GetProperty("id").GetString()!.ShouldEndWith(TestOrg.Bob);
        (await Assert(other)).Code.ShouldBe("invalid_grant");
        (await Assert(key, audience: "https://example.com")).Text.ShouldContain("audience is invalid");
        (await Assert(key, seconds: -1)).Text.ShouldContain("expired authorization code");
        (await Assert(key, user: "nobody@x.example")).Text.ShouldContain("user hasn't approved this consumer");
        (await Assert(key, user: "gone@x.example")).Code.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Password_and_refresh_token_sign_in_and_userinfo_names_the_user()
    {
        await using var org = await TestOrg.StartAsync();
        var (id, secret) = (org.Simulator.ClientId, org.Simulator.ClientSecret);

        var password = await org.FormAsync(TokenPath, ("grant_type", "password"), ("client_id", id), ("client_secret", secret),
            ("username", "ann@x.example"), ("password", org.Simulator.Password));
        var refresh = await org.FormAsync(TokenPath, ("grant_type", "refresh_token"), ("client_id", id),
            ("refresh_token", org.Simulator.RefreshToken));
        (await org.FormAsync(TokenPath, ("grant_type", "magic"))).Code.ShouldBe("unsupported_grant_type");

        org.Token = password.Json.GetProperty("access_token").GetString()!;
        (await org.GetAsync("/services/oauth2/userinfo")).Json.GetProperty("user_id").GetString().ShouldBe(TestOrg.Ann);
        org.Token = refresh.Json.GetProperty("access_token").GetString()!;
        (await org.GetAsync(new Uri(refresh.Json.GetProperty("id").GetString()!).AbsolutePath)).Json.GetProperty("username").GetString()
            .ShouldBe("integration@x.example");
    }

    [Fact]
    public async Task A_dead_session_is_a_401_array_whether_killed_revoked_or_idle_too_long()
    {
        await using var org = await TestOrg.StartAsync();
        async Task SignIn() =>
            org.Token = (await org.FormAsync(TokenPath, ("grant_type", "client_credentials"), ("client_id", org.Simulator.ClientId),
            ("client_secret", org.Simulator.ClientSecret)))
            .Json.GetProperty("access_token").GetString()!;
        async Task ShouldBeDead()
        {
            var answer = await org.GetAsync("limits");
            (answer.Status, answer.Code, answer.Message).ShouldBe((HttpStatusCode.Unauthorized, "INVALID_SESSION_ID", "Session expired or invalid"));
        }

        await SignIn();
        await org.FormAsync("/services/oauth2/revoke", ("token", org.Token));
        await ShouldBeDead();

        await SignIn();
        await org.SendAsync("POST", "/_control/clock",
            new { now = DateTimeOffset.Parse((await org.GetAsync("/_control/clock")).Json.GetProperty("now").GetString()!).AddHours(3) });
        await ShouldBeDead();
        org.Token = org.Simulator.AccessToken;
        (await org.GetAsync("limits")).Status.ShouldBe(HttpStatusCode.OK);

        await org.SendAsync("POST", "/_control/sessions/kill");
        await ShouldBeDead();
    }

    [Theory]
    [InlineData("/services/data/v30.0/limits", HttpStatusCode.Gone)]
    [InlineData("/services/data/v50.0/limits", HttpStatusCode.NotFound)]
    [InlineData("/services/data/v69.0/limits", HttpStatusCode.NotFound)]
    [InlineData("/services/data/v51.0/limits", HttpStatusCode.OK)]
    [InlineData("//services/data/v68.0/limits/", HttpStatusCode.OK)]
    [InlineData("/services/data/v66.0/nonsense", HttpStatusCode.NotFound)]
    public async Task Versions_answer_as_they_should(string path, HttpStatusCode status)
    {
        await using var org = await TestOrg.StartAsync();

        (await org.GetAsync(path)).Status.ShouldBe(status);
    }

    private static string Jwt(RSA key, string issuer, string subject, string audience, int seconds)
    {
        var expires = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        var head = WebEncoders.Base64UrlEncode("""{"alg":"RS256"}"""u8);
        var claims = WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(new
        {
            iss = issuer,
            sub = subject,
            aud = audience,
            exp = $"{expires.ToUnixTimeSeconds()}"
        }));
        var signature = key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{claims}.{WebEncoders.Base64UrlEncode(signature)}";
    }
}
