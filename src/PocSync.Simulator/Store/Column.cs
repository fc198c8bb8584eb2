using PocSync.Simulator.Schema;

namespace PocSync.Simulator.Store;

/// <summary>
/// The values of one field, a slot a row, compact. Slots beyond what was ever set are null, so a field nobody fills costs nothing.
/// Values are those of SOQL: string, bool, decimal, DateOnly, DateTimeOffset (UTC), TimeOnly; a boolean is never null.
/// </summary>
internal abstract class Column
{
    public abstract object? Get(int row);

    public abstract void Set(int row, object? value);

    public static Column Of(Field field) => field.Type switch
    {
        ApiType.Boolean => new BooleanColumn(),
        ApiType.Int or ApiType.Double or ApiType.Currency or ApiType.Percent => new NumberColumn(),
        ApiType.Date => new DateColumn(),
        ApiType.DateTime => new DateTimeColumn(),
        ApiType.Time => new TimeColumn(),
        _ => new TextColumn(),
    };

    /// <summary>Makes room for <paramref name="row"/>; new slots hold <paramref name="blank"/>.</summary>
    protected static void Grow<T>(ref T[] values, int row, T blank)
    {
        var old = values.Length;
        if (row < old)
            return;
        Array.Resize(ref values, Math.Max(row + 1, Math.Max(16, old * 2)));
        values.AsSpan(old).Fill(blank);
    }
}

internal sealed class TextColumn : Column
{
    private string?[] values = [];

    public string? this[int row] => row < values.Length ? values[row] : null;

    public override object? Get(int row) => this[row];

    public override void Set(int row, object? value)
    {
        if (value is null && row >= values.Length)
            return;
        Grow(ref values, row, null);
        values[row] = (string?)value;
    }
}

internal sealed class BooleanColumn : Column
{
    private static readonly object True = true, False = false;
    private bool[] values = [];

    public bool this[int row] => row < values.Length && values[row];

    public override object Get(int row) => this[row] ? True : False;

    public override void Set(int row, object? value)
    {
        if (value is not true && row >= values.Length)
            return;
        Grow(ref values, row, false);
        values[row] = value is true;
    }
}

/// <summary>Held as double, as the platform sends numbers; read as the decimal of at most 15 significant digits that prints the same.</summary>
internal sealed class NumberColumn : Column
{
    private double[] values = [];

    public double this[int row] => row < values.Length ? values[row] : double.NaN;

    public override object? Get(int row) => this[row] is var number && double.IsNaN(number) ? null : (decimal)number;

    public override void Set(int row, object? value)
    {
        if (value is null && row >= values.Length)
            return;
        Grow(ref values, row, double.NaN);
        values[row] = value is decimal number ? (double)number : double.NaN;
    }
}

internal sealed class DateColumn : Column
{
    private const int Blank = int.MinValue;
    private int[] values = [];

    public override object? Get(int row) => row < values.Length && values[row] != Blank ? DateOnly.FromDayNumber(values[row]) : null;

    public override void Set(int row, object? value)
    {
        if (value is null && row >= values.Length)
            return;
        Grow(ref values, row, Blank);
        values[row] = value is DateOnly day ? day.DayNumber : Blank;
    }
}

internal sealed class DateTimeColumn : Column
{
    private const long Blank = long.MinValue;
    private long[] values = [];

    public override object? Get(int row) => row < values.Length && values[row] != Blank ? new DateTimeOffset(values[row], TimeSpan.Zero) : null;

    public override void Set(int row, object? value)
    {
        if (value is null && row >= values.Length)
            return;
        Grow(ref values, row, Blank);
        values[row] = value is DateTimeOffset instant ? instant.UtcTicks : Blank;
    }
}

internal sealed class TimeColumn : Column
{
    private const long Blank = long.MinValue;
    private long[] values = [];

    public override object? Get(int row) => row < values.Length && values[row] != Blank ? new TimeOnly(values[row]) : null;

    public override void Set(int row, object? value)
    {
        if (value is null && row >= values.Length)
            return;
        Grow(ref values, row, Blank);
        values[row] = value is TimeOnly time ? time.Ticks : Blank;
    }
}
