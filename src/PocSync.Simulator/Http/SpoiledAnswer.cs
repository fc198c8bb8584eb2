using System.Text.Json.Nodes;

namespace PocSync.Simulator.Http;

/// <summary>Answers that were right until something on the way, or the org itself, spoiled them.</summary>
internal static class SpoiledAnswer
{
    private const int Pieces = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>How far ahead the clock of the Date header runs.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    /// <summary>Whether a fault of this kind can spoil this answer; the others are not used up by it.</summary>
    public static bool CanSpoil(this FaultKind kind, ApiAnswer answer) => kind switch
    {
        FaultKind.TornPage => answer is { Status: 200, Streamed: not null },
        FaultKind.WrongType or FaultKind.MissingField => answer.Status == 200 && RecordIn(Read(answer)) is not null,
        FaultKind.Trickle => !answer.Body.IsEmpty || answer.Streamed is not null,
        FaultKind.ClockSkew => true,
        _ => false,
    };

    /// <summary>The same answer, spoiled; a skewed clock is the sender's.</summary>
    public static async Task<ApiAnswer> SpoilAsync(this ApiAnswer answer, FaultKind kind, CancellationToken cancellation)
    {
        switch (kind)
        {
            case FaultKind.TornPage:
                var page = await BytesAsync(answer, cancellation);
                return answer with { Streamed = null, Body = page[..(page.Length / 2)] };
            case FaultKind.Trickle:
                var whole = await BytesAsync(answer, cancellation);
                return answer with { Body = default, Streamed = (to, stop) => TrickleAsync(whole, to, stop) };
            case FaultKind.WrongType or FaultKind.MissingField:
                return answer with { Body = System.Text.Encoding.UTF8.GetBytes(Respelled(answer, kind == FaultKind.WrongType)) };
            default:
                return answer;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(ApiAnswer answer, CancellationToken cancellation)
    {
        if (answer.Streamed is not { } stream)
            return answer.Body;
        var buffer = new MemoryStream();
        await stream(buffer, cancellation);
        return buffer.ToArray();
    }

    private static async Task TrickleAsync(ReadOnlyMemory<byte> body, Stream to, CancellationToken cancellation)
    {
        var piece = Math.Max(1, (body.Length + Pieces - 1) / Pieces);
        for (var at = 0; at < body.Length; at += piece)
        {
            await to.WriteAsync(body.Slice(at, Math.Min(piece, body.Length - at)), cancellation);
            await to.FlushAsync(cancellation);
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    /// <summary>In the first record the last value that is there has another type, or is not there.</summary>
    private static string Respelled(ApiAnswer answer, bool wrongType)
    {
        var body = Read(answer)!;
        var record = RecordIn(body)!;
        var (name, value) = record.LastOrDefault(p => p.Value is JsonValue && p.Key != "Id") is { Key: not null } last ? last : record.Last();
        if (wrongType)
            record[name] = value is JsonValue number && number.GetValueKind() == System.Text.Json.JsonValueKind.String ? 42 : "forty-two";
        else
            record.Remove(name);
        return body.ToJsonString();
    }

    private static JsonNode? Read(ApiAnswer answer) =>
        answer.Streamed is null && answer.ContentType.StartsWith("application/json", StringComparison.Ordinal) && answer.Body.Span is [(byte)'{', ..]
            ? JsonNode.Parse(answer.Body.Span) : null;

    /// <summary>The first record of a query's answer, or of those that a composite call holds.</summary>
    private static JsonObject? RecordIn(JsonNode? body) => body?["compositeResponse"] is JsonArray parts
        ? parts.Select(p => p?["body"]).OfType<JsonObject>().Select(RecordIn).FirstOrDefault(r => r is not null)
        : body?["records"] is JsonArray { Count: > 0 } records ? records[0] as JsonObject : null;
}
