using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace PocSync.Simulator.Http;

/// <summary>One call, or one sub-request of a composite call, as the org sees it.</summary>
internal sealed class ApiCall
{
    public required string Method { get; init; }

    /// <summary>From /services/data/vXX.0 on, still percent-encoded, without the query string.</summary>
    public required string Path { get; init; }

    /// <summary>Parts of the path after the version, decoded.</summary>
    public required IReadOnlyList<string> Segments { get; init; }

    /// <summary>E.g. <c>66.0</c>.</summary>
    public required string Version { get; init; }

    public required IReadOnlyDictionary<string, StringValues> Query { get; init; }

    /// <summary>By name, ignoring case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public required string UserId { get; init; }

    /// <summary>Scheme and authority by which the client reached the org.</summary>
    public required string BaseUrl { get; init; }

    public bool IsGet => Method is "GET" or "HEAD";

    public decimal VersionNumber => decimal.Parse(Version, CultureInfo.InvariantCulture);

    public string? Parameter(string name) => Query.TryGetValue(name, out var values) ? values.ToString() : null;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string DataPath(string rest) => $"/services/data/v{Version}/{rest}";

    /// <exception cref="ApiException">400 JSON_PARSER_ERROR</exception>
    public JsonElement JsonBody()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ApiException(400, "JSON_PARSER_ERROR", Body.IsEmpty
                ? "The HTTP entity body is required, but this request has no entity body."
                : $"Unexpected character or end of the input at [line:{e.LineNumber + 1}, column:{e.BytePositionInLine + 1}]");
        }
    }

    /// <summary>The same caller asking for something else: a sub-request.</summary>
    /// <param name="url">Begins with /services/data/vXX.0.</param>
    /// <exception cref="ApiException">404, 410: see <see cref="ApiPath"/>.</exception>
    public ApiCall Inner(string method, string url, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        var path = ApiPath.Split(url, out var query);
        var (version, segments) = ApiPath.Data(path);
        return new()
        {
            Method = method.ToUpperInvariant(),
            Path = path,
            Version = version,
            Segments = segments,
            Query = QueryHelpers.ParseQuery(query),
            Headers = headers,
            Body = body,
            UserId = UserId,
            BaseUrl = BaseUrl,
        };
    }

    public ApiException NotAllowed(params string[] allowed) =>
        new(405, "METHOD_NOT_ALLOWED", $"HTTP Method '{Method}' not allowed. Allowed are {string.Join(',', allowed)}")
        {
            Allow = string.Join(',', allowed),
        };
}
