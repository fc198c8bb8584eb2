using Microsoft.Extensions.Logging;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Health;

namespace PocSync.Cli;

/// <summary>A reconciling run as a job of the worker.</summary>
internal sealed class RunJob(
    string name, DueTimes due, Surroundings around, RulesInForce rules, WorkerHealth health, Telemetry telemetry, LastPull last, ILogger log)
    : DueJob(name, due, around, health)
{
    /// <inheritdoc/>
    protected override Telemetry.RunTrace? Trace() => telemetry.Begin(Name);

    /// <inheritdoc/>
    protected override async Task<Work> DoAsync(RunDesk desk, string? asked, Telemetry.RunTrace? trace, CancellationToken stop)
    {
        var by = $"worker ({Name}){(asked is null ? "" : $", asked by {asked}")}";
        var report = await rules.RunAsync(desk.Org, Health, log, settings => RunAsync(desk, settings, by, trace!, stop), stop);
        if (report.Status == RunStatus.Stopped)
        {
            stop.ThrowIfCancellationRequested();
        }

        var isFailed = report.Status == RunStatus.Failed;
        Health.Org = isFailed ? report.Failure : null;
        return new Work(report.Sentence, RunLog.Sentence(report), report.Run, isFailed);
    }

    private async Task<RunReport> RunAsync(RunDesk desk, Settings settings, string by, Telemetry.RunTrace trace, CancellationToken stop)
    {
        var since = last.Take(isDelta: Name == Worker.Delta);
        var report = await desk.SyncAsync(desk.Order(RunKind.Sync, settings, by), stop, since);
        last.Keep(report.Pulled ?? since);
        trace.Ended(report, desk.Usage is { } usage ? usage.Max - usage.Used : null);
        await RunLog.OutcomesAsync(log, report, desk.Ledger);
        return report;
    }
}
