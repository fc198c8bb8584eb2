using System.Net;
using Microsoft.Playwright;
using PocSync.Ledger;
using PocSync.Review.SignIn;
using PocSync.Simulator;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Review;

/// <summary>What people say to handoffs of their own, and what comes of it in the org. The day is 22 November 2026.</summary>
[Collection(Serving.Collection)]
public sealed class AnswerTests
{
    private const string Script = "<script>alert(1)</script>";

    private static string Handoff(int i) => PeopleTests.Handoff(i);

    /// <summary>Three handoffs from Ben to Ana: the first is written, the second bare, the third declined already.</summary>
    private static async Task<(RunHost Org, ConsoleHost Console)> StartAsync()
    {
        var org = await RunHost.StartAsync(
            "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false }, backup-present: { enabled: false } }",
            Accounts(Ana, Ana, Ana), Rows((0, "Primary", Ana), (1, "Primary", Ana), (2, "Primary", Ana)),
            new OrgTable("POC_Handoff__c", ["Id", "Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Due_On__c", "Status__c", "Reason__c", "Notes__c"],
            [
                [Handoff(0), Account(0), Ben, Ana, "2026-11-01", "2026-11-20", "Awaiting Acknowledgement", "Moved", $"Call on Fridays.\r\n{Script}"],
                [Handoff(1), Account(1), Ben, Ana, "2026-11-01", null, "Documenting", null, null],
                [Handoff(2), Account(2), Ben, Ana, "2026-11-01", null, "Declined", "r", null],
            ]));
        (org.Settings["Jobs:Full"], org.Settings["Jobs:Delta"]) = ("never", "never");
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        return (org, await ConsoleHost.StartAsync(org.AllSettings(), org.Clock));
    }

    private static async Task<string?> SayAsync(HttpClient client, int handoff, string what, string? text = null)
    {
        var page = $"/handoffs/{Handoff(handoff)}";
        var answer = await ConsoleHost.PostAsync(client, page, $"{page}/{what}", text is null ? [] : [("text", text)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.ShouldBe(page);
        var shown = await client.GetStringAsync(page);
        return WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(shown, "<p class=\"said[^>]*>([^<]*)</p>").Groups[1].Value);
    }

    /// <summary>A worker comes, writes what was said, and goes.</summary>
    private static async Task WriteAsync(RunHost org, int answers = 1)
    {
        await using var worker = await Serving.StartAsync(org);
        for (; answers > 0; answers--)
        {
            await worker.RunEndedAsync();
        }
    }

    private static async Task<LedgerDatabase> LedgerAsync(RunHost org) => await LedgerDatabase.OpenAsync(org.Ledger.Settings);

    private static async Task<List<ErrandRow>> ErrandsAsync(RunHost org) => await new Errands(await LedgerAsync(org), org.Clock).NewestAsync(20);

    private static async Task<string?[]> SignedAsync(RunHost org, int handoff, params string[] fields)
    {
        var row = (await org.Org.RowsAsync("POC_Handoff__c")).Single(r => LiveOrgHost.Text(r, "Id") == Handoff(handoff));
        return [.. fields.Select(f => LiveOrgHost.Text(row, f))];
    }

    private static async Task<(string? Status, string? Notes)> OfAsync(RunHost org, int handoff)
    {
        var row = (await org.Org.RowsAsync("POC_Handoff__c")).Single(r => LiveOrgHost.Text(r, "Id") == Handoff(handoff));
        return (LiveOrgHost.Text(row, "Status__c"), LiveOrgHost.Text(row, "Notes__c"));
    }

    [Fact]
    public async Task The_brief_is_shown_to_whoever_takes_over_and_to_nobody_else_and_what_looks_like_code_in_it_stays_text()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;

        var shown = await console.Of(Ana, Roles.AccountManager).GetStringAsync($"/handoffs/{Handoff(0)}");

        shown.ShouldContain("What whoever had it noted");
        shown.ShouldContain("A draft of your introduction");
        shown.ShouldContain("Call on Fridays.");
        shown.ShouldNotContain(Script);
        foreach (var role in new[] { Roles.AccountManager, Roles.Administrator })
        {
            (await console.Of(Ben, role).GetStringAsync($"/handoffs/{Handoff(0)}")).ShouldNotContain("What whoever had it noted");
        }
    }

