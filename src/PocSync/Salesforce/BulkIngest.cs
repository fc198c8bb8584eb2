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
/// Writes many rows of one object by a Bulk API 2.0 job, and says of each what became of it, in the place it was sent in. A job is kept before it gets
/// any rows and until nothing of it can be written any more, so that no run writes beside a job of one that died. A row that the job ended without is
/// <see cref="NotProcessed"/>; one that nobody can tell of <see cref="RowResult.IsUnknown"/>.
/// </summary>
public sealed class BulkIngest
{
    /// <summary>The code of a row that was not come to.</summary>
    public const string NotProcessed = "NOT_PROCESSED";

    /// <summary>For an answer that comes torn.</summary>
    private static readonly TimeSpan ResultsTimeout = TimeSpan.FromMinutes(20);

    /// <summary>Salesforce puts a batch back that it has worked on for ten minutes, so that an aborted job writes nothing any more after that.</summary>
    private static readonly TimeSpan InFlight = TimeSpan.FromMinutes(12);

    /// <summary>For so long Salesforce knows a job that is over.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    private readonly OrgCalls _calls;
    private readonly BulkJobs _jobs;
    private readonly SalesforceSettings _settings;
    private readonly TimeProvider _time;
    private IOrgJobs? _kept;

    internal BulkIngest(OrgCalls calls, BulkJobs jobs, SalesforceSettings settings, TimeProvider time) =>
        (_calls, _jobs, _settings, _time) = (calls, jobs, settings, time);

    private IOrgJobs Kept => _kept ?? throw new InvalidOperationException("Nobody keeps the jobs: a run that died could not be told from one that never was.");

    /// <summary>Keeps the jobs with everyone who keeps them there. Before anything else.</summary>
    public void KeepIn(IOrgJobs kept) => _kept = kept;

    /// <summary>Whether a row can go this way: not where only a header of a call keeps the org's assignment rules from running.</summary>
    internal static bool Takes(RowWrite row) => !OrgWrites.IsAssigned(row.Object) && IngestCsv.CanSay(row);

    /// <summary>
    /// Waits for the jobs that an earlier run left, so that nothing of theirs is written any more when it returns. One that has no rows yet, or that does
    /// not end, is given up.
    /// </summary>
    /// <exception cref="SalesforceException">A job may still be at work.</exception>
    internal async Task AwaitAsync(IProgress<string> progress, CancellationToken cancellation)
    {
        var aborted = new List<string>();
        foreach (var (id, begun) in await Kept.OpenAsync())
        {
            progress.Report($"An earlier run left the Bulk job {id} in the org: waiting for its end.");
            try
            {
                var isIdle = (await _jobs.LookAsync(Path(id), cancellation)).State == "Open";
                if (isIdle)
                    await AbortAsync(id, cancellation);
                if ((await EndAsync(id, cancellation)).State == "Aborted" && !isIdle)
                {
                    aborted.Add(id);
                    continue;
                }
            }
            catch (SalesforceException e) when (e.Code == "NOT_FOUND" || (IsRefusal(e) && _time.GetUtcNow() - begun > Remembered))
            {
                // Deleted by somebody, or a week old: jobs that are not over cannot be.
            }
            catch (SalesforceException e) when (IsRefusal(e))
            {
                throw new OrgRefusedException(e.Code,
                    $"The Bulk job {id}, which an earlier run left, cannot be looked at, so that it may still be writing: {e.Message}. Let PocSync sign in as the user it was then, with the Salesforce:ApiVersion of then, "
                    + $"or wait: from {(begun + Remembered).UtcDateTime:yyyy-MM-dd} on the job counts as over.", e.Status, e);
            }
            await Kept.EndAsync(id);
        }
        if (aborted.Count > 0)
            await Task.Delay(InFlight, _time, cancellation);
        foreach (var id in aborted)
            await Kept.EndAsync(id);
    }

