using PocSync.Jobs;
using PocSync.Ledger;

namespace PocSync.Benchmarks.Week;

/// <summary>The times at which a job was due against the times at which it was done.</summary>
/// <param name="Job">Which.</param>
/// <param name="Due">How often it was due.</param>
/// <param name="Done">How often it was done.</param>
/// <param name="Covered">Times that passed while a run was still under way; the next run covers them.</param>
/// <param name="Lost">Times that passed although nothing was under way.</param>
/// <param name="Doubled">Times that were done more than once.</param>
/// <param name="Failed">How often it failed.</param>
internal sealed record DueCheck(string Job, int Due, int Done, int Covered, int Lost, int Doubled, int Failed)
{
    /// <summary>From the first run of a job, which is what was missed before the start, to an instant.</summary>
    /// <param name="job">Which.</param>
    /// <param name="schedule">When it is due.</param>
    /// <param name="zone">The zone of times of day.</param>
    /// <param name="events">What happened to every job.</param>
    /// <param name="from">When the worker had started.</param>
    /// <param name="until">The last instant at which a job may be due and must be done.</param>
    /// <param name="late">How late, by the simulated clock, an engine may begin.</param>
    public static DueCheck Of(string job, Schedule schedule, TimeZoneInfo zone, IReadOnlyList<JobEventRow> events, DateTimeOffset from, DateTimeOffset until, TimeSpan late)
    {
        var ended = events.Where(e => e.BegunAt is not null).Select(e => (e.Job, e.Kind, Begun: At(e.BegunAt!.Value), Ended: At(e.At))).ToList();
        var done = ended.Where(e => e.Job == job && e.Kind == nameof(JobEvent.Done)).Select(e => schedule.Last(e.Begun, zone)).Where(d => d > from && d <= until).ToList();
        var (due, covered, lost) = (0, 0, 0);
        for (var at = schedule.Next(from, zone); at <= until; at = schedule.Next(at, zone))
        {
            due++;
            if (!done.Contains(at))
            {
                // Until the next time a run was under way, or ended so late that an engine had no time left to begin another.
                var next = schedule.Next(at, zone);
                var isBusy = ended.Exists(e => e.Begun < next && e.Ended > next - late);
                (covered, lost) = isBusy ? (covered + 1, lost) : (covered, lost + 1);
            }
        }

        return new DueCheck(job, due, done.Distinct().Count(), covered, lost, done.Count - done.Distinct().Count(),
            ended.Count(e => e.Job == job && e.Kind == nameof(JobEvent.Failed)));
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
