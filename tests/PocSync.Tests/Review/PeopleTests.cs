using System.Net;
using Microsoft.Playwright;
using PocSync.Ledger;
using PocSync.Review.SignIn;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Review;

[Collection(Jobs.Serving.Collection)]
public sealed class PeopleTestsOnSqlite() : PeopleTests(LedgerProvider.Sqlite);

[Collection(Jobs.Serving.Collection)]
public sealed class PeopleTestsOnPostgreSql() : PeopleTests(LedgerProvider.PostgreSql);

/// <summary>The pages about people and handoffs. The day is 22 November 2026.</summary>
public abstract class PeopleTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private const string Script = "<script>alert(1)</script>";

    /// <summary>Ana has two accounts and room for one, is away soon, and only Bolt is covered; Ben is away with a cover; Gone has left.</summary>
    internal static OrgTable[] Org =>
    [
        new("User", ["Id", "Username", "Name", "IsActive", "POC_Capacity__c", "ManagerId"],
        [
            [Ana, "ana@x.example", "Ana", "true", "1", Dee], [Ben, "ben@x.example", "Ben", "true", null, Dee], [Cy, "cy@x.example", Script, "true", null, null],
            [Dee, "dee@x.example", "Dee", "true", null, null], [Gone, "gone@x.example", "Gone", "false", null, Dee],
        ]),
        new("Account", ["Id", "Name", "OwnerId", "AnnualRevenue"],
        [
            [Account(0), "Acme", Ana, "5000000"], [Account(1), "Bolt", Ana, "1000"], [Account(2), Script, Ben, "20"], [Account(3), "Dot", Gone, ""],
        ]),
        Rows((0, "Primary", Ana), (1, "Primary", Ana), (1, "Backup", Ben), (2, "Primary", Ben), (3, "Primary", Gone), (3, "Specialist", Dee)),
        new("POC_Absence__c", ["Id", "User__c", "Starts_On__c", "Ends_On__c", "Cover__c"],
        [
            ["a025f0000000001AAA", Ana, "2026-11-24", "2026-11-27", null], ["a025f0000000002AAA", Ben, "2026-12-14", null, Dee],
            ["a025f0000000003AAA", Cy, "2026-01-01", "2026-01-31", null],
        ]),
        new("POC_Handoff__c",
            ["Id", "Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Due_On__c", "Status__c", "Reason__c", "Notes__c"],
        [
            [Handoff(0), Account(0), Gone, Ana, "2026-11-01", "2026-11-20", "Awaiting Acknowledgement", "Territories were redrawn", Script + "\nSecond line"],
            [Handoff(1), Account(1), Gone, Ana, "2026-11-10", "2026-12-20", "Awaiting Acknowledgement", null, null],
            [Handoff(2), Account(2), Gone, Ben, "2026-11-11", null, "Documenting", "r", new string('x', 10_000)],
            [Handoff(3), Account(3), Ben, Gone, "2026-11-12", null, "Declined", null, "no"], [Handoff(4), Account(3), Ben, Gone, null, null, null, "r", "n"],
            [Handoff(5), Account(0), Ben, Ana, "2025-01-01", null, "Acknowledged", "old", "old"],
        ]),
    ];

    internal static string Handoff(int i) => Core.Records.RecordId.Parse($"a045f{i:D10}").ToString();

    private async Task<(RunHost Org, ConsoleHost Console)> StartAsync()
    {
        var org = await StartAsync(new SimulatorOptions(), "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }", Org);
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        return (org, await ConsoleHost.StartAsync(org.AllSettings(), org.Clock));
    }

    [Fact]
    public async Task Whoever_decides_says_that_somebody_leaves_and_a_worker_drafts_who_follows()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        (org.Settings["Jobs:Full"], org.Settings["Jobs:Delta"]) = ("never", "never");
        (await console.Of(Dee, Roles.Viewer).GetStringAsync($"/people/{Ana}")).ShouldNotContain("/leavers/announce");
        var client = console.Of(Dee, Roles.Approver);

        (await ConsoleHost.PostAsync(client, $"/people/{Ana}", "/leavers/announce", ("on", "2026-11-27"), ("to", "dee@x.example"), ("reason", "new job"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        await DoErrandAsync();

        (await client.GetStringAsync("/people")).ShouldContain($"<a href=\"/people/{Ana}\">Ana</a>: others have the accounts from 27 Nov 2026 on, Dee where they can");
        var page = await client.GetStringAsync($"/people/{Ana}");
        page.ShouldContain("Leaves: from 27 Nov 2026 on others have the accounts, Dee where they can.");
        page.ShouldContain("2 corrections that wait for a person concern Ana.");
        (await client.GetStringAsync("/approvals?q=Ana")).ShouldContain("Make Dee primary contact of Acme on 2026-11-27 in place of Ana: Ana leaves.");
        (await ConsoleHost.PostAsync(client, $"/people/{Ana}", "/leavers/withdraw", ("reason", "got a raise"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await DoErrandAsync();
        (await client.GetStringAsync("/people")).ShouldNotContain("others have the accounts from");
        (await client.GetStringAsync($"/people/{Ana}")).ShouldNotContain("Leaves: from");
        (await client.GetStringAsync("/approvals?q=Ana")).ShouldNotContain("primary contact of Acme on 2026-11-27");

        async Task DoErrandAsync()
        {
            await using var worker = await Jobs.Serving.StartAsync(org);
            await worker.DoAsync(PocSync.Review.WorkerDesk.Errands);
        }
    }

    [Fact]
    public async Task People_are_shown_with_their_load_their_absences_and_what_nobody_covers()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();

        var page = await client.GetStringAsync("/people");

        page.ShouldContain("<h1>1 of 4 people has more accounts than they can look after.</h1>");
        page.ShouldContain("1 person is away in the next 14 days; 1 account worth 5.0 M a year has nobody meanwhile.");
        page.ShouldMatch(@"2 of 1\s*<strong> over</strong>");
        page.IndexOf($"/people/{Ana}", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf($"/people/{Gone}", StringComparison.Ordinal));
        page.ShouldContain("has left");
        page.ShouldContain("colspan=\"4\" class=\"away gap\"");
        page.ShouldContain("cover Dee");
        page.ShouldContain("from 14 Dec 2026 on");

        async Task ShouldShowAsync(string query, params string[] people)
        {
            var list = await client.GetStringAsync("/people?" + query);
            list = list[list.IndexOf("id=\"list-title\"", StringComparison.Ordinal)..];
            foreach (var who in new[] { Ana, Ben, Cy, Dee, Gone })
            {
                list.Contains($"<a href=\"/people/{who}\"", StringComparison.Ordinal).ShouldBe(people.Contains(who), $"{query}: {Name(who)}");
            }
        }

        await ShouldShowAsync("", Ana, Ben, Dee, Gone);
        await ShouldShowAsync("show=Over", Ana);
        await ShouldShowAsync("show=Unable", Gone);
        await ShouldShowAsync("show=Away", Ana);
        await ShouldShowAsync("show=Uncovered", Ana);
        await ShouldShowAsync("q=BEN&sort=Name", Ben);
        await ShouldShowAsync("q=%25");
        await ShouldShowAsync("show=9&sort=x&page=nonsense", Ana, Ben, Dee, Gone);
    }

    [Fact]
    public async Task A_person_has_a_page_with_their_accounts_absences_and_handoffs()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();

        var page = await client.GetStringAsync($"/people/{Ana}");
        page.IndexOf(">Acme<", StringComparison.Ordinal).ShouldBeInRange(1, page.IndexOf(">Bolt<", StringComparison.Ordinal));
        page.ShouldContain("24 Nov 2026 to 27 Nov 2026");
        page.ShouldContain($"/handoffs/{Handoff(0)}");
        page.ShouldContain("overdue since 20 Nov 2026");
        page.ShouldContain($"<a href=\"/people/{Dee}\">Dee</a>");
        (await client.GetStringAsync($"/people/{Dee}")).ShouldContain("As specialist");
        (await client.GetAsync("/people/0055f0000000999AAA")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/people/x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Handoffs_are_on_a_board_and_each_says_what_is_missing()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();

        var board = await client.GetStringAsync("/handoffs");
        board.ShouldContain("<h1>1 handoff is overdue.</h1>");
        string[] order = ["Documenting <", $"/handoffs/{Handoff(2)}", "Awaiting Acknowledgement <", $"/handoffs/{Handoff(0)}", $"/handoffs/{Handoff(1)}", "Declined <", "No status <"];
        order.Select(o => board.IndexOf(o, StringComparison.Ordinal)).ShouldBeInOrder();
        board.ShouldContain("Declined <");
        board.ShouldNotContain(Handoff(5));
        (await client.GetStringAsync("/handoffs?overdue=1")).ShouldNotContain(Handoff(1));
        var ben = await client.GetStringAsync($"/handoffs?person={Ben}");
        ben.ShouldContain("From or to Ben");
        ben.ShouldNotContain(Handoff(0));
        (await client.GetStringAsync("/handoffs?status=none")).ShouldContain(Handoff(4));
        (await client.GetStringAsync("/handoffs?q=bolt&page=x")).ShouldContain(Handoff(1));
        (await client.GetStringAsync("/handoffs?q=nobody")).ShouldContain("Nothing fits.");

        var late = await client.GetStringAsync($"/handoffs/{Handoff(0)}");
        late.ShouldContain("Ana reads it and acknowledges it, or declines it with a reason.");
        late.ShouldContain("It was due on 20 Nov 2026: ask Ana.");
        late.ShouldContain("2 day(s) past due");
        late.ShouldContain("Second line");
        var bare = await client.GetStringAsync($"/handoffs/{Handoff(1)}");
        bare.ShouldContain("Gone has left: Dee is asked in their place.");
        bare.ShouldContain("The reason is missing: Dee, or whoever decided on the change,");
        bare.ShouldContain("The notes are missing: Dee writes what Ana has to know");
        var longOne = await client.GetStringAsync($"/handoffs/{Handoff(2)}");
        longOne.ShouldContain("There is more of it in Salesforce.");
        longOne.Length.ShouldBeLessThan(16_000);
        (await client.GetAsync("/handoffs/a045f0000000999AAA")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Text_of_people_and_handoffs_stays_text()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var client = await console.EnterAsync();
        foreach (var path in new[]
        {
            "/people", $"/people/{Cy}", $"/people/{Ben}", "/handoffs", $"/handoffs/{Handoff(0)}", $"/handoffs/{Handoff(2)}",
            "/people?q=%22%3E%3Cscript%3Ealert", "/handoffs?q=%22%3E%3Cscript%3Ealert&status=%3Cscript%3Ealert&person=%3Cscript%3Ealert",
        })
        {
            var page = await client.GetAsync(path);
            (page.StatusCode, (await page.Content.ReadAsStringAsync()).Contains("<script>alert", StringComparison.OrdinalIgnoreCase)).ShouldBe((HttpStatusCode.OK, false), path);
        }
    }

    [Fact]
    public async Task An_account_manager_sees_their_own_handoffs_and_nobody_elses()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var ben = console.Of(Ben, Roles.AccountManager);

        foreach (var (path, status) in new[]
        {
            ("/people", HttpStatusCode.Forbidden), ($"/people/{Ben}", HttpStatusCode.Forbidden), ("/handoffs", HttpStatusCode.Forbidden),
            ($"/handoffs/{Handoff(2)}", HttpStatusCode.OK), ($"/handoffs/{Handoff(3)}", HttpStatusCode.OK), ($"/handoffs/{Handoff(0)}", HttpStatusCode.NotFound),
        })
        {
            (await ben.GetAsync(path)).StatusCode.ShouldBe(status, path);
        }
    }
}

/// <summary>The same pages as a person sees them.</summary>
public sealed class PeopleInBrowserTests
{
    [Theory]
    [InlineData(390, 844, true)]
    [InlineData(1440, 900, false)]
    public async Task From_a_gap_in_cover_to_the_person_and_their_handoff(int width, int height, bool hasScripts)
    {
        await using var org = await RunHost.StartAsync("rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }", PeopleTests.Org);
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        await using var browser = await Chromium.StartAsync();
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, JavaScriptEnabled = hasScripts });
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        async Task FitsAsync() => (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, page.Url);

        await page.GotoAsync(console.EnterUrl.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "People", Exact = true }).ClickAsync();
        await FitsAsync();
        (await page.GetByRole(AriaRole.Table, new() { Name = "Absences from 22 Nov 2026 to 26 Dec 2026" }).GetByRole(AriaRole.Row).CountAsync()).ShouldBe(4);
        await page.GetByRole(AriaRole.Region, new() { Name = "Coverage gaps to come" }).GetByRole(AriaRole.Link, new() { Name = "Ana" }).ClickAsync();
        await FitsAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Open handoffs" }).GetByRole(AriaRole.Link, new() { Name = "Acme" }).ClickAsync();
        await FitsAsync();
        (await page.TextContentAsync("h1")).ShouldBe("Acme: Gone to Ana");
        await page.GetByRole(AriaRole.Link, new() { Name = "Handoffs", Exact = true }).ClickAsync();
        await FitsAsync();
        (await page.GetByRole(AriaRole.Region, new() { Name = "Awaiting Acknowledgement" }).GetByRole(AriaRole.Listitem).CountAsync()).ShouldBe(2);
        complaints.ShouldBeEmpty();
    }
}
