using Microsoft.Extensions.Logging;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Health;
using PocSync.Jobs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>
/// A reconciling run as a job of the worker. Each time at which it is due is done once, whatever engines and workers do: whether it is done stands in
/// the ledger and is looked up under the ledger's lock, which only one run has at a time and which goes with a worker that dies.
/// </summary>
internal sealed class RunJob(
    string name, DueTimes due, Surroundings around, RulesInForce rules, WorkerHealth health, Telemetry telemetry, LastPull last, ILogger log)
    : IJob
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Schedule? Schedule => due.Schedule;

    /// <summary>When it is due.</summary>
    public DueTimes Due => due;

    /// <inheritdoc/>
    public async Task<JobEnd> RunAsync(JobCall call, CancellationToken stop)
    {
        RunDesk desk;
        try
        {
            desk = await RunDesk.OpenAsync(around, null, stop);
        }
        catch (LedgerException wrong)
        {
            return new JobEnd($"Not begun: {wrong.ForLogs}", due.Later(call), IsFailed: true, IsStillAsked: true);
        }

        await using (desk)
        {
            var job = await desk.Jobs.FindAsync(name);
            if (!call.IsAsked && due.WhyNot(job) is { } why)
            {
                return new JobEnd(why);
            }

            using var trace = telemetry.Begin(name);
            var asked = await desk.Jobs.BeginAsync(name, call.IsAsked);
            var last = due.Last;
            try
            {
                var by = $"worker ({name}){(asked is null ? "" : $", asked by {asked}")}";
                var report = await rules.RunAsync(desk.Org, health, log, settings => RunAsync(desk, settings, by, trace, stop), stop);
                if (report.Status == RunStatus.Stopped)
                {
                    stop.ThrowIfCancellationRequested();
                }

                var isFailed = report.Status == RunStatus.Failed;
                health.Org = isFailed ? report.Failure : null;
                var retry = isFailed ? due.Retry(call, job.Failures + 1) : null;
                await desk.Jobs.EndAsync(name, isFailed ? null : last, report.Sentence, report.Run, retry, asked);
                return new JobEnd(RunLog.Sentence(report), retry, isFailed);
            }
            catch (OrgException wrong)
            {
                // Not even the settings could be read there.
                health.Org = wrong.Message;
                var retry = due.Retry(call, job.Failures + 1);
                await desk.Jobs.EndAsync(name, null, $"Not begun: {wrong.Message}", retryAt: retry, asked: asked);
                return new JobEnd($"Not begun: {wrong.Message}", retry, IsFailed: true);
            }
            catch (SettingsException wrong)
            {
                await desk.Jobs.FaultAsync(name, $"It failed: {wrong.Message}", asked);
                return new JobEnd($"It failed: {wrong.Message}", IsFailed: true);
            }
            catch (LedgerException wrong)
            {
                return new JobEnd($"It failed: {wrong.ForLogs}", due.Later(call), IsFailed: true, IsStillAsked: true);
            }
            catch (Exception wrong) when (wrong is not OperationCanceledException)
            {
                await desk.Jobs.FaultAsync(name, $"It failed by a fault of the program: {wrong.GetType().Name}.", asked);
                throw;
            }
        }
    }

    private async Task<RunReport> RunAsync(RunDesk desk, Settings settings, string by, Telemetry.RunTrace trace, CancellationToken stop)
    {
        var since = last.Take(isDelta: name == Worker.Delta);
        var report = await desk.SyncAsync(desk.Order(RunKind.Sync, settings, by), stop, since);
        last.Keep(report.Pulled ?? since);
        trace.Ended(report, desk.Usage is { } usage ? usage.Max - usage.Used : null);
        RunLog.Outcomes(log, report);
        return report;
    }
}
