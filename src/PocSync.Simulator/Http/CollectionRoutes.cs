using System.Text.Json;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Http;

/// <summary>/composite/sobjects: up to 200 rows inserted, updated, upserted, deleted or retrieved in one call. HTTP 200 even where every row
/// failed.</summary>
internal sealed class CollectionRoutes(Org org, Writers writers)
{
    private const int MostRows = 200, MostChunks = 10, MostRetrieved = 2000;

    private static readonly RowError RolledBack = new("ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "Record rolled back because not all records were valid and the request was using AllOrNone header");

    /// <param name="anyFailed">Whether a row of a write failed.</param>
    /// <param name="forceAllOrNone">A composite call that is all or none makes each collection in it so.</param>
    public ApiAnswer Handle(ApiCall call, bool forceAllOrNone, out bool anyFailed)
    {
        anyFailed = false;
        var s = call.Segments;
        var schema = s.Count > 2 ? org.Schema.TryFind(s[2], out var found) ? found : throw ApiException.NotFound() : null;
        switch (call.Method)
        {
            case "POST" when s.Count == 2:
                return Save(call, null, null, forceAllOrNone, out anyFailed);
            case "PATCH" when s.Count == 2:
                return Save(call, null, null, forceAllOrNone, out anyFailed);
            case "PATCH" when s.Count == 4:
                return Save(call, schema, Key(schema!, s[3]), forceAllOrNone, out anyFailed);
            case "DELETE" when s.Count == 2:
                return Delete(call, forceAllOrNone, out anyFailed);
            case "POST" when s.Count == 3:
                var body = call.JsonBody();
                return Retrieve(call, schema!, Strings(body, "ids"), Strings(body, "fields"));
            case "GET" or "HEAD" when s.Count == 3:
                return Retrieve(call, schema!, Split(call.Parameter("ids")), Split(call.Parameter("fields")));
            default:
                throw s.Count switch
                {
                    2 => call.NotAllowed("DELETE", "PATCH", "POST"),
                    3 => call.NotAllowed("GET", "POST", "HEAD"),
                    4 => call.NotAllowed("PATCH"),
                    _ => ApiException.NotFound(),
                };
        }
    }

    private static List<string> Split(string? list) =>
        [.. (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static Field Key(SObject schema, string name) =>
        schema.Find(name) is { } key && (key.ExternalId || key.IdLookup)
            ? key : throw new ApiException(404, "NOT_FOUND", $"Provided external ID field does not exist or is not accessible: {name}");

    private static List<string> Strings(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(e => e.ToString())]
            : throw new ApiException(400, "JSON_PARSER_ERROR", $"The body must hold an array '{name}'.");

    private ApiAnswer Save(ApiCall call, SObject? upserted, Field? key, bool forceAllOrNone, out bool anyFailed)
    {
        var body = call.JsonBody();
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("records", out var records) || records.ValueKind != JsonValueKind.Array)
            throw new ApiException(400, "JSON_PARSER_ERROR", "The body must hold an array 'records'.");
        var allOrNone = forceAllOrNone || (body.TryGetProperty("allOrNone", out var flag) && flag.ValueKind == JsonValueKind.True);
        Limit(records.GetArrayLength());
        var types = records.EnumerateArray().Select(TypeOf).ToList();
        if (types.Where((t, i) => i == 0 || !string.Equals(t, types[i - 1], StringComparison.OrdinalIgnoreCase)).Count() > MostChunks)
            throw new ApiException(400, "INVALID_OPERATION",
                $"Too many chunks: the records of a call may change type {MostChunks - 1} times at most.");
        var writer = writers.For(call);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var creates = call.Method == "POST";
        var outcomes = All(records.EnumerateArray().Select((json, i) =>
        {
            if (types[i] is not { } type || !org.Schema.TryFind(type, out var schema))
                return RowOutcome.Failed(null, new RowError("INVALID_TYPE", $"sObject type '{types[i]}' is not supported."));
            if (upserted is not null && schema != upserted)
                return RowOutcome.Failed(null,
                    new RowError("INVALID_TYPE", $"Record type {schema.Name} does not match the type of the request, {upserted.Name}."));
            var draft = DraftJson.Read(org, schema, json, ignoreId: true);
            if (upserted is not null)
                return Upsert(writer, draft, key!, json, seen);
            if (creates)
                return writer.Insert(draft);
            if (draft.Id is null)
                return RowOutcome.Failed(null, draft.Errors.Count > 0 ? draft.Errors
                    : [new RowError("MISSING_ARGUMENT", "Id not specified in an update call", "Id")]);
            return seen.Add(draft.Id) ? writer.Update(draft)
                : RowOutcome.Failed(draft.Id, new RowError("DUPLICATE_VALUE", $"duplicate id in list: {draft.Id}", "Id"));
        }), allOrNone, out anyFailed);
        return Answer(outcomes, withCreated: upserted is not null);
    }

    private static RowOutcome Upsert(RecordWriter writer, Draft draft, Field key, JsonElement json, HashSet<string> seen)
    {
        if (key.Type == ApiType.Id)
            return writer.Upsert(draft, key, draft.Id);
        draft.TryGet(key, out var value);
        draft.Values.RemoveAll(v => v.Field == key);
        draft.Id = null;
        var text = value is null ? null : CellText.Write(value);
        if (text is not null && !seen.Add(key.CaseSensitive ? text : text.ToUpperInvariant()))
            return RowOutcome.Failed(null, new RowError("DUPLICATE_VALUE", $"Duplicate external id specified: {text}", key.Name));
        return writer.Upsert(draft, key, text);
    }

    private ApiAnswer Delete(ApiCall call, bool forceAllOrNone, out bool anyFailed)
    {
        var ids = Split(call.Parameter("ids"));
        Limit(ids.Count);
        var writer = writers.For(call);
        var allOrNone = forceAllOrNone || call.Parameter("allOrNone") is "true";
        var outcomes = All(ids.Select(text => RecordId.TryNormalize(text, out var id)
            ? writer.Delete(id) : RowOutcome.Failed(null, new RowError("MALFORMED_ID", $"malformed id {text}"))), allOrNone, out anyFailed);
        return Answer(outcomes, withCreated: false);
    }

    private ApiAnswer Retrieve(ApiCall call, SObject schema, List<string> ids, List<string> names)
    {
        if (ids.Count > MostRetrieved)
            throw new ApiException(400, "EXCEEDED_MAX_SIZE_REQUEST", $"retrieve exceeds {MostRetrieved} ids.");
        var fields = names.Select(n => schema.Find(n)
            ?? throw new ApiException(400, "INVALID_FIELD", $"No such column '{n}' on entity '{schema.Name}'."))
            .Append(schema.Id).Distinct().OrderBy(f => f.Ordinal).ToList();
        var table = org[schema];
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartArray();
            foreach (var text in ids)
                if (RecordId.TryNormalize(text, out var id) && table.FindLive(id) is >= 0 and var row)
                    RecordJson.Write(w, table, row, fields, call.Version);
                else
                    w.WriteNullValue();
            w.WriteEndArray();
        });
    }