    /// <param name="kind">What is done.</param>
    /// <param name="key">Of an upsert the external id field, which every row has among its fields; else every row has its id.</param>
    /// <param name="rows">At most <see cref="Batches.Most"/> rows of one object, by the parent that their writes lock.</param>
    /// <param name="cancellation">Waits for no answer any more: what is on the way goes on in the org.</param>
    /// <returns>Null where the org takes no such job now, and nothing was written.</returns>
    /// <exception cref="SalesforceException">Nothing was written.</exception>
    /// <exception cref="OperationCanceledException">What was on the way may be written.</exception>
    internal async Task<IReadOnlyList<RowResult>?> WriteAsync(IngestKind kind, string? key, IReadOnlyList<RowWrite> rows, CancellationToken cancellation)
    {
        var places = rows.Index().ToDictionary(r => key is null ? r.Item.Id! : (string)r.Item.Fields[key]!, r => r.Index);
        string id;
        bool isHeard;
        try
        {
            id = await GiveRowsAsync(kind, key, rows, cancellation);
            isHeard = await LetGoAsync(id, cancellation);
        }
        catch (SalesforceException e) when (IsRefusal(e))
        {
            return null;
        }
        var results = rows.Select(_ => RowResult.Of(null, new WriteUnknownException($"The end of the Bulk job {id} was not seen: read the records back."))).ToArray();
        try
        {
            if (!isHeard)
                await InsistAsync(id, cancellation);
            var job = await EndAsync(id, cancellation);
            await ReadAsync(id, job, kind, key ?? "Id", places, results, cancellation);
            if (job.State != "Aborted" || results.All(r => !r.IsUnknown))
                await Kept.EndAsync(id);
        }
        catch (SalesforceException)
        {
            // Its rows are on the way: what is known of them stands, and the job stays kept.
        }
        return results;
    }

    /// <summary>An answer, and neither a passing one nor one that any other call would be given too.</summary>
    private static bool IsRefusal(SalesforceException e) => e is not (WriteUnknownException or OrgUnreachableException or BudgetSpentException);

    private string Path(string job) => _calls.Data($"jobs/ingest/{Uri.EscapeDataString(job)}");

    /// <summary>
    /// Makes a job and gives it its rows. The org does nothing with them before it is told that they are all, so that after a lost answer a new job is
    /// safe; the one that was given up stays kept and is aborted by the next run.
    /// </summary>
    private async Task<string> GiveRowsAsync(IngestKind kind, string? key, IReadOnlyList<RowWrite> rows, CancellationToken cancellation)
    {
        var csv = new IngestCsv(rows, withId: kind != IngestKind.Upsert);
        for (var attempt = 1; ; attempt++)
        {
            string id;
            using (var made = await _calls.JsonAsync(HttpMethod.Post, _calls.Data("jobs/ingest"), CallEffect.Read, json =>
            {
                json.WriteStartObject();
                json.WriteString("object", rows[0].Object);
                json.WriteString("operation", kind.ToString().ToLowerInvariant());
                if (key is not null)
                    json.WriteString("externalIdFieldName", key);
                json.WriteString("contentType", "CSV");
                json.WriteString("columnDelimiter", "COMMA");
                json.WriteString("lineEnding", "LF");
                json.WriteEndObject();
            }, [], cancellation))
                id = BulkJobs.IdOf(made);
            await Kept.BeginAsync(id);
            try
            {
                await _calls.UploadAsync(Path(id) + "/batches", csv.Written, cancellation);
                return id;
            }
            catch (WriteUnknownException e)
            {
                if (attempt == _settings.MaxAttempts)
                    throw new OrgUnreachableException($"The rows of a Bulk job of {rows[0].Object} could not be sent: try later.", e.Status, e);
                await Task.Delay(attempt * _settings.RetryDelay, _time, cancellation);
            }
        }
    }

    /// <summary>Tells the org that it has all rows; false where nobody knows whether it heard.</summary>
    private async Task<bool> LetGoAsync(string id, CancellationToken cancellation)
    {
        try
        {
            await MoveAsync(id, "UploadComplete", cancellation);
            return true;
        }
        catch (SalesforceException e) when (MayHaveMoved(e))
        {
            return false;
        }
    }

