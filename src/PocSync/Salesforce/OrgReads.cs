using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>Reads the org. Small tables go by REST, large ones by Bulk API 2.0, in one shape.</summary>
public sealed class OrgReads
{
    /// <summary>The org takes 16,384 bytes of URL and headers together; the rest is for the token and the host.</summary>
    private const int LongestPath = 12_000;

    /// <summary>Of the 100,000 characters that a query may have.</summary>
    private const int LongestInList = 80_000;

    /// <summary>Queries that a composite call takes.</summary>
    private const int MostQueries = 5;

#if NETCOREFORCE
    internal NetCoreForce.NetCoreForceQueries? Small { private get; init; }

#endif
    private readonly OrgCalls _calls;
    private readonly BulkQueries _bulk;
    private readonly Sessions _sessions;
    private readonly SalesforceSettings _settings;

    internal OrgReads(OrgCalls calls, BulkQueries bulk, Sessions sessions, SalesforceSettings settings) =>
        (_calls, _bulk, _sessions, _settings) = (calls, bulk, sessions, settings);

    /// <summary>Which org the login reaches, and as whom: ids of 15 or 18 characters. Logs in where that has not happened yet.</summary>
    public async Task<(string OrganizationId, string UserId)> IdentityAsync(CancellationToken cancellation)
    {
        var session = await _sessions.CurrentAsync(cancellation);
        if (session is { OrganizationId: { } organization, UserId: { } user })
            return (organization, user);
        using var answer = await _calls.GetAsync("/services/oauth2/userinfo", cancellation);
        return OrgCalls.Shaped(answer.RootElement, json => (json.GetProperty("organization_id").GetString()!, json.GetProperty("user_id").GetString()!));
    }

    /// <summary>The API versions that the org serves, oldest first.</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(CancellationToken cancellation)
    {
        using var answer = await _calls.GetAsync("/services/data", cancellation);
        return OrgCalls.Shaped(answer.RootElement, json => json.EnumerateArray().Select(v => v.GetProperty("version").GetString()!).ToList());
    }

    /// <summary>The table by whichever API suits its number of rows: <paramref name="expected"/> where it is known, else what the first REST page says.</summary>
    public TableRead Read(TableQuery query, long? expected = null) => new(query.Object, query.Columns, RowsAsync(query, expected));

    /// <summary>The table by REST, 2,000 rows a call.</summary>
    public TableRead Query(TableQuery query) => new(query.Object, query.Columns,
#if NETCOREFORCE
        Small is { } small && PathOf(Ordered(query)).Length <= LongestPath
            ? small.RowsAsync(Ordered(query), last => RestRowsAsync(query.And($"Id > '{last}'"), null)) :
#endif
        InTimeAsync(query, RestRowsAsync(query, null), default));

    /// <summary>The table by a Bulk API 2.0 job.</summary>
    public TableRead BulkQuery(TableQuery query) => new(query.Object, query.Columns, _bulk.RowsAsync(query));

    /// <summary>The rows whose <paramref name="field"/> is one of <paramref name="values"/>, however many these are: in as few calls as they fit in.</summary>
    public TableRead ReadIn(TableQuery query, string field, IEnumerable<string> values) =>
        new(query.Object, query.Columns, InRowsAsync(query, field, values));

