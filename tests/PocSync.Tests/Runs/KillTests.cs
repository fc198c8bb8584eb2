using System.Diagnostics;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Simulator;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>A run that ends at any point, without a word, is finished by the next one as though nothing had been.</summary>
public abstract class KillTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private const int Few = 3;

    private static int Points => int.TryParse(Environment.GetEnvironmentVariable("POCSYNC_KILLS"), out var asked) ? asked : Few;

    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "500-after-write:0.3,reset-after-write:0.3,reset-before:0.2,lock-row:0.3,503:0.2")]
    public async Task Wherever_a_run_is_killed_the_next_ones_bring_org_and_ledger_to_the_same_state(bool cascade, string faults)
    {
        string[] undisturbed;
        await using (var host = await StartAsync(cascade))
        {
            (await SyncAsync(host)).Status.ShouldBe(RunStatus.Done);
            undisturbed = [.. await StateAsync(host), .. await WrittenAsync(host)];
        }

        // With faults, and unless many are asked for, every fourth step does.
        var stride = faults == "" || Points > Few ? 1 : 4;
        var step = 1;
        for (var died = true; died; step += stride)
        {
            await using var host = await StartAsync(cascade, step);
            died = await KillAsync(host, step);
            for (var bad = 0; faults != "" && bad < 2; bad++)
            {
                await host.Org.FaultsAsync(faults);
                await SyncAsync(host);
            }

            await host.Org.FaultsAsync("");
            var next = await SyncAsync(host);

            next.Status.ShouldBe(RunStatus.Done, $"after a death at step {step}: {next.Sentence}");
            await ShouldBeAsync(host, undisturbed, $"after a death at step {step}");
        }

        step.ShouldBeGreaterThan(28);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_org_that_goes_away_in_the_middle_leaves_a_ledger_that_says_what_is_known(bool afterWriting)
    {
        await using var host = await StartAsync();

        var failed = await SyncAsync(host, org => new Faltering(org, async write =>
        {
            if (afterWriting)
            {
                await write();
            }

            throw new OrgException("The org is gone.");
        }));

        failed.Status.ShouldBe(RunStatus.Failed);
        failed.Sentence.ShouldContain("4 corrections are on the way to the org: the next run finds out what became of them. 1 correction was ready and not begun. The org is gone.");
        (await host.RunAsync("runs", "show", "1")).Output.ShouldContain("On the way to the org when it was lost (4)");
        var next = await SyncAsync(host);
        next.Status.ShouldBe(RunStatus.Done);
        next.Outcomes.Count.ShouldBe(5);
        (await host.RunAsync("runs", "show", "1")).Output.ShouldContain("run 2 found out what became of it");
        (await SyncAsync(host)).Corrections.ShouldBe(0);
    }

    [Theory]
    [InlineData(true, OutcomeKind.Written)]
    [InlineData(false, OutcomeKind.NotWritten)]
    public async Task An_answer_that_is_lost_is_found_out_by_reading_back(bool afterWriting, OutcomeKind expected)
    {
        await using var host = await StartAsync();

        var run = await SyncAsync(host, org => new Faltering(org, async write =>
        {
            var results = afterWriting ? await write() : null;
            return results is null ? [] : [.. results.Select(r => r with { Written = null })];
        }));

        run.Outcomes.Select(o => o.Kind).Distinct().ShouldBe([expected]);
        (await SyncAsync(host)).Corrections.ShouldBe(afterWriting ? 0 : 5);
        (await SyncAsync(host)).Corrections.ShouldBe(0);
    }

    /// <summary>
    /// The same with processes that are killed (-9) once the org has had a number of calls, at as many points as <c>POCSYNC_KILLS</c> says. At every second
    /// one the killed call is never answered, so that it is a write's where it can be.
    /// </summary>
    [Fact]
    public async Task Wherever_a_process_is_killed_the_next_one_brings_org_and_ledger_to_the_same_state()
    {
        string[] undisturbed;
        int calls;
        await using (var host = await StartAsync(cascade: true))
        {
            await EndAsync(host.Start("sync"), 0);
            calls = await host.Org.CallsAsync("/");
            undisturbed = [.. await StateAsync(host), .. await WrittenAsync(host)];
        }

        for (var point = 0; point < Points; point++)
        {
            await using var host = await StartAsync(cascade: true);
            if (point % 2 == 0)
            {
                await host.Org.FaultsAsync("hang:count=1@/composite");
            }

            var at = point % 2 == 0 ? calls : 1 + (calls * point / Points);
            using (var process = host.Start("sync"))
            {
                while (!process.HasExited && await host.Org.CallsAsync("/") < at && !await host.Org.IsHangingAsync())
                {
                    await Task.Yield();
                }

                process.Kill();
                await process.WaitForExitAsync();
            }

            await EndAsync(host.Start("sync"), 0);
            // A process has the real clock.
            host.Clock.Advance(TimeProvider.System.GetUtcNow() - host.Clock.GetUtcNow());
            await ShouldBeAsync(host, undisturbed, $"after a death at call {at}");
        }
    }

    private static async Task EndAsync(Process process, int status)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(status);
        }
    }

    /// <summary>A switch with owner, team, handoff and backup; two corrections of one account; a row that ends; a row that is made.</summary>
    private protected Task<RunHost> StartAsync(bool cascade = false, int seed = 1) => StartAsync(
        new SimulatorOptions { CascadeChildren = cascade, Seed = seed },
        "ownerChange: { openCases: follow }\n" + Auto, Accounts(Gone, Ana, Ana, Dee),
        Rows((0, "Primary", Gone), (0, "Backup", Ben), (1, "Primary", Ana), (1, "Primary", Cy), (1, "Backup", Dee), (2, "Primary", Dee), (3, "Primary", Ben),
            (3, "Backup", Cy)),
        Team((0, Cy, "Sales Rep"), (0, Dee, "Executive Sponsor"), (2, Cy, "Sales Rep"), (2, Ben, "Account Manager")),
        new OrgTable("Opportunity", ["Id", "AccountId", "Name", "StageName", "CloseDate", "IsClosed", "OwnerId"],
            [["0065f0000000001AAA", Account(2), "Deal", "Prospecting", "2027-06-30", "false", Ana]]),
        new OrgTable("Case", ["Id", "AccountId", "Subject", "Status", "IsClosed", "OwnerId"],
            [["5005f0000000001AAA", Account(3), "Question", "New", "false", Dee]]));

    /// <summary>The org and the ledger are as after an undisturbed run, and nothing is left to do.</summary>
    private static async Task ShouldBeAsync(RunHost host, string[] undisturbed, string when)
    {
        string[] now = [.. await StateAsync(host), .. await WrittenAsync(host)];
        string[] differences = [.. now.Except(undisturbed).Select(l => "more: " + l), .. undisturbed.Except(now).Select(l => "less: " + l)];
        differences.ShouldBeEmpty(differences.Length == 0 ? when : $"{when}\n{await TaleAsync(host)}");
        now.Length.ShouldBe(undisturbed.Length, when);
        var ledger = await LedgerDatabase.OpenAsync(host.Ledger.Settings);
        (await new Journal(ledger, host.Clock).UnfinishedAsync()).ShouldBeEmpty(when);
        (await new LedgerQueries(ledger).RunsAsync(10)).ShouldAllBe(r => r.Status != nameof(RunStatus.Running), when);
        (await host.JsonAsync(0, "plan")).GetProperty("corrections").EnumerateArray().Count(c => c.GetProperty("state").GetString() == "ready").ShouldBe(0, when);
    }

    /// <summary>All that the ledger says of its runs.</summary>
    private static async Task<string> TaleAsync(RunHost host)
    {
        var tale = "";
        for (var run = 1; await host.RunAsync("runs", "show", $"{run}") is { Status: 0 } shown; run++)
        {
            tale += shown.Output;
        }

        return tale;
    }

    /// <summary>What the ledger says was written, each with what it says it made.</summary>
    private static async Task<string[]> WrittenAsync(RunHost host)
    {
        var ledger = new LedgerQueries(await LedgerDatabase.OpenAsync(host.Ledger.Settings));
        var written = new List<string>();
        foreach (var run in await ledger.RunsAsync(10))
        {
            var steps = (await ledger.RunAsync(run.Number))!.Steps.Where(s => s.Outcome?.IsDone == true);
            written.AddRange(steps.Select(s => $"{s.Outcome!.CorrectionId} {s.Outcome.Kind} {s.Correction!.Sentence} {s.Intent!.Bundle.Writes.Count}"));
        }

        return [.. written.Order(StringComparer.Ordinal)];
    }

    private static async Task<bool> KillAsync(RunHost host, int step)
    {
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        var mortal = new Mortal(host.Org.Org, new RunLedger(database, host.Clock), new Journal(database, host.Clock),
            new Approvals(database, new ApprovalTerms(), host.Clock), step);
        try
        {
            await new Reconciler(mortal, mortal, mortal, mortal, new Silent()).SyncAsync(OrderIn(host), CancellationToken.None);
        }
        catch (Mortal.Killed)
        {
        }

        return mortal.IsDead;
    }

    internal static async Task<RunReport> SyncAsync(
        RunHost host, Func<IOrg, IOrg>? between = null, CancellationToken stop = default, CancellationToken abandon = default)
    {
        IOrg org = between is null ? host.Org.Org : between(host.Org.Org);
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        return await new Reconciler(
            org, new RunLedger(database, host.Clock), new Journal(database, host.Clock), new Approvals(database, new ApprovalTerms(), host.Clock),
            new Silent(), new Pauses(database, host.Clock))
            .SyncAsync(OrderIn(host) with { Abandon = abandon }, stop);
    }

    private static RunOrder OrderIn(RunHost host) =>
        new(RunKind.Sync, RulesFile.Read(host.At("rules.yaml")), new GuardLimits { MaxChanged = 1000, MaxChangedShare = 1 }, host.Clock.GetUtcNow(), "test");

    /// <summary>Everything that a run writes, without the ids of rows that were made.</summary>
    private static async Task<string[]> StateAsync(RunHost host)
    {
        var rows = await host.Org.RowsAsync("POC_Assignment__c");
        var handoffs = await host.Org.RowsAsync("POC_Handoff__c");
        return
        [
            .. (await host.Org.RowsAsync("Account")).Select(a => $"{LiveOrgHost.Text(a, "Name")} {Name(LiveOrgHost.Text(a, "OwnerId"))}")
                .Order(StringComparer.Ordinal),
            .. rows.Select(r => string.Join(
                ' ', new[] { "Account__c", "Role__c", "User__c", "Starts_On__c", "Ends_On__c", "Sync_Key__c" }.Select(f => LiveOrgHost.Text(r, f))))
                .Order(StringComparer.Ordinal),
            .. handoffs.Select(r => string.Join(
                ' ', new[] { "Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Sync_Key__c" }.Select(f => LiveOrgHost.Text(r, f))))
                .Order(StringComparer.Ordinal),
            .. (await host.Org.RowsAsync("Opportunity")).Concat(await host.Org.RowsAsync("Case"))
                .Select(r => $"{LiveOrgHost.Text(r, "Id")} {Name(LiveOrgHost.Text(r, "OwnerId"))}"),
            .. await host.TeamAsync(0), .. await host.TeamAsync(1), .. await host.TeamAsync(2), .. await host.TeamAsync(3),
        ];
    }

    /// <summary>A real org whose writing falters.</summary>
    internal sealed class Faltering(IOrg org, Func<Func<Task<IReadOnlyList<BundleResult>>>, Task<IReadOnlyList<BundleResult>>> onWrite) : IOrg
    {
        public Task<OrgIdentity> IdentifyAsync(CancellationToken stop) => org.IdentifyAsync(stop);

        public Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Snapshot? since, IProgress<string> progress, CancellationToken stop) =>
            org.PullAsync(settings, now, since, progress, stop);

        public Task<Standing> ReadAsync(Settings settings, IReadOnlyList<RecordWrite> writes, CancellationToken stop) =>
            org.ReadAsync(settings, writes, stop);

        public Task<IReadOnlyDictionary<RecordId, OrgUser>> UsersAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop) =>
            org.UsersAsync(ids, stop);

        public Task<IReadOnlyList<BundleResult>> WriteAsync(Settings settings, IReadOnlyList<Bundle> bundles, CancellationToken stop, CancellationToken abandon) =>
            onWrite(() => org.WriteAsync(settings, bundles, stop, abandon));
    }

    private sealed class Silent : IProgress<RunNews>
    {
        public void Report(RunNews value)
        {
        }
    }
}

public sealed class KillTestsOnSqlite() : KillTests(LedgerProvider.Sqlite);

public sealed class KillTestsOnPostgreSql() : KillTests(LedgerProvider.PostgreSql);
