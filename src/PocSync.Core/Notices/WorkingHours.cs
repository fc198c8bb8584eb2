namespace PocSync.Core.Notices;

/// <summary>When people may be disturbed, by the clock of their own time zone.</summary>
/// <param name="QuietFrom">From this time of day on nobody is.</param>
/// <param name="QuietTo">Until before this one; the same as the other: no hour is quiet.</param>
/// <param name="Days">The days on which people work; none is all.</param>
public sealed record WorkingHours(TimeOnly QuietFrom, TimeOnly QuietTo, IReadOnlySet<DayOfWeek> Days)
{
    private const int Week = 8;

    /// <summary>The instant itself where somebody may be disturbed then, else the next one at which they may.</summary>
    public DateTimeOffset Next(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        if (IsWorking(local.DayOfWeek) && !IsQuiet(TimeOnly.FromDateTime(local.DateTime)))
        {
            return instant;
        }

        var today = DateOnly.FromDateTime(local.DateTime);
        return Enumerable.Range(0, Week + 1).Select(today.AddDays).Where(d => IsWorking(d.DayOfWeek))
            .SelectMany(d => new[] { TimeOnly.MinValue, QuietTo }.Where(t => !IsQuiet(t)).Order().Select(t => Instant(d.ToDateTime(t), zone)))
            .First(at => at > instant);
    }

    /// <summary>The day so many working days after another.</summary>
    public DateOnly After(DateOnly day, int workingDays)
    {
        for (var left = workingDays; left > 0;)
        {
            day = day.AddDays(1);
            left -= IsWorking(day.DayOfWeek) ? 1 : 0;
        }

        return day;
    }

    private bool IsWorking(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);

    private bool IsQuiet(TimeOnly time) => QuietFrom <= QuietTo ? time >= QuietFrom && time < QuietTo : time >= QuietFrom || time < QuietTo;

    /// <summary>A time that a zone skips is the end of the skipped hour; of one that comes twice the first.</summary>
    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
