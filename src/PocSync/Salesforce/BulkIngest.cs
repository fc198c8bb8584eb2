using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>What a Bulk ingest does to its rows; all of it is as good twice as once.</summary>
internal enum IngestKind
{
    Update,
    Upsert,
    Delete,
}

/// <summary>
/// Writes many rows of one object by Bulk API 2.0 jobs, and says of each what became of it, in the place it was sent in. Each job is kept before it gets
/// any rows and until its end was seen, so that no run writes beside a job of one that died. Rows that met a lock are sent again by calls. A row that the
/// job ended without is <see cref="NotProcessed"/>; one that nobody can tell of <see cref="RowResult.IsUnknown"/>.
/// </summary>
public sealed class BulkIngest
{
    /// <summary>The code of a row that a job ended without.</summary>
    public const string NotProcessed = "NOT_PROCESSED";

    /// <summary>Salesforce takes about 100 MB; what is sent is held in memory.</summary>
    private const int MostBytes = 20 * 1024 * 1024;

    /// <summary>For an answer that comes torn.</summary>
    private static readonly TimeSpan ResultsTimeout = TimeSpan.FromMinutes(20);

    private readonly OrgCalls _calls;
    private readonly BulkJobs _jobs;
    private readonly OrgWrites _writes;
    private readonly SalesforceSettings _settings;
    private readonly TimeProvider _time;
    private IOrgJobs _kept = new JobsOfThisProcess();

    internal BulkIngest(OrgCalls calls, BulkJobs jobs, OrgWrites writes, SalesforceSettings settings, TimeProvider time) =>
        (_calls, _jobs, _writes, _settings, _time) = (calls, jobs, writes, settings, time);

    /// <summary>Keeps the jobs with everyone who keeps them there, from now on. Before the first job.</summary>
    public void KeepIn(IOrgJobs kept) => _kept = kept;

    /// <summary>Whether a row can go this way: not where only a header of a call keeps the org's assignment rules from running.</summary>
    internal static bool Takes(RowWrite row) => !OrgWrites.IsAssigned(row.Object) && IngestCsv.CanSay(row);

    /// <summary>
    /// Waits for the jobs that an earlier run left, so that nothing of theirs is written any more when it returns. One that has no rows yet is given up.
    /// </summary>
    internal async Task AwaitAsync(IProgress<string> progress, CancellationToken cancellation)
    {
        foreach (var id in await _kept.OpenAsync())
        {
            progress.Report($"An earlier run left the Bulk job {id} in the org: waiting for its end.");
            try
            {
                if ((await _jobs.LookAsync(Path(id), cancellation)).State == "Open" || await _jobs.EndAsync(Path(id), cancellation) is null)
                    await AbortAsync(id, cancellation);
            }
            catch (SalesforceException e) when (e.Code == "NOT_FOUND")
            {
                // Deleted by somebody, or a week old: jobs that are not over cannot be.
            }
            await _kept.EndAsync(id);
        }
    }

    /// <param name="kind">What is done.</param>
    /// <param name="key">Of an upsert the external id field, which every row has among its fields; else every row has its id.</param>
    /// <param name="rows">Rows of one object, by the parent that their writes lock.</param>
    /// <param name="cancellation">Waits for no answer any more: what is on the way goes on in the org.</param>
    /// <exception cref="SalesforceException">Nothing was written.</exception>
    /// <exception cref="OperationCanceledException">What was on the way may be written.</exception>
    internal async Task<IReadOnlyList<RowResult>> WriteAsync(IngestKind kind, string? key, IReadOnlyList<RowWrite> rows, CancellationToken cancellation)
    {
        var results = new RowResult[rows.Count];
        for (var from = 0; from < rows.Count;)
        {
            var csv = new IngestCsv(rows, withId: kind != IngestKind.Upsert);
            var to = from;
            for (; to < rows.Count && (to == from || csv.Written.Length < MostBytes); to++)
                csv.Add(rows[to]);
            var part = Enumerable.Range(from, to - from).ToDictionary(i => key is null ? rows[i].Id! : (string)rows[i].Fields[key]!);
            try
            {
                await JobAsync(kind, key, rows[from].Object, csv.Written, part, results, cancellation);
            }
            catch (SalesforceException e) when (from > 0)
            {
                foreach (var i in part.Values)
                    results[i] = RowResult.Of(rows[i].Id, e);
            }
            from = to;
        }
        await AgainAsync(kind, key, rows, results, cancellation);
        return results;
    }

    private string Path(string job) => _calls.Data($"jobs/ingest/{Uri.EscapeDataString(job)}");

