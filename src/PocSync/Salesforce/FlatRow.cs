using System.Globalization;
using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>Turns a REST record into a row of text cells as Bulk's CSV has them.</summary>
internal sealed class FlatRow(IReadOnlyList<string> columns)
{
    private readonly string[][] _paths = [.. columns.Select(c => c.Split('.'))];

    public string?[] Read(JsonElement record)
    {
        var row = new string?[_paths.Length];
        for (var i = 0; i < _paths.Length; i++)
            row[i] = Cell(record, _paths[i]);
        return row;
    }

    private static string? Cell(JsonElement value, string[] path)
    {
        foreach (var name in path)
        {
            // A missing parent is null; a polymorphic one lacks the fields it does not have.
            if (value.ValueKind != JsonValueKind.Object || !TryGet(value, name, out value))
                return null;
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? Instant(text) : null,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => Number(value),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => value.GetRawText(),
        };
    }

    // Salesforce answers in its own case, whatever the query's.
    private static bool TryGet(JsonElement record, string name, out JsonElement value)
    {
        if (record.TryGetProperty(name, out value))
            return true;
        foreach (var property in record.EnumerateObject())
        {
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                value = property.Value;
                return true;
            }
        }
        return false;
    }

    /// <summary>REST writes <c>2026-01-31T08:00:00.000+0000</c> where Bulk writes <c>…000Z</c>.</summary>
    private static string Instant(string text) =>
        text.Length == 28 && text.EndsWith("+0000", StringComparison.Ordinal) && text[10] == 'T' && text[23] == '+'
            && DateTime.TryParseExact(text.AsSpan(0, 23), "yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? string.Concat(text.AsSpan(0, 23), "Z")
            : text;

    /// <summary>A large number may come as <c>1.0E8</c>.</summary>
    private static string Number(JsonElement value)
    {
        var text = value.GetRawText();
        return text.AsSpan().ContainsAny('e', 'E') && value.TryGetDecimal(out var number)
            ? number.ToString("0.############################", CultureInfo.InvariantCulture)
            : text;
    }
}
