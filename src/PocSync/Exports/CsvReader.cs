using System.Buffers;
using System.Text;

namespace PocSync.Exports;

/// <summary>CSV text that cannot be read: where the record begins, and the spot in it, both in bytes from the start of the file.</summary>
public sealed class CsvException(long record, long? spot, string problem) : Exception(problem)
{
    /// <summary>Where the record begins.</summary>
    public long Record { get; } = record;

    /// <summary>The spot, where one cell is to blame.</summary>
    public long? Spot { get; } = spot;
}

/// <summary>
/// Reads CSV (RFC 4180; LF, CRLF or CR; UTF-8 with or without byte order mark) forward only, in memory that does not grow with the file. Works on bytes, and makes text only of
/// the cells that are asked for: an export's rows are wide and few of their cells are wanted. Throws <see cref="CsvException"/> for anything that a careful
/// reader would have to guess at.
/// </summary>
public sealed class CsvReader
{
    /// <summary>The longest cell, in bytes. Salesforce's longest text field has 131,072 characters.</summary>
    public const int MaxCell = 1_048_576;

    private const byte Quote = (byte)'"', Comma = (byte)',', Line = (byte)'\n', Return = (byte)'\r';
    private static readonly SearchValues<byte> Stops = SearchValues.Create([Comma, Line, Return, Quote, 0]);
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[128 * 1024];

    // The cell being read, if it is wanted: a part of the buffer, or put together from pieces.
    private readonly ArrayBufferWriter<byte> _pieces = new();
    private ReadOnlyMemory<byte> _value;
    private long _cell;

    private int _at;
    private int _end;
    private long _ended;
    private long _record;
    private int[] _slots = [];
    private string?[] _cells = [];
    private string?[] _last = [];

    /// <summary>What ended a cell: more cells follow, or the record is over, or the file.</summary>
    private enum After
    {
        Cell,
        Record,
        File,
    }

    /// <summary>Begins to read, with the header.</summary>
    public CsvReader(Stream stream)
    {
        _stream = stream;
        Header = ReadHeader();
    }

    /// <summary>The names of the columns, trimmed, none twice unless blank.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Where the record that was read last begins, in bytes from the start of the file.</summary>
    public long Record => _record;

    /// <summary>Says which columns to read, by their place in the header.</summary>
    public void Want(IReadOnlyList<int> columns)
    {
        _slots = new int[Header.Count];
        Array.Fill(_slots, -1);
        for (var i = 0; i < columns.Count; i++)
        {
            _slots[columns[i]] = i;
        }

        _cells = new string?[columns.Count];
        _last = new string?[columns.Count];
    }

    /// <summary>The wanted cells of the next record, null where empty, or null at the end. The array is used again for the next record.</summary>
    public string?[]? Read()
    {
        if (!BeginRecord())
        {
            return null;
        }

        for (var column = 0; ; column++)
        {
            if (column == _slots.Length)
            {
                throw new CsvException(_record, null, $"the row has more cells than the header, which has {_slots.Length}; is a quotation mark or a comma out of place?");
            }

            var slot = _slots[column];
            var after = ReadCell(slot >= 0, column);
            if (slot >= 0)
            {
                _cells[slot] = Text(slot);
            }

            if (after == After.Cell)
            {
                continue;
            }

            if (column + 1 < _slots.Length)
            {
                throw new CsvException(_record, null,
                    $"the row has {column + 1} {(column == 0 ? "cell" : "cells")} where the header has {_slots.Length}; is the file cut off, or a quotation mark out of place?");
            }

            return _cells;
        }
    }