    /// <summary>How many rows objects hold, roughly and in one call; an object that is missing in the answer is empty or not counted.</summary>
    public async Task<IReadOnlyDictionary<string, long>> RecordCountsAsync(IEnumerable<string> objects, CancellationToken cancellation)
    {
        var path = _calls.Data("limits/recordCount?sObjects=" + Uri.EscapeDataString(string.Join(',', objects)));
        using var answer = await _calls.GetAsync(path, cancellation);
        return OrgCalls.Shaped(answer.RootElement, json => json.GetProperty("sObjects").EnumerateArray()
            .ToDictionary(o => o.GetProperty("name").GetString()!, o => o.GetProperty("count").GetInt64(), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>How many rows a condition selects, exactly.</summary>
    public async Task<long> CountAsync(string @object, string? where, CancellationToken cancellation)
    {
        using var page = await QueryPageAsync(new TableQuery(@object, ["Id"], where) { IsCount = true }, cancellation);
        return page.Total;
    }

    /// <summary>
    /// Several queries by REST, five a call: how many rows each selects, and its rows, of which all beyond the first page are fetched as they are read.
    /// </summary>
    public async Task<IReadOnlyList<(long Total, TableRead Read)>> QueryManyAsync(IEnumerable<TableQuery> queries, CancellationToken cancellation)
    {
        var found = new List<(long, TableRead)>();
        foreach (var part in queries.Chunk(MostQueries))
        {
            using var composite = await CompositeAsync([.. part.Select(q => PathOf(q.IsCount ? q : Ordered(q)))], cancellation);
            foreach (var (query, (status, body)) in part.Zip(Answers(composite)))
            {
                var page = status == 200 ? new Page(null, body.Clone()) : throw OrgCalls.Failure(status, body, $"The query of {query.Object}");
                found.Add((page.Total, new TableRead(query.Object, query.Columns, RestRowsAsync(query, page))));
            }
        }
        return found;
    }

    /// <summary>When the org answered last, by its own clock; null where it does not tell.</summary>
    public DateTimeOffset? AnsweredAt => _calls.AnsweredAt;

    /// <summary>Null where the org has no such object, or hides it from this user.</summary>
    public async Task<ObjectDescribe?> DescribeAsync(string @object, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _calls.GetAsync(_calls.Data($"sobjects/{Uri.EscapeDataString(@object)}/describe"), cancellation);
            return OrgCalls.Shaped(answer.RootElement, json => json.Deserialize<ObjectDescribe>(JsonSerializerOptions.Web)!);
        }
        catch (SalesforceException e) when (e is { Status: 404, Code: "NOT_FOUND" })
        {
            return null;
        }
    }

    /// <summary>Many objects, 25 a call; one that the org does not have, or hides from this user, is missing in the answer.</summary>
    public async Task<IReadOnlyList<ObjectDescribe>> DescribeManyAsync(IEnumerable<string> objects, CancellationToken cancellation)
    {
        var found = new List<ObjectDescribe>();
        foreach (var part in objects.Chunk(OrgWrites.MaxSteps))
        {
            using var composite = await CompositeAsync([.. part.Select(o => _calls.Data($"sobjects/{Uri.EscapeDataString(o)}/describe"))], cancellation);
            foreach (var (status, body) in Answers(composite))
            {
                if (status == 200)
                    found.Add(OrgCalls.Shaped(body, json => json.Deserialize<ObjectDescribe>(JsonSerializerOptions.Web)!));
                else if (status != 404)
                    throw OrgCalls.Failure(status, body, "A describe");
            }
        }
        return found;
    }

    /// <summary>Every object the user can see.</summary>
    public async Task<IReadOnlyList<ObjectSummary>> DescribeGlobalAsync(CancellationToken cancellation)
    {
        using var answer = await _calls.GetAsync(_calls.Data("sobjects"), cancellation);
        return OrgCalls.Shaped(answer.RootElement, json => json.GetProperty("sobjects").Deserialize<ObjectSummary[]>(JsonSerializerOptions.Web)!);
    }

    private async IAsyncEnumerable<string?[]> RowsAsync(
        TableQuery query, long? expected, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Page? first = null;
        if (expected is null || expected <= _settings.BulkReadThreshold)
        {
            first = await FirstPageAsync(query, cancellation);
            if (first?.Total > _settings.BulkReadThreshold)
            {
                first.Dispose();
                first = null;
            }
        }
        var rows = first is null ? _bulk.RowsAsync(query, cancellation) : RestRowsAsync(query, first, cancellation);
        await foreach (var row in InTimeAsync(query, rows, cancellation))
            yield return row;
    }

    /// <summary>The first page; null where it takes the org too long.</summary>
    private async Task<Page?> FirstPageAsync(TableQuery query, CancellationToken cancellation)
    {
        try
        {
            return await QueryPageAsync(Ordered(query), cancellation);
        }
        catch (SalesforceException e) when (e.Class == ErrorClass.Split && IdColumn(query) >= 0)
        {
            return null;
        }
    }

    /// <summary>The rows; where they take the org too long before the first is there, range by range of their ids.</summary>
    private async IAsyncEnumerable<string?[]> InTimeAsync(
        TableQuery query, IAsyncEnumerable<string?[]> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var whole = rows.GetAsyncEnumerator(cancellation);
        var isWhole = true;
        var more = false;
        try
        {
            more = await whole.MoveNextAsync();
        }
        catch (SalesforceException e) when (e.Class == ErrorClass.Split && IdColumn(query) >= 0)
        {
            isWhole = false;
        }
        for (; more; more = await whole.MoveNextAsync())
            yield return whole.Current;
        if (isWhole)
            yield break;
        await foreach (var row in InRangesAsync(query, cancellation))
            yield return row;
    }

    private async IAsyncEnumerable<string?[]> InRangesAsync(TableQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The ends of the table, without the condition: the org has them at once.
        var ends = new TableQuery(query.Object, ["Id"]) { WithDeleted = query.WithDeleted };
        var (first, last) = (await EndAsync(ends with { IsLast = false }, cancellation), await EndAsync(ends with { IsLast = true }, cancellation));
        if (first is null || last is null)
            yield break;
        var ranges = new Stack<IdRange>([new IdRange(null, last)]);
        while (ranges.TryPop(out var range))
        {
            var part = range.Of(query);
            if (await FirstPageAsync(part, cancellation) is { } page)
            {
                await foreach (var row in RestRowsAsync(part, page, cancellation))
                    yield return row;
            }
            else if (range.Halves(first) is var (low, high))
            {
                ranges.Push(high);
                ranges.Push(low);
            }
            else
                throw new SalesforceException("QUERY_TIMEOUT", $"The query of {query.Object} takes the org too long even for single records: a scope or an index of the org is to be looked at.");
        }
    }

    private async Task<string?> EndAsync(TableQuery end, CancellationToken cancellation)
    {
        using var page = await QueryPageAsync(end, cancellation);
        return page.Records.Select(r => r.GetProperty("Id").GetString()).FirstOrDefault();
    }

    /// <summary>The order lets a query whose cursor the org has dropped go on after its last row.</summary>
    private static TableQuery Ordered(TableQuery query) => query with { IsOrdered = IdColumn(query) >= 0 };

    private static int IdColumn(TableQuery query) => query.Columns.ToList().FindIndex(c => c.Equals("Id", StringComparison.OrdinalIgnoreCase));

    private async IAsyncEnumerable<string?[]> RestRowsAsync(
        TableQuery query, Page? first, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var flat = new FlatRow(query);
        var id = IdColumn(query);
        string? last = null;
        var page = first ?? await QueryPageAsync(Ordered(query), cancellation);
        while (true)
        {
            string? next;
            using (page)
            {
                foreach (var record in page.Records)
                {
                    var row = flat.Read(record);
                    last = id < 0 ? null : row[id];
                    yield return row;
                }
                next = page.Next;
            }
            if (next is null)
                yield break;
            try
            {
                page = new Page(await _calls.GetAsync(OrgCalls.Follow(next), cancellation));
            }
            catch (SalesforceException e) when (e.Class == ErrorClass.RestartQuery && last is not null)
            {
                page = await QueryPageAsync(Ordered(query.And($"Id > '{last}'")), cancellation);
            }
        }
    }

    private async IAsyncEnumerable<string?[]> InRowsAsync(
        TableQuery query, string field, IEnumerable<string> values, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var list = new StringBuilder();
        foreach (var value in values.Distinct(StringComparer.Ordinal))
        {
            var quoted = TableQuery.Quote(value);
            if (list.Length > 0 && list.Length + quoted.Length > LongestInList)
            {
                await foreach (var row in RestRowsAsync(query.And($"{field} IN ({list})"), null, cancellation))
                    yield return row;
                list.Clear();
            }
            list.Append(list.Length == 0 ? "" : ",").Append(quoted);
        }
        if (list.Length == 0)
            yield break;
        await foreach (var row in RestRowsAsync(query.And($"{field} IN ({list})"), null, cancellation))
            yield return row;
    }

    /// <summary>The first page of a query. REST knows no query by POST; a composite of one call takes what a URL cannot hold.</summary>
    private async Task<Page> QueryPageAsync(TableQuery query, CancellationToken cancellation)
    {
        var path = PathOf(query);
        if (path.Length <= LongestPath)
            return new Page(await _calls.GetAsync(path, cancellation));
        var answer = await CompositeAsync([path], cancellation);
        var (status, body) = Answers(answer)[0];
        if (status == 200)
            return new Page(answer, body);
        using (answer)
            throw OrgCalls.Failure(status, body, "The query");
    }

    private string PathOf(TableQuery query) => _calls.Data($"{(query.WithDeleted ? "queryAll" : "query")}?q={Uri.EscapeDataString(query.Soql)}");

    /// <summary>Several GETs in one call.</summary>
    private Task<JsonDocument> CompositeAsync(IReadOnlyList<string> paths, CancellationToken cancellation) =>
        _calls.JsonAsync(HttpMethod.Post, _calls.Data("composite"), CallEffect.Read, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("compositeRequest");
            foreach (var (i, path) in paths.Index())
            {
                json.WriteStartObject();
                json.WriteString("method", "GET");
                json.WriteString("url", path);
                json.WriteString("referenceId", $"get{i}");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }, [], cancellation);

    private static (int Status, JsonElement Body)[] Answers(JsonDocument composite) => OrgCalls.Shaped(composite.RootElement, json =>
        json.GetProperty("compositeResponse").EnumerateArray().Select(a => (a.GetProperty("httpStatusCode").GetInt32(), a.GetProperty("body"))).ToArray());

    private sealed class Page : IDisposable
    {
        private readonly JsonDocument? document;

        public Page(JsonDocument document) : this(document, document.RootElement) { }

        /// <summary>Null where the body lives without a document.</summary>
        public Page(JsonDocument? document, JsonElement body)
        {
            this.document = document;
            (Total, Next, Records) = OrgCalls.Shaped(body, json => (
                json.GetProperty("totalSize").GetInt64(),
                json.GetProperty("done").GetBoolean() ? null
                    : json.GetProperty("nextRecordsUrl").GetString() ?? throw new KeyNotFoundException("nextRecordsUrl"),
                json.GetProperty("records").EnumerateArray()));
        }

        public long Total { get; }
        public JsonElement.ArrayEnumerator Records { get; }

        /// <summary>The path of the next page; null on the last.</summary>
        public string? Next { get; }

        public void Dispose() => document?.Dispose();
    }
}
