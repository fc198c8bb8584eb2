using PocSync.Core.Alerts;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Simulator;
using PocSync.Tests.Ledger;
using PocSync.Tests.Notices;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>The org's alert records say what is wrong: one open record a finding.</summary>
public abstract class AlertTests(LedgerProvider provider) : OnEachLedger(provider)
{
    /// <summary>Nothing is corrected; what is an error is kept as a record.</summary>
    private const string Tell = "rules: { one-primary: { mode: alert }, owner-is-primary: { mode: alert }, backup-present: { enabled: false } }";

    private static OrgTable Managed => new("User", ["Id", "Username", "Name", "IsActive", "ManagerId"],
    [
        [Ana, "ana@x.example", "Ana", "true", Dee], [Ben, "ben@x.example", "Ben", "true", Dee], [Cy, "cy@x.example", "Cy", "true", Dee],
        [Dee, "dee@x.example", "Dee", "true", null], [Gone, "gone@x.example", "Gone", "false", Dee],
    ]);

    [Fact]
    public async Task A_finding_is_one_open_record_until_it_is_gone_and_opens_the_same_one_when_it_returns()
    {
        await using var host = await StartAsync(Tell, Managed, Accounts(Ana, Ana), Rows((0, "Primary", Ben), (1, "Primary", Ana)));

        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Alert records: 1 opened.");
        (await AlertsAsync(host)).ShouldBe(["owner-is-primary differs Account 0 error Open Ben | Account 0 is owned by Ana, but its primary contact is Ben."]);
        (await host.RunAsync("runs", "show", "1")).Output.ShouldContain("Alert record opened: Account 0 is owned by Ana, but its primary contact is Ben.");
        await NothingChangesAsync(host);

        await host.ChangeAsync("Account", Account(0), new { OwnerId = Ben });
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Alert records: 1 closed.");
        (await AlertsAsync(host)).Single().ShouldContain(" Closed ");
        await NothingChangesAsync(host);

        await host.ChangeAsync("Account", Account(0), new { OwnerId = Cy });
        await host.JsonAsync(0, "sync");
        (await AlertsAsync(host)).ShouldBe(["owner-is-primary differs Account 0 error Open Ben | Account 0 is owned by Cy, but its primary contact is Ben."]);
        await NothingChangesAsync(host);
    }

