using System.Globalization;
using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>
/// Turns a REST record into a row of text cells as Bulk's CSV has them. An org answers every field that it is asked for, null or not, and in its own type: a
/// record where that is not so was spoiled on its way, and nothing is concluded from it (<see cref="OrgUnreachableException"/>).
/// </summary>
internal sealed class FlatRow(TableQuery query)
{
    private readonly string[][] _paths = [.. query.Columns.Select(c => c.Split('.'))];

    private readonly string?[] _types = [.. query.Columns.Select(c => query.Describe?.Field(c)?.Type)];

    public string?[] Read(JsonElement record)
    {
        var row = new string?[_paths.Length];
        for (var i = 0; i < _paths.Length; i++)
            row[i] = Cell(record, i);
        return row;
    }

    private string? Cell(JsonElement value, int column)
    {
        foreach (var (i, name) in _paths[column].Index())
        {
            // A missing parent is null; a polymorphic one lacks the fields it does not have.
            if (value.ValueKind != JsonValueKind.Object || !TryGet(value, name, out value))
                return i > 0 ? null : throw Spoiled(column, "is missing");
        }
        if (!Fits(value.ValueKind, _types[column]))
            throw Spoiled(column, $"is a {value.ValueKind} where the org says {_types[column]}");
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

    private static bool Fits(JsonValueKind kind, string? type) => type switch
    {
        _ when kind is JsonValueKind.Null => true,
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "int" or "long" or "double" or "currency" or "percent" => kind is JsonValueKind.Number,
        "id" or "reference" or "string" or "textarea" or "picklist" or "multipicklist" or "combobox" or "email" or "phone" or "url" or "date" or "datetime" =>
            kind is JsonValueKind.String,
        _ => true,
    };

    private OrgUnreachableException Spoiled(int column, string how) => new(
        $"A record of {query.Object} arrived spoiled: its {query.Columns[column]} {how}. Something between here and Salesforce changes answers, or failed; try later.");

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
