using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>A run that ends at any point, without a word, is finished by the next one as though nothing had been.</summary>
public abstract class KillTests(LedgerProvider provider) : OnEachLedger(provider)
{
    [Fact]
    public async Task Wherever_a_run_is_killed_the_next_one_brings_the_org_to_the_same_state()
    {
        string[] undisturbed;
        await using (var host = await StartAsync())
        {
            (await SyncAsync(host)).Status.ShouldBe(RunStatus.Done);
            undisturbed = await StateAsync(host);
        }

        var step = 1;
        for (var died = true; died; step++)
        {
            await using var host = await StartAsync();
            died = await KillAsync(host, step);

            var next = await SyncAsync(host);

            next.Status.ShouldBe(RunStatus.Done, $"after a death at step {step}: {next.Sentence}");
            (await StateAsync(host)).ShouldBe(undisturbed, $"after a death at step {step}");
            var ledger = await LedgerDatabase.OpenAsync(host.Ledger.Settings);
            (await new Journal(ledger, host.Clock).UnfinishedAsync()).ShouldBeEmpty();
            (await new LedgerQueries(ledger).RunsAsync(10)).ShouldAllBe(r => r.Status != nameof(RunStatus.Running), $"after a death at step {step}");
            (await SyncAsync(host)).Corrections.ShouldBe(0);
        }

        step.ShouldBeGreaterThan(25);
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
        failed.Sentence.ShouldContain("3 corrections are on the way to the org: the next run finds out what became of them. 1 correction was ready and not begun. The org is gone.");
        (await host.RunAsync("runs", "show", "1")).Output.ShouldContain("On the way to the org when it was lost (3)");
        var next = await SyncAsync(host);
        next.Status.ShouldBe(RunStatus.Done);
        next.Outcomes.Count.ShouldBe(4);
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
        (await SyncAsync(host)).Corrections.ShouldBe(afterWriting ? 0 : 4);
        (await SyncAsync(host)).Corrections.ShouldBe(0);
    }

    /// <summary>A switch with owner, team, handoff and backup; two corrections of one account; a row that ends; a row that is made.</summary>
    private Task<RunHost> StartAsync() => StartAsync(Auto, Accounts(Gone, Ana, Ana),
        Rows((0, "Primary", Gone), (0, "Backup", Ben), (1, "Primary", Ana), (1, "Primary", Cy), (1, "Backup", Dee), (2, "Primary", Dee)),
        Team((0, Cy, "Sales Rep"), (0, Dee, "Executive Sponsor"), (2, Cy, "Sales Rep"), (2, Ben, "Account Manager")));

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
            .. await host.TeamAsync(0), .. await host.TeamAsync(1), .. await host.TeamAsync(2),
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