    private List<RowOutcome> All(IEnumerable<RowOutcome> rows, bool allOrNone, out bool anyFailed)
    {
        var mark = org.Journal.Mark();
        var outcomes = rows.ToList();
        anyFailed = outcomes.Any(o => !o.Success);
        if (!allOrNone || !anyFailed)
            return outcomes;
        org.Journal.UndoTo(mark);
        return [.. outcomes.Select(o => o.Success ? RowOutcome.Failed(o.Created ? null : o.Id, RolledBack) : o)];
    }

    private static ApiAnswer Answer(List<RowOutcome> outcomes, bool withCreated) => ApiAnswer.Json(200, w =>
    {
        w.WriteStartArray();
        foreach (var outcome in outcomes)
        {
            w.WriteStartObject();
            if (outcome.Id is not null)
                w.WriteString("id", outcome.Id);
            w.WriteBoolean("success", outcome.Success);
            ApiAnswer.WriteRowErrors(w, outcome.Errors);
            if (withCreated && outcome.Success)
                w.WriteBoolean("created", outcome.Created);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    private static string? TypeOf(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty("attributes", out var attributes)
            && attributes.ValueKind == JsonValueKind.Object
        && attributes.TryGetProperty("type", out var type) ? type.ToString() : null;

    private static void Limit(int count)
    {
        if (count > MostRows)
            throw new ApiException(400, "EXCEEDED_MAX_SIZE_REQUEST", $"request has {count} records, the maximum is {MostRows}.");
    }
}
