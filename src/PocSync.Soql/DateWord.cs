using System.Collections.Frozen;

namespace PocSync.Soql;

/// <summary>First and last day, both included.</summary>
internal readonly record struct DateRange(DateOnly First, DateOnly Last)
{
    /// <summary>-1 before the range, 0 within, 1 after.</summary>
    public int Place(DateOnly day) => day < First ? -1 : day > Last ? 1 : 0;
}

/// <summary>A date word such as TODAY or LAST_N_WEEKS:3: a range of days relative to today.</summary>
internal sealed class DateWord
{
    private enum Unit { Day, Week, Month, Quarter, Year }

    private static readonly FrozenDictionary<string, DateWord> Words = All().ToFrozenDictionary(w => w.Name, StringComparer.OrdinalIgnoreCase);

    private readonly Unit unit;
    private readonly Func<long, (long First, long Last)> units;

    private DateWord(string name, bool counted, Unit unit, Func<long, (long, long)> units) =>
        (Name, Counted, this.unit, this.units) = (name, counted, unit, units);

    public string Name { get; }

    /// <summary>Whether a count follows, as in LAST_N_DAYS:30.</summary>
    public bool Counted { get; }

    public static DateWord? Find(string name) => Words.GetValueOrDefault(name);

    public DateRange Range(DateOnly today, int count)
    {
        var (first, last) = units(count);
        return new(Start(today, first), Clamp(Start(today, last + 1).DayNumber - 1L));
    }

    // Ranges in whole units from the current one (0). LAST_N_DAYS and LAST_90_DAYS alone include the current unit.
    private static IEnumerable<DateWord> All()
    {
        yield return new("YESTERDAY", false, Unit.Day, _ => (-1, -1));
        yield return new("TODAY", false, Unit.Day, _ => (0, 0));
        yield return new("TOMORROW", false, Unit.Day, _ => (1, 1));
        yield return new("LAST_90_DAYS", false, Unit.Day, _ => (-90, 0));
        yield return new("NEXT_90_DAYS", false, Unit.Day, _ => (1, 90));
        yield return new("LAST_N_DAYS", true, Unit.Day, n => (-n, 0));
        yield return new("NEXT_N_DAYS", true, Unit.Day, n => (1, n));
        yield return new("N_DAYS_AGO", true, Unit.Day, n => (-n, -n));
        foreach (var (word, unit) in new[]
                 {
                     ("WEEK", Unit.Week), ("MONTH", Unit.Month), ("QUARTER", Unit.Quarter), ("YEAR", Unit.Year),
                     ("FISCAL_QUARTER", Unit.Quarter), ("FISCAL_YEAR", Unit.Year),
                 })
        {
            yield return new($"LAST_{word}", false, unit, _ => (-1, -1));
            yield return new($"THIS_{word}", false, unit, _ => (0, 0));
            yield return new($"NEXT_{word}", false, unit, _ => (1, 1));
            yield return new($"LAST_N_{word}S", true, unit, n => (-n, -1));
            yield return new($"NEXT_N_{word}S", true, unit, n => (1, n));
            yield return new($"N_{word}S_AGO", true, unit, n => (-n, -n));
        }
    }

    private DateOnly Start(DateOnly today, long offset) => unit switch
    {
        Unit.Day => Clamp(today.DayNumber + offset),
        Unit.Week => Clamp(today.DayNumber - (int)today.DayOfWeek + 7 * offset),
        Unit.Month => FirstOfMonth(today, today.Month - 1 + offset),
        Unit.Quarter => FirstOfMonth(today, (today.Month - 1) / 3 * 3 + 3 * offset),
        _ => FirstOfMonth(today, 12 * offset),
    };

    // monthOfYear is 0-based and may lie in other years.
    private static DateOnly FirstOfMonth(DateOnly today, long monthOfYear)
    {
        var months = today.Year * 12L + monthOfYear;
        return months < 12 ? DateOnly.MinValue : months >= 120_000 ? DateOnly.MaxValue : new((int)(months / 12), (int)(months % 12) + 1, 1);
    }

    private static DateOnly Clamp(long dayNumber) =>
        DateOnly.FromDayNumber((int)Math.Clamp(dayNumber, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
}
