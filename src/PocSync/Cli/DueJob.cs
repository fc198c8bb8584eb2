using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Health;
using PocSync.Jobs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>How a job's work ended.</summary>
/// <param name="Sentence">For the ledger.</param>
/// <param name="ForLogs">The same for logs, which name nobody; null where they are one.</param>
/// <param name="Run">The run that it was.</param>
/// <param name="IsFailed">Whether it is to be tried again.</param>
internal sealed record Work(string Sentence, string? ForLogs = null, long? Run = null, bool IsFailed = false);

/// <summary>
/// A job of the worker of which each time at which it is due is done once, whatever engines and workers do: whether it is done stands in the ledger and is looked up under
/// the ledger's lock, which only one has at a time and which goes with a worker that dies.
/// </summary>
internal abstract class DueJob(string name, DueTimes due, Surroundings around, WorkerHealth health) : IJob
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Schedule? Schedule => due.Schedule;

    /// <summary>When it is due.</summary>
    public DueTimes Due => due;

    /// <summary>The clock, and the program's settings.</summary>
    protected Surroundings Around => around;

    /// <summary>What the worker knows of its surroundings.</summary>
    protected WorkerHealth Health => health;

    /// <inheritdoc/>
    public virtual Task<bool> IsIdleAsync() => Task.FromResult(false);

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

            using var trace = Trace();
            var asked = await desk.Jobs.BeginAsync(name, call.IsAsked);
            var last = due.Last;
            try
            {
                var work = await DoAsync(desk, asked, trace, stop);
                var retry = work.IsFailed ? due.Retry(call, job.Failures + 1) : null;
                await desk.Jobs.EndAsync(name, work.IsFailed ? null : last, work.Sentence, work.Run, retry, asked);
                return new JobEnd(work.ForLogs ?? work.Sentence, retry, work.IsFailed);
            }
            catch (OrgException wrong)
            {
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

    /// <summary>The work itself, on a ledger that is held. Throws <see cref="OrgException"/> where the org could not be used.</summary>
    /// <param name="desk">The org and the ledger.</param>
    /// <param name="asked">The person who asked for it, where one did.</param>
    /// <param name="trace">What measures it.</param>
    /// <param name="stop">The word to stop.</param>
    protected abstract Task<Work> DoAsync(RunDesk desk, string? asked, Telemetry.RunTrace? trace, CancellationToken stop);

    /// <summary>What measures it from its begin to its end; null for nothing.</summary>
    protected virtual Telemetry.RunTrace? Trace() => null;
}
