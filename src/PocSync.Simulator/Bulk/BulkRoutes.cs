using System.Text;
using System.Text.Json;
using PocSync.Simulator.Http;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Bulk;

/// <summary>/jobs/query and /jobs/ingest, Bulk API 2.0.</summary>
internal sealed class BulkRoutes(Org org, QueryObjects objects, BulkJobs jobs)
{
    private const int RowsOfPage = 50_000, PagesAtOnce = 5, JobsOfPage = 1_000;
    private static readonly string[] Operations = ["insert", "update", "upsert", "delete", "hardDelete"];

    public ApiAnswer Handle(ApiCall call)
    {
        var s = call.Segments.Select(p => p.ToLowerInvariant()).ToArray();
        return s switch
        {
            ["jobs", "query"] => call.Method == "POST" ? CreateQuery(call) : call.IsGet ? List<BulkQueryJob>(call, "query")
                : throw call.NotAllowed("GET", "POST"),
            ["jobs", "ingest"] => call.Method == "POST" ? CreateIngest(call) : call.IsGet ? List<BulkIngestJob>(call, "ingest")
                : throw call.NotAllowed("GET", "POST"),
            ["jobs", "query", _] => One(call, Job<BulkQueryJob>(call)),
            ["jobs", "ingest", _] => One(call, Job<BulkIngestJob>(call)),
            ["jobs", "query", _, "results"] when call.IsGet => Results(call, Job<BulkQueryJob>(call)),
            ["jobs", "query", _, "resultpages"] when call.IsGet => ResultPages(call, Job<BulkQueryJob>(call)),
            ["jobs", "ingest", _, "batches"] => call.Method == "PUT" ? Upload(call, Job<BulkIngestJob>(call)) : throw call.NotAllowed("PUT"),
            ["jobs", "ingest", _, var results] when call.IsGet => IngestResults(Job<BulkIngestJob>(call), results),
            _ => throw ApiException.NotFound(),
        };
    }

    private T Job<T>(ApiCall call) where T : BulkJob => jobs.Find<T>(call.Segments[2]) ?? throw ApiException.NotFound();

    private ApiAnswer CreateQuery(ApiCall call)
    {
        var body = call.JsonBody();
        var soql = Text(body, "query") ?? throw new ApiException(400, "INVALIDJOB", "query is missing");
        var operation = ((string[])["query", "queryAll"]).FirstOrDefault(o => o.Equals(Text(body, "operation"), StringComparison.OrdinalIgnoreCase))
            ?? throw new ApiException(400, "INVALIDJOB", "operation must be query or queryAll");
        QueryResult shape;
        try
        {
            var query = Query.Parse(soql);
            if (query.IsGrouped || query.HasChildren || query.HasTypeOf || query.IsUnbounded || query.Offset is not null)
                throw new ApiException(400, "API_ERROR",
                    "Bulk queries support neither GROUP BY, aggregate functions, OFFSET, TYPEOF, FIELDS(ALL), FIELDS(CUSTOM) nor parent-to-child subqueries");
            shape = QueryEvaluator.Run(query, new NoRows(org, objects), org.Dates);
        }
        catch (QueryException e)
        {
            throw new ApiException(400, e.ErrorCode, e.Message);
        }
        var of = org.Schema[shape.Object.Name];
        if (shape.Cells.FirstOrDefault(c => c.Field is { } field && of.Find(field.Name)?.Type == ApiType.Address) is { } compound)
            throw new ApiException(400, "API_ERROR", $"Selecting compound data not supported in Bulk Query: {compound.Heading}");
        var job = new BulkQueryJob
        {
            Id = jobs.NextId(),
            Operation = operation,
            Object = of,
            Soql = soql,
            CreatedById = call.UserId,
            Created = org.Now,
            Version = call.Version,
            DelimiterName = Delimiter(body),
            LineEnding = Ending(body),
        };
        job.Begin(BulkState.UploadComplete);
        jobs.Add(job);
        var answer = ApiAnswer.Json(200, w => job.Write(w, full: false));
        jobs.Start(job);
        return answer;
    }

