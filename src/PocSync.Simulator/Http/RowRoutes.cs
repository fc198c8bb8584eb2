using PocSync.Simulator.Platform;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Http;

/// <summary>/sobjects: describe, single rows by id or external id, and what was changed or deleted in a span of time.</summary>
internal sealed class RowRoutes(Org org, Writers writers)
{
    private readonly DescribeRoutes describe = new(org);

    public ApiAnswer Handle(ApiCall call)
    {
        var s = call.Segments;
        if (s.Count == 1)
            return call.IsGet ? Preconditions.SchemaUnlessKnown(call, org.Started, () => describe.Global(call))
                : throw call.NotAllowed("GET", "HEAD");
        if (!org.Schema.TryFind(s[1], out var schema) || org.Settings.Hidden.Contains(schema.Name))
            throw ApiException.NotFound();
        return s.Count switch
        {
            2 when call.IsGet => describe.Basic(call, schema),
            2 when call.Method == "POST" => Create(call, schema),
            2 => throw call.NotAllowed("GET", "POST", "HEAD"),
            3 when Is(s[2], "describe") => call.IsGet ? Preconditions.SchemaUnlessKnown(call, org.Started, () => describe.Object(call, schema))
                : throw call.NotAllowed("GET", "HEAD"),
            3 when Is(s[2], "updated") => Replication.Updated(org, call, schema),
            3 when Is(s[2], "deleted") => Replication.Deleted(org, call, schema),
            3 when call.Method == "POST" && Is(s[2], "Id") => Create(call, schema),
            3 => ById(call, schema, s[2]),
            4 when Is(s[2], "Id") => ById(call, schema, s[3]),
            4 => ByExternalId(call, schema, s[2], s[3]),
            _ => throw ApiException.NotFound(),
        };
    }

    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);

    private ApiAnswer Create(ApiCall call, SObject schema)
    {
        var outcome = writers.For(call).Insert(DraftJson.Read(org, schema, call.JsonBody(), ignoreId: false));
        return outcome.Success ? Saved(call, schema, outcome, 201, withCreated: false) : throw Refused(outcome);
    }

    private ApiAnswer ById(ApiCall call, SObject schema, string text)
    {
        if (call.Method is not ("GET" or "HEAD" or "PATCH" or "DELETE"))
            throw call.NotAllowed("DELETE", "GET", "PATCH", "HEAD");
        if (!RecordId.TryNormalize(text, out var id) || org.Schema.OfId(id) is { } other && other != schema)
            throw new ApiException(400, "MALFORMED_ID", $"{schema.Label} ID: id value of incorrect type: {text}", "Id");
        var table = org[schema];
        var row = table.Find(id);
        if (row < 0)
            throw call.Method == "DELETE" ? new ApiException(404, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
                : ApiException.NotFound();
        if (!table.IsLive(row))
            throw new ApiException(404, "ENTITY_IS_DELETED", "entity is deleted");
        if (call.Method == "DELETE")
            return writers.For(call).Delete(id, schema) is { Success: false } failed ? throw Refused(failed) : ApiAnswer.NoContent;
        if (Preconditions.Check(call, table, row) is { } unchanged)
            return unchanged;
        if (call.IsGet)
            return Row(call, table, row);
        var draft = DraftJson.Read(org, schema, call.JsonBody(), ignoreId: false);
        draft.Id = id;
        return writers.For(call).Update(draft) is { Success: false } refused ? throw Refused(refused) : ApiAnswer.NoContent;
    }

    private ApiAnswer ByExternalId(ApiCall call, SObject schema, string fieldName, string value)
    {
        if (call.Method is not ("GET" or "HEAD" or "PATCH" or "DELETE"))
            throw call.NotAllowed("DELETE", "GET", "PATCH", "HEAD");
        if (schema.Find(fieldName) is not { } key || !(key.ExternalId || key.IdLookup))
            throw new ApiException(404, "NOT_FOUND", $"Provided external ID field does not exist or is not accessible: {fieldName}");
        var table = org[schema];
        var matches = table.LiveRows(key, value).ToList();
        if (matches.Count > 1)
            return ApiAnswer.Json(300, w =>
            {
                w.WriteStartArray();
                foreach (var match in matches)
                    w.WriteStringValue(call.DataPath($"sobjects/{schema.Name}/{table.Id(match)}"));
                w.WriteEndArray();
            });
        if (call.Method != "PATCH" && matches.Count == 0)
            throw ApiException.NotFound();
        if (call.IsGet)
            return Preconditions.Check(call, table, matches[0]) ?? Row(call, table, matches[0]);
        if (call.Method == "DELETE")
            return writers.For(call).Delete(table.Id(matches[0]), schema) is { Success: false } failed ? throw Refused(failed) : ApiAnswer.NoContent;
        if (matches.Count == 1)
            Preconditions.Check(call, table, matches[0]);
        var draft = DraftJson.Read(org, schema, call.JsonBody(), ignoreId: false);
        if (draft.TryGet(key, out _))
            throw new ApiException(400, "INVALID_FIELD", $"The {key.Name} field should not be specified in the sobject data.", key.Name);
        var outcome = writers.For(call).Upsert(draft, key, value, mayCreate: call.Parameter("updateOnly") is not "true");
        return outcome.Success ? Saved(call, schema, outcome, outcome.Created ? 201 : 200, withCreated: true) : throw Refused(outcome);
    }

    private ApiAnswer Row(ApiCall call, Table table, int row)
    {
        IEnumerable<Field> wanted = call.Parameter("fields") is { Length: > 0 } names
            ? names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => Named(table.Schema, n)).Append(table.Schema.Id)
            : table.Schema.Fields;
        var answer = ApiAnswer.Json(200, w => RecordJson.Write(w, table, row, wanted.Distinct(), call.Version));
        return answer with { Headers = Preconditions.Headers(table, row) };
    }

    private static Field Named(SObject schema, string name) => schema.Find(name) ?? throw new ApiException(400, "INVALID_FIELD",
        $"No such column '{name}' on entity '{schema.Name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom "
        + "field name. Please reference your WSDL or the describe call for the appropriate names.");

    private static ApiAnswer Saved(ApiCall call, SObject schema, RowOutcome outcome, int status, bool withCreated)
    {
        var answer = ApiAnswer.Json(status, w =>
        {
            w.WriteStartObject();
            w.WriteString("id", outcome.Id);
            w.WriteBoolean("success", true);
            ApiAnswer.WriteRowErrors(w, []);
            if (withCreated)
                w.WriteBoolean("created", outcome.Created);
            w.WriteEndObject();
        });
        return outcome.Created ? answer with { Headers = [("Location", call.DataPath($"sobjects/{schema.Name}/{outcome.Id}"))] } : answer;
    }

    private static ApiException Refused(RowOutcome outcome) => new(outcome.Errors[0].Code switch
    {
        "ENTITY_IS_DELETED" when outcome.Errors[0].Fields.Count == 0 && outcome.Id is not null => 404,
        "NOT_FOUND" => 404,
        "INSUFFICIENT_ACCESS_OR_READONLY" => 403,
        _ => 400,
    }, outcome.Errors);
}
