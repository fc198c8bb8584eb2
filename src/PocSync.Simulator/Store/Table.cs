using PocSync.Simulator.Schema;

namespace PocSync.Simulator.Store;

internal enum RowState : byte
{
    Live,

    /// <summary>In the recycle bin: seen by queryAll alone.</summary>
    Deleted,

    /// <summary>Gone; its slot is not used again.</summary>
    Purged,
}

/// <summary>
/// The rows of one object, numbered from 0 in the order of their creation. Not safe for concurrent use: the org's lock guards it, except that
/// indexes made while reading are published under a lock of their own.
/// </summary>
internal sealed class Table
{
    private readonly Column[] columns;
    private readonly Dictionary<string, int> byId = new(StringComparer.Ordinal);
    private readonly ValueIndex?[] indexes;
    private readonly Journal journal;
    private readonly Lock indexing = new();
    private readonly Field? isDeleted;
    private RowState[] states = [];

    public Table(SObject schema, Journal journal)
    {
        Schema = schema;
        this.journal = journal;
        columns = [.. schema.Fields.Select(Column.Of)];
        indexes = new ValueIndex?[columns.Length];
        isDeleted = schema.Find("IsDeleted");
    }

    public SObject Schema { get; }

    /// <summary>One more than the highest row ever used.</summary>
    public int Slots { get; private set; }

    public int LiveCount { get; private set; }

    public RowState State(int row) => states[row];

    public bool IsLive(int row) => states[row] == RowState.Live;

    public string Id(int row) => ((TextColumn)columns[0])[row]!;

    public object? this[int row, Field field] => field == isDeleted ? states[row] != RowState.Live : columns[field.Ordinal].Get(row);

    public Column ColumnOf(Field field) => columns[field.Ordinal];

    public string? Text(int row, Field field) => ((TextColumn)columns[field.Ordinal])[row];

    /// <summary>The row with this id of 18 characters, live or in the recycle bin; -1 where there is none.</summary>
    public int Find(string id) => byId.GetValueOrDefault(id, -1);

    public int FindLive(string id) => byId.TryGetValue(id, out var row) && IsLive(row) ? row : -1;

    /// <summary>Live rows in the order of their creation.</summary>
    public IEnumerable<int> LiveRows()
    {
        for (var row = 0; row < Slots; row++)
            if (states[row] == RowState.Live)
                yield return row;
    }

    /// <summary>Live rows whose field holds this text, found by an index that is made at the first call.</summary>
    public IEnumerable<int> LiveRows(Field field, string value) => RowsWith(field, value).Where(IsLive);

    /// <summary>Rows, live or in the recycle bin, whose field holds this text.</summary>
    public IEnumerable<int> RowsWith(Field field, string value)
    {
        if (field.Ordinal == 0)
            return Find(value) is >= 0 and var row ? [row] : [];
        return columns[field.Ordinal] is TextColumn
            ? Index(field)[value].Rows()
            : Enumerable.Range(0, Slots).Where(row => states[row] != RowState.Purged && CellText.Write(columns[field.Ordinal].Get(row)) == value);
    }

    public int Add(string id)
    {
        var row = Slots++;
        if (row >= states.Length)
            Array.Resize(ref states, Math.Max(16, states.Length * 2));
        byId.Add(id, row);
        columns[0].Set(row, id);
        LiveCount++;
        journal.RowAdded(this, row);
        return row;
    }

    public void Set(int row, Field field, object? value)
    {
        var column = columns[field.Ordinal];
        var old = column.Get(row);
        if (Equals(old, value))
            return;
        journal.CellChanged(this, row, field, old);
        if (indexes[field.Ordinal] is { } index)
        {
            if (old is string was)
                index.Remove(was, row);
            if (value is string now)
                index.Add(now, row);
        }
        column.Set(row, value);
    }

    public void SetState(int row, RowState state)
    {
        var old = states[row];
        if (old == state)
            return;
        journal.StateChanged(this, row, old);
        states[row] = state;
        LiveCount += (state == RowState.Live ? 1 : 0) - (old == RowState.Live ? 1 : 0);
        if (state == RowState.Purged)
        {
            byId.Remove(Id(row));
            foreach (var (index, text) in Indexed(row))
                index.Remove(text, row);
        }
        else if (old == RowState.Purged)
        {
            byId.Add(Id(row), row);
            foreach (var (index, text) in Indexed(row))
                index.Add(text, row);
        }
    }

    private IEnumerable<(ValueIndex Index, string Text)> Indexed(int row)
    {
        for (var i = 0; i < indexes.Length; i++)
            if (indexes[i] is { } index && columns[i].Get(row) is string text)
                yield return (index, text);
    }

    private ValueIndex Index(Field field)
    {
        lock (indexing)
        {
            if (indexes[field.Ordinal] is { } there)
                return there;
            var made = new ValueIndex(field.Type.IsId() || field.CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
            var column = (TextColumn)columns[field.Ordinal];
            for (var row = 0; row < Slots; row++)
                if (states[row] != RowState.Purged && column[row] is { } text)
                    made.Add(text, row);
            return indexes[field.Ordinal] = made;
        }
    }
}