    [Fact]
    public async Task What_a_run_corrects_itself_gets_no_record()
    {
        await using var host = await StartAsync(Auto, Managed, Accounts(Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy)));

        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);

        (await AlertsAsync(host)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_says_what_is_wrong_now_and_goes_to_whoever_can_act_by_then()
    {
        await using var host = await StartAsync(Tell, Managed, Accounts(Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy)));
        await host.JsonAsync(0, "sync");

        await host.ChangeAsync("User", Ben, new { IsActive = false });
        await host.ChangeAsync("Account", Account(0), new { Name = "Wren <b>& Sons</b>" });
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("1 changed");

        (await AlertsAsync(host))[0].ShouldStartWith("owner-is-primary differs Account 0 error Open Cy | Wren <b>& Sons</b> is owned by Ana,");
        await NothingChangesAsync(host);
    }

    [Fact]
    public async Task What_a_person_snoozes_on_the_record_is_silent_everywhere_until_its_day()
    {
        await using var host = await StartAsync(Tell, Managed, Accounts(Ana), Rows((0, "Primary", Ben)));
        await host.JsonAsync(0, "sync");
        await host.ChangeAsync("POC_Alert__c", await IdAsync(host), new { Status__c = "Snoozed", Snoozed_Until__c = "2026-12-01" });

        var run = await host.JsonAsync(0, "sync");
        run.GetProperty("silent").GetInt32().ShouldBe(1);
        (await host.RunAsync("findings")).Output.ShouldContain("snoozed it until 2026-12-01: on its alert record in Salesforce");
        await NothingChangesAsync(host);

        host.Clock.Advance(TimeSpan.FromDays(9));
        await host.Org.PostAsync("clock", new { now = host.Clock.GetUtcNow() });
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Alert records: 1 reopened.");
        (await AlertsAsync(host)).Single().ShouldContain(" Open ");
        await NothingChangesAsync(host);
    }

    [Fact]
    public async Task A_snooze_holds_both_ways_and_the_last_word_counts()
    {
        await using var host = await StartAsync(Tell, Managed, Accounts(Ana), Rows((0, "Primary", Ben)));
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("snooze", "--account", Account(0), "--rule", "owner-is-primary", "--until", "2026-12-24", "--reason", "known")).Status.ShouldBe(0);
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("1 snoozed");
        (await AlertsAsync(host)).Single().ShouldContain(" Snoozed ");

        await host.ChangeAsync("POC_Alert__c", await IdAsync(host), new { Status__c = "Open" });
        (await host.JsonAsync(0, "sync")).GetProperty("silent").GetInt32().ShouldBe(0);
        (await AlertsAsync(host)).Single().ShouldContain(" Open ");

        await host.ChangeAsync("POC_Alert__c", await IdAsync(host), new { Status__c = "Snoozed" });
        (await host.JsonAsync(0, "sync")).GetProperty("silent").GetInt32().ShouldBe(1);
        LiveOrgHost.Text((await host.Org.RowsAsync("POC_Alert__c")).Single(), "Snoozed_Until__c").ShouldBe("2026-11-29");
        (await host.RunAsync("snooze", "--account", Account(0), "--rule", "owner-is-primary", "--clear", "--reason", "not any more")).Status.ShouldBe(0);
        await host.JsonAsync(0, "sync");
        (await AlertsAsync(host)).Single().ShouldContain(" Open ");
        await NothingChangesAsync(host);
    }

    [Fact]
    public async Task A_record_that_nobody_touches_goes_to_the_manager_once_and_stays_with_whom_a_person_gives_it()
    {
        await using var host = await StartAsync(Tell, Managed, Accounts(Ana), Rows((0, "Primary", Ben)));
        await host.JsonAsync(0, "sync");
        await DaysAsync(host, 2);
        await NothingChangesAsync(host);

        await DaysAsync(host, 2);
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Alert records: 1 escalated.");
        (await AlertsAsync(host)).Single().ShouldContain(" Open Dee ");
        await DaysAsync(host, 9);
        await NothingChangesAsync(host);

        await host.ChangeAsync("POC_Alert__c", await IdAsync(host), new { Assigned_To__c = Cy });
        await NothingChangesAsync(host);
        (await AlertsAsync(host)).Single().ShouldContain(" Open Cy ");
    }

    [Fact]
    public async Task A_baseline_and_a_false_positive_close_records_and_a_rule_that_is_off_closes_none()
    {
        await using var host = await StartAsync(Tell, Managed, Accounts(Ana, Ana, Ana), Rows((0, "Primary", Ben), (1, "Primary", Ben), (2, "Primary", Ben)));
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("false-positive", "--account", Account(0), "--reason", "so it is meant")).Status.ShouldBe(0);
        await host.JsonAsync(0, "sync");
        (await AlertsAsync(host)).Count(a => a.Contains(" Closed ")).ShouldBe(1);

        host.Rules("rules: { owner-is-primary: { enabled: false }, backup-present: { enabled: false } }");
        await host.JsonAsync(0, "sync");
        (await AlertsAsync(host)).Count(a => a.Contains(" Open ")).ShouldBe(2);

        host.Rules(Tell);
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("baseline", "--reason", "as we found it")).Status.ShouldBe(0);
        await host.JsonAsync(0, "sync");
        (await AlertsAsync(host)).Count(a => a.Contains(" Closed ")).ShouldBe(3);
    }

    [Fact]
    public async Task The_guard_and_a_pause_keep_records_from_being_made()
    {
        await using var host = await StartAsync(Tell, Managed, Accounts(Ana, Ana), Rows((0, "Primary", Ben), (1, "Primary", Ben)));
        host.Settings["Guard:MaxCreated"] = "1";
        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!
            .ShouldContain("2 alert records would be made, more than the 1 that Guard:MaxCreated allows: none was.");
        host.Settings.Remove("Guard:MaxCreated");
        (await host.RunAsync("pause", "--reason", "quarter close")).Status.ShouldBe(0);
        await host.RunAsync("sync");
        (await AlertsAsync(host)).ShouldBeEmpty();
        (await host.RunAsync("resume", "--reason", "over")).Status.ShouldBe(0);
        await host.JsonAsync(0, "sync");
        (await AlertsAsync(host)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task What_the_org_refuses_is_said_and_not_tried_again_until_it_is_something_else()
    {
        await using var host = await StartAsync(
            new SimulatorOptions { ValidationRules = [new("POC_Alert__c", "Code__c = 'differs'", "No alerts of that kind.")] }, Tell, Managed, Accounts(Ana), Rows((0, "Primary", Ben)));

        (await host.JsonAsync(5, "sync")).GetProperty("sentence").GetString()!.ShouldContain("Alert records: 1 refused by the org.");
        await NothingChangesAsync(host);
        await host.ChangeAsync("Account", Account(0), new { Name = "Wren" });
        await host.JsonAsync(5, "sync");
    }

    [Fact]
    public async Task Wherever_a_run_dies_the_next_one_leaves_one_record_a_finding()
    {
        for (int step = 1, died = 1; died > 0; step++)
        {
            await using var host = (await StartAsync(Tell, Managed, Accounts(Ana, Ana), Rows((0, "Primary", Ben), (1, "Primary", Ben)))).AtAllTimes();
            await host.JsonAsync(0, "sync");
            (await host.OutboxAsync()).ShouldBe(["notification Ben: Please look at what is wrong with 2 accounts"]);
            await host.ChangeAsync("Account", Account(0), new { OwnerId = Ben });
            await host.ChangeAsync("POC_Alert__c", await IdAsync(host, 1), new { Status__c = "Snoozed", Snoozed_Until__c = "2026-12-01" });
            await host.ChangeAsync("POC_Assignment__c", LiveOrgHost.Text((await host.Org.RowsAsync("POC_Assignment__c"))[0], "Id")!, new { User__c = Gone });
            died = await KillAsync(host, step) ? 1 : 0;

            await host.RunAsync("sync");

            (await AlertsAsync(host)).ShouldBe(
            [
                "owner-is-primary differs Account 0 error Open Dee | Account 0 is owned by Ben, but its primary contact is Gone.",
                "owner-is-primary differs Account 1 error Snoozed Ben | Account 1 is owned by Ana, but its primary contact is Ben.",
                "primary-able inactive Account 0 error Open Dee | Account 0 has no working primary contact: it is Gone, whose user is no longer active.",
            ], $"after a death at step {step}");
            (await host.OutboxAsync()).ShouldBe(
                ["notification Ben: Please look at what is wrong with 2 accounts", "notification Dee: Please look at what is wrong with Account 0"], $"after a death at step {step}");
            await NothingChangesAsync(host);
        }
    }

    [Fact]
    public async Task What_a_run_closed_before_it_died_is_known_from_the_records()
    {
        var seen = new HashSet<string>();
        for (int step = 1, died = 1; died > 0; step++)
        {
            await using var host = await StartAsync(Tell, Managed, Accounts(Ana), Rows((0, "Primary", Ben)));
            await host.JsonAsync(0, "sync");
            await host.ChangeAsync("Account", Account(0), new { OwnerId = Ben });
            died = await KillAsync(host, step) ? 1 : 0;
            var outcomes = host.Ledger.Query("SELECT coalesce(\"Outcome\", 'none') FROM alert_writes WHERE \"Run\" = 2");
            var isClosed = (await AlertsAsync(host)).Single().Contains(" Closed ");

            await host.RunAsync("sync");

            if (outcomes is ["none"])
            {
                var outcome = host.Ledger.Query("SELECT \"Outcome\" FROM alert_writes WHERE \"Run\" = 2").ShouldHaveSingleItem();
                outcome.ShouldBe(isClosed ? "Written" : "Unknown", $"after a death at step {step}");
                seen.Add(outcome!);
                (await host.RunAsync("runs", "show", "2")).Output.ShouldContain($"Alert record closed{(isClosed ? "" : ", not known whether it was written")}: ");
            }
        }

        seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_org_without_the_object_is_told_so_and_corrected_all_the_same()
    {
        await using var host = await StartAsync(Tell + "\nnames: { POC_Alert__c: Warning__c }", Managed, Accounts(Ana), Rows((0, "Primary", Ben)));

        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!
            .ShouldContain("No alert records are kept: the org shows no object Warning__c to this login.");
    }

    private static async Task DaysAsync(RunHost host, int days)
    {
        host.Clock.Advance(TimeSpan.FromDays(days));
        await host.Org.PostAsync("clock", new { now = host.Clock.GetUtcNow() });
    }

    /// <summary>Another run writes no record.</summary>
    private static async Task NothingChangesAsync(RunHost host)
    {
        var before = (await host.Org.RowsAsync("POC_Alert__c")).Select(r => r.ToString()).ToList();
        await host.RunAsync("sync");
        (await host.Org.RowsAsync("POC_Alert__c")).Select(r => r.ToString()).ShouldBe(before);
    }

    private static async Task<string> IdAsync(RunHost host, int account = 0) =>
        LiveOrgHost.Text((await host.Org.RowsAsync("POC_Alert__c")).Single(r => LiveOrgHost.Text(r, "Account__c") == Account(account)), "Id")!;

    private static async Task<string[]> AlertsAsync(RunHost host) =>
    [
        .. (await host.Org.RowsAsync("POC_Alert__c")).Select(r => string.Join(' ', new[]
        {
            LiveOrgHost.Text(r, "Rule__c"), LiveOrgHost.Text(r, "Code__c"), $"Account {LiveOrgHost.Text(r, "Account__c")![^4]}", LiveOrgHost.Text(r, "Severity__c"),
            LiveOrgHost.Text(r, "Status__c"), Name(LiveOrgHost.Text(r, "Assigned_To__c")), "|", LiveOrgHost.Text(r, "Sentence__c"),
        })).Order(StringComparer.Ordinal),
    ];

    /// <summary>A run of which nothing goes through any more after a number of calls for alert records.</summary>
    private static Task<bool> KillAsync(RunHost host, int lastStep) => Mortality.RunAsync(
        host, database => new MortalAlerts(host.Org.Alerts, new AlertLog(database, host.Clock), lastStep), mortal => new AlertKeeper(mortal, mortal), _ => null);

    private sealed class MortalAlerts(IAlertRows org, IAlertLog log, int lastStep) : Mortality(lastStep), IAlertRows, IAlertLog
    {
        public Task<AlertsThere> ReadAsync(Settings settings, CancellationToken stop) => Live(() => org.ReadAsync(settings, stop));

        public Task<IReadOnlyList<RowTaken>> WriteAsync(Settings settings, IReadOnlyList<AlertWrite> writes, CancellationToken abandon) => Live(async () =>
        {
            // As though the org took one and not yet the others.
            await Step(() => org.WriteAsync(settings, [writes[0]], abandon));
            return await org.WriteAsync(settings, writes, abandon);
        });

        public Task<IReadOnlyDictionary<AlertKey, KnownAlert>> KnownAsync() => Live(log.KnownAsync);

        public Task HearAsync(long run, AlertNews news) => Live(() => log.HearAsync(run, news));

        public Task ResolveAsync(long run, IReadOnlyList<AlertRow> rows) => Live(() => log.ResolveAsync(run, rows));

        public Task IntendAsync(long run, IReadOnlyList<AlertWrite> writes) => Live(() => log.IntendAsync(run, writes));

        public Task SettleAsync(long run, IReadOnlyList<(AlertWrite Write, RowTaken Result)> results) => Live(() => log.SettleAsync(run, results));
    }
}

public sealed class AlertTestsOnSqlite() : AlertTests(LedgerProvider.Sqlite);

public sealed class AlertTestsOnPostgreSql() : AlertTests(LedgerProvider.PostgreSql);
