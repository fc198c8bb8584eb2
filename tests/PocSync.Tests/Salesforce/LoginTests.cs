using System.Security.Cryptography;
using System.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

public class LoginTests
{
    private static readonly TableQuery Accounts = new("Account", ["Id"]);

    private static string Bearer(Arrived call) => call.Headers.Authorization.ToString();

    [Fact]
    public async Task The_secret_is_sent_once_in_the_body_and_its_token_with_each_call()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows(""));

        await org.Reads.Query(Accounts).AllAsync();
        await org.Reads.Query(Accounts).AllAsync();

        var form = HttpUtility.ParseQueryString(org.Logins.ShouldHaveSingleItem().Body);
        form["grant_type"].ShouldBe("client_credentials");
        form["client_id"].ShouldBe("the-consumer-key");
        form["client_secret"].ShouldBe("the-secret");
        org.Calls.Select(Bearer).ShouldBe(["Bearer 00Dxx0000000001!1", "Bearer 00Dxx0000000001!1"]);
        org.Calls.ShouldAllBe(c => c.Headers["Sforce-Call-Options"] == "client=PocSync");
    }

    [Fact]
    public async Task A_jwt_login_signs_who_it_is_for_with_the_key_of_the_file()
    {
        using var key = RSA.Create(2048);
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "key.pem");
        await File.WriteAllTextAsync(file, key.ExportPkcs8PrivateKeyPem());
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows(""), ("ClientSecret", null), ("Username", "sync@example.com"), ("JwtKeyFile", file));
        var expected = org.Time.GetUtcNow().AddMinutes(3);

        await org.Reads.Query(Accounts).AllAsync();

        var form = HttpUtility.ParseQueryString(org.Logins.ShouldHaveSingleItem().Body);
        form["grant_type"].ShouldBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
        var read = await new JsonWebTokenHandler().ValidateTokenAsync(form["assertion"], new TokenValidationParameters
        {
            ValidIssuer = "the-consumer-key",
            ValidAudience = org.Url,
            IssuerSigningKey = new RsaSecurityKey(key),
            ValidAlgorithms = ["RS256"],
            ValidateLifetime = false,
        });
        read.Exception.ShouldBeNull();
        read.Claims["sub"].ShouldBe("sync@example.com");
        read.SecurityToken.ValidTo.ShouldBe(expected.UtcDateTime);
    }

    [Fact]
    public async Task A_key_file_that_holds_no_key_is_named_and_not_quoted()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "key.pem");
        await File.WriteAllTextAsync(file, "hush hush");
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows(""), ("ClientSecret", null), ("Username", "sync@example.com"), ("JwtKeyFile", file));

        var refused = await Should.ThrowAsync<OrgRefusedException>(() => org.Reads.Query(Accounts).AllAsync());

        refused.ToString().ShouldContain(file);
        refused.ToString().ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("invalid_client", "invalid client credentials", "check Salesforce:ClientId and Salesforce:ClientSecret")]
    [InlineData("invalid_grant", "user hasn't approved this consumer", "pre-authorise the user")]
    [InlineData("invalid_grant", "audience is invalid", "check Salesforce:LoginUrl")]
    [InlineData("unsupported_grant_type", "grant type not supported", "enable this login flow")]
    public async Task A_refused_login_says_what_to_do_and_no_secret(string error, string description, string advice)
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows(""));
        org.OnLogin = (http, _) => http.Json($$"""{"error":"{{error}}","error_description":"{{description}}"}""", 400);

        var refused = await Should.ThrowAsync<OrgRefusedException>(() => org.Reads.Query(Accounts).AllAsync());

        refused.Code.ShouldBe(error);
        refused.Message.ShouldContain(description);
        refused.Message.ShouldContain(advice);
        refused.ToString().ShouldNotContain("the-secret");
        org.Logins.Count.ShouldBe(1);
        org.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Calls_that_meet_an_ended_session_share_one_login_and_are_each_sent_once_more()
    {
        const int Callers = 6;
        var all = new TaskCompletionSource();
        await using var org = await WireOrg.StartAsync(async (http, call, count) =>
        {
            if (!Bearer(call).EndsWith("!1", StringComparison.Ordinal))
            {
                await http.Rows("{\"Id\":\"1\"}");
                return;
            }
            // All are under way before the first learns of it.
            if (count == Callers)
                all.SetResult();
            await all.Task;
            await http.Error(401, "INVALID_SESSION_ID", "Session expired or invalid");
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => org.Reads.Query(Accounts).AllAsync()));

        answers.ShouldAllBe(rows => rows.Count == 1);
        org.Logins.Count.ShouldBe(2);
        org.Calls.Count.ShouldBe(2 * Callers);
    }

    [Fact]
    public async Task A_session_that_is_refused_anew_ends_the_call()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Error(401, "INVALID_SESSION_ID", "Session expired or invalid"));

        await Should.ThrowAsync<OrgRefusedException>(() => org.Reads.Query(Accounts).AllAsync());

        org.Calls.Count.ShouldBe(2);
        org.Logins.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_session_that_is_not_for_the_api_is_not_fetched_again()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) =>
            http.Error(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API"));

        var refused = await Should.ThrowAsync<OrgRefusedException>(() => org.Reads.Query(Accounts).AllAsync());

        refused.Message.ShouldContain("not valid for use with the REST API");
        refused.ToString().ShouldNotContain("00Dxx0000000001!");
        org.Logins.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_insert_that_meets_an_ended_session_is_sent_once_more()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => count == 1
            ? http.Error(401, "INVALID_SESSION_ID", "Session expired or invalid")
            : http.Json("""[{"id":"00Txx0000000001AAA","success":true,"errors":[]}]"""));

        var results = await org.Writes.InsertAsync([new("Task", null, new Dictionary<string, object?>())], new(), default);

        results.ShouldHaveSingleItem().Success.ShouldBeTrue();
    }

    [Fact]
    public async Task The_instance_may_move_with_a_new_session()
    {
        await using var moved = await WireOrg.StartAsync((http, _, _) => http.Rows("{\"Id\":\"1\"}"));
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Error(401, "INVALID_SESSION_ID", "Session expired or invalid"));
        org.OnLogin = (http, count) => http.Json($$"""{"access_token":"00D!{{count}}","instance_url":"{{(count == 1 ? org.Url : moved.Url)}}"}""");

        (await org.Reads.Query(Accounts).AllAsync()).Count.ShouldBe(1);
        (await org.Reads.Query(Accounts).AllAsync()).Count.ShouldBe(1);

        org.Calls.Count.ShouldBe(1);
        moved.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_is_never_sent_in_clear_to_another_machine()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows(""));
        org.OnLogin = (http, _) => http.Json("""{"access_token":"00D!1","instance_url":"http://example.com"}""");

        (await Should.ThrowAsync<OrgRefusedException>(() => org.Reads.Query(Accounts).AllAsync())).Message.ShouldContain("https");
    }

    [Fact]
    public async Task A_login_that_answers_with_a_web_page_is_no_salesforce()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows(""));
        org.OnLogin = (http, _) =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<html>Sign in to the Wi-Fi</html>");
        };

        (await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.Query(Accounts).AllAsync())).Message.ShouldContain("check Salesforce:LoginUrl");
    }

    [Fact]
    public async Task The_org_and_the_user_are_told_by_the_login_or_else_asked_for()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json("""{"user_id":"005xx0000000009AAA","organization_id":"00Dxx0000000009AAA"}"""));

        (await org.Reads.IdentityAsync(default)).ShouldBe(("00Dxx0000000001AAA", "005xx0000000001AAA"));
        org.Calls.ShouldBeEmpty();

        await using var terse = await WireOrg.StartAsync((http, _, _) => http.Json("""{"user_id":"005xx0000000009AAA","organization_id":"00Dxx0000000009AAA"}"""));
        terse.OnLogin = (http, _) => http.Json("""{"access_token":"00D!1"}""");
        (await terse.Reads.IdentityAsync(default)).ShouldBe(("00Dxx0000000009AAA", "005xx0000000009AAA"));
    }
}
