using System.Collections.Concurrent;
using System.Text.Json;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Http;

/// <summary>query, queryAll and the pages behind their locators. A locator lives two days by the org's clock.</summary>
internal sealed class QueryRoutes(Org org, QueryObjects objects)
{
    private const int DefaultBatch = 2000, SmallestBatch = 200;
    private static readonly TimeSpan CursorLife = TimeSpan.FromDays(2);
    private readonly ConcurrentDictionary<string, Cursor> cursors = new(StringComparer.Ordinal);
    private long opened;

    public ApiAnswer Handle(ApiCall call)
    {
        if (!call.IsGet)
            throw call.NotAllowed("GET", "HEAD");
        var all = call.Segments[0].Equals("queryAll", StringComparison.OrdinalIgnoreCase);
        if (call.Segments.Count > 1)
            return More(call, call.Segments[1], all);
        if (call.Parameter("q") is not { Length: > 0 } soql)
            throw new ApiException(400, "MALFORMED_QUERY", "A query string has to be specified");
        var result = Run(call, soql, all);
        if (call.Parameter("columns") is "true")
            return Columns(result, soql);
        return Page(call, new Cursor(result, BatchSize(call, result), org.Clock.GetUtcNow(), null), 0, all);
    }

    /// <exception cref="ApiException">400 with SOQL's own code and message.</exception>
    private QueryResult Run(ApiCall call, string soql, bool all)
    {
        try
        {
            var result = QueryEvaluator.Run(Query.Parse(soql), new QuerySource(org, objects, all, call.UserId, soql), org.Dates);
            return result.Count <= (org.Settings.MostQueryRows ?? int.MaxValue) ? result
                : throw new ApiException(400, "QUERY_TIMEOUT", "Your query request was running for too long.");
        }
        catch (QueryException e)
        {
            throw new ApiException(400, e.ErrorCode, e.Message);
        }
    }

    private ApiAnswer More(ApiCall call, string locator, bool all)
    {
        var dash = locator.LastIndexOf('-');
        if (dash < 0 || !int.TryParse(locator.AsSpan(dash + 1), out var from) || !cursors.TryGetValue(locator[..dash], out var cursor)
            || org.Clock.GetUtcNow() - cursor.Opened > CursorLife || from < 0 || from > cursor.Result.Count)
            throw new ApiException(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
        return Page(call, cursor, from, all);
    }

    private ApiAnswer Page(ApiCall call, Cursor cursor, int from, bool all)
    {
        var result = cursor.Result;
        var next = from + cursor.Batch;
        var done = next >= result.Count;
        if (!done && cursor.Id is null)
        {
            foreach (var (id, old) in cursors)
                if (org.Clock.GetUtcNow() - old.Opened > CursorLife)
                    cursors.TryRemove(id, out _);
            cursor = cursor with { Id = SalesforceId.Make("0r8", "xx", Interlocked.Increment(ref opened)) };
            cursors[cursor.Id!] = cursor;
        }
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("totalSize", result.TotalSize);
            w.WriteBoolean("done", done);
            if (!done)
                w.WriteString("nextRecordsUrl", call.DataPath($"{(all ? "queryAll" : "query")}/{cursor.Id}-{next}"));
            w.WriteStartArray("records");
            foreach (var record in result.Records(from, cursor.Batch))
                RecordJson.Write(w, record, result.Columns, call.Version);
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private static int BatchSize(ApiCall call, QueryResult result)
    {
        var largest = result.Columns.Count(c => c.Field?.Type == FieldType.LongText) >= 2 ? SmallestBatch : DefaultBatch;
        foreach (var option in (call.Header("Sforce-Query-Options") ?? "").Split(',', ';'))
            if (option.Split('=') is [var name, var value] && name.Trim().Equals("batchSize", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(value, out var wanted))
                return Math.Clamp(wanted, SmallestBatch, largest);
        return largest;
    }

    private ApiAnswer Columns(QueryResult result, string soql) => ApiAnswer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteStartArray("columnMetadata");
        WriteColumns(w, result.Columns, result.Object.Name);
        w.WriteEndArray();
        w.WriteString("entityName", result.Object.Name);
        w.WriteBoolean("groupBy", result.IsGrouped && soql.Contains("group by", StringComparison.OrdinalIgnoreCase));
        w.WriteBoolean("idSelected", result.Columns.Any(c => c.Name == "Id"));
        w.WriteString("keyPrefix", org.Schema.TryFind(result.Object.Name, out var schema) ? schema.KeyPrefix : null);
        w.WriteEndObject();
    });

    private void WriteColumns(Utf8JsonWriter w, IReadOnlyList<QueryColumn> columns, string of)
    {
        foreach (var column in columns)
        {
            var field = org.Schema.TryFind(of, out var schema) && column.Kind == ColumnKind.Field ? schema.Find(column.Name) : null;
            w.WriteStartObject();
            w.WriteBoolean("aggregate", column.Kind is ColumnKind.Aggregate or ColumnKind.Children);
            w.WriteString("apexType", field is null ? null : field.Type is ApiType.Id or ApiType.Reference ? "Id" : field.Type.ToString());
            w.WriteBoolean("booleanType", field?.Type == ApiType.Boolean);
            w.WriteString("columnName", column.Name);
            w.WriteBoolean("custom", field?.IsCustom == true);
            w.WriteString("displayName", column.Name);
            w.WriteNull("foreignKeyName");
            w.WriteBoolean("insertable", field?.Createable == true);
            w.WriteStartArray("joinColumns");
            WriteColumns(w, column.Columns, column.Kind is ColumnKind.Parent && org.Schema.TryFind(of, out var child)
                ? child.FindRelationship(column.Name)?.ReferenceTo.FirstOrDefault() ?? "" : "");
            w.WriteEndArray();
            w.WriteBoolean("numberType", field?.Type.IsNumber() == true);
            w.WriteBoolean("textType", field?.Type.IsText() == true);
            w.WriteBoolean("updatable", field?.Updateable == true);
            w.WriteEndObject();
        }
    }

    private sealed record Cursor(QueryResult Result, int Batch, DateTimeOffset Opened, string? Id);
}
