using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>
/// /composite and /composite/batch: up to 25 sub-requests in order. An all-or-none composite call is undone as a whole when a sub-request, or a row
/// of a collection in it, fails; collections that had succeeded then still read as they did, as on the platform. /composite/graph: up to 75 such
/// calls over single rows, each all or none.
/// </summary>
internal sealed partial class CompositeRoutes(Org org, Func<ApiCall, bool, (ApiAnswer Answer, bool Failed)> dispatch)
{
    private const int MostSubrequests = 25, MostQueriesAndCollections = 5, MostGraphs = 75, MostNodes = 500, MostKinds = 15, MostDepth = 15, MostFailures = 14;

    private static readonly RowError Halted = new("PROCESSING_HALTED",
        "The transaction was rolled back since another operation in the same transaction failed.");
    private static readonly RowError Orphaned = new("PROCESSING_HALTED",
        "Invalid reference specified. No value for the reference was found in the answers so far.");

    public ApiAnswer Composite(ApiCall call)
    {
        var body = call.JsonBody();
        var requests = Listed(body, "compositeRequest");
        var allOrNone = body.TryGetProperty("allOrNone", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (requests.Count(r => Heavy().IsMatch(Text(r, "url"))) > MostQueriesAndCollections)
            throw new ApiException(400, "LIMIT_EXCEEDED",
                $"A composite call may hold {MostQueriesAndCollections} query and collections sub-requests at most.");
        var (answers, _) = Run(call, requests, allOrNone);
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartObject();
            WriteAnswers(w, answers);
            w.WriteEndObject();
        });
    }

    public ApiAnswer Graph(ApiCall call)
    {
        var body = call.JsonBody();
        var graphs = Listed(body, "graphs", MostGraphs).Select(g => (Id: Text(g, "graphId"), Requests: Listed(g, "compositeRequest", MostNodes))).ToList();
        if (graphs.Sum(g => g.Requests.Count) is > MostNodes and var nodes)
            throw new ApiException(400, "LIMIT_EXCEEDED", $"The graphs of a call may hold {MostNodes} nodes at most; these hold {nodes}.");
        if (graphs.FirstOrDefault(g => !ReferenceId().IsMatch(g.Id) || graphs.Count(o => o.Id == g.Id) > 1) is { Requests: not null } bad)
            throw new ApiException(400, "JSON_PARSER_ERROR", $"Each graph needs a graphId of its own of letters, numbers and underscores ('{bad.Id}').");
        foreach (var (id, requests) in graphs)
        {
            if (requests.FirstOrDefault(r => !RowUrl().IsMatch(Text(r, "url"))) is { ValueKind: JsonValueKind.Object } other)
                throw new ApiException(400, "INVALID_INPUT", $"The graph {id} may hold urls of sObject rows only, not '{Text(other, "url")}'.");
            if (requests.Select(r => RowUrl().Match(Text(r, "url")).Value.ToUpperInvariant()).Distinct().Count() > MostKinds)
                throw new ApiException(400, "LIMIT_EXCEEDED", $"The graph {id} holds more than {MostKinds} different nodes.");
            ReferenceIds(requests);
            if (Depth(requests) > MostDepth)
                throw new ApiException(400, "LIMIT_EXCEEDED", $"The graph {id} is more than {MostDepth} nodes deep.");
        }
        var failures = 0;
        var answered = graphs.Select(graph =>
        {
            var (answers, failed) = failures > MostFailures
                ? (graph.Requests.ToDictionary(r => Text(r, "referenceId"), _ => ApiAnswer.Errors(400, [Halted])), true) : Run(call, graph.Requests, allOrNone: true);
            failures += failed ? 1 : 0;
            return (graph.Id, Answers: answers, Failed: failed);
        }).ToList();
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("graphs");
            foreach (var (id, answers, failed) in answered)
            {
                w.WriteStartObject();
                w.WriteString("graphId", id);
                w.WriteStartObject("graphResponse");
                WriteAnswers(w, answers);
                w.WriteEndObject();
                w.WriteBoolean("isSuccessful", !failed);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private static List<string> ReferenceIds(List<JsonElement> requests)
    {
        var ids = requests.Select(r => Text(r, "referenceId")).ToList();
        if (ids.FirstOrDefault(id => !ReferenceId().IsMatch(id)) is { } bad)
            throw new ApiException(400, "JSON_PARSER_ERROR",
                $"Provided referenceId ('{bad}') must start with a letter or a number, and it can contain only letters, numbers and underscores.");
        if (ids.GroupBy(id => id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ApiException(400, "JSON_PARSER_ERROR", $"Duplicate referenceId '{twice.Key}'.");
        return ids;
    }

    /// <summary>The longest chain of requests that refer to one another.</summary>
    private static int Depth(List<JsonElement> requests)
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var request in requests)
            depths[Text(request, "referenceId")] = 1 + Reference().Matches(request.GetRawText()).Max(m => (int?)depths.GetValueOrDefault(m.Groups["ref"].Value)).GetValueOrDefault();
        return depths.Values.Max();
    }

    /// <summary>The answers by reference id, in the order asked, and whether any failed.</summary>
    private (Dictionary<string, ApiAnswer> Answers, bool Failed) Run(ApiCall call, List<JsonElement> requests, bool allOrNone)
    {
        var ids = ReferenceIds(requests);
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
        return (answers, failed);
    }

    /// <summary>Urls are without /services/data/; nothing is undone.</summary>
    public ApiAnswer Batch(ApiCall call)
    {
        var body = call.JsonBody();
        var halt = body.TryGetProperty("haltOnError", out var flag) && flag.ValueKind == JsonValueKind.True;
        var answers = new List<ApiAnswer>();
        foreach (var request in Listed(body, "batchRequests"))
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

    private static List<JsonElement> Listed(JsonElement body, string name, int most = MostSubrequests)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            throw new ApiException(400, "JSON_PARSER_ERROR", $"The body must hold an array '{name}'.");
        var requests = list.EnumerateArray().ToList();
        if (requests.Count == 0 || requests.Count > most)
            throw new ApiException(400, "LIMIT_EXCEEDED", $"'{name}' may hold 1 to {most}; this one holds {requests.Count}.");
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

    private static void WriteAnswers(Utf8JsonWriter w, Dictionary<string, ApiAnswer> answers)
    {
        w.WriteStartArray("compositeResponse");
        foreach (var (id, answer) in answers)
            WriteAnswer(w, answer, id);
        w.WriteEndArray();
    }

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

    [GeneratedRegex(@"^/services/data/v\d+\.\d/sobjects/\w+", RegexOptions.IgnoreCase)]
    private static partial Regex RowUrl();

    [GeneratedRegex(@"^[A-Za-z0-9]\w*$")]
    private static partial Regex ReferenceId();

    [GeneratedRegex(@"@\{(?<ref>\w+)(?<path>(\.\w+|\[\d+\])*)\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\.(?<name>\w+)|\[(?<index>\d+)\]")]
    private static partial Regex PathStep();
}
