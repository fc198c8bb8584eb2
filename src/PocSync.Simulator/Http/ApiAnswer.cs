using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PocSync.Simulator.Platform;

namespace PocSync.Simulator.Http;

/// <summary>Status, headers and body of an answer. A body is JSON bytes, or, for Bulk results, written to the wire as it is made.</summary>
internal sealed record ApiAnswer(int Status)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonSerializerOptions Shapes = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ReadOnlyMemory<byte> Body { get; init; }

    public string ContentType { get; init; } = "application/json;charset=UTF-8";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public Func<Stream, CancellationToken, Task>? Streamed { get; init; }

    public static ApiAnswer NoContent { get; } = new(204);

    public static ApiAnswer Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            write(writer);
        return new(status) { Body = buffer.WrittenMemory };
    }

    /// <summary>For small answers of fixed shape.</summary>
    public static ApiAnswer Of(int status, object shape) => new(status) { Body = JsonSerializer.SerializeToUtf8Bytes(shape, Shapes) };

    public static ApiAnswer Errors(int status, IReadOnlyList<RowError> errors) => Json(status, w => WriteErrors(w, errors));

    /// <summary>As whole calls spell their errors.</summary>
    public static void WriteErrors(Utf8JsonWriter w, IReadOnlyList<RowError> errors)
    {
        w.WriteStartArray();
        foreach (var error in errors)
        {
            w.WriteStartObject();
            w.WriteString("message", error.Message);
            w.WriteString("errorCode", error.Code);
            if (error.Fields.Count > 0)
                WriteFields(w, error);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>As collections, row creates and actions spell the errors of a row.</summary>
    public static void WriteRowErrors(Utf8JsonWriter w, IReadOnlyList<RowError> errors)
    {
        w.WriteStartArray("errors");
        foreach (var error in errors)
        {
            w.WriteStartObject();
            w.WriteString("statusCode", error.Code);
            w.WriteString("message", error.Message);
            WriteFields(w, error);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter w, RowError error)
    {
        w.WriteStartArray("fields");
        foreach (var field in error.Fields)
            w.WriteStringValue(field);
        w.WriteEndArray();
    }
}
