using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PocSync.Core.Guards;

namespace PocSync.Cli;

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
            json.WriteString("sentence", refusal.Sentence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>An instant from the ledger.</summary>
    public static string? Instant(long? ticks) =>
        ticks is { } t ? new DateTime(t, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
}