    [Fact]
    public async Task The_receiver_acknowledges_and_it_is_written_kept_and_can_be_undone()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var ana = console.Of(Ana, Roles.AccountManager);
        var my = await ana.GetStringAsync("/my");
        my.ShouldContain("2 handoffs wait for your answer.");
        my.ShouldContain("overdue since 20 Nov 2026");
        my.ShouldContain(">Account 2<");

        (await SayAsync(ana, 0, "acknowledge")).ShouldBe("You acknowledge it: to be written to Salesforce next.");
        var waiting = await ana.GetStringAsync($"/handoffs/{Handoff(0)}");
        waiting.ShouldContain("On its way to Salesforce.");
        waiting.ShouldNotContain("/acknowledge\"", Case.Sensitive, "nothing is said twice");
        await WriteAsync(org);

        (await OfAsync(org, 0)).ShouldBe(("Acknowledged", $"Call on Fridays.\r\n{Script}\n\nAcknowledged by Ana, 2026-11-22."));
        (await SignedAsync(org, 0, "Acknowledged_By__c", "Acknowledged_On__c")).ShouldBe([Ana, "2026-11-22"]);
        var administrator = console.Of(Ben, Roles.Administrator);
        (await administrator.GetStringAsync("/runs")).ShouldContain("Wrote what somebody said to a handoff");
        (await administrator.GetStringAsync($"/accounts/{Account(0)}")).ShouldContain("Ana acknowledges the handoff of Account 0.");
        (await new Errands(await LedgerAsync(org), org.Clock).NextAsync()).ShouldBeNull("nothing is left to be done");
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        (await new LedgerQueries(await LedgerAsync(org)).PendingAsync(new ApprovalTerms(), org.Clock.GetUtcNow()))!.Open.ShouldBeEmpty("the run after it plans nothing");
        (await ana.GetStringAsync("/my")).ShouldContain("1 handoff waits for your answer.");
        (await administrator.GetStringAsync("/findings?rule=handoff-acknowledged")).ShouldNotContain("past due");

