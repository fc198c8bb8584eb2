namespace PocSync.Soql;

/// <summary>
/// The instant and the zone in which date words (TODAY, LAST_N_DAYS:n …) are evaluated. Weeks begin on Sunday; the fiscal year is the
/// calendar year.
/// </summary>
public sealed record DateContext(DateTimeOffset Now, TimeZoneInfo Zone)
{
    public DateOnly Today => DayOf(Now);

    /// <summary>The date of an instant in the zone.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);
}
