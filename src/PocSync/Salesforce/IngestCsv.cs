using System.Buffers;
using System.Text;

namespace PocSync.Salesforce;

/// <summary>
/// Rows as the CSV of Bulk API 2.0: every cell in quotes, with nothing in it changed but quotes doubled. In it an empty cell leaves a field alone and
/// <c>#N/A</c> clears it, so that no row may hold that as its text.
/// </summary>
internal sealed class IngestCsv
{
    private const string Null = "#N/A";

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly string? _idColumn;
    private readonly string[] _fields;

    /// <param name="rows">Their fields are its columns.</param>
    /// <param name="withId">Whether the rows are named by their ids, else by a field.</param>
    public IngestCsv(IReadOnlyList<RowWrite> rows, bool withId)
    {
        _idColumn = withId ? "Id" : null;
        _fields = [.. rows.SelectMany(r => r.Fields.Keys).Distinct(StringComparer.OrdinalIgnoreCase)];
        EndRow([.. withId ? (string[])["Id"] : [], .. _fields]);
        foreach (var row in rows)
            Add(row);
    }

    /// <summary>UTF-8.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <summary>Whether a row can be said in it.</summary>
    public static bool CanSay(RowWrite row) => !row.Fields.Values.Contains(Null);

    private void Add(RowWrite row)
    {
        var values = new Dictionary<string, object?>(row.Fields, StringComparer.OrdinalIgnoreCase);
        EndRow(
        [
            .. _idColumn is null ? (string[])[] : [row.Id!],
            .. _fields.Select(f => !values.TryGetValue(f, out var value) ? "" : RowWrite.Text(f, value) is { Length: > 0 } text ? text : Null),
        ]);
    }

    private void EndRow(IEnumerable<string> cells)
    {
        var line = new StringBuilder();
        foreach (var cell in cells)
            line.Append(line.Length == 0 ? "\"" : ",\"").Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        line.Append('\n');
        Encoding.UTF8.GetBytes(line.ToString(), _bytes);
    }
}
