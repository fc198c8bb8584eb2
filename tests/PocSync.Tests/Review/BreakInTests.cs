using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using PocSync.Ledger;
using PocSync.Review.SignIn;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Review;

public sealed class BreakInTestsOnSqlite() : BreakInTests(LedgerProvider.Sqlite);

public sealed class BreakInTestsOnPostgreSql() : BreakInTests(LedgerProvider.PostgreSql);

/// <summary>Attempts to see, to do or to break what is not theirs, on every address of the console.</summary>
public abstract class BreakInTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private const string Script = "<script>alert(1)</script>\"'>\u202e";

    /// <summary>An org in which every text is a trap.</summary>
    private async Task<(RunHost Org, ConsoleHost Console, ConsoleRoutes Routes)> StartAsync()
    {
        OrgTable[] tables =
        [
            .. PeopleTests.Org.Select(t => t with
            {
                Rows = [.. t.Rows.Select(row => (string?[])[.. row.Select((cell, i) => t.Columns[i] is "Name" or "Notes__c" or "Reason__c" ? $"{cell}{Script}" : cell)])],
            }),
        ];
        var org = await StartAsync(new SimulatorOptions(), "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }", tables);
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        (await org.RunAsync("pause", "--reason", Script, "--as", Script)).Status.ShouldBe(0);
        var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        return (org, console, new ConsoleRoutes(console));
    }

    [Fact]
    public async Task Nobody_sees_or_does_anything_without_a_sign_in_a_role_and_the_token_of_their_own_form()
    {
        var (org, console, routes) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var nobody = console.Client();
        var administrator = await console.EnterAsync();
        var viewer = console.Of(Ben, Roles.Viewer);
        var stranger = console.Of(Cy);
        routes.Pages.Count.ShouldBeGreaterThan(15);
        routes.Actions.Count.ShouldBeGreaterThan(15);

        string[] open = ["/sign-in", "/enter", "/leave"];
        foreach (var path in routes.Pages.Concat(routes.Files).Where(p => !open.Contains(p) && !p.StartsWith("/assets/", StringComparison.Ordinal)))
        {
            var answer = await nobody.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
            answer.Headers.Location!.OriginalString.ShouldContain("/sign-in?ReturnUrl", Case.Sensitive, path);
            (await (await stranger.GetAsync(path)).Content.ReadAsStringAsync()).ShouldNotContain("Acme", Case.Sensitive, path);
        }

        var (ofAdministrator, ofViewer) = (await TokenAsync(administrator), await TokenAsync(viewer));
        foreach (var path in routes.Actions)
        {
            (await administrator.PostAsync(path, Fields())).StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{path} without a token");
            (await administrator.PostAsync(path, Fields(ofAdministrator + "A"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{path} with a forged token");
            (await administrator.PostAsync(path, Fields(ofViewer))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{path} with another's token");
            if (!routes.Pages.Contains(path))
            {
                (await administrator.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed, path);
            }

            if (!open.Contains(path))
            {
                (await nobody.PostAsync(path, Fields())).Headers.Location.ShouldNotBeNull(path).OriginalString.ShouldContain("/sign-in?ReturnUrl", Case.Sensitive, path);
                (await viewer.PostAsync(path, Fields(ofViewer))).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            }
        }

        (await new Errands(await LedgerDatabase.OpenAsync(org.Ledger.Settings), org.Clock).NextAsync()).ShouldBeNull("nothing was asked for");
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_what_it_may_do_and_keeps_text_of_others_text()
    {
        var (org, console, routes) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();
        string[] wrong = ["/nowhere", "/accounts/0015f0000000999AAA", "/pause", "/assets/none", "/health/ready"];
        foreach (var path in routes.Pages.Concat(routes.Files).Concat(wrong).Concat([$"/findings?q={Uri.EscapeDataString(Script)}&rule={Uri.EscapeDataString(Script)}"]))
        {
            var answer = await client.GetAsync(path);
            string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
            Header("Content-Security-Policy").ShouldStartWith("default-src 'none'", Case.Sensitive, path);
            Header("Content-Security-Policy").ShouldNotContain("unsafe", Case.Sensitive, path);
            Header("Content-Security-Policy").ShouldContain("frame-ancestors 'none'", Case.Sensitive, path);
            Header("X-Frame-Options").ShouldBe("DENY", path);
            Header("X-Content-Type-Options").ShouldBe("nosniff", path);
            Header("Referrer-Policy").ShouldBe("same-origin", path);
            Header("Server").ShouldBeEmpty(path);
            (Header("Cache-Control").Contains("no-store") || (path.StartsWith("/assets/", StringComparison.Ordinal) && answer.IsSuccessStatusCode)).ShouldBeTrue(path);
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.Content.Headers.ContentType?.MediaType == "text/html")
            {
                Regex.Matches(body, "<script").Count.ShouldBe(1, path);
                body.ShouldNotContain("alert(1)</script>", Case.Sensitive, path);
                Regex.IsMatch(body, "\\s(on[a-z]+|style)=\"").ShouldBeFalse(path);
            }

            foreach (var secret in new[] { org.Org.Simulator.ClientSecret, org.Org.Simulator.AccessToken, org.Ledger.Settings.ConnectionString })
            {
                body.ShouldNotContain(secret, Case.Sensitive, path);
            }
        }
    }

    [Fact]
    public async Task A_strange_address_gets_an_answer_that_is_no_fault()
    {
        var (org, console, routes) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();
        string[] odd = ["%00", "%27%20OR%201%3D1--", "%25_%5C", "-1", "99999999999999999999", "1e9", "%E2%80%AE", "%ED%A0%80", "..%2F..%2Fetc", new('x', 5000)];
        string[] names = ["q", "page", "sort", "show", "state", "rule", "code", "severity", "person", "account", "by", "plan", "correction", "run", "back", "status", "kind", "team"];
        foreach (var path in routes.Pages.Append("/findings.csv"))
        {
            foreach (var value in odd)
            {
                // Three at once and one twice, to keep it short.
                foreach (var some in names.Chunk(6))
                {
                    var query = string.Join('&', some.Where(_ => value.Length < 1000 || some[0] == "q").Take(value.Length < 1000 ? 6 : 1).Append(some[0]).Select(n => $"{n}={value}"));
                    ((int)(await client.GetAsync($"{path}?{query}")).StatusCode).ShouldBeLessThan(500, $"{path}?{query}");
                }

                if (path.LastIndexOf('/') is > 0 and var end && value.Length < 1000)
                {
                    ((int)(await client.GetAsync(path[..end] + "/" + value)).StatusCode).ShouldBeOneOf(200, 400, 404);
                }
            }
        }

        (await client.GetAsync($"/accounts/{Account(0)[..15]}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync($"/accounts/{Account(0)[..16]}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_is_led_elsewhere()
    {
        var (org, console, _) = await StartAsync();
        await using var __ = org;
        await using var ___ = console;
        var client = await console.EnterAsync();
        var token = await TokenAsync(client);
        foreach (var (back, page) in new[]
        {
            ("/findings?q=%C3%BC", "/findings?q=%C3%BC"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https:evil.example", "/"), ("https://evil.example", "/"), ("/ü", "/"),
            ("/x\r\nSet-Cookie: a=b", "/"), ("/\t/evil.example", "/"), ("javascript:alert(1)", "/"), ("/" + new string('a', 20_000), "/"), ("", "/"),
        })
        {
            var answer = await client.PostAsync("/approvals/approve", Fields(token, ("back", back)));
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, back);
            answer.Headers.Location!.OriginalString.ShouldBe(page, back);
        }

        foreach (var host in new[] { "evil.example", "127.0.0.1.evil.example", "127.0.0.1:99999", $"evil.example:{console.Url.Port}" })
        {
            foreach (var path in new[] { "/", "/findings", "/health/ready", "/enter" })
            {
                (await RawAsync(console, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 421", Case.Sensitive, $"{host} {path}");
            }
        }
    }

    [Fact]
    public async Task A_copy_of_a_cookie_ends_with_the_sign_in()
    {
        var (org, console, _) = await StartAsync();
        await using var __ = org;
        await using var ___ = console;
        await using var other = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        var client = console.Client();
        var entered = await ConsoleHost.PostAsync(client, console.EnterUrl.PathAndQuery, "/enter");
        var cookie = entered.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("pocsync=", StringComparison.Ordinal)).Split(';')[0];
        async Task<HttpStatusCode> WithCopyAsync(ConsoleHost at)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/about") { Headers = { { "Cookie", cookie } } };
            return (await at.Client().SendAsync(request)).StatusCode;
        }

        (await WithCopyAsync(other)).ShouldBe(HttpStatusCode.OK);
        (await ConsoleHost.PostAsync(client, "/about", "/leave")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await WithCopyAsync(console)).ShouldBe(HttpStatusCode.Redirect);
        (await WithCopyAsync(other)).ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_flood_or_a_huge_form_is_refused_and_keeps_nobody_out()
    {
        var (org, console, _) = await StartAsync();
        await using var __ = org;
        await using var ___ = console;
        var client = await console.EnterAsync();
        var nobody = console.Client();

        HttpResponseMessage answer;
        var asked = 0;
        while ((answer = await nobody.GetAsync("/findings")).StatusCode != HttpStatusCode.TooManyRequests)
        {
            (++asked).ShouldBeLessThan(100_000);
        }

        answer.Headers.GetValues("Content-Security-Policy").ShouldNotBeEmpty();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("wait a second");
        (await client.GetAsync("/findings")).StatusCode.ShouldBe(HttpStatusCode.OK, "who is signed in is served");
        (await nobody.GetAsync("/health/live")).StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests, "who watches over it is served");

        var huge = await client.PostAsync("/approvals/approve", Fields(await TokenAsync(client), ("reason", new string('x', 300_000))));
        huge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await huge.Content.ReadAsStringAsync()).ShouldContain("longer than any form");
    }

    private static FormUrlEncodedContent Fields(string? token = null, params (string Name, string Value)[] more) =>
        new([.. token is null ? [] : new[] { KeyValuePair.Create("__RequestVerificationToken", token) }, .. more.Select(m => KeyValuePair.Create(m.Name, m.Value))]);

    private static async Task<string> TokenAsync(HttpClient client) =>
        WebUtility.HtmlDecode(Regex.Match(await client.GetStringAsync("/about"), "__RequestVerificationToken\" value=\"([^\"]*)\"").Groups[1].Value);

    /// <summary>What the server answers to bytes that no client would send.</summary>
    private static async Task<string> RawAsync(ConsoleHost console, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(console.Url.Host, console.Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadLineAsync() ?? "";
    }
}