    /// <summary>One job from its making to its results, which it puts in the places that <paramref name="part"/> gives for ids or keys.</summary>
    private async Task JobAsync(
        IngestKind kind, string? key, string @object, ReadOnlyMemory<byte> csv, Dictionary<string, int> part, RowResult[] results, CancellationToken cancellation)
    {
        var id = await GiveRowsAsync(kind, key, @object, csv, cancellation);
        foreach (var i in part.Values)
            results[i] = RowResult.Of(null, new WriteUnknownException($"The end of the Bulk job {id} was not seen: read the records back."));
        try
        {
            await LetGoAsync(id, cancellation);
            var job = await _jobs.EndAsync(Path(id), cancellation);
            if (job is null)
            {
                // What it has done by then stands in its results.
                await AbortAsync(id, cancellation);
                job = await _jobs.LookAsync(Path(id), cancellation);
            }
            await ReadAsync(id, job, kind, key ?? "Id", part, results, cancellation);
            await _kept.EndAsync(id);
        }
        catch (SalesforceException)
        {
            // Its rows are on the way: what is known of them stands, and the job stays kept.
        }
    }

    /// <summary>
    /// Makes a job and gives it its rows. The org does nothing with them before it is told that they are all, so that after a lost answer a new job is
    /// safe; the one that was given up stays kept and is aborted by the next run.
    /// </summary>
    private async Task<string> GiveRowsAsync(IngestKind kind, string? key, string @object, ReadOnlyMemory<byte> csv, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            string id;
            using (var made = await _calls.JsonAsync(HttpMethod.Post, _calls.Data("jobs/ingest"), CallEffect.Read, json =>
            {
                json.WriteStartObject();
                json.WriteString("object", @object);
                json.WriteString("operation", kind.ToString().ToLowerInvariant());
                if (key is not null)
                    json.WriteString("externalIdFieldName", key);
                json.WriteString("contentType", "CSV");
                json.WriteString("columnDelimiter", "COMMA");
                json.WriteString("lineEnding", "LF");
                json.WriteEndObject();
            }, [], cancellation))
                id = BulkJobs.IdOf(made);
            await _kept.BeginAsync(id);
            try
            {
                await _calls.UploadAsync(Path(id) + "/batches", csv, cancellation);
                return id;
            }
            catch (WriteUnknownException e)
            {
                if (attempt == _settings.MaxAttempts)
                    throw new OrgUnreachableException($"The rows of a Bulk job of {@object} could not be sent: try later.", e.Status, e);
                await Task.Delay(attempt * _settings.RetryDelay, _time, cancellation);
            }
        }
    }

    /// <summary>Tells the org that it has all rows. Where the answer is lost, the job says whether it heard.</summary>
    private async Task LetGoAsync(string id, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await MoveAsync(id, "UploadComplete", cancellation);
                return;
            }
            catch (WriteUnknownException)
            {
                if ((await _jobs.LookAsync(Path(id), cancellation)).State != "Open")
                    return;
                if (attempt == _settings.MaxAttempts)
                    throw;
                await Task.Delay(attempt * _settings.RetryDelay, _time, cancellation);
            }
        }
    }

    /// <summary>A job that is over cannot be aborted, nor need it be.</summary>
    private async Task AbortAsync(string id, CancellationToken cancellation)
    {
        try
        {
            await MoveAsync(id, "Aborted", cancellation);
        }
        catch (SalesforceException e) when (e.Code is "INVALIDJOBSTATE" or "NOT_FOUND")
        {
        }
    }

    private async Task MoveAsync(string id, string state, CancellationToken cancellation)
    {
        var effect = state == "Aborted" ? CallEffect.Repeatable : CallEffect.Once;
        using var answer = await _calls.JsonAsync(HttpMethod.Patch, Path(id), effect, json =>
        {
            json.WriteStartObject();
            json.WriteString("state", state);
            json.WriteEndObject();
        }, [], cancellation);
    }

    /// <summary>What became of the rows, by their ids or keys: the org tells them in no order.</summary>
    private async Task ReadAsync(
        string id, BulkJob job, IngestKind kind, string column, Dictionary<string, int> part, RowResult[] results, CancellationToken cancellation)
    {
        var isDone = job.State == "JobComplete";
        foreach (var row in await ResultsAsync(id, "successfulResults", ["sf__Id", "sf__Created", column], isDone ? job.Processed - job.Failed : null, cancellation))
        {
            if (row[2] is { } name && part.TryGetValue(name, out var i))
                results[i] = RowResult.Done(row[0], kind == IngestKind.Upsert ? row[1] == "true" : null);
        }
        foreach (var row in await ResultsAsync(id, "failedResults", ["sf__Id", "sf__Error", column], isDone ? job.Failed : null, cancellation))
        {
            if (row[2] is { } name && part.TryGetValue(name, out var i))
            {
                var failed = RowResult.Failed(row[0], [Error(row[1] ?? "")]);
                results[i] = kind == IngestKind.Delete && OrgWrites.IsGone(failed) ? RowResult.Done(name) : failed;
            }
        }
        if (part.Values.All(i => !results[i].IsUnknown))
            return;
        var never = job.Code == "BULK_JOB" || ErrorTable.Classify(job.Code, job.Error ?? "") != ErrorClass.Bug ? NotProcessed : job.Code;
        foreach (var row in await ResultsAsync(id, "unprocessedrecords", [column], null, cancellation))
        {
            if (row[0] is { } name && part.TryGetValue(name, out var i) && results[i].IsUnknown)
                results[i] = RowResult.Failed(null, [new OrgError(never, isDone ? $"the Bulk job {id} came to its end without this row" : $"the Bulk job {id} {job.How}", [])]);
        }
    }

    /// <summary>All rows of a list of results. One that is torn, or shorter than the job says, is fetched again; in the end the rows that came count.</summary>
    private async Task<IReadOnlyList<string?[]>> ResultsAsync(string id, string which, string[] columns, long? expected, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (rows, isTorn) = (new List<string?[]>(), false);
            using var limit = new CancellationTokenSource(ResultsTimeout, _time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            try
            {
                using var response = await _calls.StreamAsync($"{Path(id)}/{which}/", "text/csv", stop.Token);
                await using var body = await response.Content.ReadAsStreamAsync(stop.Token);
                using var page = new BulkPage(body, columns);
                while (await page.ReadAsync(stop.Token) is { } row)
                    rows.Add(row);
            }
            catch (Exception e) when (e is TornPageException or IOException or HttpRequestException or InvalidDataException
                || (e is OperationCanceledException && limit.IsCancellationRequested && !cancellation.IsCancellationRequested))
            {
                isTorn = true;
            }
            if ((!isTorn && (expected is null || rows.Count == expected)) || attempt == _settings.MaxAttempts)
                return rows;
            await Task.Delay(attempt * _settings.RetryDelay, _time, cancellation);
        }
    }

    /// <summary>Reads <c>CODE:message:Field1 Field2 --</c>.</summary>
    private static OrgError Error(string text)
    {
        var code = text.IndexOf(':');
        var fields = text.LastIndexOf(':');
        return code < 0 ? new OrgError("NO_ERROR_GIVEN", OrgError.OneLine(text), [])
            : new OrgError(
                OrgError.OneLine(text[..code]), OrgError.OneLine(fields > code ? text[(code + 1)..fields] : text[(code + 1)..]),
                fields > code ? text[(fields + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(f => f != "--").ToArray() : []);
    }

    /// <summary>Sends what met a lock, or was too much at once, again: by calls, which pause and halve.</summary>
    private async Task AgainAsync(IngestKind kind, string? key, IReadOnlyList<RowWrite> rows, RowResult[] results, CancellationToken cancellation)
    {
        foreach (var part in Enumerable.Range(0, rows.Count).Where(i => results[i].Class is ErrorClass.RetryRow or ErrorClass.Split).Chunk(OrgWrites.MaxRows))
        {
            RowWrite[] again = [.. part.Select(i => rows[i])];
            try
            {
                var answers = kind switch
                {
                    IngestKind.Update => await _writes.UpdateAsync(again, new WriteOptions(), cancellation),
                    IngestKind.Upsert => await _writes.UpsertAsync(key!, again, new WriteOptions(), cancellation),
                    _ => await _writes.DeleteAsync([.. again.Select(r => r.Id!)], new WriteOptions(), cancellation),
                };
                foreach (var (i, answer) in part.Zip(answers))
                    results[i] = answer;
            }
            catch (SalesforceException e)
            {
                // What is known of the others is not to be lost; these met a lock, unless the answer of now was lost.
                foreach (var i in part.Where(_ => e is WriteUnknownException))
                    results[i] = RowResult.Of(rows[i].Id, e);
                return;
            }
        }
    }

    /// <summary>Where no ledger is there to keep them in.</summary>
    private sealed class JobsOfThisProcess : IOrgJobs
    {
        private readonly HashSet<string> _open = [];

        public Task<IReadOnlyList<string>> OpenAsync() => Task.FromResult<IReadOnlyList<string>>([.. _open]);

        public Task BeginAsync(string job)
        {
            _open.Add(job);
            return Task.CompletedTask;
        }

        public Task EndAsync(string job)
        {
            _open.Remove(job);
            return Task.CompletedTask;
        }
    }
}
