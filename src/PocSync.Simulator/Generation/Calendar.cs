using System.Globalization;

namespace PocSync.Simulator.Generation;

/// <summary>Days counted from today, as cells. Today is the date of the plan's instant in the org's time zone.</summary>
internal sealed class Calendar
{
    public const string TimeZone = "Europe/London";

    /// <summary>How far back and ahead the org knows days.</summary>
    private const int Past = 4000, Future = 1000;

    private readonly string[] days = new string[Past + Future + 1];

    public Calendar(DateTimeOffset asOf)
    {
        // A machine without time zones takes UTC, as the product does for an unknown zone.
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(asOf, zone).DateTime);
        for (var i = 0; i < days.Length; i++)
            days[i] = today.AddDays(i - Past).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>A date cell; negative is before today.</summary>
    public string Day(int fromToday) => days[fromToday + Past];

    public string? Day(int? fromToday) => fromToday is { } day ? Day(day) : null;

    /// <summary>A datetime cell within working hours, the minute taken from <paramref name="index"/>. Before today, lest it lie after the instant.</summary>
    public string Instant(int fromToday, long index)
    {
        var minute = 8 * 60 + (int)(index % 540);
        return string.Create(CultureInfo.InvariantCulture, $"{Day(Math.Min(fromToday, -1))}T{minute / 60:00}:{minute % 60:00}:00.000Z");
    }
}
