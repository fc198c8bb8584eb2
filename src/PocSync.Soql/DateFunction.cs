using System.Collections.Frozen;
using System.Globalization;

namespace PocSync.Soql;

/// <summary>
/// A date function such as CALENDAR_YEAR(): a number of a day or an instant (int), DAY_ONLY() a date; null of null. An instant's day and hour are
/// UTC's, inside convertTimezone() the running user's. The fiscal year is the calendar year.
/// </summary>
internal sealed record DateFunction(string Name, bool InZone)
{
    // What each reads of a day; HOUR_IN_DAY and DAY_ONLY read an instant.
    private static readonly FrozenDictionary<string, Func<DateOnly, int>?> Known = new Dictionary<string, Func<DateOnly, int>?>
    {
        ["CALENDAR_MONTH"] = day => day.Month,
        ["CALENDAR_QUARTER"] = day => (day.Month + 2) / 3,
        ["CALENDAR_YEAR"] = day => day.Year,
        ["DAY_IN_MONTH"] = day => day.Day,
        ["DAY_IN_WEEK"] = day => (int)day.DayOfWeek + 1,
        ["DAY_IN_YEAR"] = day => day.DayOfYear,
        ["DAY_ONLY"] = null,
        ["FISCAL_MONTH"] = day => day.Month,
        ["FISCAL_QUARTER"] = day => (day.Month + 2) / 3,
        ["FISCAL_YEAR"] = day => day.Year,
        ["HOUR_IN_DAY"] = null,
        ["WEEK_IN_MONTH"] = day => (day.Day + 6) / 7,
        ["WEEK_IN_YEAR"] = day => (day.DayOfYear + 6) / 7,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static bool IsKnown(string name) => Known.ContainsKey(name);

    public FieldType Type => Name == "DAY_ONLY" ? FieldType.Date : FieldType.Number;

    /// <summary>DAY_ONLY, HOUR_IN_DAY and convertTimezone go with datetimes alone.</summary>
    public bool GoesWith(FieldType type) => type == FieldType.DateTime || (type == FieldType.Date && !InZone && Known[Name] is not null);

    public string Of(string field) => InZone ? $"{Name}(convertTimezone({field}))" : $"{Name}({field})";

    /// <param name="value">A day, an instant or null.</param>
    public object? Apply(object? value, DateContext dates)
    {
        if (value is null)
            return null;
        if (value is DateTimeOffset instant)
        {
            var local = InZone ? TimeZoneInfo.ConvertTime(instant, dates.Zone).DateTime : instant.UtcDateTime;
            if (Name == "HOUR_IN_DAY")
                return local.Hour;
            value = DateOnly.FromDateTime(local);
        }
        return Known[Name] is { } part ? part((DateOnly)value) : value;
    }

    public static DateFunction Named(string name, bool inZone) => new(name.ToUpper(CultureInfo.InvariantCulture), inZone);
}
