using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;

namespace PocSync.Salesforce;

/// <summary>
/// Bulk API 2.0 queries: creates the job, waits for it, and reads its pages, several at a time where the version has result pages. Pages are read as they
/// come: what is held is a few batches of rows, however many there are.
/// </summary>
internal sealed class BulkQueries(OrgCalls calls, BulkJobs jobs, SalesforceSettings settings, TimeProvider time)
{
    private const int PagesAtOnce = 4;
    private const int RowsInBatch = 500;

    /// <summary>Rows of a page; a job with no more is one page and is read in one call.</summary>
    private const int MaxRecords = 50_000;

    /// <summary>Salesforce itself gives up sending a page after this time.</summary>
    private static readonly TimeSpan PageTimeout = TimeSpan.FromMinutes(20);

    /// <summary>Result pages came with this version; the list of pages is worth a call only for more than one.</summary>
    private bool HasResultPages => System.Version.Parse(settings.ApiVersion).Major >= 58;

    /// <exception cref="SalesforceException">The org refuses the query, or the job fails; the code is <c>BULK_JOB</c> where the job does not say.</exception>
    public async IAsyncEnumerable<string?[]> RowsAsync(TableQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var job = await CreateAsync(query, cancellation);
        var records = await WaitAsync(job, query.Object, cancellation);

        // The reader of the rows may stop early; then the pages under way stop too.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<List<string?[]>>(2 * PagesAtOnce);
        var reading = ReadPagesAsync(query, job, records, batches.Writer, stop.Token);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellation))
            {
                foreach (var row in batch)
                    yield return row;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task<string> CreateAsync(TableQuery query, CancellationToken cancellation)
    {
        // A job created twice costs a job and changes nothing: safe to repeat, as a read is.
        using var job = await calls.JsonAsync(HttpMethod.Post, calls.Data("jobs/query"), CallEffect.Read, json =>
        {
            json.WriteStartObject();
            json.WriteString("operation", "query");
            json.WriteString("query", query.Soql);
            json.WriteString("contentType", "CSV");
            json.WriteString("columnDelimiter", "COMMA");
            json.WriteString("lineEnding", "LF");
            json.WriteEndObject();
        }, [], cancellation);
        return BulkJobs.IdOf(job);
    }

    /// <summary>Waits until the job is complete; the number of its records, where it is told.</summary>
    private async Task<long?> WaitAsync(string job, string @object, CancellationToken cancellation) =>
        await jobs.EndAsync(calls.Data($"jobs/query/{Uri.EscapeDataString(job)}"), cancellation) switch
        {
            { State: "JobComplete" } done => done.Processed,
            { } ended => throw new SalesforceException(ended.Code, $"The Bulk query of {@object} {ended.How}."),
            null => throw new OrgUnreachableException(
                $"The Bulk query of {@object} is not done after {settings.BulkTimeout}: try later, or raise Salesforce:BulkTimeout."),
        };

    private async Task ReadPagesAsync(
        TableQuery query, string job, long? records, ChannelWriter<List<string?[]>> rows, CancellationToken cancellation)
    {
        var results = calls.Data($"jobs/query/{Uri.EscapeDataString(job)}/results?maxRecords={MaxRecords}");
        try
        {
            if (HasResultPages && records is null or > MaxRecords)
            {
                var together = new ParallelOptions { MaxDegreeOfParallelism = PagesAtOnce, CancellationToken = cancellation };
                await Parallel.ForEachAsync(PagesAsync(job, cancellation), together, async (page, stop) => await ReadPageAsync(query, page, rows, stop));
            }
            else
            {
                var locator = await ReadPageAsync(query, results, rows, cancellation);
                while (locator is not null)
                    locator = await ReadPageAsync(query, $"{results}&locator={Uri.EscapeDataString(locator)}", rows, cancellation);
            }
            rows.Complete();
        }
        catch (Exception e)
        {
            rows.Complete(e);
        }
    }

    private async IAsyncEnumerable<string> PagesAsync(string job, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var next = calls.Data($"jobs/query/{Uri.EscapeDataString(job)}/resultPages"); next is not null;)
        {
            using var answer = await calls.GetAsync(next, cancellation);
            var (pages, more) = OrgCalls.Shaped(answer.RootElement, json => (
                json.GetProperty("resultPages").EnumerateArray().Select(p => OrgCalls.Follow(p.GetProperty("resultUrl").GetString()!)).ToArray(),
                json.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.True ? null
                    // Salesforce's own guide spells it both ways.
                    : json.TryGetProperty("nextRecordsUrl", out var url) || json.TryGetProperty("nextRecordUrl", out url) ? url.GetString() : null));
            foreach (var page in pages)
                yield return page;
            next = more is null ? null : OrgCalls.Follow(more);
        }
    }

    /// <summary>
    /// Hands on the rows of a page and gives its locator, null on the last. A page torn under way is fetched again and goes on after the rows already
    /// handed on: the org keeps the pages of a finished job as they are.
    /// </summary>
    private async Task<string?> ReadPageAsync(TableQuery query, string path, ChannelWriter<List<string?[]>> rows, CancellationToken cancellation)
    {
        long handed = 0;
        for (var attempt = 1; ; attempt++)
        {
            Exception torn;
            using var limit = new CancellationTokenSource(PageTimeout, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            try
            {
                using var response = await calls.StreamAsync(path, "text/csv", stop.Token);
                await using var body = await response.Content.ReadAsStreamAsync(stop.Token);
                using var page = new BulkPage(body, query.Columns);
                var expected = Header("Sforce-NumberOfRecords") is { } text && long.TryParse(text, out var number) ? number : (long?)null;
                var batch = new List<string?[]>(RowsInBatch);
                long read = 0;
                while (await page.ReadAsync(stop.Token) is { } row)
                {
                    if (++read <= handed)
                        continue;
                    batch.Add(row);
                    if (batch.Count == RowsInBatch)
                        await HandOnAsync();
                }
                await HandOnAsync();
                if (expected is null || read == expected)
                    return Header("Sforce-Locator") is { } locator and not "null" ? locator : null;
                torn = new TornPageException($"{read} rows where {expected} are announced");

                string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

                async Task HandOnAsync()
                {
                    if (batch.Count == 0)
                        return;
                    await rows.WriteAsync(batch, stop.Token);
                    handed += batch.Count;
                    batch = new List<string?[]>(RowsInBatch);
                }
            }
            catch (Exception e) when (e is TornPageException or IOException or HttpRequestException or InvalidDataException
                || (e is OperationCanceledException && limit.IsCancellationRequested && !cancellation.IsCancellationRequested))
            {
                torn = e;
            }
            if (attempt == settings.MaxAttempts)
                throw new OrgUnreachableException($"A page of the Bulk query of {query.Object} arrived torn {attempt} times: try later.", inner: torn);
            await Task.Delay(attempt * settings.RetryDelay, time, cancellation);
        }
    }
}
