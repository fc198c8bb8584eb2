namespace PocSync.Core.Records;

/// <summary>The one instant at which everything is judged, and the time zone that turns instants into days.</summary>
public sealed class AsOf(DateTimeOffset now, TimeZoneInfo zone)
{
    /// <summary>The instant.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The org's time zone.</summary>
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>The date of <see cref="Now"/> in <see cref="Zone"/>.</summary>
    public DateOnly Today { get; } = DateOf(now, zone);

    /// <summary>The date of an instant in the org's time zone.</summary>
    public DateOnly DateOf(DateTimeOffset instant) => DateOf(instant, Zone);

    /// <summary>The day so many days before (or after) today, or the first (or last) day there is.</summary>
    public DateOnly DaysAway(int days) =>
        DateOnly.FromDayNumber(Math.Clamp(Today.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));

    private static DateOnly DateOf(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}
