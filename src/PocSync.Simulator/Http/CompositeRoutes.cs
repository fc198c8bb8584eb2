using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>
/// /composite and /composite/batch: up to 25 sub-requests in order. An all-or-none composite call is undone as a whole when a sub-request, or a row
/// of a collection in it, fails; collections that had succeeded then still read as they did, as on the platform.
/// </summary>
internal sealed partial class CompositeRoutes(Org org, Func<ApiCall, bool, (ApiAnswer Answer, bool Failed)> dispatch)
{
    private const int MostSubrequests = 25, MostQueriesAndCollections = 5;

    private static readonly RowError Halted = new("PROCESSING_HALTED",
        "The transaction was rolled back since another operation in the same transaction failed.");
    private static readonly RowError Orphaned = new("PROCESSING_HALTED",
        "Invalid reference specified. No value for the reference was found in the answers so far.");

    public ApiAnswer Composite(ApiCall call)
    {
        var body = call.JsonBody();
        var requests = Requests(body, "compositeRequest");
        var allOrNone = body.TryGetProperty("allOrNone", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (requests.Count(r => Heavy().IsMatch(Text(r, "url"))) > MostQueriesAndCollections)
            throw new ApiException(400, "LIMIT_EXCEEDED",
                $"A composite call may hold {MostQueriesAndCollections} query and collections sub-requests at most.");
        var ids = requests.Select(r => Text(r, "referenceId")).ToList();
        if (ids.FirstOrDefault(id => !ReferenceId().IsMatch(id)) is { } bad)
            throw new ApiException(400, "JSON_PARSER_ERROR",
                $"Provided referenceId ('{bad}') must start with a letter or a number, and it can contain only letters, numbers and underscores.");
        if (ids.GroupBy(id => id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ApiException(400, "JSON_PARSER_ERROR", $"Duplicate referenceId '{twice.Key}'.");

        var mark = org.Journal.Mark();
        var answers = new Dictionary<string, ApiAnswer>(StringComparer.Ordinal);
        var failed = false;
        foreach (var (request, id) in requests.Zip(ids))
        {
            if (failed && allOrNone)
            {
                answers[id] = ApiAnswer.Errors(400, [Halted]);
                continue;
            }
            var (answer, subFailed) = One(call, request, allOrNone, answers);
            answers[id] = answer;
            failed |= subFailed;
        }
        if (failed && allOrNone)
        {
            org.Journal.UndoTo(mark);
            foreach (var (request, id) in requests.Zip(ids))
                if (answers[id].Status < 300 && !Collections().IsMatch(Text(request, "url")))
                    answers[id] = ApiAnswer.Errors(400, [Halted]);
        }
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("compositeResponse");
            foreach (var id in ids)
                WriteAnswer(w, answers[id], id);
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    /// <summary>Urls are without /services/data/; nothing is undone.</summary>
    public ApiAnswer Batch(ApiCall call)
    {
        var body = call.JsonBody();
        var halt = body.TryGetProperty("haltOnError", out var flag) && flag.ValueKind == JsonValueKind.True;
        var answers = new List<ApiAnswer>();
        foreach (var request in Requests(body, "batchRequests"))
        {
            if (halt && answers.Any(a => a.Status >= 400))
            {
                answers.Add(ApiAnswer.Errors(412, [new("BATCH_PROCESSING_HALTED", "Batch processing halted per request.")]));
                continue;
            }
            var input = request.TryGetProperty("richInput", out var rich) ? Encoding.UTF8.GetBytes(rich.GetRawText()) : [];
            var url = $"/services/data/{Text(request, "url").TrimStart('/')}";
            answers.Add(Guarded(() => dispatch(call.Inner(Text(request, "method"), url, call.Headers, input), false)).Answer);
        }
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteBoolean("hasErrors", answers.Any(a => a.Status >= 400));
            w.WriteStartArray("results");
            foreach (var answer in answers)
            {
                w.WriteStartObject();
                w.WriteNumber("statusCode", answer.Status);
                w.WritePropertyName("result");
                WriteBody(w, answer);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private (ApiAnswer, bool) One(ApiCall call, JsonElement request, bool allOrNone, Dictionary<string, ApiAnswer> before)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (request.TryGetProperty("httpHeaders", out var given) && given.ValueKind == JsonValueKind.Object)
            foreach (var header in given.EnumerateObject())
                headers[header.Name] = header.Value.ToString();
        var input = request.TryGetProperty("body", out var body) && body.ValueKind != JsonValueKind.Null ? body.GetRawText() : "";
        if (!TryFill(Text(request, "url"), before, Uri.EscapeDataString, out var url) || !TryFill(input, before, JsonText, out var json))
            return (ApiAnswer.Errors(400, [Orphaned]), true);
        if (!url.StartsWith("/services/data/", StringComparison.Ordinal))
            return (ApiAnswer.Errors(400, [new("INVALID_URL", $"The url '{url}' must begin with /services/data/.")]), true);
        return Guarded(() => dispatch(call.Inner(Text(request, "method"), url, headers, Encoding.UTF8.GetBytes(json)), allOrNone));
    }

    private static (ApiAnswer Answer, bool Failed) Guarded(Func<(ApiAnswer Answer, bool Failed)> run)
    {
        try
        {
            var (answer, failed) = run();
            return (answer, failed || answer.Status >= 400);
        }
        catch (ApiException e)
        {
            return (e.Answer(), true);
        }
    }

    private static List<JsonElement> Requests(JsonElement body, string name)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            throw new ApiException(400, "JSON_PARSER_ERROR", $"The body must hold an array '{name}'.");
        var requests = list.EnumerateArray().ToList();
        if (requests.Count is 0 or > MostSubrequests)
            throw new ApiException(400, "LIMIT_EXCEEDED", $"A call may hold 1 to {MostSubrequests} sub-requests; this one holds {requests.Count}.");
        return requests;
    }

    private static string Text(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value) ? value.ToString() : "";

    /// <summary>Puts values of earlier answers in the place of <c>@{ref.path}</c>; false where one is not there.</summary>
    private static bool TryFill(string text, Dictionary<string, ApiAnswer> before, Func<string, string> escape, out string filled)
    {
        var found = true;
        filled = Reference().Replace(text, match =>
        {
            if (before.TryGetValue(match.Groups["ref"].Value, out var answer) && answer.Status < 400
                && Value(answer, match.Groups["path"].Value) is { } value)
                return escape(value);
            found = false;
            return "";
        });
        return found;
    }

    private static string? Value(ApiAnswer answer, string path)
    {
        if (answer.Body.IsEmpty)
            return null;
        using var document = JsonDocument.Parse(answer.Body);
        var at = document.RootElement;
        foreach (Match step in PathStep().Matches(path))
        {
            if (step.Groups["index"] is { Success: true } index)
            {
                if (at.ValueKind != JsonValueKind.Array || int.Parse(index.Value) >= at.GetArrayLength())
                    return null;
                at = at[int.Parse(index.Value)];
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step.Groups["name"].Value, out at))
                return null;
        }
        return at.ToString();
    }

    private static string JsonText(string value) => JsonEncodedText.Encode(value).ToString();

    private static void WriteAnswer(Utf8JsonWriter w, ApiAnswer answer, string referenceId)
    {
        w.WriteStartObject();
        w.WritePropertyName("body");
        WriteBody(w, answer);
        w.WriteStartObject("httpHeaders");
        foreach (var (name, value) in answer.Headers)
            w.WriteString(name, value);
        w.WriteEndObject();
        w.WriteNumber("httpStatusCode", answer.Status);
        w.WriteString("referenceId", referenceId);
        w.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter w, ApiAnswer answer)
    {
        if (answer.Body.IsEmpty)
            w.WriteNullValue();
        else
            w.WriteRawValue(answer.Body.Span, skipInputValidation: true);
    }

    [GeneratedRegex(@"/(query|queryAll|composite/sobjects)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Heavy();

    [GeneratedRegex(@"/composite/sobjects\b", RegexOptions.IgnoreCase)]
    private static partial Regex Collections();

    [GeneratedRegex(@"^[A-Za-z0-9]\w*$")]
    private static partial Regex ReferenceId();

    [GeneratedRegex(@"@\{(?<ref>\w+)(?<path>(\.\w+|\[\d+\])*)\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\.(?<name>\w+)|\[(?<index>\d+)\]")]
    private static partial Regex PathStep();
}
