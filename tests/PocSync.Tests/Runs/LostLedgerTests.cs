using Microsoft.Data.Sqlite;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.RuleFiles;
using PocSync.Simulator;
using PocSync.Tests.Ledger;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>A ledger that fails in the middle of a run: the run writes nothing more, and the next one brings the org to the same state.</summary>
public class LostLedgerTests
{
    [Fact]
    public async Task A_server_that_is_killed_and_comes_back_has_lost_the_run_and_nothing_else()
    {
        using var cluster = new PostgreSqlCluster();
        await TryAsync(new LedgerPlace(LedgerProvider.PostgreSql, cluster), _ => cluster.Kill(), cluster.Start, "PostgreSQL");
    }

    [Fact]
    public Task A_run_whose_hold_on_the_ledger_is_cut_writes_nothing_more() => TryAsync(
        new LedgerPlace(LedgerProvider.PostgreSql),
        place => place.Execute(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = current_database()"),
        () => { },
        "The connection that kept the ledger");

    [Fact]
    public Task A_server_whose_disk_is_full_stops_the_run()
    {
        var place = new LedgerPlace(LedgerProvider.PostgreSql);
        return TryAsync(
            place,
            _ => place.Execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
                "CREATE TRIGGER no_room BEFORE INSERT ON outcomes EXECUTE FUNCTION no_room()"),
            () => place.Execute("DROP TRIGGER no_room ON outcomes"),
            "The disk of PostgreSQL is full");
    }

    [Fact]
    public async Task A_file_that_another_program_locks_stops_the_run()
    {
        var place = new LedgerPlace(LedgerProvider.Sqlite);
        using var other = new SqliteConnection(place.ConnectionString);
        await TryAsync(place, _ =>
        {
            other.Open();
            Execute("BEGIN EXCLUSIVE");
        }, () => Execute("ROLLBACK"), "is locked by another program");

        void Execute(string statement)
        {
            using var command = other.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Lets the ledger fail while the org takes the first of two batches.</summary>
    private static async Task TryAsync(LedgerPlace place, Action<LedgerPlace> fail, Action repair, string sentence)
    {
        string[] undisturbed;
        await using (var host = await StartAsync(new LedgerPlace(LedgerProvider.Sqlite)))
        {
            (await host.RunAsync("sync")).Status.ShouldBe(0);
            undisturbed = await StateAsync(host);
        }

        await using var disturbed = await StartAsync(place);
        (await Should.ThrowAsync<LedgerException>(() => SyncAsync(disturbed, () => fail(place)))).Message.ShouldContain(sentence);
        repair();

        (await disturbed.RunAsync("sync")).Status.ShouldBe(0);
        (await StateAsync(disturbed)).ShouldBe(undisturbed);
        (await disturbed.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        (await disturbed.JsonAsync(0, "runs")).GetProperty("runs").EnumerateArray().ShouldAllBe(r => r.GetProperty("status").GetString() != "running");
    }

    private static async Task SyncAsync(RunHost host, Action fail)
    {
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        var org = new Interrupted(host.Org.Org, fail);
        try
        {
            await new Reconciler(org, new RunLedger(database, host.Clock), new Journal(database, host.Clock),
                    new Approvals(database, new ApprovalTerms(), host.Clock), new Silent(), new Pauses(database, host.Clock))
                .SyncAsync(
                    new RunOrder(RunKind.Sync, RulesFile.Read(host.At("rules.yaml")), new GuardLimits(), host.Clock.GetUtcNow(), "test"), CancellationToken.None);
        }
        finally
        {
            org.Writes.ShouldBe(1);
        }
    }

    private static Task<RunHost> StartAsync(LedgerPlace place) => RunHost.StartAsync(place, new SimulatorOptions(), Auto, Accounts(Gone, Ana),
        Rows((0, "Primary", Gone), (0, "Backup", Ben), (1, "Primary", Ana), (1, "Primary", Cy), (1, "Backup", Ana), (1, "Backup", Dee)));

    private static async Task<string[]> StateAsync(RunHost host) =>
        [.. await host.RowsAsync(0), .. await host.RowsAsync(1), (await host.Org.OwnerAsync(Account(0)))!, $"{(await host.Org.RowsAsync("POC_Handoff__c")).Count} handoffs"];

    private sealed class Interrupted(IOrg org, Action after) : IOrg
    {
        public int Writes { get; private set; }

        public Task<OrgIdentity> IdentifyAsync(CancellationToken stop) => org.IdentifyAsync(stop);

        public Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Snapshot? since, IProgress<string> progress, CancellationToken stop) =>
            org.PullAsync(settings, now, since, progress, stop);

        public Task<Standing> ReadAsync(Settings settings, IReadOnlyList<RecordWrite> writes, CancellationToken stop) =>
            org.ReadAsync(settings, writes, stop);

        public Task<IReadOnlyDictionary<RecordId, OrgUser>> UsersAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop) => org.UsersAsync(ids, stop);

        public async Task<IReadOnlyList<BundleResult>> WriteAsync(
            Settings settings, IReadOnlyList<Bundle> bundles, CancellationToken stop, CancellationToken abandon)
        {
            Writes++;
            var results = await org.WriteAsync(settings, bundles, stop, abandon);
            after();
            return results;
        }
    }

    private sealed class Silent : IProgress<RunNews>
    {
        public void Report(RunNews value)
        {
        }
    }
}
