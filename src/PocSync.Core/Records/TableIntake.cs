namespace PocSync.Core.Records;

/// <summary>A row that cannot be taken, with the object, the field (or null) and the row, counted from 1 below the header.</summary>
public sealed class IntakeException(string objectName, string? field, long row, string problem) : Exception(problem)
{
    /// <summary>The org's name of the object.</summary>
    public string ObjectName { get; } = objectName;

    /// <summary>The field, if one is to blame.</summary>
    public string? Field { get; } = field;

    /// <summary>The row, from 1 below the header.</summary>
    public long Row { get; } = row;
}

/// <summary>
/// Takes the rows of one object into a snapshot. Only the cells of the columns in <see cref="Wanted"/> are asked for. Text cells as an export has them: null or blank is
/// null; a value that cannot be read counts as blank and is counted.
/// </summary>
public sealed class TableIntake
{
    private readonly string _objectName;
    private readonly Names _names;
    private readonly List<string> _columns;
    private readonly bool _hasEveryColumn;
    private readonly Dictionary<string, int> _unreadable;
    private readonly List<int> _wanted = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<RecordId> _seen;
    private readonly int _id;
    private readonly int _deleted;
    private readonly bool _idIsRequired;
    private readonly bool _mayRepeat;
    private string?[] _cells = [];
    private long _row;

    /// <summary>
    /// Null columns: every column that is asked for is there, which tells what is asked for. <paramref name="seen"/> holds the ids of this table; the next one takes it over,
    /// because such sets are large. A table that <paramref name="mayRepeat"/> a row takes it once.
    /// </summary>
    internal TableIntake(
        string objectName, IReadOnlyList<string>? columns, Names names, Dictionary<string, int> unreadable, HashSet<RecordId> seen, bool idIsRequired,
        bool mayRepeat = false)
    {
        (_objectName, _columns, _names, _unreadable, _seen, _idIsRequired, _mayRepeat) = (objectName, [.. columns ?? []], names, unreadable, seen, idIsRequired, mayRepeat);
        _seen.Clear();
        _hasEveryColumn = columns is null;
        _id = Slot("Id");
        _deleted = Slot("IsDeleted");
        if (idIsRequired && _id < 0)
        {
            throw new IntakeException(names.Object(objectName), "Id", 0, $"{names.Object(objectName)} has no Id column; export it with its Id.");
        }
    }

    /// <summary>The columns to hand over, by their place in the header.</summary>
    public IReadOnlyList<int> Wanted => _wanted;

    internal IReadOnlyList<string> Columns => _columns;

    /// <summary>Rows that are not deleted.</summary>
    internal int Answered { get; private set; }

    /// <summary>Which rows of an earlier snapshot this table replaces; null for all.</summary>
    internal Reread? Reread { get; init; }

    internal Action<RecordId>? OnRow { get; set; }

    /// <summary>Takes one row: the cells of the wanted columns, in that order. Throws <see cref="IntakeException"/>.</summary>
    public void Add(string?[] cells)
    {
        _row++;
        _cells = cells;
        var id = Id(_id);
        if (_id >= 0)
        {
            if (id.IsNone && _idIsRequired)
            {
                throw new IntakeException(_names.Object(_objectName), "Id", _row, $"'{_cells[_id]}' is not a Salesforce id; it has 15 or 18 letters and digits.");
            }

            if (!id.IsNone && !_seen.Add(id))
            {
                if (_mayRepeat)
                {
                    return;
                }

                throw new IntakeException(_names.Object(_objectName), "Id", _row, $"the id {id} was on an earlier row already; each record stands once in an export.");
            }
        }

        if (!Boolean(_deleted))
        {
            Answered++;
            OnRow?.Invoke(id);
        }
    }

    /// <summary>The slot of a field, by its package or standard name, or −1 where there is no such column.</summary>
    internal int Slot(string field) => OrgSlot(_names.Field(_objectName, field));

    /// <summary>The slot of a field by the org's name.</summary>
    internal int OrgSlot(string orgField)
    {
        if (_slots.TryGetValue(orgField, out var slot))
        {
            return slot;
        }

        var at = _columns.FindIndex(c => c.Equals(orgField, StringComparison.OrdinalIgnoreCase));
        if (at < 0 && _hasEveryColumn)
        {
            _columns.Add(orgField);
            at = _columns.Count - 1;
        }

        if (at < 0)
        {
            return -1;
        }

        _wanted.Add(at);
        return _slots[orgField] = _wanted.Count - 1;
    }

    /// <summary>The package's name of one of the org's fields, or null where that name stands for another field.</summary>
    internal string? PackageField(string orgField) => _names.PackageField(_objectName, orgField);

    internal string? Text(int slot)
    {
        if (slot < 0)
        {
            return null;
        }

        var text = _cells[slot];
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>A name as people read it; null where nothing of it shows.</summary>
    internal string? Name(int slot) => Text(slot) is { } text && PlainText.Line(text) is var name && !string.IsNullOrWhiteSpace(name) ? name : null;

    internal bool IsFilled(int slot) => Text(slot) is not null;

    internal RecordId Id(int slot)
    {
        if (Text(slot) is { } text && !RecordId.TryParse(text, out var id))
        {
            Unreadable(slot);
        }
        else
        {
            RecordId.TryParse(Text(slot), out id);
        }

        return id;
    }

    internal bool? OptionalBoolean(int slot) => Text(slot) is not { } text ? null : CellText.TryBoolean(text, out var value) ? value : Unreadable<bool>(slot);

    internal bool Boolean(int slot) => OptionalBoolean(slot) ?? false;

    internal decimal? Number(int slot) => Text(slot) is not { } text ? null : CellText.TryNumber(text, out var value) ? value : Unreadable<decimal>(slot);

    internal DateOnly? Date(int slot) => Text(slot) is not { } text ? null : CellText.TryDate(text, out var value) ? value : Unreadable<DateOnly>(slot);

    internal DateTimeOffset? Instant(int slot) =>
        Text(slot) is not { } text ? null : CellText.TryInstant(text, out var value) ? value : Unreadable<DateTimeOffset>(slot);

    internal object? Value(int slot, Soql.FieldType type)
    {
        if (Text(slot) is not { } text)
        {
            return null;
        }

        if (!CellText.TryValue(type, text, out var value))
        {
            Unreadable(slot);
        }

        return value;
    }

    private T? Unreadable<T>(int slot) where T : struct
    {
        Unreadable(slot);
        return null;
    }

    private void Unreadable(int slot)
    {
        var name = $"{_names.Object(_objectName)}.{_columns[_wanted[slot]]}";
        _unreadable[name] = _unreadable.GetValueOrDefault(name) + 1;
    }
}
