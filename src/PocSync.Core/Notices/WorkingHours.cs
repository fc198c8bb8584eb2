namespace PocSync.Core.Notices;

/// <summary>When people may be disturbed, by the clock of their own time zone.</summary>
/// <param name="QuietFrom">From this time of day on nobody is.</param>
/// <param name="QuietTo">Until before this one; the same as the other: no hour is quiet.</param>
/// <param name="Days">The days on which people work; none is all.</param>
public sealed record WorkingHours(TimeOnly QuietFrom, TimeOnly QuietTo, IReadOnlySet<DayOfWeek> Days)
{
    private const int TenYears = 3660;

    /// <summary>Days on which nobody works, wherever they are.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    /// <summary>The instant itself where somebody may be disturbed then, else the next one at which they may.</summary>
    public DateTimeOffset Next(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        if (IsWorking(DateOnly.FromDateTime(local.DateTime)) && !IsQuiet(TimeOnly.FromDateTime(local.DateTime)))
        {
            return instant;
        }

        var today = DateOnly.FromDateTime(local.DateTime);
        return Enumerable.Range(0, TenYears).Select(today.AddDays).Where(d => IsWorking(d))
            .SelectMany(d => new[] { TimeOnly.MinValue, QuietTo }.Where(t => !IsQuiet(t)).Order().Select(t => Instant(d.ToDateTime(t), zone)))
            .First(at => at > instant);
    }

    /// <summary>The day so many working days after another.</summary>
    public DateOnly After(DateOnly day, int workingDays)
    {
        for (var left = workingDays; left > 0;)
        {
            day = day.AddDays(1);
            left -= IsWorking(day) ? 1 : 0;
        }

        return day;
    }

    /// <summary>
    /// The instant so many working days after another: at the same time of day by somebody's clock, whatever summer time does in between. What comes when they do not work counts
    /// from when they do.
    /// </summary>
    public DateTimeOffset After(DateTimeOffset instant, TimeZoneInfo zone, int workingDays)
    {
        var local = TimeZoneInfo.ConvertTime(Next(instant, zone), zone).DateTime;
        return Instant(After(DateOnly.FromDateTime(local), workingDays).ToDateTime(TimeOnly.FromDateTime(local)), zone);
    }

    private bool IsWorking(DateOnly day) => (Days.Count == 0 || Days.Contains(day.DayOfWeek)) && !Holidays.Contains(day);

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
