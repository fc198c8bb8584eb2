using System.Buffers;
using System.Globalization;
using System.Text;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Bulk;

/// <summary>Builds CSV as UTF-8: every cell in quotes, null as an empty one, datetimes with Z.</summary>
internal sealed class CsvBytes(char delimiter, string newLine)
{
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 17);
    private bool inRow;

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public ReadOnlyMemory<byte> WrittenMemory => buffer.WrittenMemory;

    public void Clear() => buffer.ResetWrittenCount();

    public void Cell(object? value)
    {
        if (inRow)
            Put((byte)delimiter);
        inRow = true;
        Put((byte)'"');
        switch (value)
        {
            case null:
                break;
            case string text:
                Text(text);
                break;
            case DateTimeOffset instant:
                Span<byte> digits = buffer.GetSpan(24);
                instant.UtcDateTime.TryFormat(digits, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                buffer.Advance(length);
                break;
            default:
                Text(CellText.Write(value));
                break;
        }
        Put((byte)'"');
    }

    public void EndRow()
    {
        foreach (var c in newLine)
            Put((byte)c);
        inRow = false;
    }

    private void Text(string text)
    {
        for (var rest = text.AsSpan(); ;)
        {
            var quote = rest.IndexOf('"');
            Encoding.UTF8.GetBytes(quote < 0 ? rest : rest[..(quote + 1)], buffer);
            if (quote < 0)
                return;
            Put((byte)'"');
            rest = rest[(quote + 1)..];
        }
    }

    private void Put(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }
}
