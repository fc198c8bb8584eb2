using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>
/// Writes rows, at most <see cref="MaxRows"/> a call, and says what became of each. Rows that met a lock are sent again after a pause, rows that were
/// too many for the org's automation at once, in smaller groups; no other row is. Assignment rules never run. Throws <see cref="SalesforceException"/> where
/// nothing was written, <see cref="WriteUnknownException"/> where that cannot be known.
/// </summary>
public sealed partial class OrgWrites
{
    public const int MaxRows = 200;

    private readonly OrgCalls _calls;
    private readonly SalesforceSettings _settings;
    private readonly TimeProvider _time;

    internal OrgWrites(OrgCalls calls, SalesforceSettings settings, TimeProvider time) => (_calls, _settings, _time) = (calls, settings, time);

    /// <summary>Never repeated blindly: a lost answer is a <see cref="WriteUnknownException"/>.</summary>
    public Task<IReadOnlyList<RowResult>> InsertAsync(IReadOnlyList<RowWrite> rows, WriteOptions options, CancellationToken cancellation) =>
        SendRowsAsync(rows, HttpMethod.Post, "composite/sobjects", CallEffect.Once, options, cancellation);

    /// <summary>Every row carries its id.</summary>
    public Task<IReadOnlyList<RowResult>> UpdateAsync(IReadOnlyList<RowWrite> rows, WriteOptions options, CancellationToken cancellation) =>
        SendRowsAsync(rows, HttpMethod.Patch, "composite/sobjects", CallEffect.Repeatable, options, cancellation);

    /// <summary>Rows of one object, each with its <paramref name="externalIdField"/> among the fields.</summary>
    public Task<IReadOnlyList<RowResult>> UpsertAsync(
        string externalIdField, IReadOnlyList<RowWrite> rows, WriteOptions options, CancellationToken cancellation) => rows.Select(r => r.Object).Distinct().ToArray() switch
        {
            [] => Task.FromResult<IReadOnlyList<RowResult>>([]),
            [var only] => SendRowsAsync(rows, HttpMethod.Patch, $"composite/sobjects/{Uri.EscapeDataString(only)}/{Uri.EscapeDataString(externalIdField)}",
                CallEffect.Repeatable, options, cancellation),
            _ => throw new ArgumentException("An upsert takes rows of one object.", nameof(rows)),
        };

    /// <summary>A row that is gone already counts as deleted (but stops the others where all or none is asked).</summary>
    public Task<IReadOnlyList<RowResult>> DeleteAsync(IReadOnlyList<string> ids, WriteOptions options, CancellationToken cancellation) =>
        SendAsync(ids, options, async (part, stop) =>
        {
            var path = $"composite/sobjects?ids={Uri.EscapeDataString(string.Join(',', part))}&allOrNone={(options.AllOrNone ? "true" : "false")}";
            using var answer = await _calls.JsonAsync(HttpMethod.Delete, _calls.Data(path), CallEffect.Repeatable, null, [], stop);
            var results = ReadRows(answer, part, id => id);
            return options.AllOrNone ? results : [.. results.Select(r => IsGone(r) ? RowResult.Done(r.Id) : r)];
        }, id => id, cancellation);

    /// <summary>Without the header that says so, saving rows of these runs the org's assignment rules.</summary>
    internal static bool IsAssigned(string @object) => @object is "Account" or "Case" or "Lead";

    internal static bool IsGone(RowResult row) => row is { Success: false, ErrorCode: "ENTITY_IS_DELETED" or "NOT_FOUND" or "INVALID_CROSS_REFERENCE_KEY" };

    private Task<IReadOnlyList<RowResult>> SendRowsAsync(
        IReadOnlyList<RowWrite> rows, HttpMethod method, string path, CallEffect effect, WriteOptions options, CancellationToken cancellation) =>
        SendAsync(rows, options, async (part, stop) =>
        {
            using var answer = await _calls.JsonAsync(method, _calls.Data(path), effect, json => WriteCollection(json, part, options.AllOrNone), Headers(part, options), stop);
            return ReadRows(answer, part, r => r.Id);
        }, r => r.Id, cancellation);

