using System.Globalization;
using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>
/// One row to write: field API names to values, where null clears the field. Values are <c>string</c>, <c>bool</c>, whole and decimal numbers,
/// <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>. <see cref="Id"/> is null for an insert and for an upsert by external id (whose key is among the fields).
/// </summary>
public sealed record RowWrite(string Object, string? Id, IReadOnlyDictionary<string, object?> Fields)
{
    internal void WriteFields(Utf8JsonWriter json, string? except = null)
    {
        foreach (var (name, value) in Fields)
        {
            if (!name.Equals(except, StringComparison.OrdinalIgnoreCase))
                Write(json, name, value);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case bool flag: json.WriteBoolean(name, flag); break;
            case int or long or decimal or double: json.WritePropertyName(name); json.WriteRawValue(Text(name, value)!); break;
            default: json.WriteString(name, Text(name, value)); break;
        }
    }

    /// <summary>A value as Salesforce reads it from text.</summary>
    internal static string? Text(string name, object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        int or long or decimal or double => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{name} holds a {value.GetType().Name}, which has no form in Salesforce."),
    };
}

/// <summary>
/// What became of one row, in the place it was sent in. <see cref="Created"/> is told for upserts alone. Of several errors the first that is no mere consequence
/// stands here; where the row failed only because another did (<see cref="IsConsequence"/>), <see cref="Message"/> names that one.
/// </summary>
public sealed record RowResult(string? Id, bool Success, bool? Created, string? ErrorCode, string? Message, IReadOnlyList<string> Fields)
{
    /// <summary>Null for a row that was written.</summary>
    public ErrorClass? Class => Success ? null : ErrorTable.Classify(ErrorCode ?? "", Message ?? "");

    /// <summary>The answer to it was lost: only reading back can tell.</summary>
    public bool IsUnknown => ErrorCode == WriteUnknownException.Lost;

    /// <summary>Nothing is wrong with this row: it may be sent again without the one that failed.</summary>
    public bool IsConsequence => !Success && Class == ErrorClass.Consequence;

    internal static RowResult Done(string? id, bool? created = null) => new(id, true, created, null, null, []);

    /// <summary>Not written, or nobody knows.</summary>
    internal static RowResult Of(string? id, SalesforceException e) => new(id, false, null, e.Code, e.Message, []);

    internal static RowResult Failed(string? id, IReadOnlyList<OrgError> errors)
    {
        var error = errors.FirstOrDefault(e => ErrorTable.Classify(e.Code, e.Message) != ErrorClass.Consequence) ?? errors.FirstOrDefault()
            ?? new OrgError("NO_ERROR_GIVEN", "Salesforce refused the row without saying why.", []);
        return new(id, false, null, error.Code, error.Message, error.Fields);
    }

    /// <summary>Reads <c>{"id","success","errors","created"}</c>.</summary>
    internal static RowResult Read(JsonElement row, string? id)
    {
        if (row.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.String)
            id = given.GetString();
        return row.GetProperty("success").GetBoolean()
            ? Done(id, row.TryGetProperty("created", out var created) && created.ValueKind is JsonValueKind.True or JsonValueKind.False ? created.GetBoolean() : null)
            : Failed(id, row.TryGetProperty("errors", out var errors) ? OrgError.Parse(errors) : []);
    }

    /// <summary>Lets the rows that failed only with another one name it.</summary>
    internal static void NameCause(RowResult[] results)
    {
        var place = Array.FindIndex(results, r => r is { Success: false, IsConsequence: false });
        if (place < 0)
            return;
        var cause = results[place];
        var because = $"not written because row {place + 1}{(cause.Id is null ? "" : $" ({cause.Id})")} failed with {cause.ErrorCode}: {cause.Message}";
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].IsConsequence)
                results[i] = results[i] with { Message = because };
        }
    }
}
