using PocSync.Simulator;
using PocSync.Tests.Cli;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>Whatever goes wrong on the way, a run ends by itself, and the org ends as though nothing had: at the latest with the next run.</summary>
public class FaultyOrgTests
{
    private const int Few = 1;

    /// <summary>Seeds tried of each: few, or as many as <c>POCSYNC_SEEDS</c> says.</summary>
    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("POCSYNC_SEEDS"), out var asked) ? asked : Few;

    private const string All = "503:0.03,503-retry-after:0.02,500-after-write:0.05,reset-before:0.03,reset-after-write:0.05,lock-row:0.05,concurrent-limit:0.03,"
        + "session-killed:0.03,slow:0.03,html-error:0.03,trickle:0.03,torn-page:0.1,clock-skew:0.05,wrong-type:0.01,missing-field:0.01";

    [Theory]
    [InlineData("503:0.15")]
    [InlineData("503-retry-after:0.15")]
    [InlineData("500-after-write:0.3")]
    [InlineData("reset-before:0.15")]
    [InlineData("reset-after-write:0.3")]
    [InlineData("lock-row:0.2")]
    [InlineData("daily-limit:0.02")]
    [InlineData("concurrent-limit:0.15")]
    [InlineData("session-killed:0.1")]
    [InlineData("slow:0.2")]
    [InlineData("hang:0.1")]
    [InlineData("html-error:0.15")]
    [InlineData("trickle:0.2")]
    [InlineData("torn-page:0.3")]
    [InlineData("wrong-type:0.05")]
    [InlineData("missing-field:0.05")]
    [InlineData("clock-skew:0.2")]
    [InlineData(All)]
    public async Task A_run_ends_and_the_org_ends_as_after_an_undisturbed_one(string faults)
    {
        var struck = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            // Every second one reads everything by Bulk jobs, whose pages alone are torn.
            var settings = new Dictionary<string, string?> { ["Salesforce:BulkReadThreshold"] = seed % 2 == 0 || faults.StartsWith("torn-page", StringComparison.Ordinal) ? "0" : "2000" };
            string[] undisturbed;
            await using (var calm = await StartAsync(seed, settings))
            {
                (await SyncAsync(calm)).Status.ShouldBe(0);
                undisturbed = await StateAsync(calm);
            }

            await using var host = await StartAsync(seed, settings);
            await host.Org.FaultsAsync(faults);
            var disturbed = await SyncAsync(host);
            await host.Org.FaultsAsync("");
            struck += await host.Org.StruckAsync();
            var when = $"{faults}, seed {seed}: {disturbed.Status}\n{disturbed.Output}{disturbed.Error}";
            if (disturbed.Status == 0)
            {
                (await StateAsync(host)).ShouldBe(undisturbed, when);
            }

            var next = await SyncAsync(host);

            next.Status.ShouldBe(0, $"{when}\nthen\n{next.Output}{next.Error}");
            (await StateAsync(host)).ShouldBe(undisturbed, $"{when}\nthen\n{next.Output}{next.Error}");
            foreach (var secret in new[] { host.Org.Simulator.ClientSecret, host.Org.Simulator.AccessToken, "00D5f0000000001!" })
            {
                (disturbed.Output + disturbed.Error).ShouldNotContain(secret);
            }
        }

        // The org's log has neither the locks that rows met nor whose session ended; one seed has too few writes for a hang.
        if (!new[] { "lock-row", "session-killed", "hang" }.Any(k => faults.StartsWith(k, StringComparison.Ordinal)))
        {
            struck.ShouldBePositive(faults);
        }
    }

    private static Task<Shell.Run> SyncAsync(RunHost host) => Shell.PocSync(new HastyClock(host.Clock), host.AllSettings(), "sync").WaitAsync(TimeSpan.FromMinutes(2));

    private static async Task<RunHost> StartAsync(int seed, Dictionary<string, string?> settings)
    {
        var host = await RunHost.StartAsync(
            new SimulatorOptions { CascadeChildren = seed % 3 == 0, Seed = seed },
            "ownerChange: { openCases: follow }\n" + Auto, Accounts(Gone, Ana, Ana, Dee),
            Rows((0, "Primary", Gone), (0, "Backup", Ben), (1, "Primary", Ana), (1, "Primary", Cy), (1, "Backup", Dee), (2, "Primary", Dee), (3, "Primary", Ben),
                (3, "Backup", Cy)),
            Team((0, Cy, "Sales Rep"), (0, Dee, "Executive Sponsor"), (2, Cy, "Sales Rep"), (2, Ben, "Account Manager")),
            new OrgTable("Opportunity", ["Id", "AccountId", "Name", "StageName", "CloseDate", "IsClosed", "OwnerId"],
                [["0065f0000000001AAA", Account(2), "Deal", "Prospecting", "2027-06-30", "false", Ana]]),
            new OrgTable("Case", ["Id", "AccountId", "Subject", "Status", "IsClosed", "OwnerId"],
                [["5005f0000000001AAA", Account(3), "Question", "New", "false", Dee]]));
        host.Settings["Salesforce:MaxAttempts"] = "5";
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxChangedShare"]) = ("1000", "1");
        foreach (var (name, value) in settings)
        {
            host.Settings[name] = value;
        }

        return host;
    }

    /// <summary>
    /// Everything that a run writes, without the ids of rows that were made. An alert that was opened for what the next run corrected is closed by it.
    /// </summary>
    private static async Task<string[]> StateAsync(RunHost host)
    {
        (string Object, string[] Fields)[] written =
        [
            ("Account", ["Id", "OwnerId"]), ("Opportunity", ["Id", "OwnerId"]), ("Case", ["Id", "OwnerId"]),
            ("POC_Assignment__c", ["Account__c", "Role__c", "User__c", "Starts_On__c", "Ends_On__c", "Sync_Key__c"]),
            ("POC_Handoff__c", ["Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Status__c", "Sync_Key__c"]),
            ("POC_Alert__c", ["Sync_Key__c", "Status__c"]),
            ("Task", ["OwnerId", "Subject", "Sync_Key__c"]),
            ("AccountTeamMember", ["AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel", "ContactAccessLevel"]),
        ];
        var state = new List<string>();
        foreach (var (name, fields) in written)
        {
            state.AddRange((await host.Org.RowsAsync(name)).Where(r => LiveOrgHost.Text(r, "Status__c") != "Closed").Select(r => $"{name} {string.Join(' ', fields.Select(f => LiveOrgHost.Text(r, f)))}").Order(StringComparer.Ordinal));
        }

        return [.. state];
    }

    /// <summary>The host's clock, whose waits pass fifty times as fast.</summary>
    private sealed class HastyClock(TimeProvider clock) : TimeProvider
    {
        private const int Pace = 50;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Pace : dueTime, period > TimeSpan.Zero ? period / Pace : period);
    }
}
