using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PocSync.Ledger;
using PocSync.Review;
using PocSync.Review.SignIn;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Review;

/// <summary>What people decide in the console, and what comes of it in the org.</summary>
[Collection(Serving.Collection)]
public sealed class DecideTests
{
    private const string Script = "<script>alert(1)</script>";

    /// <summary>Two accounts whose primary contacts have left; the first has a name to beware of.</summary>
    private static async Task<RunHost> OrgAsync()
    {
        var host = await RunHost.StartAsync(
            "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }",
            new("Account", ["Id", "Name", "OwnerId", "AnnualRevenue"],
                [[RunHost.Account(0), Script, RunHost.Gone, "5000000"], [RunHost.Account(1), "Bolt", RunHost.Gone, "1000"]]),
            RunHost.Rows((0, "Primary", RunHost.Gone), (0, "Backup", RunHost.Ben), (1, "Primary", RunHost.Gone), (1, "Backup", RunHost.Cy)));
        (host.Settings["Jobs:Full"], host.Settings["Jobs:Delta"]) = ("never", "never");
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        return host;
    }

    [Theory]
    [InlineData(1440, true)]
    [InlineData(390, false)]
    public async Task A_correction_is_found_approved_seen_in_the_org_undone_and_seen_back(int width, bool hasScripts)
    {
        await using var org = await OrgAsync();
        await using var worker = await Serving.StartAsync(org);
        await using var browser = await Chromium.StartAsync();
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, JavaScriptEnabled = hasScripts });
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.Dialog += (_, dialog) => complaints.Add(dialog.Message);
        await page.GotoAsync(worker.Worker.Door);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Decide on them" }).ClickAsync();
        var correction = page.Locator("li.correction", new() { HasText = "Ben primary contact" });
        (await correction.TextContentAsync()).ShouldNotBeNull().ShouldContain(Script);
        await correction.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByLabel("Why").FillAsync("Gone has left");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        (await page.GetByRole(AriaRole.Status).First.TextContentAsync()).ShouldBe("1 correction approved, to be written next.");
        (await worker.RunEndedAsync()).ShouldBe("errands done");
        (await org.RowsAsync(0)).ShouldBe(["Backup Cy", "Primary Ben"]);
        (await org.Org.OwnerAsync(RunHost.Account(0))).ShouldBe(RunHost.Ben);
        (await org.Org.OwnerAsync(RunHost.Account(1))).ShouldBe(RunHost.Gone);

        await page.GotoAsync($"{worker.Worker.Url}/accounts/{RunHost.Account(0)}");
        (await page.Locator(".head").TextContentAsync()).ShouldNotBeNull().ShouldContain("run 2 has changed it since");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Undo") }).First.ClickAsync();
        (await page.Locator(".diff").First.TextContentAsync()).ShouldNotBeNull().ShouldContain("Ben");
        (await page.Locator(".wrong").TextContentAsync()).ShouldNotBeNull().ShouldContain("Gone has left: the org gives nobody inactive an account");
        (await page.Locator(".diff").AllTextContentsAsync()).ShouldNotContain(t => t.Contains("owner"), "the owner stays");
        await page.GetByLabel("Why").FillAsync("it was the wrong account");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Undo") }).ClickAsync();
        await worker.RunEndedAsync();
        (await org.RowsAsync(0)).ShouldBe(["Backup Ben", "Primary Gone"]);
        await page.ReloadAsync();
        (await page.Locator("#errands").TextContentAsync()).ShouldNotBeNull().ShouldContain("it was the wrong account");
        (await page.Locator("main").BoundingBoxAsync())!.Width.ShouldBeLessThanOrEqualTo(width);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Groups_are_approved_rejected_and_put_off_and_only_by_the_plan_that_was_shown()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        var client = await console.EnterAsync();

        await SaysAsync(client, "/approvals", "approve", "Say why", ("all", "all"), ("reason", "  "));
        await SaysAsync(client, "/approvals", "approve", "Tick what is meant", ("reason", "why not"));
        await SaysAsync(client, "/approvals", "defer", "a day to come", ("all", "all"), ("reason", "later"), ("until", "2026-11-22"));
        await SaysAsync(client, "/approvals", "approve", "What waits has changed since this was shown", ("all", "all"), ("reason", "all of it"), ("asked", "0123456789abcdef"));
        await SaysAsync(client, "/approvals", "reject", "another plan since this one was shown", ("all", "all"), ("reason", "no"), ("plan", "0123456789abcdef"));
        await SaysAsync(client, "/approvals", "approve", "settled already", ("correction", "0123456789abcdef"), ("reason", "no"));
        (await client.GetStringAsync("/approvals")).ShouldNotContain("Approved by");

        await SaysAsync(client, "/approvals?by=person", "defer", "put off until 1 Dec 2026", ("group", $"person-{RunHost.Ben}"), ("reason", "quarter close"), ("until", "2026-12-01"));
        (await client.GetStringAsync("/approvals?show=LeftAlone")).ShouldContain("deferred it until 2026-12-01: quarter close");
        await SaysAsync(client, "/approvals", "reject", "rejected", ("group", "rule-primary-able"), ("reason", "not ours"));
        await SaysAsync(client, "/approvals?show=LeftAlone", "approve", "1 correction approved", ("correction", await FirstAsync(client, "/approvals?show=LeftAlone")), ("reason", "ours after all"));
        (await client.GetStringAsync("/approvals?show=Approved")).ShouldContain("ours after all");
        var errand = (await new Errands(await LedgerDatabase.OpenAsync(org.Ledger.Settings), org.Clock).NextAsync()).ShouldNotBeNull();
        (errand.Kind, errand.By, errand.Reason).ShouldBe(("Write", Environment.UserName, "ours after all"));
    }

    [Fact]
    public async Task An_account_shows_what_was_asked_for_about_it_and_nothing_of_others()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        var client = await console.EnterAsync();
        var (first, bolt) = ($"/accounts/{RunHost.Account(0)}", $"/accounts/{RunHost.Account(1)}");
        var errands = new Errands(await LedgerDatabase.OpenAsync(org.Ledger.Settings), org.Clock);
        await errands.AppendAsync(ErrandKind.Undo, Environment.UserName, "a private matter", new UndoDetails(null, RunHost.Account(0), null, 1));
        await errands.AppendAsync(ErrandKind.Undo, Environment.UserName, "a run of nothing", new UndoDetails(1, null, null, 1));

        await SaysAsync(client, "/approvals", "approve", "1 correction approved", ("correction", await FirstAsync(client, "/approvals?q=Bolt")), ("reason", "Ben knows Bolt"));
        var correction = (await new LedgerQueries(await LedgerDatabase.OpenAsync(org.Ledger.Settings)).PendingAsync(new ApprovalTerms(), org.Clock.GetUtcNow()))!
            .Open.First(o => o.Correction.AccountName == "Bolt").Correction.Id;
        await errands.AppendAsync(ErrandKind.Undo, Environment.UserName, "Bolt again", new UndoDetails(null, null, correction, 1));

        var page = await client.GetStringAsync(bolt);
        page.ShouldContain("Ben knows Bolt");
        page.ShouldContain("Bolt again");
        page.ShouldNotContain("a private matter");
        page.ShouldNotContain("a run of nothing");
        (await client.GetStringAsync(first)).ShouldContain("a private matter");
        (await client.GetStringAsync(first)).ShouldNotContain("Ben knows Bolt");
        var all = await client.GetStringAsync("/approvals");
        all.ShouldContain("Write 1 approved correction on Bolt.");
        all.ShouldContain("Undo a correction on Bolt.");
        all.ShouldContain("Undo all that was written on &lt;script&gt;");
        (await client.GetStringAsync("/jobs")).ShouldContain("Undo a correction on Bolt.");
    }

    [Fact]
    public async Task A_correction_is_given_to_somebody_else_and_checked_like_any_pick()
    {
        await using var org = await OrgAsync();
        await using var worker = await Serving.StartAsync(org);
        using var client = await EnterAsync(worker);
        var bolt = await FirstAsync(client, "/approvals?q=Bolt");
        var page = $"/approvals/give?correction={bolt}&q=Dee";

        (await client.GetStringAsync(page)).ShouldContain("Who is to have Bolt?");
        await SaysAsync(client, page, "give/write", "Choose who is to have it", ("to", "0055f0000000077AAA"), ("reason", "x"));
        await SaysAsync(client, page, "give/write", "to go to Dee", ("to", RunHost.Dee), ("reason", "knows the firm"));
        (await worker.RunEndedAsync()).ShouldBe("errands done", (await new Errands(worker.Ledger, org.Clock).NewestAsync(1))[0].Sentence);
        (await org.RowsAsync(1)).ShouldBe(["Backup Cy", "Primary Dee"]);
        (await client.GetStringAsync("/approvals")).ShouldContain("Give Bolt to Dee.");
    }

    [Fact]
    public async Task Writing_is_paused_on_every_page_until_somebody_resumes_it_and_the_baseline_is_accepted_and_cleared()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        var client = await console.EnterAsync();

        (await ConsoleHost.PostAsync(client, "/", "/pause", ("reason", "data load"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        foreach (var path in new[] { "/", "/findings", "/approvals", $"/accounts/{RunHost.Account(0)}" })
        {
            (await client.GetStringAsync(path)).ShouldContain("data load");
        }

        (await ConsoleHost.PostAsync(client, "/findings", "/resume", ("reason", "loaded"))).Headers.Location!.OriginalString.ShouldBe("/findings");
        (await client.GetStringAsync("/")).ShouldNotContain("data load");

        (await client.GetStringAsync("/findings?q=zzzz")).ShouldNotContain("/baseline/accept");
        (await client.GetStringAsync("/findings?rule=primary-able&q=Bolt")).ShouldMatch("That is all 2 findings of .*, and not only those that are shown here\\.");
        (await client.GetStringAsync("/findings?rule=primary-able")).ShouldNotContain("not only those");
        await ConsoleHost.PostAsync(client, "/findings?rule=primary-able", "/baseline/accept", ("reason", "what a later run opened was not shown"), ("run", "0"));
        (await client.GetStringAsync("/findings?state=Baseline")).ShouldContain("0 accepted findings");
        await ConsoleHost.PostAsync(client, "/findings?rule=primary-able", "/baseline/accept", ("reason", "known at installation"));
        (await client.GetStringAsync("/findings?state=Baseline")).ShouldContain("2 accepted findings");
        (await client.GetStringAsync("/approvals")).ShouldContain("Nothing waits for a person");
        await ConsoleHost.PostAsync(client, "/findings?state=Baseline", "/baseline/clear", ("reason", "we mend them now"));
        (await client.GetStringAsync("/findings?state=Baseline")).ShouldContain("0 accepted findings");
    }

    [Fact]
    public async Task Where_it_takes_two_the_second_persons_yes_has_it_written_and_nobody_is_led_elsewhere()
    {
        await using var org = await OrgAsync();
        org.Settings["Approvals:TwoPersonsAbove"] = "0";
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        using var ana = console.Of(RunHost.Ana, Roles.Approver);
        using var ben = console.Of(RunHost.Ben, Roles.Approver);
        var errands = new Errands(await LedgerDatabase.OpenAsync(org.Ledger.Settings), org.Clock);
        var correction = await FirstAsync(ana, "/approvals");

        await SaysAsync(ana, "/approvals", "approve", "a second person&#x27;s yes", ("correction", correction), ("reason", "Gone has left"), ("back", "//evil.example/"));
        (await errands.NextAsync()).ShouldBeNull();
        (await ben.GetStringAsync("/approvals")).ShouldContain("needs a second person&#x27;s yes</span>");
        await SaysAsync(ben, "/approvals", "approve", "1 correction approved, to be written next.", ("correction", correction), ("reason", "so it is"));
        (await errands.NextAsync()).ShouldNotBeNull().By.ShouldBe("Ben");
    }

    [Fact]
    public async Task What_somebody_changed_back_is_left_alone_until_it_is_cleared_on_the_accounts_page()
    {
        await using var org = await RunHost.StartAsync(RunHost.Auto, RunHost.Accounts(RunHost.Ana), RunHost.Rows((0, "Primary", RunHost.Ben), (0, "Backup", RunHost.Cy)));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await org.ChangeAsync("Account", RunHost.Account(0), new { OwnerId = RunHost.Ana });
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        var (client, page) = (await console.EnterAsync(), $"/accounts/{RunHost.Account(0)}");
        (await client.GetStringAsync(page)).ShouldContain("was changed back from Ben");

        (await ConsoleHost.PostAsync(client, page, "/approvals/clear", ("reason", "Ana agreed"))).Headers.Location!.OriginalString.ShouldBe(page);

        (await client.GetStringAsync(page)).ShouldNotContain("Somebody changed back what PocSync wrote");
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        (await org.Org.OwnerAsync(RunHost.Account(0))).ShouldBe(RunHost.Ben);
    }

    [Fact]
    public async Task Who_may_only_see_decides_nothing_and_who_may_decide_undoes_nothing()
    {
        await using var org = await OrgAsync();
        await using var console = await ConsoleHost.StartAsync(org.AllSettings(), org.Clock);
        using var viewer = console.Of(RunHost.Ana, Roles.Viewer);
        using var approver = console.Of(RunHost.Ben, Roles.Approver);
        (await viewer.GetStringAsync("/approvals")).ShouldNotContain("name=\"correction\"");
        foreach (var action in new[] { "/approvals/approve", "/approvals/reject", "/approvals/defer", "/approvals/give/write", "/approvals/clear", "/undo/write", "/pause", "/resume", "/baseline/accept", "/baseline/clear" })
        {
            var may = action.StartsWith("/approvals", StringComparison.Ordinal);
            (await PostAsync(viewer, action)).ShouldBe(HttpStatusCode.Forbidden, action);
            (await PostAsync(approver, action)).ShouldBe(may ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden, action);
        }

        (await approver.GetAsync("/undo?run=1")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await new Errands(await LedgerDatabase.OpenAsync(org.Ledger.Settings), org.Clock).NextAsync()).ShouldBeNull();
    }

    private static async Task<HttpClient> EnterAsync(Serving worker)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(worker.Worker.Url) };
        await ConsoleHost.PostAsync(client, new Uri(worker.Worker.Door).PathAndQuery, "/enter");
        return client;
    }

    /// <summary>Sends a page's form of decisions, and reads on the page after it what was said.</summary>
    private static async Task SaysAsync(HttpClient client, string page, string action, string sentence, params (string Name, string Value)[] given)
    {
        var html = await client.GetStringAsync(page);
        var fields = Regex.Matches(html, "<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").Select(m => (m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)))
            .Concat(given).GroupBy(f => f.Item1).ToDictionary(g => g.Key, g => g.Last().Item2);
        var answer = await client.PostAsync($"/approvals/{action}", new FormUrlEncodedContent(fields));
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        Regex.Match(await client.GetStringAsync(answer.Headers.Location), "<p class=\"said[^>]*>([^<]*)<").Groups[1].Value.ShouldContain(sentence);
    }

    private static async Task<string> FirstAsync(HttpClient client, string page) =>
        Regex.Match(await client.GetStringAsync(page), "name=\"correction\" value=\"([0-9a-f]{16})\"").Groups[1].Value;

    /// <summary>Sends nothing but the token of a form.</summary>
    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string action)
    {
        var token = Regex.Match(await client.GetStringAsync("/"), "name=\"__RequestVerificationToken\" value=\"([^\"]*)\"").Groups[1].Value;
        return (await client.PostAsync(action, new FormUrlEncodedContent([new("__RequestVerificationToken", token)]))).StatusCode;
    }
}
