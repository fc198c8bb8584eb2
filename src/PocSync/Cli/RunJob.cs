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
internal sealed partial class RunJob(
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
            return new JobEnd($"Not begun: {wrong.ForLogs}", due.Later(call), IsFailed: true);
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
                var report = await RunAsync(desk, $"worker ({name}){(asked is null ? "" : $", asked by {asked}")}", trace, stop);
                if (report.Status == RunStatus.Stopped)
                {
                    stop.ThrowIfCancellationRequested();
                }

                var isFailed = report.Status == RunStatus.Failed;
                health.Org = isFailed ? report.Failure : null;
                var retry = isFailed ? due.Retry(call, job.Failures + 1) : null;
                await desk.Jobs.EndAsync(name, isFailed ? null : last, report.Sentence, report.Run, retry);
                return new JobEnd(RunLog.Sentence(report), retry, isFailed);
            }
            catch (OrgException wrong)
            {
                // Not even the settings could be read there.
                health.Org = wrong.Message;
                var retry = due.Retry(call, job.Failures + 1);
                await desk.Jobs.EndAsync(name, null, $"Not begun: {wrong.Message}", retryAt: retry);
                return new JobEnd($"Not begun: {wrong.Message}", retry, IsFailed: true);
            }
            catch (SettingsException wrong)
            {
                await desk.Jobs.FaultAsync(name, $"It failed: {wrong.Message}");
                return new JobEnd($"It failed: {wrong.Message}", IsFailed: true);
            }
            catch (LedgerException wrong)
            {
                return new JobEnd($"It failed: {wrong.ForLogs}", IsFailed: true);
            }
            catch (Exception wrong) when (wrong is not OperationCanceledException)
            {
                await desk.Jobs.FaultAsync(name, $"It failed by a fault of the program: {wrong.GetType().Name}.");
                throw;
            }
        }
    }

    private async Task<RunReport> RunAsync(RunDesk desk, string by, Telemetry.RunTrace trace, CancellationToken stop)
    {
        try
        {
            return await RunAsync(desk, await ReadRulesAsync(desk, stop), by, trace, stop);
        }
        catch (ConditionsException wrong)
        {
            // What holds in its place can be refused too, where the org lost a field; then there is nothing else.
            rules.Refuse(wrong);
        }

        try
        {
            return await RunAsync(desk, await ReadRulesAsync(desk, stop), by, trace, stop);
        }
        catch (ConditionsException wrong)
        {
            rules.Refuse(wrong);
        }

        return await RunAsync(desk, await ReadRulesAsync(desk, stop), by, trace, stop);
    }

    private async Task<RunReport> RunAsync(RunDesk desk, Settings settings, string by, Telemetry.RunTrace trace, CancellationToken stop)
    {
        var since = last.Take(isDelta: name == Worker.Delta);
        var report = await desk.Reconciler.SyncAsync(desk.Order(RunKind.Sync, settings, by), stop, since);
        last.Keep(report.Pulled ?? since);
        if (report.Judged is not null)
        {
            rules.Prove(settings);
        }

        trace.Ended(report, desk.Usage is { } usage ? usage.Max - usage.Used : null);
        RunLog.Outcomes(log, report);
        return report;
    }

    private async Task<Settings> ReadRulesAsync(RunDesk desk, CancellationToken stop)
    {
        var settings = await rules.ReadAsync(desk.Org, stop);
        health.Rules = rules.Problem;
        if (rules.Problem is { } problem)
        {
            LogWrongRules(problem);
        }

        return settings;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "THE RULES' SETTINGS ARE WRONG: {Problem}")]
    private partial void LogWrongRules(string problem);
}