    /// <summary>Has the job say whether the org heard, and tells it again where not.</summary>
    private async Task InsistAsync(string id, CancellationToken cancellation)
    {
        for (var attempt = 2; (await _jobs.LookAsync(Path(id), cancellation)).State == "Open"; attempt++)
        {
            if (attempt > _settings.MaxAttempts)
                throw new WriteUnknownException($"The org was not seen to begin the Bulk job {id}: read the records back.");
            await Task.Delay(attempt * _settings.RetryDelay, _time, cancellation);
            await LetGoAsync(id, cancellation);
        }
    }

    /// <summary>A call of which the answer was lost comes late too, and then the next one finds the job moved.</summary>
    private static bool MayHaveMoved(SalesforceException e) => e is WriteUnknownException || e.Code == "INVALIDJOBSTATE";

    /// <summary>The job when it is over. One that does not end in time is aborted.</summary>
    /// <exception cref="OrgUnreachableException">It is not over even so.</exception>
    private async Task<BulkJob> EndAsync(string id, CancellationToken cancellation)
    {
        if (await _jobs.EndAsync(Path(id), cancellation) is { } ended)
            return ended;
        await AbortAsync(id, cancellation);
        return await _jobs.LookAsync(Path(id), cancellation) is { IsOver: true } job ? job
            : throw new OrgUnreachableException($"The Bulk job {id} is not over after {_settings.BulkTimeout}, though it was told to end: abort it in Setup (Bulk Data Load Jobs), or try later.");
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

    /// <summary>
    /// What became of the rows, by their ids or keys: the org tells them in no order. What an aborted job lists as unprocessed may be among the rows that
    /// Salesforce is at work on all the same.
    /// </summary>
    private async Task ReadAsync(
        string id, BulkJob job, IngestKind kind, string column, Dictionary<string, int> places, RowResult[] results, CancellationToken cancellation)
    {
        var isDone = job.State == "JobComplete";
        foreach (var row in await ResultsAsync(id, "successfulResults", ["sf__Id", "sf__Created", column], isDone ? job.Processed - job.Failed : null, cancellation))
        {
            if (row[2] is { } name && places.TryGetValue(name, out var i))
                results[i] = RowResult.Done(row[0], kind == IngestKind.Upsert ? row[1] == "true" : null);
        }
        // Before version 53 there is no sf__Id here.
        foreach (var row in await ResultsAsync(id, "failedResults", ["sf__Error", column], isDone ? job.Failed : null, cancellation))
        {
            if (row[1] is { } name && places.TryGetValue(name, out var i))
            {
                var failed = RowResult.Failed(null, [Error(row[0] ?? "")]);
                results[i] = kind == IngestKind.Delete && OrgWrites.IsGone(failed) ? RowResult.Done(name) : failed;
            }
        }
        if (job.State == "Aborted" || results.All(r => !r.IsUnknown))
            return;
        var never = job.Code == "BULK_JOB" || ErrorTable.Classify(job.Code, job.Error ?? "") != ErrorClass.Bug ? NotProcessed : job.Code;
        foreach (var row in await ResultsAsync(id, "unprocessedrecords", [column], null, cancellation))
        {
            if (row[0] is { } name && places.TryGetValue(name, out var i) && results[i].IsUnknown)
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

    /// <summary>Reads <c>CODE:message:Field1 Field2 --</c>; without the end there are no fields, and a colon is the message's own.</summary>
    internal static OrgError Error(string text)
    {
        var code = text.IndexOf(':');
        if (code < 0)
            return new OrgError("NO_ERROR_GIVEN", OrgError.OneLine(text), []);
        var (message, fields) = (text[(code + 1)..], Array.Empty<string>());
        if (message.EndsWith("--", StringComparison.Ordinal) && message.LastIndexOf(':') is >= 0 and var end)
            (message, fields) = (message[..end], message[(end + 1)..^2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new OrgError(OrgError.OneLine(text[..code]), OrgError.OneLine(message), fields);
    }
}
