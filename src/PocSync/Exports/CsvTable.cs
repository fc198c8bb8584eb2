using System.Text;
using CsvHelper;

namespace PocSync.Exports;

/// <summary>CSV text that cannot be read: the line where the record begins, and the spot in it.</summary>
public sealed class CsvException(long line, long? spot, string problem) : Exception(problem)
{
    /// <summary>The line of the file where the record begins, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>The spot, where one character is to blame, in bytes of UTF-8 from the start of the file.</summary>
    public long? Spot { get; } = spot;
}

/// <summary>
/// Reads one table of an export forward only, in memory that does not grow with the file, and makes text only of the cells that are asked for: rows are wide, and few of
/// their cells are wanted. Throws <see cref="CsvException"/> for anything that a careful reader would have to guess at.
/// </summary>
public sealed class CsvTable : IDisposable
{
    /// <summary>The longest record, in bytes. Salesforce gives all long text fields of an object 1.6 million characters together.</summary>
    public const int MaxRecord = 8 * 1024 * 1024;

    /// <summary>The longest cell that is read, in bytes. Salesforce's longest text field has 131,072 characters.</summary>
    public const int MaxCell = 1024 * 1024;

    // More than any object has; beyond it the first line is no header.
    private const int MaxColumns = 5_000;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly CsvReader _csv;
    private int[] _columns = [];
    private string?[] _cells = [];
    private string?[] _last = [];

    private CsvTable(Stream stream)
    {
        _csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = ',',
            TrimWhitespace = false,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRecord,
            BufferSize = 128 * 1024,
            MalformedData = CsvMalformedDataHandling.Recover,
            OnMalformedRecord = Refuse,
        });
        Header = ReadHeader();
    }

    /// <summary>Begins to read, with the header. The text is opened twice: places in it are told in bytes of UTF-8, so that UTF-16 is refused before it is read.</summary>
    public static CsvTable Open(Func<Stream> open)
    {
        using (var stream = open())
        {
            Span<byte> mark = stackalloc byte[2];
            if (stream.ReadAtLeast(mark, 2, throwOnEndOfStream: false) == 2 && mark is [0xFF, 0xFE] or [0xFE, 0xFF])
            {
                throw new CsvException(1, null, "the file is UTF-16 text; save it as UTF-8.");
            }
        }

        return new CsvTable(open());
    }

    /// <summary>The names of the columns, trimmed, none twice unless blank.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The line where the record that was read last begins; line breaks in cells count.</summary>
    public long Line => _csv.LineNumber;

    /// <summary>Where the record that was read last begins, in bytes.</summary>
    public long Offset => _csv.ByteOffset;

    /// <summary>Says which columns to read, by their place in the header.</summary>
    public void Want(IReadOnlyList<int> columns)
    {
        _columns = [.. columns];
        _cells = new string?[columns.Count];
        _last = new string?[columns.Count];
    }

    /// <summary>The wanted cells of the next record, null where empty, or null at the end. The array is used again for the next record.</summary>
    public string?[]? Read()
    {
        if (!Next())
        {
            return null;
        }

        if (_csv.FieldCount != Header.Count)
        {
            throw new CsvException(Line, null,
                $"the row has {_csv.FieldCount} {(_csv.FieldCount == 1 ? "cell" : "cells")} where the header has {Header.Count}; is a quotation mark or a comma out of place?");
        }

        for (var i = 0; i < _columns.Length; i++)
        {
            _cells[i] = Text(i, _csv.GetSpan(_columns[i]));
        }

        return _cells;
    }

    private string? Text(int i, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        // Neighbouring rows often say the same: one string for all of them.
        return _last[i] is { } last && last.Length == bytes.Length && Ascii.Equals(bytes, last) ? last : _last[i] = Decode(bytes, Header[_columns[i]]);
    }

    private string Decode(ReadOnlySpan<byte> bytes, string column)
    {
        if (bytes.Length > MaxCell)
        {
            throw new CsvException(Line, null, $"the cell of {column} is longer than {MaxCell:N0} bytes, more than any Salesforce field holds; is a closing quotation mark missing?");
        }

        if (bytes.Contains((byte)0))
        {
            throw Binary();
        }

        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new CsvException(Line, null, $"the cell of {column} is not UTF-8 text; export again with UTF-8 encoding.");
        }
    }

    private string[] ReadHeader()
    {
        try
        {
            _csv.ReadHeader();
        }
        catch (CsvFormatException wrong)
        {
            throw TooLong(wrong);
        }

        string[] names = [.. _csv.Headers.Select(n => n.Trim())];
        if (names.Length == 0)
        {
            throw new CsvException(1, null, "the file is empty; it needs at least a header with the API names of the fields.");
        }

        if (names.Any(n => n.Contains('\0')))
        {
            throw Binary();
        }

        if (names.Length > MaxColumns)
        {
            throw new CsvException(1, null, $"the header has more than {MaxColumns:N0} columns, more than any Salesforce object; this is not an export's header.");
        }

        if (names is [var only] && only.IndexOfAny([';', '\t']) >= 0)
        {
            throw new CsvException(1, null, "the cells are separated by semicolons or tabs; save the file with commas.");
        }

        return names.Where(n => n.Length > 0).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new CsvException(1, null, $"two columns are named {twice.Key}; keep one of them.")
            : names;
    }

    private bool Next()
    {
        try
        {
            return _csv.Read();
        }
        catch (CsvFormatException wrong)
        {
            throw TooLong(wrong);
        }
    }

    /// <summary>Everything else that is malformed is refused before the reader throws.</summary>
    private static CsvException TooLong(CsvFormatException wrong) => new(wrong.LineNumber, null,
        $"the record that begins here is longer than {MaxRecord:N0} bytes, more than any Salesforce record; is a closing quotation mark missing?");

    private static void Refuse(CsvMalformedRecord record) => throw (record.Reason switch
    {
        CsvMalformedReason.UnterminatedQuote => new CsvException(record.LineNumber, null,
            "a quotation mark that opens a cell of this record is never closed; is the file cut off?"),
        CsvMalformedReason.TextAfterClosingQuote => new CsvException(record.LineNumber, record.ByteOffset,
            "text follows the quotation mark that closes a cell; a mark inside a cell is written twice."),
        _ => new CsvException(record.LineNumber, record.ByteOffset,
            "a quotation mark stands inside a cell that does not begin with one; quote the whole cell and double the marks in it."),
    });

    private CsvException Binary() =>
        new(Math.Max(1, Line), null, "the text holds NUL bytes: this is not a CSV, or it is UTF-16; save it as UTF-8 CSV.");

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();
}
