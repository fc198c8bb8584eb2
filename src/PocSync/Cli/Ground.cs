using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Exports;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>What a verb judges and plans on without writing: an export, or the live org with what the ledger remembers of it, where there is one.</summary>
/// <param name="Snapshot">The records.</param>
/// <param name="Identity">The org; null for an export.</param>
/// <param name="Memory">What the ledger remembers; nothing for an export.</param>
/// <param name="Ledger">The ledger; null for an export, and where there is none yet.</param>
internal sealed record Ground(Snapshot Snapshot, OrgIdentity? Identity, Memory Memory, LedgerDatabase? Ledger)
{
    /// <summary>Reads an export, or without one the live org.</summary>
    public static async Task<Ground> ReadAsync(string? export, Settings settings, DateTimeOffset now, Surroundings around, CancellationToken stop)
    {
        if (export is not null)
        {
            return new Ground(ExportReading.Read(export, settings, now, around, stop).Snapshot, null, new Memory(), null);
        }

        var ledger = LedgerSettings.Read(around.Settings);
        await using var connection = OrgConnection.Of(around.Settings, around.Time, OrgConnection.OrExport);
        var identity = await connection.Org.IdentifyAsync(stop);
        var (memory, database) = (new Memory(), await LedgerDatabase.OpenIfThereAsync(ledger));
        if (database is not null)
        {
            var runs = new RunLedger(database, around.Time);
            await runs.BelongAsync(identity);
            memory = await runs.RecallAsync() with
            {
                Approved = [.. (await new Approvals(database, ApprovalSettings.Read(around.Settings), around.Time).ApprovedAsync()).Where(c => c.NotBefore is not null)],
            };
        }

        var snapshot = await connection.Org.PullAsync(settings, now, null, new ProgressDisplay(around), stop);
        if (settings.OwnerAssignedBy is null && await connection.Org.TerritoryModelAsync(stop) is { } model)
        {
            memory = memory with { OwnersWait = StandBack.Why(model) };
        }

        return new Ground(snapshot, identity, memory, database);
    }

    /// <summary>What a run would propose here, now.</summary>
    public Proposal Propose(Settings settings) => Identity is null
        ? new Proposal(Planner.Make(Snapshot, settings, new PlanInput()), [])
        : Reconciler.Propose(Snapshot, settings, Identity, Memory);
}