    private ApiAnswer CreateIngest(ApiCall call)
    {
        var body = call.JsonBody();
        if (!org.Schema.TryFind(Text(body, "object") ?? "", out var of))
            throw new ApiException(400, "INVALIDJOB", $"InvalidJob : Unable to find object: {Text(body, "object")}");
        var operation = Operations.FirstOrDefault(o => o.Equals(Text(body, "operation"), StringComparison.OrdinalIgnoreCase))
            ?? throw new ApiException(400, "INVALIDJOB", $"operation must be one of {string.Join(", ", Operations)}");
        Field? key = null;
        if (operation == "upsert")
            key = of.Find(Text(body, "externalIdFieldName") ?? "") is { } field && (field.ExternalId || field.IdLookup)
                ? field : throw new ApiException(400, "INVALIDJOB",
                    "InvalidJob : Field name provided, does not match an External ID, or indexed field");
        var job = new BulkIngestJob
        {
            Id = jobs.NextId(),
            Operation = operation,
            Object = of,
            Key = key,
            CreatedById = call.UserId,
            Created = org.Now,
            Version = call.Version,
            DelimiterName = Delimiter(body),
            LineEnding = Ending(body),
        };
        job.Begin(BulkState.Open);
        jobs.Add(job);
        return ApiAnswer.Json(200, w => job.Write(w, full: false));
    }

    private ApiAnswer One(ApiCall call, BulkJob job)
    {
        switch (call.Method)
        {
            case "GET" or "HEAD":
                return ApiAnswer.Json(200, w => job.Write(w, full: true));
            case "DELETE":
                if (!(job.IsOver || (job is BulkIngestJob && job.State == BulkState.UploadComplete)))
                    throw new ApiException(400, "API_ERROR", "Error encountered when deleting the job because the job is not terminated");
                jobs.Remove(job);
                return ApiAnswer.NoContent;
            case "PATCH":
                Move(call, job);
                return ApiAnswer.Json(200, job.WritePartial);
            default:
                throw call.NotAllowed("DELETE", "GET", "PATCH");
        }
    }

    private void Move(ApiCall call, BulkJob job)
    {
        switch (Text(call.JsonBody(), "state"))
        {
            case "Aborted":
                if (!job.TryMove(BulkState.Aborted, org.Now, [BulkState.Open, BulkState.UploadComplete, BulkState.InProgress]))
                    throw new ApiException(400, "INVALIDJOBSTATE", "Aborting already Completed Job not allowed");
                break;
            case "UploadComplete" when job is BulkIngestJob ingest:
                if (ingest.Upload is null)
                    throw new ApiException(400, "INVALIDJOBSTATE", "The job has no data: upload it before UploadComplete");
                if (!job.TryMove(BulkState.UploadComplete, org.Now, [BulkState.Open]))
                    throw new ApiException(400, "INVALIDJOBSTATE", $"Job state {job.State} cannot become UploadComplete");
                jobs.Start(job);
                break;
            default:
                throw new ApiException(400, "INVALIDJOBSTATE", "state must be UploadComplete or Aborted");
        }
    }

    private ApiAnswer Upload(ApiCall call, BulkIngestJob job)
    {
        if (call.Header("Content-Type")?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) != true)
            throw new ApiException(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be text/csv");
        if (job.State != BulkState.Open || job.Upload is not null)
            throw new ApiException(400, "INVALIDJOBSTATE", "The job has its data already, or is no longer open");
        job.Upload = call.Body;
        return new(201);
    }

    private static BulkResult Finished(ApiCall call, BulkQueryJob job)
    {
        if (call.Version != job.Version)
            throw new ApiException(409, "API_ERROR", $"The job was created with API version {job.Version}; use the same to read its results");
        return job is { State: BulkState.JobComplete, Result: { } result } ? result
            : throw new ApiException(400, "INVALIDJOBSTATE", $"The job is in state {job.State}; results are there when it is JobComplete");
    }

    private static ApiAnswer Results(ApiCall call, BulkQueryJob job)
    {
        var result = Finished(call, job);
        var from = From(call.Parameter("locator"), result);
        var wanted = int.TryParse(call.Parameter("maxRecords"), out var most) && most > 0 ? most : RowsOfPage;
        var count = Math.Min(wanted, result.Count - from);
        var next = from + count;
        return new(200)
        {
            ContentType = "text/csv",
            Headers = [("Sforce-NumberOfRecords", $"{count}"), ("Sforce-Locator", next < result.Count ? Locator(next) : "null")],
            Streamed = (to, cancellation) => result.SendAsync(to, from, count, cancellation),
        };
    }

