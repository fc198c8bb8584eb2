using System.Net;
using Microsoft.Playwright;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Review;

public sealed class ConsoleTests
{
    /// <summary>Three accounts: one whose owner has left, one without a backup, one in order; the first is worth most.</summary>
    private static async Task<RunHost> OrgAsync(string first = "Acme")
    {
        var host = await RunHost.StartAsync(
            "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }",
            new("Account", ["Id", "Name", "OwnerId", "AnnualRevenue"],
            [
                [RunHost.Account(0), first, RunHost.Gone, "5000000"], [RunHost.Account(1), "Bolt", RunHost.Ana, "1000"],
                [RunHost.Account(2), "Cup", RunHost.Ben, "20"],
            ]),
            RunHost.Rows((0, "Primary", RunHost.Gone), (0, "Backup", RunHost.Ben), (1, "Primary", RunHost.Ana), (2, "Primary", RunHost.Ben), (2, "Backup", RunHost.Cy)));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        return host;
    }

    private static Task<ConsoleHost> ConsoleAsync(RunHost org) => ConsoleHost.StartAsync(org.AllSettings(), org.Clock);

    [Fact]
    public async Task The_link_signs_in_once_and_only_on_its_button()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        var client = console.Client();

        (await client.GetAsync("/")).Headers.Location!.OriginalString.ShouldContain("/sign-in");
        (await client.GetAsync(console.EnterUrl)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect, "a look at the link is no use of it");
        (await ConsoleHost.PostAsync(client, console.EnterUrl.PathAndQuery, "/enter")).Headers.Location!.OriginalString.ShouldBe("/");
        (await client.GetStringAsync("/about")).ShouldContain($"{Environment.UserName}: administrator");

        (await console.Client().GetStringAsync(console.EnterUrl)).ShouldContain("This link was used");
    }

    [Fact]
    public async Task A_wrong_key_does_not_enter_and_does_not_use_up_the_link()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);

        var refused = await ConsoleHost.PostAsync(console.Client(), console.EnterUrl.PathAndQuery, "/enter", ("key", "AAAA"));
        refused.Headers.Location!.OriginalString.ShouldBe("/enter");
        await console.EnterAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/findings")]
    [InlineData("/findings.csv")]
    [InlineData("/accounts/0015f0000000000AAA")]
    [InlineData("/about")]
    public async Task Nothing_is_shown_to_who_is_not_signed_in(string path)
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        var answer = await console.Client().GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.AbsolutePath.ShouldBe("/sign-in");
    }

    [Fact]
    public async Task An_action_without_the_token_of_its_form_does_nothing()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();

        var refused = await client.PostAsync("/leave", new FormUrlEncodedContent([]));

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Nothing was done");
        (await client.GetAsync("/leave")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ConsoleHost.PostAsync(client, "/", "/leave")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_page_of_another_host_is_refused()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
        (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task A_restart_signs_nobody_out()
    {
        await using var org = await OrgAsync();
        string cookie;
        await using (var first = await ConsoleAsync(org))
        {
            var client = first.Client();
            var entered = await ConsoleHost.PostAsync(client, first.EnterUrl.PathAndQuery, "/enter");
            cookie = entered.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("pocsync=", StringComparison.Ordinal));
            cookie.ShouldContain("httponly");
            cookie.ShouldContain("samesite=lax");
        }

        await using var second = await ConsoleAsync(org);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        (await second.Client().SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Today_names_the_share_uncovered_the_worst_account_and_what_waits()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();

        var page = await client.GetStringAsync("/");

        page.ShouldContain("<h1>1 of 3 accounts has nobody who works as primary contact.</h1>");
        page.ShouldContain("That is 33 % of them, worth 5.0 M a year.");
        page.IndexOf(">Acme<", StringComparison.Ordinal).ShouldBeInRange(1, page.IndexOf(">Bolt<", StringComparison.Ordinal));
        page.ShouldMatch(@"Waits for a person</p>\s*<p class=""value"">[1-9]");
    }

    [Fact]
    public async Task Text_from_the_org_stays_text()
    {
        await using var org = await OrgAsync("<script>alert(1)</script>");
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();
        foreach (var path in new[] { "/", "/findings", $"/accounts/{RunHost.Account(0)}", "/findings?q=%3Cscript%3E&by=Account&rule=%22%3E%3Cscript%3E" })
        {
            (await client.GetStringAsync(path)).ShouldNotContain("<script>alert", Case.Insensitive, path);
        }
    }

    [Fact]
    public async Task Findings_are_filtered_counted_and_downloaded_by_the_address()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();

        (await client.GetStringAsync("/findings?rule=backup-present")).ShouldContain("Bolt has no backup");
        (await client.GetStringAsync("/findings?severity=Error&q=BOLT")).ShouldContain("Nothing fits.");
        (await client.GetStringAsync("/findings?by=Account")).ShouldContain("account=" + RunHost.Account(0));
        (await client.GetStringAsync($"/findings?person={RunHost.Gone}")).ShouldContain("Concerns Gone");
        (await client.GetStringAsync("/findings?state=Resolved")).ShouldContain("0 resolved findings");
        (await client.GetStringAsync("/findings?page=nonsense&sort=7&state=x")).ShouldContain("findings</h1>");
        var csv = await client.GetAsync("/findings.csv?rule=backup-present");
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        (await csv.Content.ReadAsStringAsync()).Trim().Split("\r\n").Length.ShouldBe(2);
    }

    [Fact]
    public async Task An_account_tells_who_answers_what_is_wrong_and_what_was_done()
    {
        await using var org = await OrgAsync();
        (await org.RunAsync("approve", "--rule", "primary-able", "--reason", "Gone has left", "--as", "ana@x.example")).Status.ShouldBe(0);
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleAsync(org);
        var client = await console.EnterAsync();

        var page = await client.GetStringAsync($"/accounts/{RunHost.Account(0)}");

        page.ShouldContain("Ben answers for it.");
        page.ShouldContain("Approved by ana@x.example: Gone has left");
        page.ShouldContain("resolved");
        var unknown = await client.GetAsync("/accounts/0015f0000000999AAA");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("Nothing is here");
        unknown.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
    }

    [Fact]
    public async Task A_path_that_is_not_there_says_so()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        var answer = await (await console.EnterAsync()).GetAsync("/nowhere/../../etc/passwd");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Nothing is here");
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1440, 900)]
    public async Task Pages_fit_keep_to_their_policy_and_work_without_scripts(int width, int height)
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleAsync(org);
        await using var browser = await Chromium.StartAsync();
        await using var context = await browser.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, JavaScriptEnabled = width == 390 });
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);

        await page.GotoAsync(console.EnterUrl.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        foreach (var tab in new[] { "Today", "Findings" })
        {
            await page.GetByRole(AriaRole.Navigation, new() { Name = "Pages", Exact = true }).GetByText(tab).ClickAsync();
            (await page.Locator("h1").CountAsync()).ShouldBe(1);
            (await page.Locator("main").BoundingBoxAsync())!.Width.ShouldBeLessThanOrEqualTo(width);
        }

        await page.GetByRole(AriaRole.Searchbox).FillAsync("acme");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Acme", Exact = true }).First.ClickAsync();
        (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).TextContentAsync()).ShouldBe("Acme");
        complaints.ShouldBeEmpty();
    }
}
