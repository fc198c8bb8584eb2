using System.Net;
using System.Text.RegularExpressions;
using PocSync.Core.Guards;
using PocSync.Core.Handoffs;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Simulator;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>Whoever takes an account over gets a brief: what the org says of it, as far as they may see it.</summary>
public abstract partial class BriefTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private const string Opportunity = "0065f0000000001AAA", Secret = "0065f0000000002AAA", Contact = "0035f0000000001AAA";

    private static OrgTable[] Customer(string name = "Lark Foods") =>
    [
        new("Organization", ["Id", "Name", "DefaultAccountAccess", "DefaultOpportunityAccess", "DefaultCaseAccess", "DefaultContactAccess"],
            [["00D5f0000000001EAA", "Wren", "Read", "None", "Read", "Read"]]),
        new("Account", ["Id", "Name", "OwnerId", "Industry", "AnnualRevenue", "BillingCity", "Phone"], [[Account(0), name, Gone, "Retail", "1250000", "Leeds", "+44 1"]]),
        Rows((0, "Primary", Gone), (0, "Backup", Cy)),
        new("Opportunity", ["Id", "AccountId", "OwnerId", "Name", "StageName", "Amount", "Probability", "CloseDate", "NextStep", "IsClosed"],
        [
            [Opportunity, Account(0), Cy, "Autumn order", "Negotiation/Review", "40000", "60", "2026-12-15", "Send the new prices", "false"],
            [Secret, Account(0), Dee, "Merger talks", "Prospecting", "1", "10", "2026-12-20", null, "false"],
            ["0065f0000000003AAA", Account(0), Gone, "Spring order", "Prospecting", "1", "10", "2027-03-20", null, "false"],
        ]),
        new("Case", ["Id", "AccountId", "CaseNumber", "Subject", "Status", "Priority", "IsEscalated", "IsClosed", "CreatedDate"],
            [["5005f0000000001AAA", Account(0), "00001", "Late delivery", "Working", "High", "true", "false", "2026-11-20T08:00:00Z"]]),
        new("Contact", ["Id", "AccountId", "LastName", "Name", "Email", "Phone", "POC_Customer_Primary__c"],
        [
            [Contact, Account(0), "Moss", "Iris Moss", "iris@lark.example", "+44 2", "true"], ["0035f0000000002AAA", Account(0), "Fern", "Ed Fern", null, null, "false"],
        ]),
        new("Task", ["Id", "AccountId", "WhatId", "OwnerId", "Subject", "ActivityDate", "Status", "IsClosed"],
            [["00T5f0000000001AAA", Account(0), Account(0), Cy, "Call about prices", "2026-11-20", "Not Started", "false"]]),
    ];

    [Fact]
    public async Task A_switch_gives_whoever_takes_over_a_brief_with_what_the_first_call_needs()
    {
        await using var host = await StartAsync(Auto, Customer());

        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Handoff briefs: 1 written.");

        var brief = Lines(await FieldAsync(host, "Brief__c"));
        brief.ShouldContain("Lark Foods, Retail");
        brief.ShouldContain("annual revenue 1,250,000");
        brief.ShouldContain("Autumn order, Negotiation/Review, 40,000, 60 %, to close 2026-12-15, Cy. Next step: Send the new prices");
        brief.ShouldContain("Spring order, Prospecting, 1, 10 %, to close 2027-03-20, Gone, who is gone. No next step is noted");
        brief.ShouldContain("Escalated: 00001 Late delivery, Working, priority High, open since 2026-11-20");
        brief.ShouldContain("Overdue since 2026-11-20: Call about prices");
        brief.ShouldContain("Iris Moss, primary contact on the customer's side, iris@lark.example, +44 2");
        brief.ShouldContain("Ed Fern, no e-mail address, no phone number");
        brief.ShouldContain("No earlier handoff of the account is known.");
        brief.ShouldContain("Nothing is noted yet.");
        brief.ShouldContain("Gone, who had the account, has left, and no manager is there to ask.");
        brief.ShouldContain(l => l.StartsWith("Merger talks", StringComparison.Ordinal), "whoever owns the account sees what hangs on it");
        var letter = await FieldAsync(host, "Introduction__c");
        letter.ShouldStartWith("Dear Iris Moss,");
        letter.ShouldContain("the one at Wren who looks after Lark Foods, in place of Gone.");
        letter.ShouldEndWith("Kind regards\nCy");
        letter.ShouldNotContain("notes", Case.Insensitive, "nothing is noted");
    }

    [Fact]
    public async Task What_the_receiver_may_not_see_is_counted_in_its_part_and_the_letter_rests_on_notes_alone()
    {
        await using var host = await StartAsync(Auto, HandedTo(Ben, notes: "Iris decides."));
        await host.JsonAsync(0, "sync");

        var brief = Lines(await FieldAsync(host, "Brief__c"));
        brief.ShouldContain("2 contacts are there that Ben may not see: ask an administrator for access.");
        brief.ShouldContain("3 open opportunities are there that Ben may not see: ask an administrator for access.");
        brief.ShouldContain("1 open case is there that Ben may not see: ask an administrator for access.");
        brief.ShouldNotContain(l => l.StartsWith("There is no", StringComparison.Ordinal) || l.StartsWith("The account has no", StringComparison.Ordinal));
        brief.ShouldNotContain(l => l.Contains("Merger", StringComparison.Ordinal) || l.Contains("Iris Moss", StringComparison.Ordinal));
        var letter = await FieldAsync(host, "Introduction__c");
        letter.ShouldStartWith("Dear customer,");
        letter.ShouldContain("I have notes of where things stand");
    }

    [Fact]
    public async Task A_member_of_the_team_sees_what_their_row_says_and_only_that()
    {
        await using var host = await StartAsync(Auto, [.. HandedTo(Ben), Team((0, Ben, "Sales Rep"))]);
        await host.JsonAsync(0, "sync");

        var brief = Lines(await FieldAsync(host, "Brief__c"));
        brief.ShouldContain(l => l.StartsWith("Iris Moss", StringComparison.Ordinal));
        brief.ShouldContain(l => l.StartsWith("Autumn order", StringComparison.Ordinal));
        brief.ShouldContain("1 open case is there that Ben may not see: ask an administrator for access.");
    }

    [Fact]
    public async Task What_is_not_there_not_shown_to_PocSync_or_known_by_its_day_alone_is_told_apart()
    {
        await using var host = await StartAsync(Auto,
        [
            new("User", ["Id", "Username", "Name", "IsActive", "ManagerId"],
            [
                [Ana, "ana@x.example", "Ana", "true", null], [Ben, "ben@x.example", "Ben", "true", null], [Cy, "cy@x.example", "Cy", "false", Ana],
                [Gone, "gone@x.example", "Gone", "false", Cy],
            ]),
            new("Account", ["Id", "Name", "OwnerId", "LastActivityDate"], [[Account(0), "Lark Foods", Ana, "2026-11-20"]]), Rows((0, "Primary", Ana), (0, "Backup", Ben)),
            new("POC_Handoff__c", ["Id", "Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Status__c"],
                [["a045f0000000001AAA", Account(0), Gone, Ana, "2026-11-20", "Documenting"]]),
        ]);
        await host.Org.SetAsync(new { hidden = new[] { "Case" } });

        await host.JsonAsync(0, "sync");

        var brief = Lines(await FieldAsync(host, "Brief__c"));
        brief.ShouldContain("The account has no contact in Salesforce.");
        brief.ShouldContain("Gone, who had the account, has left: ask Ana in their place.");
        brief.ShouldContain("There is no open opportunity.");
        brief.ShouldContain("PocSync could not read the account's open cases: look in Salesforce.");
        brief.ShouldNotContain("There is no open case.");
        brief.ShouldContain("The account's last activity was on 2026-11-20; what it was is not shown here: look in Salesforce.");
    }

    /// <summary>The customer with Ana, and a handoff to somebody who is neither its owner nor may see what hangs on it.</summary>
    private static OrgTable[] HandedTo(string receiver, string? notes = null) =>
    [
        .. Customer().Where(t => t.Object is not ("Organization" or "Account" or "POC_Assignment__c")),
        new("Organization", ["Id", "Name", "DefaultAccountAccess", "DefaultOpportunityAccess", "DefaultCaseAccess", "DefaultContactAccess"],
            [["00D5f0000000001EAA", "Wren", "Read", "None", "None", "None"]]),
        new("Account", ["Id", "Name", "OwnerId"], [[Account(0), "Lark Foods", Ana]]), Rows((0, "Primary", Ana), (0, "Backup", Cy)),
        new("POC_Handoff__c", ["Id", "Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Status__c", "Notes__c"],
            [["a045f0000000001AAA", Account(0), Ana, receiver, "2026-11-20", "Proposed", notes]]),
    ];

    [Fact]
    public async Task A_brief_is_written_once_and_anew_where_a_person_asks_for_it()
    {
        await using var host = await StartAsync(Auto, Customer());
        await host.JsonAsync(0, "sync");
        var (first, calls) = (await FieldAsync(host, "Brief__c"), await host.Org.CallsAsync("composite/sobjects"));

        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldNotContain("briefs");
        (await host.Org.CallsAsync("composite/sobjects")).ShouldBe(calls);

        var id = LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c")).Single(), "Id")!;
        await host.ChangeAsync("POC_Handoff__c", id, new { Notes__c = "Iris likes short calls.\nNever on Fridays.", Briefed_On__c = (string?)null });
        await host.JsonAsync(0, "sync");
        var second = Lines(await FieldAsync(host, "Brief__c"));
        second.ShouldContain("Iris likes short calls.");
        second.ShouldContain("Never on Fridays.");
        second.Except(Lines(first)).Count().ShouldBe(2);
    }

    [Fact]
    public async Task When_the_notes_come_the_brief_has_them_by_the_time_whoever_takes_over_is_told()
    {
        await using var host = await StartAsync(Auto, Customer());
        await host.JsonAsync(0, "sync");
        var id = LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c")).Single(), "Id")!;
        foreach (var notes in new[] { "Iris likes short calls.", "Iris likes short calls.\r\nNever on Fridays." })
        {
            await host.ChangeAsync("POC_Handoff__c", id, new { Notes__c = notes });
            (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Handoff briefs: 1 written.");
            Lines(await FieldAsync(host, "Brief__c")).ShouldContain(notes.Split("\r\n")[^1]);
            (await FieldAsync(host, "Status__c")).ShouldBe("Awaiting Acknowledgement");
            (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldNotContain("briefs");
        }

        await host.ChangeAsync("POC_Handoff__c", id, new { Status__c = "Acknowledged", Notes__c = "Iris left." });
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldNotContain("briefs");
    }

    [Fact]
    public async Task For_a_department_its_accountable_user_signs()
    {
        var desk = new OrgTable("POC_Department__c", ["Id", "Name", "Accountable_User__c"], [["a055f0000000001AAA", "Key Accounts", Cy]]);
        await using var host = await StartAsync(Auto, [.. Customer().Where(t => t.Object != "POC_Assignment__c"), desk, Rows((0, "Primary", Cy))]);
        await host.AddAsync("POC_Handoff__c", new { Account__c = Account(0), From_User__c = Dee, To_Department__c = "a055f0000000001AAA", Effective_On__c = "2026-11-20", Status__c = "Documenting" });

        await host.RunAsync("sync");

        LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c")).Single(r => LiveOrgHost.Text(r, "To_Department__c") is not null), "Introduction__c")!.ShouldEndWith("Kind regards\nCy\nKey Accounts");
    }

    [Fact]
    public async Task A_brief_that_the_org_refused_is_tried_again_a_day_later()
    {
        await using var host = await StartAsync(Auto, HandedTo(Ben));
        await host.Org.SetAsync(new { validationRules = new[] { new { @object = "POC_Handoff__c", condition = "Status__c = 'Proposed'", message = "No.", field = "Status__c" } } });
        (await host.JsonAsync(5, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Handoff briefs: 1 not taken by the org.");

        host.Clock.Advance(TimeSpan.FromHours(23));
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldNotContain("briefs");
        host.Clock.Advance(TimeSpan.FromHours(2));
        (await host.JsonAsync(5, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Handoff briefs: 1 not taken by the org.");
    }

    [Fact]
    public async Task Text_that_looks_like_code_stays_text()
    {
        await using var host = await StartAsync(Auto, Customer("<script>alert(1)</script><img src=x onerror=y>@{ref.id} & <!channel>"));

        await host.JsonAsync(0, "sync");

        var brief = await FieldAsync(host, "Brief__c");
        brief.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        Tag().Matches(brief).Select(t => t.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ShouldBe(["b", "li", "p", "ul"]);
    }

    [Fact]
    public async Task Marks_that_turn_the_direction_of_writing_reach_nobody_and_stay_in_the_org()
    {
        const string Turned = "\u2067Lark\u202E\u200B\u200F Foods\u2069";
        await using var host = await StartAsync(Auto, Customer(Turned));

        var plan = await host.JsonAsync(0, "plan");
        plan.GetProperty("corrections")[0].GetProperty("sentence").GetString()!.ShouldContain(" of Lark Foods ");
        await host.JsonAsync(0, "sync");

        (await FieldAsync(host, "Brief__c")).ShouldContain("<li>Lark Foods, Retail</li>");
        (await FieldAsync(host, "Introduction__c")).ShouldContain("looks after Lark Foods,");
        LiveOrgHost.Text((await host.Org.RowsAsync("Account")).Single(), "Name").ShouldBe(Turned);
    }

    [Fact]
    public async Task A_handoff_that_a_person_makes_gets_a_brief_too_and_one_of_long_ago_none()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana), Rows((0, "Primary", Ana), (0, "Backup", Cy)));
        await host.AddAsync("POC_Handoff__c", new { Account__c = Account(0), From_User__c = Dee, To_User__c = Ana, Effective_On__c = "2026-11-20", Status__c = "Proposed" });
        await host.AddAsync("POC_Handoff__c", new { Account__c = Account(0), From_User__c = Ben, To_User__c = Dee, Effective_On__c = "2026-01-20", Status__c = "Documenting" });

        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Handoff briefs: 1 written.");

        var rows = await host.Org.RowsAsync("POC_Handoff__c");
        Lines(LiveOrgHost.Text(rows.Single(r => LiveOrgHost.Text(r, "From_User__c") == Dee), "Brief__c")!).ShouldContain("2026-01-20: from Ben to Dee. Documenting");
        LiveOrgHost.Text(rows.Single(r => LiveOrgHost.Text(r, "From_User__c") == Ben), "Brief__c").ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_declined_never_had_the_account_and_what_was_noted_before_them_is_handed_on()
    {
        await using var host = await StartAsync(Auto,
        [
            new("User", ["Id", "Username", "Name", "IsActive", "ManagerId"],
            [
                [Ana, "ana@x.example", "Ana", "true", null], [Ben, "ben@x.example", "Ben", "true", null], [Cy, "cy@x.example", "Cy", "true", Ana],
                [Dee, "dee@x.example", "Dee", "true", Ana], [Gone, "gone@x.example", "Gone", "false", Ana],
            ]),
            new("Account", ["Id", "Name", "OwnerId"], [[Account(0), "Lark Foods", Dee]]), Rows((0, "Primary", Dee), (0, "Backup", Cy)),
            new("POC_Handoff__c", ["Id", "Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Status__c", "Declined_Why__c", "Notes__c"],
            [
                ["a045f0000000001AAA", Account(0), Gone, Ben, "2026-11-19", "Declined", "too far away", "Iris decides."],
                ["a045f0000000002AAA", Account(0), Ben, Cy, "2026-11-20", "Declined", "no time.", null],
                ["a045f0000000003AAA", Account(0), Cy, Dee, "2026-11-20", "Proposed", null, null],
                ["a045f0000000004AAA", Account(0), Ana, Gone, "2026-01-20", "Acknowledged", null, "Never on Fridays."],
            ]),
        ]);

        await host.JsonAsync(0, "sync");

        var row = (await host.Org.RowsAsync("POC_Handoff__c")).Single(r => LiveOrgHost.Text(r, "Id") == "a045f0000000003AAA");
        var brief = Lines(LiveOrgHost.Text(row, "Brief__c")!);
        brief.ShouldContain("On the declined handoff of 2026-11-19: from Gone to Ben:");
        brief.ShouldContain("Iris decides.");
        brief.ShouldContain("Gone, who had the account, has left: ask Ana in their place.", "there is no contact");
        brief.ShouldContain("2026-11-20: from Ben to Cy. Declined: no time");
        brief.ShouldContain("2026-11-19: from Gone to Ben. Declined: too far away");
        var letter = LiveOrgHost.Text(row, "Introduction__c")!;
        letter.ShouldContain("in place of Gone. I have notes of where things stand");
    }

    [Fact]
    public async Task Wherever_a_run_dies_each_handoff_has_its_brief_after_the_next_one()
    {
        for (var (step, died) = (1, true); died; step++)
        {
            await using var host = await StartAsync(Auto, Customer());
            died = await KillAsync(host, step);

            await host.RunAsync("sync");

            Lines(await FieldAsync(host, "Brief__c")).ShouldContain("Lark Foods, Retail", $"after a death at step {step}");
            (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldNotContain("briefs");
        }
    }

    [Fact]
    public async Task A_leavers_300_accounts_get_their_briefs_in_one_run_and_a_few_calls()
    {
        await using var host = await StartAsync(
            Auto, Accounts([.. Enumerable.Repeat(Gone, 300)]), Rows([.. Enumerable.Range(0, 300).SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", i % 2 == 0 ? Ben : Cy) })]));
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxChangedShare"]) = ("1000", "1");
        host.Rules(Auto + "\n  load-within-capacity: { capacity: 500 }");

        var run = await host.JsonAsync(0, "sync");

        run.GetProperty("sentence").GetString()!.ShouldContain("Handoff briefs: 300 written.");
        (await host.Org.CallsAsync("UserRecordAccess")).ShouldBeLessThanOrEqualTo(12);
        (await host.Org.RowsAsync("POC_Handoff__c")).Count(h => LiveOrgHost.Text(h, "Brief__c") is { Length: > 0 }).ShouldBe(300);
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldNotContain("briefs");
    }

    [Fact]
    public void The_docs_name_the_source_of_every_part()
    {
        var table = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "handoffs.md")).SkipWhile(l => l != "## The brief").Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1);

        table.ShouldBe(Brief.Sources.Select(s => $"| {s.Title} | {string.Join(", ", s.Sources.Select(f => $"`{f}`"))} | {s.WhenEmpty} |"));
    }

    [Fact]
    public void Where_the_account_is_hidden_only_the_handoff_is_told()
    {
        var fields = new Dictionary<string, string?> { ["From_User__r.Name"] = "Gone", ["To_User__r.Name"] = "Cy", ["Effective_On__c"] = "2026-11-22" };
        var facts = new BriefFacts(new BriefedHandoff(default, default, default, fields), new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>>
        {
            ["Account"] = [new Dictionary<string, string?> { ["Id"] = Account(0), ["Name"] = "Lark" }],
            ["Task"] = [new Dictionary<string, string?> { ["Id"] = "00T5f0000000001AAA", ["Subject"] = "Hidden", ["IsClosed"] = "false" }],
        });

        foreach (var (visible, why) in new[] { ((IReadOnlySet<string>?)null, "Salesforce did not tell what Cy may see"), (new HashSet<string>(), "Cy may not see the account") })
        {
            var brief = Brief.Of(facts.SeenBy(visible), new DateOnly(2026, 11, 22), "Wren");

            brief.Parts[0].Lines.Single().ShouldContain(why);
            brief.Parts.SelectMany(p => p.Lines).Concat([brief.Introduction]).ShouldNotContain(l => l.Contains("Lark") || l.Contains("Hidden"));
            brief.Parts.SelectMany(p => p.Lines).ShouldContain("2026-11-22: from Gone to Cy");
        }
    }

    private static string[] Lines(string html) => [.. Line().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];

    private static async Task<string> FieldAsync(RunHost host, string field) =>
        LiveOrgHost.Text((await host.Org.RowsAsync("POC_Handoff__c")).Single(), field) ?? "";

    private static Task<bool> KillAsync(RunHost host, int lastStep) => Mortality.RunAsync(
        host, database => new MortalBriefs(host.Org.Briefs, new BriefLog(database, host.Clock), lastStep), _ => null, mortal => new BriefKeeper(mortal, mortal));

    [GeneratedRegex("<li>(.*?)</li>")]
    private static partial Regex Line();

    [GeneratedRegex("</?([A-Za-z0-9]+)[^>]*>")]
    private static partial Regex Tag();

    private sealed class MortalBriefs(IBriefRows org, IBriefLog log, int lastStep) : Mortality(lastStep), IBriefRows, IBriefLog
    {
        public Task<IReadOnlyList<BriefedHandoff>> PendingAsync(Settings settings, IReadOnlyList<RecordId> again, CancellationToken stop) =>
            Live(() => org.PendingAsync(settings, again, stop));

        public Task<IReadOnlyList<BriefFacts>> FactsAsync(Settings settings, IReadOnlyList<BriefedHandoff> handoffs, CancellationToken stop) =>
            Live(() => org.FactsAsync(settings, handoffs, stop));

        public Task<IReadOnlySet<string>?> VisibleAsync(RecordId user, IReadOnlyCollection<string> ids, CancellationToken stop) => Live(() => org.VisibleAsync(user, ids, stop));

        public Task<IReadOnlyList<RowTaken>> WriteAsync(
            Settings settings, DateTimeOffset now, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief)> briefs, CancellationToken abandon) =>
            Live(() => org.WriteAsync(settings, now, briefs, abandon));

        public Task<IReadOnlyList<RecordId>> OutdatedAsync() => Live(log.OutdatedAsync);

        public Task<IReadOnlySet<RecordId>> RefusedAsync(DateTimeOffset since) => Live(() => log.RefusedAsync(since));

        public Task IntendAsync(long run, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief)> briefs) => Live(() => log.IntendAsync(run, briefs));

        public Task SettleAsync(long run, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief, RowTaken Result)> results) => Live(() => log.SettleAsync(run, results));
    }
}

public sealed class BriefTestsOnSqlite() : BriefTests(LedgerProvider.Sqlite);

public sealed class BriefTestsOnPostgreSql() : BriefTests(LedgerProvider.PostgreSql);
