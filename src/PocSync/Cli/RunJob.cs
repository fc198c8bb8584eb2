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
    string name, Schedule? schedule, TimeZoneInfo zone, Surroundings around, RulesInForce rules, WorkerHealth health, Telemetry telemetry, LastPull last, ILogger log)
    : IJob
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Schedule? Schedule => schedule;

    /// <summary>Whether there is a time up to now at which it was due and that is not done with.</summary>
    public bool IsOwed(JobRow job) => schedule is not null && (job.DoneThrough is not { } done || done < Due(around.Time.GetUtcNow()).UtcTicks);

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
            return new JobEnd($"Not begun: {wrong.Message}", Retry(call, BackOff.After(1)), IsFailed: true);
        }

        await using (desk)
        {
            var job = await desk.Jobs.FindAsync(name);
            if (!call.IsAsked && Skip(job) is { } why)
            {
                return new JobEnd(why);
            }

            using var trace = telemetry.Begin(name);
            await desk.Jobs.BeginAsync(name);
            var due = Due(around.Time.GetUtcNow());
            try
            {
                var report = await RunAsync(desk, trace, stop);
                if (report.Status == RunStatus.Stopped)
                {
                    stop.ThrowIfCancellationRequested();
                }

                var isFailed = report.Status == RunStatus.Failed;
                health.Org = isFailed ? report.Failure : null;
                await desk.Jobs.EndAsync(name, isFailed ? null : due, report.Sentence);
                return new JobEnd($"Run {report.Run}: {report.Sentence}", isFailed ? Retry(call, BackOff.After(job.Failures + 1)) : null, isFailed);
            }
            catch (Exception wrong) when (wrong is SettingsException or LedgerException)
            {
                return new JobEnd($"It failed: {wrong.Message}", IsFailed: true);
            }
        }
    }

    private async Task<RunReport> RunAsync(RunDesk desk, Telemetry.RunTrace trace, CancellationToken stop)
    {
        var settings = ReadRules();
        try
        {
            return await RunAsync(desk, settings, trace, stop);
        }
        catch (SettingsException wrong)
        {
            var other = rules.Refuse(settings, wrong);
            health.Rules = rules.Problem;
            if (other is null)
            {
                throw;
            }

            LogOldRules(wrong.Message);
            return await RunAsync(desk, other, trace, stop);
        }
    }

    private async Task<RunReport> RunAsync(RunDesk desk, Settings settings, Telemetry.RunTrace trace, CancellationToken stop)
    {
        var since = last.Take(isDelta: name == Worker.Delta);
        var report = await desk.Reconciler.SyncAsync(desk.Order(RunKind.Sync, settings, $"worker ({name})"), stop, since);
        last.Keep(report.Pulled ?? since);
        if (report.Judged is not null)
        {
            rules.Prove(settings);
        }

        trace.Ended(report, desk.Usage is { } usage ? usage.Max - usage.Used : null);
        RunLog.Outcomes(log, report);
        return report;
    }

    private Settings ReadRules()
    {
        var settings = rules.Read();
        health.Rules = rules.Problem;
        if (rules.Problem is { } problem)
        {
            LogOldRules(problem);
        }

        return settings;
    }

    private string? Skip(JobRow job)
    {
        var now = around.Time.GetUtcNow();
        return job.PausedBy is { } by ? $"Not begun: {by} paused it."
            : !IsOwed(job) ? "Not begun: another worker or an earlier call did it."
            : BackOff.Waits(job, now)
                ? $"Not begun: it failed {job.Failures} times in a row and waits until it tries again."
            : null;
    }

    /// <summary>When to try again, where that is before it is due anyway. Who asks for a run sees that it failed.</summary>
    private DateTimeOffset? Retry(JobCall call, TimeSpan wait)
    {
        var now = around.Time.GetUtcNow();
        return !call.IsAsked && schedule is not null && now + wait < schedule.Next(now, zone) ? now + wait : null;
    }

    private DateTimeOffset Due(DateTimeOffset now) => schedule?.Last(now, zone) ?? now;

    [LoggerMessage(Level = LogLevel.Error, Message = "THE RULES FILE IS WRONG, and the last good rules stay in force: {Problem}")]
    private partial void LogOldRules(string problem);
}