        await new Errands(await LedgerAsync(org), org.Clock).AppendAsync(ErrandKind.Undo, "Ben", "too soon", new UndoDetails(2, null, null, long.MaxValue));
        await WriteAsync(org);
        (await OfAsync(org, 0)).ShouldBe(("Awaiting Acknowledgement", $"Call on Fridays.\r\n{Script}"));
    }

    [Fact]
    public async Task A_decline_needs_a_reason_and_leaves_notes_that_were_never_written_blank()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var ana = console.Of(Ana, Roles.AccountManager);

        (await SayAsync(ana, 1, "decline", " ")).ShouldBe("Say why you decline: somebody has to decide what becomes of the account. Nothing was done.");
        (await SayAsync(ana, 1, "decline", new string('x', 256))).ShouldNotBeNull().ShouldContain("too long");
        (await ErrandsAsync(org)).ShouldBeEmpty();
        (await SayAsync(ana, 1, "decline", $"I am\r\nleaving {Script}")).ShouldNotBeNull().ShouldContain("You decline it");
        await WriteAsync(org);

        (await OfAsync(org, 1)).ShouldBe(("Declined", null));
        var page = await ana.GetStringAsync($"/handoffs/{Handoff(1)}");
        page.ShouldContain("Ana declined it: I am leaving &lt;script&gt;");
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        (await ana.GetStringAsync($"/handoffs/{Handoff(1)}")).ShouldContain("somebody has to decide who answers for Account 1");
    }

    [Fact]
    public async Task Both_sides_add_to_the_notes_and_take_nothing_away()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var ben = console.Of(Ben, Roles.AccountManager);
        (await ben.GetStringAsync("/my")).ShouldContain("1 handoff of yours lacks notes.");
        (await SayAsync(ben, 1, "notes", "")).ShouldBe("Write what the other side has to know. Nothing was done.");
        (await SayAsync(ben, 1, "notes", new string('x', 10_001))).ShouldNotBeNull().ShouldContain("at most 10,000 characters");
        var text = new string('n', 9_990) + "\r\nthe end" + 'é';

        (await SayAsync(ben, 1, "notes", text)).ShouldNotBeNull().ShouldContain("Your notes are to be added");
        await WriteAsync(org);
        var first = $"Ben, 2026-11-22: {text.Replace("\r", "", StringComparison.Ordinal)}";
        (await OfAsync(org, 1)).ShouldBe(("Documenting", first));

        (await org.RunAsync("sync")).Status.ShouldBe(0);
        var ana = console.Of(Ana, Roles.AccountManager);
        await SayAsync(ana, 1, "notes", "Which contract?");
        await WriteAsync(org);
        (await OfAsync(org, 1)).Notes.ShouldBe($"{first}\n\nAna, 2026-11-22: Which contract?");
    }

    [Fact]
    public async Task Only_the_sides_of_a_handoff_answer_it_each_as_it_may()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        foreach (var (who, role, handoff, what, status) in new[]
        {
            (Cy, Roles.AccountManager, 0, "acknowledge", HttpStatusCode.NotFound), (Cy, Roles.Administrator, 0, "notes", HttpStatusCode.NotFound),
            (Ben, Roles.AccountManager, 0, "acknowledge", HttpStatusCode.Forbidden), (Ben, Roles.AccountManager, 0, "decline", HttpStatusCode.Forbidden),
            (Ana, Roles.Viewer, 0, "acknowledge", HttpStatusCode.Forbidden), (Ana, Roles.AccountManager, 9, "acknowledge", HttpStatusCode.NotFound),
        })
        {
            var client = console.Of(who, role);
            // The token of a form that everybody has.
            var token = System.Text.RegularExpressions.Regex.Match(await client.GetStringAsync("/about"), "name=\"__RequestVerificationToken\" value=\"([^\"]*)\"").Groups[1].Value;
            var answer = await client.PostAsync($"/handoffs/{Handoff(handoff)}/{what}", new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("text", "x")]));
            answer.StatusCode.ShouldBe(status, $"{Name(who)}, {role}: {what} {handoff}");
        }

        var ana = console.Of(Ana, Roles.AccountManager);
        (await ana.GetStringAsync($"/handoffs/{Handoff(2)}")).ShouldNotContain("<textarea", Case.Sensitive, "it was declined");
        (await ana.PostAsync($"/handoffs/{Handoff(0)}/acknowledge", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ErrandsAsync(org)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_changed_in_the_org_since_is_not_answered_blindly()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var ana = console.Of(Ana, Roles.AccountManager);
        await SayAsync(ana, 0, "acknowledge");
        await org.ChangeAsync("POC_Handoff__c", Handoff(0), new { Notes__c = "Something else." });
        await SayAsync(ana, 1, "acknowledge");
        await org.ChangeAsync("POC_Handoff__c", Handoff(1), new { To_User__c = Cy });

        await WriteAsync(org, answers: 2);

        (await OfAsync(org, 0)).ShouldBe(("Awaiting Acknowledgement", "Something else."));
        (await OfAsync(org, 1)).Status.ShouldBe("Documenting");
        (await ana.GetStringAsync($"/handoffs/{Handoff(0)}")).ShouldContain("has been changed since it was shown");
        (await ana.GetStringAsync($"/handoffs/{Handoff(1)}")).ShouldContain("no longer one that Ana may answer");
        (await ErrandsAsync(org)).ShouldAllBe(e => e.DoneAt != null);
    }

    [Fact]
    public async Task What_was_said_is_told_as_done_only_when_it_is_and_can_be_withdrawn_until_then()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        var (ana, ben) = (console.Of(Ana, Roles.AccountManager), console.Of(Ben, Roles.AccountManager));
        await new Pauses(await LedgerAsync(org), org.Clock).SetAsync(true, "Cy", "data load");

        (await SayAsync(ana, 0, "notes", $"See {Handoff(1)} too.")).ShouldBe("Your notes are to be added in Salesforce once writing is resumed, which Cy paused.");
        (await SayAsync(ana, 1, "acknowledge")).ShouldNotBeNull().ShouldStartWith("You acknowledge it", Case.Sensitive, "what only names the handoff is about another");
        var (page, withdraw) = ($"/handoffs/{Handoff(1)}", $"/errands/{(await ErrandsAsync(org))[0].Id}/withdraw");
        (await ana.GetStringAsync(page)).ShouldContain("Ana wants to acknowledge it.");
        (await ben.GetStringAsync(page)).ShouldNotContain(withdraw, Case.Sensitive, "it is not Ben's");
        await ConsoleHost.PostAsync(ana, page, withdraw);

        var after = await ana.GetStringAsync(page);
        after.ShouldContain("Ana withdrew it.");
        after.ShouldNotContain(withdraw);
        after.ShouldContain("/acknowledge\"", Case.Sensitive, "it can be answered again");
        (await new Errands(await LedgerAsync(org), org.Clock).OpenAsync(9)).ShouldHaveSingleItem().Kind.ShouldBe("Answer");
    }

    [Fact]
    public async Task Who_came_in_by_the_link_learns_why_nothing_is_theirs()
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        (await (await console.EnterAsync()).GetStringAsync("/my")).ShouldContain("not known which accounts are yours");
        (await console.Of(Dee, Roles.AccountManager).GetStringAsync("/my")).ShouldContain("You are in no role on any account.");
        (await console.Of(Dee, Roles.Viewer).GetAsync("/my")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(390, true)]
    [InlineData(1440, false)]
    public async Task From_my_accounts_to_an_answer(int width, bool hasScripts)
    {
        var (org, console) = await StartAsync();
        await using var _ = org;
        await using var __ = console;
        await using var browser = await Chromium.StartAsync();
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, JavaScriptEnabled = hasScripts });
        var cookie = console.Of(Ana, Roles.AccountManager).DefaultRequestHeaders.GetValues("Cookie").Single().Split('=', 2);
        await context.AddCookiesAsync([new() { Name = cookie[0], Value = cookie[1], Url = console.Url.ToString() }]);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        async Task FitsAsync() => (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, page.Url);

        await page.GotoAsync(new Uri(console.Url, "/my").ToString());
        await FitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Acknowledge or decline" }).First.ClickAsync();
        await FitsAsync();
        await page.GetByLabel("Or decline, because").FillAsync("Not my region");
        await page.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        (await page.GetByRole(AriaRole.Status).First.TextContentAsync()).ShouldBe("You decline it: to be written to Salesforce next.");
        await WriteAsync(org);
        (await OfAsync(org, 0)).ShouldBe(("Declined", $"Call on Fridays.\r\n{Script}\n\nDeclined by Ana, 2026-11-22: Not my region"));
        (await SignedAsync(org, 0, "Declined_By__c", "Declined_On__c", "Declined_Why__c")).ShouldBe([Ana, "2026-11-22", "Not my region"]);
        await page.ReloadAsync();
        (await page.GetByRole(AriaRole.Region, new() { Name = "What was said here" }).TextContentAsync())!.ShouldContain("Ana declined it: Not my region");
        complaints.ShouldBeEmpty();
    }
}
