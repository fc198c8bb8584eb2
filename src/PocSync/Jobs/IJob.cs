namespace PocSync.Jobs;

/// <summary>Work that an engine begins when it is due or when a person asks.</summary>
public interface IJob
{
    /// <summary>Its name, in lower case.</summary>
    string Name { get; }

    /// <summary>When it is due; null where only a person asks for it.</summary>
    Schedule? Schedule { get; }

    /// <summary>Whether there is nothing to do, so that a call that nobody asked for is neither begun nor told of.</summary>
    Task<bool> IsIdleAsync() => Task.FromResult(false);

    /// <summary>
    /// Does the work. It may be begun twice for one time at which it was due (an engine makes sure that nothing is lost, not that nothing comes
    /// twice), and by two workers at once: it is the job that does it once.
    /// </summary>
    Task<JobEnd> RunAsync(JobCall call, CancellationToken stop);
}

/// <summary>A job is to begin.</summary>
/// <param name="Job">Its name.</param>
/// <param name="IsAsked">Whether a person asked; else it is due.</param>
public readonly record struct JobCall(string Job, bool IsAsked);

/// <summary>How a job ended.</summary>
/// <param name="Sentence">What it did or why it did not; ids but no personal data.</param>
/// <param name="RetryAt">When it is to be begun again; null for when it is due next.</param>
/// <param name="IsFailed">Whether it could not do its work.</param>
/// <param name="IsStillAsked">Where it failed, whether a person's word still holds when it is begun again, since it never came to the work itself.</param>
public sealed record JobEnd(string Sentence, DateTimeOffset? RetryAt = null, bool IsFailed = false, bool IsStillAsked = false);
