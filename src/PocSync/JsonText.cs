using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PocSync.Core.Guards;

namespace PocSync;

/// <summary>Parts that JSON output of several verbs shares.</summary>
internal static class JsonText
{
    /// <summary>JSON for programs, never part of a page: names may keep their letters.</summary>
    public static readonly JsonWriterOptions Options = new()
    { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string name, IReadOnlyList<string> texts, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    public static void Write(string name, IReadOnlyList<Refusal> refusals, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var refusal in refusals)
        {
            json.WriteStartObject();
            json.WriteString("limit", refusal.Limit);
            json.WriteString("rule", refusal.Rule);
            json.WriteString("person", refusal.Person.IsNone ? null : refusal.Person.ToString());
            json.WriteString("sentence", refusal.Sentence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>An instant in UTC, as exact as it is.</summary>
    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The word for a value of an enum.</summary>
    public static string Word<T>(T word) where T : struct, Enum => word.ToString().ToLowerInvariant();

    /// <summary>An instant from the ledger.</summary>
    public static string? Instant(long? ticks) =>
        ticks is { } t ? new DateTime(t, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
}