    private static ApiAnswer ResultPages(ApiCall call, BulkQueryJob job)
    {
        if (call.VersionNumber < 58)
            throw ApiException.NotFound();
        var result = Finished(call, job);
        var from = From(call.Parameter("locator"), result);
        var path = call.DataPath($"jobs/query/{job.Id}");
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("resultPages");
            var at = from;
            for (var page = 0; page < PagesAtOnce && (at < result.Count || at == 0); page++, at += RowsOfPage)
            {
                w.WriteStartObject();
                w.WriteString("resultUrl", $"{path}/results?locator={Locator(at)}&maxRecords={RowsOfPage}");
                w.WriteEndObject();
            }
            w.WriteEndArray();
            if (at < result.Count)
                w.WriteString("nextRecordsUrl", $"{path}/resultpages?locator={Locator(at)}");
            w.WriteBoolean("done", at >= result.Count);
            w.WriteEndObject();
        });
    }

    private static string Locator(int from) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{from}")).TrimEnd('=');

    private static int From(string? locator, BulkResult result)
    {
        if (string.IsNullOrEmpty(locator))
            return 0;
        var bytes = new byte[16];
        return Convert.TryFromBase64String(locator.PadRight((locator.Length + 3) / 4 * 4, '='), bytes, out var length)
            && int.TryParse(Encoding.ASCII.GetString(bytes, 0, length), out var from) && from >= 0 && (from < result.Count || from == 0)
            ? from : throw new ApiException(400, "API_ERROR", "Invalid locator");
    }

    private static ApiAnswer IngestResults(BulkIngestJob job, string which)
    {
        if (!job.IsOver)
            throw new ApiException(400, "INVALIDJOBSTATE", $"The job is in state {job.State}; results are there when it is over");
        // A job that was over before it was begun has done nothing with what was uploaded.
        if (which == "unprocessedrecords" && job.Upload is { IsEmpty: false } whole)
            return new(200) { ContentType = "text/csv", Body = whole };
        Func<RowOutcome?, bool> chosen = which switch
        {
            "successfulresults" => o => o is { Success: true },
            "failedresults" => o => o is { Success: false },
            "unprocessedrecords" => o => o is null,
            _ => throw ApiException.NotFound(),
        };
        var csv = new CsvBytes(job.Delimiter, job.NewLine);
        string[] added = which switch
        {
            "successfulresults" => ["sf__Id", "sf__Created"],
            "failedresults" => ["sf__Id", "sf__Error"],
            _ => [],
        };
        foreach (var column in added.Concat(job.Columns))
            csv.Cell(column);
        csv.EndRow();
        foreach (var (cells, outcome) in job.Rows.Where(r => chosen(r.Outcome)))
        {
            if (outcome is not null)
            {
                csv.Cell(outcome.Id);
                csv.Cell(outcome.Success ? outcome.Created
                    : string.Join(';', outcome.Errors.Select(e => $"{e.Code}:{e.Message}:{string.Join(' ', e.Fields)} --")));
            }
            foreach (var cell in cells)
                csv.Cell(cell);
            csv.EndRow();
        }
        return new(200) { ContentType = "text/csv", Body = csv.WrittenMemory };
    }

    private ApiAnswer List<T>(ApiCall call, string kind) where T : BulkJob
    {
        var from = int.TryParse(call.Parameter("queryLocator"), out var at) ? at : 0;
        var all = jobs.All<T>().ToList();
        return ApiAnswer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteBoolean("done", from + JobsOfPage >= all.Count);
            w.WriteStartArray("records");
            foreach (var job in all.Skip(from).Take(JobsOfPage))
                job.Write(w, full: false);
            w.WriteEndArray();
            w.WriteString("nextRecordsUrl", from + JobsOfPage < all.Count ? call.DataPath($"jobs/{kind}?queryLocator={from + JobsOfPage}") : null);
            w.WriteEndObject();
        });
    }

    private static string Delimiter(JsonElement body) =>
        Text(body, "columnDelimiter") is not { } name ? "COMMA" : BulkJob.IsDelimiter(name) ? name
            : throw new ApiException(400, "INVALIDJOB", $"columnDelimiter {name} is not supported");

    private static string Ending(JsonElement body) => Text(body, "lineEnding") switch
    {
        null or "LF" => "LF",
        "CRLF" => "CRLF",
        var other => throw new ApiException(400, "INVALIDJOB", $"lineEnding {other} is not supported"),
    };

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>An org without rows, to check a query before its job runs.</summary>
    private sealed class NoRows(Org org, QueryObjects objects) : IObjectSource
    {
        public QueryObject? Object(string name) => objects.Find(name);

        public IEnumerable<object> Rows(QueryObject @object) => [];

        public object? Row(QueryObject @object, string id) => null;

        public Func<object, bool>? Scope(QueryObject @object, string name) => org.Schema.TryFind(@object.Name, out var schema) && Scopes.Has(schema, name) ? _ => true : null;
    }
}
