using Hangfire;

namespace PocSync.Jobs.Hangfire;

/// <summary>Hands a job that Hangfire begins to the runner. Hangfire finds it by its name: what is queued outlives a version of the program.</summary>
internal sealed class HangfireJob(HangfireEngine engine, JobRunner runner)
{
    /// <summary>
    /// Runs a job. One that failed is shown as failed and not tried again by Hangfire: the job itself asks for that where it makes sense, and goes on
    /// from the ledger.
    /// </summary>
    /// <param name="job">Its name.</param>
    /// <param name="isAsked">Whether a person asked; else it is due.</param>
    /// <param name="deleted">Hangfire's: ends when a person deletes it in the dashboard.</param>
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("{0}")]
    public async Task RunAsync(string job, bool isAsked, CancellationToken deleted)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deleted, engine.Stopping);
        if (await runner.RunAsync(engine, new JobCall(job, isAsked), stop.Token) is { IsFailed: true } end)
        {
            throw new JobFailedException(end.Sentence);
        }
    }
}

/// <summary>A job failed, in a sentence.</summary>
internal sealed class JobFailedException(string message) : Exception(message);
