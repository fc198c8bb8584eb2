using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>
/// /sobjects/X/updated and /deleted: ids whose SystemModstamp lies in a span of time, seconds cut off. Rows of objects without a recycle bin (the
/// account team) leave no trace here, as on the platform.
/// </summary>
internal static class Replication
{
    private const int MostIds = 600_000;

    public static ApiAnswer Updated(Org org, ApiCall call, SObject schema)
    {
        var (table, start, end) = Span(org, call, schema);
        var stamp = schema["SystemModstamp"];
        var ids = Enumerable.Range(0, table.Slots).Where(r => table.IsLive(r) && table[r, stamp] is DateTimeOffset at && at >= start && at < end)
            .Select(table.Id).ToList();
        Limit(ids.Count);
        return ApiAnswer.Of(200, new { ids, latestDateCovered = RecordJson.Instant(end) });
    }

    public static ApiAnswer Deleted(Org org, ApiCall call, SObject schema)
    {
        var (table, start, end) = Span(org, call, schema);
        var stamp = schema["SystemModstamp"];
        var rows = Enumerable.Range(0, table.Slots)
            .Where(r => table.State(r) == RowState.Deleted && table[r, stamp] is DateTimeOffset at && at >= start && at < end).ToList();
        Limit(rows.Count);
        return ApiAnswer.Of(200, new
        {
            deletedRecords = rows.Select(r => new { deletedDate = RecordJson.Instant((DateTimeOffset)table[r, stamp]!), id = table.Id(r) }),
            earliestDateAvailable = RecordJson.Instant(org.Now.AddDays(-15)),
            latestDateCovered = RecordJson.Instant(end),
        });
    }

    private static (Table Table, DateTimeOffset Start, DateTimeOffset End) Span(Org org, ApiCall call, SObject schema)
    {
        if (!call.IsGet)
            throw call.NotAllowed("GET", "HEAD");
        if (schema.Find("SystemModstamp") is null)
            throw ApiException.NotFound();
        var (start, end) = (Instant(call, "start"), Instant(call, "end"));
        if (end <= start || end - start < TimeSpan.FromMinutes(1))
            throw new ApiException(400, "INVALID_REPLICATION_DATE", "endDate must be at least one minute greater than startDate");
        if (start < org.Now.AddDays(-30))
            throw new ApiException(400, "INVALID_REPLICATION_DATE", "startDate before org replication enabled date");
        return (org[schema], start, end);
    }

    private static DateTimeOffset Instant(ApiCall call, string name)
    {
        if (call.Parameter(name) is not { } text || !CellText.TryReadInstant(text.Replace(' ', '+'), out var instant))
            throw new ApiException(400, "INVALID_REPLICATION_DATE", $"{name} must be an ISO 8601 datetime with a zone");
        return new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }

    private static void Limit(int count)
    {
        if (count > MostIds)
            throw new ApiException(400, "EXCEEDED_ID_LIMIT", "The limit of ids has been reached");
    }
}