    internal static void WriteCollection(Utf8JsonWriter json, IReadOnlyList<RowWrite> rows, bool allOrNone)
    {
        json.WriteStartObject();
        json.WriteBoolean("allOrNone", allOrNone);
        json.WriteStartArray("records");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteStartObject("attributes");
            json.WriteString("type", row.Object);
            json.WriteEndObject();
            if (row.Id is not null)
                json.WriteString("id", row.Id);
            row.WriteFields(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static Dictionary<string, string> Headers(IEnumerable<RowWrite> rows, WriteOptions options)
    {
        var headers = new Dictionary<string, string>();
        if (rows.Any(r => IsAssigned(r.Object)))
            headers["Sforce-Auto-Assign"] = "FALSE";
        if (options.AllowDuplicates)
            headers["Sforce-Duplicate-Rule-Header"] = "allowSave=true";
        return headers;
    }

    private static RowResult[] ReadRows<T>(JsonDocument answer, IReadOnlyList<T> rows, Func<T, string?> id)
    {
        try
        {
            RowResult[] results = [.. answer.RootElement.EnumerateArray().Select((row, i) => RowResult.Read(row, i < rows.Count ? id(rows[i]) : null))];
            if (results.Length == rows.Count)
                return results;
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
        }
        throw new WriteUnknownException(
            $"The answer to a write of {rows.Count} rows is not shaped as Salesforce's, so it may have been done: read the records back before writing them again.");
    }

    /// <summary>Sends the rows and, smaller and smaller, those that the error table says to send again.</summary>
    private async Task<IReadOnlyList<RowResult>> SendAsync<T>(
        IReadOnlyList<T> rows, WriteOptions options, Func<IReadOnlyList<T>, CancellationToken, Task<RowResult[]>> send, Func<T, string?> id,
        CancellationToken cancellation)
    {
        if (rows.Count > MaxRows)
            throw new ArgumentException($"{rows.Count} rows in one write, {MaxRows} at most.", nameof(rows));
        var results = new RowResult[rows.Count];
        int[] pending = [.. Enumerable.Range(0, rows.Count)];
        var size = rows.Count;
        for (var attempt = 1; pending.Length > 0; attempt++)
        {
            foreach (var part in pending.Chunk(size))
            {
                try
                {
                    var answered = await send([.. part.Select(i => rows[i])], cancellation);
                    foreach (var (i, result) in part.Zip(answered))
                        results[i] = result;
                }
                catch (SalesforceException e) when (e is not WriteUnknownException && (attempt > 1 || MaySplit(e, part.Length)))
                {
                    // Nothing of this part was written. After the first attempt others were, and their results are not to be lost.
                    foreach (var i in part)
                        results[i] ??= RowResult.Of(id(rows[i]), e);
                }
            }
            pending = Again(results, options.AllOrNone);
            // Halving comes to an end by itself.
            if (attempt >= _settings.MaxAttempts && (size == 1 || !pending.Any(i => results[i].Class == ErrorClass.Split)))
                break;
            size = options.AllOrNone ? rows.Count : Math.Max(1, Math.Min(size, pending.Length) / 2);
            if (pending.Any(i => results[i].Class == ErrorClass.RetryRow))
                await Task.Delay(LockPause(attempt), _time, cancellation);
        }
        if (options.AllOrNone)
            RowResult.NameCause(results);
        return results;

        bool MaySplit(SalesforceException e, int count) => e.Class == ErrorClass.Split && count > 1 && !options.AllOrNone;
    }

    /// <summary>The rows worth another attempt: those that failed for want of a lock or of room; of all or none all, if no row failed for another reason.</summary>
    private static int[] Again(RowResult[] results, bool allOrNone)
    {
        bool MayTry(RowResult row) => row.Class == ErrorClass.RetryRow || (row.Class == ErrorClass.Split && !allOrNone);
        int[] again = [.. results.Index().Where(r => MayTry(r.Item)).Select(r => r.Index)];
        return !allOrNone ? again
            : again.Length > 0 && results.All(r => r.Success || r.IsConsequence || MayTry(r)) ? [.. Enumerable.Range(0, results.Length)]
            : [];
    }

    /// <summary>Salesforce itself waits about 10 s for a lock before it gives the row up.</summary>
    private static TimeSpan LockPause(int attempt) => TimeSpan.FromSeconds(Math.Min(10, attempt * (1 + Random.Shared.NextDouble())));
}

/// <summary><see cref="AllOrNone"/>: one row's failure undoes all. <see cref="AllowDuplicates"/>: save in spite of the org's duplicate rules.</summary>
public sealed record WriteOptions(bool AllOrNone = false, bool AllowDuplicates = false);
