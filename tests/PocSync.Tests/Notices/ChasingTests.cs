using System.Text.Json;
using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>What the worker reminds people of by itself.</summary>
[Collection(Serving.Collection)]
public sealed class ChasingTests
{
    private const string First = "a035f0000000001AAA", Second = "a035f0000000002AAA", Third = "a035f0000000003AAA";

    [Fact]
    public async Task A_handoff_is_chased_before_it_is_due_when_it_is_overdue_and_then_with_the_manager_each_once()
    {
        // Today is Sunday the 22nd.
        await using var host = await StartAsync(
            [First, Account(0), Gone, Ben, "Awaiting Acknowledgement", "2026-11-24"], [Second, Account(1), Cy, Ben, "Documenting", "2026-11-24"],
            [Third, Account(2), Gone, Dee, "Awaiting Acknowledgement", "2026-11-24"]);
        await host.ChangeAsync("Account", Account(2), new { POC_Exempt_Until__c = "2026-11-25" });
        await using var worker = await Serving.StartAsync(host);

        (await ChaseAsync(host, worker)).ShouldBeEmpty("two working days are left");
        (await ChaseAsync(host, worker, 1)).ShouldBe(["notification Ben: The handoff of Account 0 is due soon", "notification Cy: The handoff of Account 1 is due soon"]);
        await host.ChangeAsync("POC_Handoff__c", First, new { Status__c = "Acknowledged" });
        (await ChaseAsync(host, worker, 2)).ShouldBe(["notification Cy: The handoff of Account 1 is overdue"]);
        (await ChaseAsync(host, worker, 1)).ShouldBe(["notification Dee: The handoff of Account 2 is overdue"], "the account is not exempt any more");
        (await ChaseAsync(host, worker, 2)).ShouldBe(["notification Ana: In your team the handoff of Account 1 is overdue"]);
        (await ChaseAsync(host, worker, 5)).ShouldBeEmpty();
        (await host.TasksAsync()).ShouldBe(["Cy: The handoff of Account 1 is overdue", "Dee: The handoff of Account 2 is overdue"]);
    }

    [Fact]
    public async Task Nobody_is_reminded_of_what_was_moved_on_before_they_could_be_told()
    {
        await using var host = await StartAsync(
            [First, Account(0), Gone, Ben, "Awaiting Acknowledgement", "2026-11-24"], [Second, Account(1), Cy, Ben, "Documenting", "2026-11-24"],
            [Third, Account(2), Gone, Dee, "Awaiting Acknowledgement", "2026-11-24"]);
        host.Settings["Notices:WorkingDays"] = "Tuesday";
        await using var worker = await Serving.StartAsync(host);
        (await ChaseAsync(host, worker)).ShouldBeEmpty();
        host.Ledger.Query("SELECT \"State\" FROM news WHERE \"Kind\" = 'HandoffDueSoon'").ShouldBe(["Addressed", "Addressed", "Addressed"]);
        await host.ChangeAsync("POC_Handoff__c", First, new { Due_On__c = "2026-12-04" });
        await host.ChangeAsync("POC_Handoff__c", Third, new { Status__c = "Acknowledged" });

        (await ChaseAsync(host, worker, 2)).ShouldBe(["notification Cy: The handoff of Account 1 is due soon"]);
    }

    [Fact]
    public async Task Where_the_rule_is_off_nobody_is_reminded()
    {
        await using var host = await StartAsync([First, Account(0), Gone, Ben, "Documenting", "2026-11-01"]);
        host.Rules("rules: { handoff-acknowledged: { enabled: false }, handoff-documented: { enabled: false } }");
        await using var worker = await Serving.StartAsync(host);

        (await ChaseAsync(host, worker)).ShouldBeEmpty();
        (await worker.JobAsync("chaser")).Sentence.ShouldBe("Nobody is reminded of handoffs: the rule handoff-acknowledged is off.");
    }

    [Fact]
    public async Task Administrators_find_what_waits_and_nothing_where_nothing_does()
    {
        var sets = new OrgTable("PermissionSet", ["Id", "Name", "Label"], [["0PS5f0000000001AAA", "POC_Approver", "POC Approver"]]);
        var holders = new OrgTable("PermissionSetAssignment", ["PermissionSetId", "AssigneeId"], [["0PS5f0000000001AAA", Dee], ["0PS5f0000000001AAA", Gone]]);
        await using var host = (await NoticeHost.LeaverAsync(LedgerProvider.Sqlite, 2, null, sets, holders)).AtAllTimes();
        host.Rules("rules: { backup-present: { enabled: false }, reachable: { enabled: false }, in-touch: { enabled: false }, customer-primary: { enabled: false } }");
        host.Settings["Jobs:Delta"] = "never";
        await using var worker = await Serving.StartAsync(host);
        (await worker.RunEndedAsync()).ShouldBe("full done");

        await worker.DoAsync("digest");
        await worker.DoAsync("notices");
        async Task<IEnumerable<JsonElement>> Digests() => (await host.OutAsync()).Where(o => LiveOrgHost.Text(o, "title") == "PocSync: what waits for you");
        var digest = (await Digests()).Single();
        digest.GetProperty("recipients")[0].GetString().ShouldBe(Dee);
        LiveOrgHost.Text(digest, "body")!.ShouldStartWith("2 corrections wait for somebody's yes.\n");

        await worker.DoAsync("digest");
        await worker.DoAsync("notices");
        (await Digests()).Count().ShouldBe(1);
        (await host.RunAsync("approve", "--rule", "primary-able", "--reason", "yes")).Status.ShouldBe(0);
    }

    private static async Task<RunHost> StartAsync(params string[][] handoffs)
    {
        var host = (await RunHost.StartAsync(LedgerProvider.Sqlite, new SimulatorOptions(),
            "rules: { handoff-acknowledged: { escalateDays: 30, tiers: [ { when: \"Name = 'Account 1'\", escalateDays: 3 } ] } }",
            NoticeHost.People(), Accounts(Ben, Ben, Dee), Rows((0, "Primary", Ben), (1, "Primary", Ben), (2, "Primary", Dee)),
            new OrgTable("POC_Handoff__c", ["Id", "Account__c", "From_User__c", "To_User__c", "Status__c", "Due_On__c"], handoffs))).AtAllTimes();
        host.Settings["Jobs:Delta"] = host.Settings["Jobs:Full"] = "never";
        return host;
    }

    /// <summary>Days later the org is judged, handoffs are chased and people told; gives who was told what.</summary>
    private static async Task<IEnumerable<string>> ChaseAsync(RunHost host, Serving worker, int days = 0)
    {
        var before = await host.OutboxAsync();
        host.Clock.Advance(TimeSpan.FromDays(days));
        await worker.DoAsync("full");
        await worker.DoAsync("chaser");
        await worker.DoAsync("notices");
        return (await host.OutboxAsync()).Beyond(before);
    }
}
