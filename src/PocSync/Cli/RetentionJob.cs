using PocSync.Health;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Deletes what is too old from the ledger, while no run is under way.</summary>
internal sealed class RetentionJob(DueTimes due, Surroundings around, LedgerSettings ledger, WorkerHealth health) : DueJob("retention", due, around, health)
{
    /// <inheritdoc/>
    protected override async Task<Work> DoAsync(RunDesk desk, string? asked, Telemetry.RunTrace? trace, CancellationToken stop)
    {
        try
        {
            await Retention.SweepAsync(desk.Ledger, Around.Time.GetUtcNow(), stop);
        }
        catch (LedgerException wrong)
        {
            return new Work($"It failed: {wrong.Message}", $"It failed: {wrong.ForLogs}", IsFailed: true);
        }

        return new Work($"Deleted what is older than {ledger.KeepDays:0} days, and plans that nobody acted upon after {Math.Min(ledger.KeepPlansDays, ledger.KeepDays):0}.");
    }
}
