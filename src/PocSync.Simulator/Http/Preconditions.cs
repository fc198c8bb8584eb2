using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>
/// Conditional headers of row resources. Modification instants count for every object, entity tags for Account alone; deletes ignore both. What the
/// body of a 412 looks like on a real org is unverified.
/// </summary>
internal static class Preconditions
{
    public static IReadOnlyList<(string Name, string Value)> Headers(Table table, int row) =>
    [
        ("Last-Modified", Modified(table, row).ToString("R", CultureInfo.InvariantCulture)),
        .. table.Schema.Name == "Account" ? [("ETag", Tag(table, row))] : (IEnumerable<(string, string)>)[],
    ];

    /// <summary>Null = go on.</summary>
    /// <exception cref="ApiException">412 for a failed write; 400 for a header that cannot be read.</exception>
    public static ApiAnswer? Check(ApiCall call, Table table, int row)
    {
        var writes = !call.IsGet;
        var modified = Modified(table, row);
        if (table.Schema.Name == "Account")
        {
            if (Tags(call, "If-Match") is { } wanted && !Matches(wanted, Tag(table, row)))
                throw Failed();
            if (Tags(call, "If-None-Match") is { } unwanted && Matches(unwanted, Tag(table, row)))
                return writes ? throw Failed() : new ApiAnswer(304) { Headers = Headers(table, row) };
        }
        if (Instant(call, "If-Unmodified-Since", writes) is { } unmodified && modified > unmodified)
            throw Failed();
        if (Instant(call, "If-Modified-Since", strict: false) is { } since && modified <= since)
            return writes ? throw Failed() : new ApiAnswer(304) { Headers = Headers(table, row) };
        return null;
    }

    /// <summary>A description of the schema, or a 304 where the client has it.</summary>
    public static ApiAnswer SchemaUnlessKnown(ApiCall call, DateTimeOffset changed, Func<ApiAnswer> describe)
    {
        var answer = Instant(call, "If-Modified-Since", strict: false) >= changed ? new ApiAnswer(304) : describe();
        return answer with { Headers = [("Last-Modified", changed.ToString("R", CultureInfo.InvariantCulture))] };
    }

    private static ApiException Failed() =>
        new(412, "PRECONDITION_FAILED", "The request was not processed: a precondition in its headers does not hold.");

    private static DateTimeOffset Modified(Table table, int row) =>
        (table.Schema.Find("SystemModstamp") ?? table.Schema.Find("LastModifiedDate")) is { } field && table[row, field] is DateTimeOffset at
            ? new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero) : DateTimeOffset.UnixEpoch;

    private static string Tag(Table table, int row) =>
        $"\"{Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes($"{table.Id(row)}{Modified(table, row).Ticks}")))}\"";

    private static List<string>? Tags(ApiCall call, string header)
    {
        if (call.Header(header) is not { } text)
            return null;
        var tags = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        if (!call.IsGet && tags.Any(t => t != "*" && !(t.TrimStart('W', '/').StartsWith('"') && t.EndsWith('"'))))
            throw new ApiException(400, "INVALID_HEADER", $"{header} holds no entity tag: {text}");
        return tags;
    }

    /// <summary>A proxy or the gzip coding may have added -gzip inside the quotes.</summary>
    private static bool Matches(List<string> tags, string tag) =>
        tags.Any(t => t == "*" || t.Replace("W/", "", StringComparison.Ordinal).Replace("-gzip\"", "\"", StringComparison.Ordinal) == tag);

    private static DateTimeOffset? Instant(ApiCall call, string header, bool strict)
    {
        if (call.Header(header) is not { } text)
            return null;
        if (DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return instant;
        return strict ? throw new ApiException(400, "INVALID_HEADER", $"{header} holds no HTTP date: {text}") : null;
    }
}
