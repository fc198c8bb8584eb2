namespace PocSync.Core.Runs;

/// <summary>
/// The port to what is kept of jobs that the org works on by itself, so that whoever comes after a run that died waits for them rather than writes again
/// beside them.
/// </summary>
public interface IOrgJobs
{
    /// <summary>Those of which nobody has seen the end, by the org's ids, and when they were begun.</summary>
    Task<IReadOnlyList<(string Job, DateTimeOffset Begun)>> OpenAsync();

    /// <summary>Before a job is given anything to do.</summary>
    Task BeginAsync(string job);

    /// <summary>Its end was seen.</summary>
    Task EndAsync(string job);
}
