namespace PocSync.Core.Records;

/// <summary>
/// The days that an appointment takes whole. One that is marked as lasting all day has its days as midnights of UTC, wherever people are (Salesforce, Event object). Any other takes a day whole where it
/// covers that day's working hours, 09:00 to 17:00 in the person's time zone.
/// </summary>
internal static class WholeDays
{
    private static readonly TimeSpan Begin = TimeSpan.FromHours(9), End = TimeSpan.FromHours(17);

    private const int MinutesOfDay = 1_440;

    /// <summary>Of an appointment from one instant to another; null where it takes no day whole.</summary>
    public static (DateOnly First, DateOnly Last)? Of(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var (begin, end) = (TimeZoneInfo.ConvertTime(from, zone), TimeZoneInfo.ConvertTime(to, zone));
        var (first, last) = (DateOnly.FromDateTime(begin.Date), DateOnly.FromDateTime(end.Date));
        first = begin.TimeOfDay <= Begin || first == DateOnly.MaxValue ? first : first.AddDays(1);
        last = end.TimeOfDay >= End || last == DateOnly.MinValue ? last : last.AddDays(-1);
        return first <= last ? (first, last) : null;
    }

    /// <summary>Of one that lasts all day: from its first day, for so many minutes (1,440 a day) or, where that is not known, to its last day; of one where neither is known a day.</summary>
    public static (DateOnly First, DateOnly Last)? OfAllDay(DateTimeOffset from, DateTimeOffset? to, decimal? minutes)
    {
        var first = DateOnly.FromDateTime(from.UtcDateTime);
        var last = minutes is > 0 and < MinutesOfDay * 3_660m ? DateOnly.FromDayNumber((int)Math.Min(DateOnly.MaxValue.DayNumber, first.DayNumber + Math.Ceiling(minutes.Value / MinutesOfDay) - 1))
            : to is { } end ? DateOnly.FromDateTime(end.UtcDateTime) : first;
        return first <= last ? (first, last) : null;
    }
}
