namespace PocSync.Jobs;

/// <summary>
/// What an engine calls when a job is to begin: finds it, runs it, says how it ended, and has it begun again where it asks for that. Jobs that are to begin take
/// turns in the order in which they came: each needs the ledger for itself, and one that is always due must not keep it from the others.
/// </summary>
public sealed partial class JobRunner(IEnumerable<IJob> jobs, TimeProvider time, ILogger<JobRunner> log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly IReadOnlyDictionary<string, IJob> _jobs = jobs.ToDictionary(j => j.Name);

    /// <summary>The jobs.</summary>
    public IEnumerable<IJob> Jobs => _jobs.Values;

    /// <summary>Runs a job to its end and says how it ended. Throws nothing: an engine would begin it anew by rules of its own.</summary>
    public async Task<JobEnd> RunAsync(IJobEngine engine, JobCall call, CancellationToken stop)
    {
        var end = await RunAsync(call, engine, stop);
        if (end.RetryAt is { } at)
        {
            try
            {
                // What a person asked for and failed is tried again by the job's own patience; what was stopped is still asked for.
                await engine.EnqueueAsync(end.IsFailed ? call with { IsAsked = call.IsAsked && end.IsStillAsked } : call, at, CancellationToken.None);
            }
            catch (Exception wrong)
            {
                // An engine that is stopping or cannot reach its queue; the job is due again by its schedule, or at the next start.
                LogNotQueued(call.Job, wrong.Message);
            }
        }

        return end;
    }

    private async Task<JobEnd> RunAsync(JobCall call, IJobEngine engine, CancellationToken stop)
    {
        if (!_jobs.TryGetValue(call.Job, out var job))
        {
            LogUnknown(call.Job);
            return new JobEnd("There is no such job.", IsFailed: true);
        }

        var isTurn = false;
        try
        {
            if (!call.IsAsked && await job.IsIdleAsync())
            {
                return new JobEnd("There was nothing to do.");
            }

            await _turn.WaitAsync(stop);
            isTurn = true;
            LogBegin(call.Job);
            var end = await job.RunAsync(call, stop);
            LogEnd(end.IsFailed ? LogLevel.Error : LogLevel.Information, call.Job, end.Sentence);
            return end;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped(call.Job);
            // Another worker goes on, or this one when it starts again; not where a person stopped the job alone.
            return new JobEnd("It was stopped; it goes on when it is begun next.", engine.IsRunning ? null : time.GetUtcNow());
        }
        catch (Exception wrong)
        {
            LogFault(call.Job, wrong);
            return new JobEnd($"It failed by a fault of the program: {wrong.GetType().Name}.", IsFailed: true);
        }
        finally
        {
            if (isTurn)
            {
                // A run leaves a snapshot and a plan behind, and a worker that waits has no use for their memory.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                _turn.Release();
            }
        }
    }

    public void Dispose() => _turn.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} begins.")]
    private partial void LogBegin(string job);

    [LoggerMessage(Message = "Job {Job}: {Sentence}")]
    private partial void LogEnd(LogLevel level, string job, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} was stopped; it goes on when it is begun next.")]
    private partial void LogStopped(string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no job {Job}: it was queued by another version.")]
    private partial void LogUnknown(string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be queued again: {Reason}")]
    private partial void LogNotQueued(string job, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed by a fault of the program.")]
    private partial void LogFault(string job, Exception fault);
}
