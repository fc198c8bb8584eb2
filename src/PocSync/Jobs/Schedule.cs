using System.Globalization;
using System.Text.RegularExpressions;

namespace PocSync.Jobs;

/// <summary>
/// When a job is due. Intervals count from midnight in UTC, where no hour is missing or comes twice; times of day are those of a time zone. A time of
/// day that a zone skips on one day of the year is due when the skipped hour ends; one that comes twice is due the first time.
/// </summary>
public sealed partial record Schedule
{
    private Schedule()
    {
    }

    /// <summary>The interval, which divides a day; null for a time of day.</summary>
    public TimeSpan? Every { get; private init; }

    /// <summary>The time of day.</summary>
    public TimeOnly At { get; private init; }

    /// <summary>The day of the week; null for every day.</summary>
    public DayOfWeek? On { get; private init; }

    /// <summary>Reads words such as <c>every 5m</c>, <c>every 2h</c>, <c>daily 02:00</c> or <c>weekly Sun 03:00</c>; gives a sentence on what is
    /// wrong otherwise.</summary>
    public static (Schedule? Schedule, string? Problem) Read(string words)
    {
        if (Interval().Match(words) is { Success: true } every)
        {
            var count = int.Parse(every.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var (unit, whole, name) = every.Groups[2].Value.Equals("m", StringComparison.OrdinalIgnoreCase)
                ? (TimeSpan.FromMinutes(1), 60, "minutes must divide an hour (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)")
                : (TimeSpan.FromHours(1), 24, "hours must divide a day (1, 2, 3, 4, 6, 8, 12)");
            return count > 0 && count < whole && whole % count == 0 ? (new Schedule { Every = unit * count }, null)
                : (null, $"is '{words}': the {name}");
        }

        if (TimeOfDay().Match(words) is { Success: true } daily
            && TimeOnly.TryParseExact(daily.Groups[2].ValueSpan, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return (new Schedule { At = at, On = daily.Groups[1].Success ? Enum.GetValues<DayOfWeek>().Single(d => IsNamed(d, daily.Groups[1].Value)) : null },
                null);
        }

        return (null, $"is '{words}': write it as every 5m, every 2h, daily 02:00, weekly Sun 03:00, or never");
    }

    /// <summary>The first time that it is due after an instant.</summary>
    public DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        if (Every is { } every)
        {
            return Floor(after, every) + every;
        }

        return Due(after, zone).First(due => due > after);
    }

    /// <summary>The last time that it was due up to an instant.</summary>
    public DateTimeOffset Last(DateTimeOffset until, TimeZoneInfo zone) =>
        Every is { } every ? Floor(until, every) : Due(until, zone).Last(due => due <= until);

    /// <summary>The same for people.</summary>
    public string Words => Every switch
    {
        { TotalHours: < 1 } every => $"every {(every.TotalMinutes == 1 ? "minute" : string.Create(CultureInfo.InvariantCulture, $"{every.TotalMinutes:0} minutes"))}",
        { } every => $"every {(every.TotalHours == 1 ? "hour" : string.Create(CultureInfo.InvariantCulture, $"{every.TotalHours:0} hours"))}",
        null => string.Create(CultureInfo.InvariantCulture, $"every {On?.ToString() ?? "day"} at {At:HH:mm}"),
    };

    /// <summary>The words that it is written in.</summary>
    public override string ToString() => Every switch
    {
        { TotalHours: < 1 } every => string.Create(CultureInfo.InvariantCulture, $"every {every.TotalMinutes:0}m"),
        { } every => string.Create(CultureInfo.InvariantCulture, $"every {every.TotalHours:0}h"),
        null => string.Create(CultureInfo.InvariantCulture, $"{(On is { } day ? $"weekly {day.ToString()[..3]}" : "daily")} {At:HH:mm}"),
    };

    private static DateTimeOffset Floor(DateTimeOffset instant, TimeSpan every) => new(instant.UtcTicks - instant.UtcTicks % every.Ticks, TimeSpan.Zero);

    /// <summary>Every time that it is due from a week before an instant's day to a week after it, in order.</summary>
    private IEnumerable<DateTimeOffset> Due(DateTimeOffset around, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(around, zone).DateTime);
        return Enumerable.Range(-8, 17).Select(day.AddDays).Where(d => On is null || d.DayOfWeek == On).Select(d => Instant(d.ToDateTime(At), zone));
    }

    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static bool IsNamed(DayOfWeek day, string word) => day.ToString().StartsWith(word, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\s*every\s+(\d{1,4})\s*([mh])\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Interval();

    [GeneratedRegex(
        @"^\s*(?:daily|weekly\s+(Sun(?:day)?|Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?))\s+(\d\d:\d\d)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TimeOfDay();
}