    private string[] ReadHeader()
    {
        Fill();
        var start = _buffer.AsSpan(0, _end);
        if (start.StartsWith(new byte[] { 0xFF, 0xFE }) || start.StartsWith(new byte[] { 0xFE, 0xFF }))
        {
            throw new CsvException(0, null, "the file is UTF-16 text; save it as UTF-8.");
        }

        _at = start.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }) ? 3 : 0;
        if (!BeginRecord())
        {
            throw new CsvException(0, null, "the file is empty; it needs at least a header with the API names of the fields.");
        }

        var names = new List<string>();
        var after = After.Cell;
        while (after == After.Cell)
        {
            after = ReadCell(true, names.Count);
            names.Add(Decode(Value()).Trim());
            if (names.Count > 5_000)
            {
                throw new CsvException(_record, null, "the header has more than 5,000 columns, more than any Salesforce object; this is not an export's header.");
            }
        }

        if (names is [var only] && only.IndexOfAny([';', '\t']) >= 0)
        {
            throw new CsvException(_record, null, "the cells are separated by semicolons or tabs; save the file with commas.");
        }

        if (names.Where(n => n.Length > 0).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new CsvException(_record, null, $"two columns are named {twice.Key}; keep one of them.");
        }

        return [.. names];
    }

    /// <summary>Blank lines are no records.</summary>
    private bool BeginRecord()
    {
        while (Peek() is var next and >= 0)
        {
            if (next is not (Line or Return))
            {
                _record = Offset;
                return true;
            }

            _at++;
        }

        return false;
    }

    private long Offset => _ended - _end + _at;

    private After ReadCell(bool wanted, int column)
    {
        _pieces.ResetWrittenCount();
        _value = default;
        _cell = Offset;
        return Peek() == Quote ? ReadQuoted(wanted, column) : ReadPlain(wanted, column);
    }

    private After ReadPlain(bool wanted, int column)
    {
        var length = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_at, _end - _at);
            var stop = rest.IndexOfAny(Stops);
            var piece = stop < 0 ? rest.Length : stop;
            length = Longer(length, piece, column);
            Keep(wanted, piece);
            _at += piece;
            if (stop >= 0)
            {
                return rest[stop] switch
                {
                    Quote => throw new CsvException(_record, Offset, $"a quotation mark stands inside {Named(column)}, which does not begin with one; quote the whole cell and double the marks in it."),
                    0 => throw Binary(),
                    _ => EndCell(),
                };
            }

            if (!Fill())
            {
                return After.File;
            }
        }
    }

    private After ReadQuoted(bool wanted, int column)
    {
        _at++;
        var length = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_at, _end - _at);
            var stop = rest.IndexOfAny(Quote, (byte)0);
            var piece = stop < 0 ? rest.Length : stop;
            length = Longer(length, piece, column);
            if (stop >= 0 && rest[stop] == 0)
            {
                _at += stop;
                throw Binary();
            }

            Keep(wanted, piece);
            _at += piece;
            if (stop < 0)
            {
                if (!Fill())
                {
                    throw new CsvException(_record, _cell, $"the quotation mark that opens {Named(column)} here is never closed; is the file cut off?");
                }

                continue;
            }

            _at++;
            if (Peek() != Quote)
            {
                return Peek() is -1 or Comma or Line or Return
                    ? EndCell()
                    : throw new CsvException(_record, Offset, $"text follows the quotation mark that closes {Named(column)}; a mark inside a cell is written twice.");
            }

            Together();
            if (wanted)
            {
                _pieces.Write([Quote]);
            }

            _at++;
        }
    }

    /// <summary>Steps over what ends the cell.</summary>
    private After EndCell()
    {
        switch (Peek())
        {
            case -1:
                return After.File;
            case Comma:
                _at++;
                return After.Cell;
            case Line:
                _at++;
                return After.Record;
            default:
                _at++;
                if (Peek() == Line)
                {
                    _at++;
                }

                return After.Record;
        }
    }

    private void Keep(bool wanted, int length)
    {
        if (!wanted)
        {
            return;
        }

        if (_value.IsEmpty && _pieces.WrittenCount == 0)
        {
            _value = _buffer.AsMemory(_at, length);
        }
        else
        {
            Together();
            _pieces.Write(_buffer.AsSpan(_at, length));
        }
    }

    private void Together()
    {
        if (!_value.IsEmpty)
        {
            _pieces.Write(_value.Span);
            _value = default;
        }
    }

    private ReadOnlySpan<byte> Value() => _value.IsEmpty ? _pieces.WrittenSpan : _value.Span;

    private string? Text(int slot)
    {
        var bytes = Value();
        if (bytes.Length == 0)
        {
            return null;
        }

        // Neighbouring rows often say the same: one string for all of them.
        return _last[slot] is { } last && last.Length == bytes.Length && Ascii.Equals(bytes, last) ? last : _last[slot] = Decode(bytes);
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new CsvException(_record, _cell, "the cell that begins here is not UTF-8 text; export again with UTF-8 encoding.");
        }
    }

    private int Longer(int length, int by, int column) => length + by <= MaxCell
        ? length + by
        : throw new CsvException(_record, _cell, $"{Named(column)} is longer than {MaxCell:N0} bytes, more than any Salesforce field holds; is a closing quotation mark missing?");

    private CsvException Binary() => new(_record, Offset, "a NUL byte stands here: this is not CSV text, or it is UTF-16; save it as UTF-8 CSV.");

    private string Named(int column) => Header is { } names && column < names.Count && names[column].Length > 0 ? $"the cell of {names[column]}" : $"cell {column + 1}";

    private int Peek() => _at < _end || Fill() ? _buffer[_at] : -1;

    /// <summary>Reads more once the buffer is used up; false at the end of the file.</summary>
    private bool Fill()
    {
        Together();
        _at = 0;
        _end = _stream.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false);
        _ended += _end;
        return _end > 0;
    }
}
