using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>How long a job of the worker waits after it failed: twice as long each time in a row, up to half an hour.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>How long after so many failures in a row, from 1.</summary>
    public static TimeSpan After(int failures) => failures > 5 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (failures - 1)));

    /// <summary>Whether a job that failed still waits. Engines may begin it a moment early.</summary>
    public static bool Waits(JobRow job, DateTimeOffset now) =>
        job is { Failures: > 0, EndedAt: { } ended } && new DateTimeOffset(ended, TimeSpan.Zero) + After(job.Failures) > now.AddSeconds(1);
}
