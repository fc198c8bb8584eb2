using PocSync.Core.Runs;
using PocSync.Jobs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>When a job of the worker is due, and which of these times are done with, so that each is done once, whatever engines and workers do.</summary>
/// <param name="schedule">Null where only a person asks for it.</param>
/// <param name="zone">The zone of times of day.</param>
/// <param name="time">The clock.</param>
internal sealed class DueTimes(Schedule? schedule, TimeZoneInfo zone, TimeProvider time)
{
    /// <summary>When it is due.</summary>
    public Schedule? Schedule => schedule;

    /// <summary>The last time up to now at which it was due; now, where it has no schedule.</summary>
    public DateTimeOffset Last => schedule?.Last(time.GetUtcNow(), zone) ?? time.GetUtcNow();

    /// <summary>Whether there is a time up to now at which it was due and that is not done with.</summary>
    public bool IsOwed(JobRow job) => schedule is not null && (job.DoneThrough is not { } done || done < Last.UtcTicks);

    /// <summary>Why it does not begin by itself now; null where it does. Names nobody.</summary>
    public string? WhyNot(JobRow job) =>
        job.PausedBy is not null ? "Not begun: it is paused."
        : !IsOwed(job) ? "Not begun: another worker or an earlier call did it."
        : Waits(job) ? $"Not begun: it failed {job.Failures} times in a row and waits until it tries again."
        : null;

    /// <summary>When to try again what could not begin, because the ledger was not free or could not be used.</summary>
    public DateTimeOffset? Later(JobCall call) => call.IsAsked ? time.GetUtcNow() + BackOff.After(1) : Retry(call, 1);

    /// <summary>When to try again after so many failures in a row, where that is before it is due anyway. Who asks for a job sees that it failed.</summary>
    public DateTimeOffset? Retry(JobCall call, int failures)
    {
        var (now, wait) = (time.GetUtcNow(), BackOff.After(failures));
        return !call.IsAsked && schedule is not null && now + wait < schedule.Next(now, zone) ? now + wait : null;
    }

    /// <summary>Whether a job that failed still waits. Engines may begin it a moment early.</summary>
    private bool Waits(JobRow job) =>
        job is { Failures: > 0, EndedAt: { } ended } && new DateTimeOffset(ended, TimeSpan.Zero) + BackOff.After(job.Failures) > time.GetUtcNow().AddSeconds(1);
}
