using System.Text.Json;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;

namespace PocSync.Simulator.Bulk;

internal enum BulkState
{
    Open,
    UploadComplete,
    InProgress,
    JobComplete,
    Aborted,
    Failed,
}

/// <summary>What query and ingest jobs have in common. State moves under the job's own lock; it is written to JSON from any thread.</summary>
internal abstract class BulkJob : IDisposable
{
    private static readonly Dictionary<string, char> Delimiters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BACKQUOTE"] = '`',
        ["CARET"] = '^',
        ["COMMA"] = ',',
        ["PIPE"] = '|',
        ["SEMICOLON"] = ';',
        ["TAB"] = '\t',
    };

    private readonly Lock gate = new();

    public required string Id { get; init; }

    public required string Operation { get; init; }

    public required SObject Object { get; init; }

    public required string CreatedById { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>E.g. <c>66.0</c>.</summary>
    public required string Version { get; init; }

    public required string DelimiterName { get; init; }

    public required string LineEnding { get; init; }

    public BulkState State { get; private set; }

    public DateTimeOffset Changed { get; private set; }

    public string? ErrorMessage { get; private set; }

    public int Processed { get; protected set; }

    public int Failed { get; protected set; }

    public bool IsOver => State is BulkState.JobComplete or BulkState.Aborted or BulkState.Failed;

    public char Delimiter => Delimiters[DelimiterName];

    public string NewLine => LineEnding == "CRLF" ? "\r\n" : "\n";

    public static bool IsDelimiter(string name) => Delimiters.ContainsKey(name);

    /// <summary>False where the job is in none of the states it may leave.</summary>
    public bool TryMove(BulkState to, DateTimeOffset at, ReadOnlySpan<BulkState> from, string? error = null)
    {
        lock (gate)
        {
            if (!from.Contains(State))
                return false;
            (State, Changed, ErrorMessage) = (to, at, error);
            return true;
        }
    }

    public void Begin(BulkState state) => (State, Changed) = (state, Created);

    /// <param name="full">With what only a GET of the job tells.</param>
    public void Write(Utf8JsonWriter w, bool full)
    {
        w.WriteStartObject();
        WriteCore(w);
        WriteMore(w, full);
        w.WriteEndObject();
    }

    /// <summary>The job as a change of its state answers it: without kind, line ending and delimiter.</summary>
    public void WritePartial(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        WriteCore(w);
        w.WriteEndObject();
    }

    public virtual void Dispose()
    {
    }

    protected virtual void WriteMore(Utf8JsonWriter w, bool full)
    {
        w.WriteString("lineEnding", LineEnding);
        w.WriteString("columnDelimiter", DelimiterName);
        if (!full)
            return;
        w.WriteNumber("numberRecordsProcessed", Processed);
        w.WriteNumber("retries", 0);
        w.WriteNumber("totalProcessingTime", (long)(Changed - Created).TotalMilliseconds);
        if (ErrorMessage is not null)
            w.WriteString("errorMessage", ErrorMessage);
    }

    private void WriteCore(Utf8JsonWriter w)
    {
        w.WriteString("id", Id);
        w.WriteString("operation", Operation);
        w.WriteString("object", Object.Name);
        w.WriteString("createdById", CreatedById);
        w.WriteString("createdDate", RecordJson.Instant(Created));
        w.WriteString("systemModstamp", RecordJson.Instant(Changed));
        w.WriteString("state", State.ToString());
        w.WriteString("concurrencyMode", "Parallel");
        w.WriteString("contentType", "CSV");
        w.WritePropertyName("apiVersion");
        w.WriteRawValue(Version);
    }
}

internal sealed class BulkQueryJob : BulkJob
{
    public required string Soql { get; init; }

    /// <summary>There when the job is complete.</summary>
    public BulkResult? Result { get; private set; }

    public void Finish(BulkResult result)
    {
        Processed = result.Count;
        Result = result;
    }

    public override void Dispose() => Result?.Dispose();

    protected override void WriteMore(Utf8JsonWriter w, bool full)
    {
        if (full)
            w.WriteString("jobType", "V2Query");
        base.WriteMore(w, full);
        if (full)
            w.WriteBoolean("isPkChunkingSupported", true);
    }
}

/// <summary>One row of an upload and what became of it; no outcome = not processed.</summary>
internal sealed record BulkRow(string?[] Cells, Platform.RowOutcome? Outcome);

internal sealed class BulkIngestJob : BulkJob
{
    /// <summary>The external id of an upsert; null otherwise.</summary>
    public required Field? Key { get; init; }

    public ReadOnlyMemory<byte>? Upload { get; set; }

    public IReadOnlyList<string> Columns { get; set; } = [];

    /// <summary>In no particular order, as on the platform.</summary>
    public IReadOnlyList<BulkRow> Rows => rows;

    private BulkRow[] rows = [];
    private int[] places = [];

    public void BeginRows(IReadOnlyList<string?[]> uploaded, Random order)
    {
        places = [.. Enumerable.Range(0, uploaded.Count)];
        order.Shuffle(places);
        rows = new BulkRow[uploaded.Count];
        foreach (var (i, cells) in uploaded.Index())
            rows[places[i]] = new(cells, null);
        Upload = ReadOnlyMemory<byte>.Empty;
    }

    /// <param name="uploaded">Its number in the upload.</param>
    /// <param name="outcome">What became of it.</param>
    public void EndRow(int uploaded, Platform.RowOutcome outcome)
    {
        ref var row = ref rows[places[uploaded]];
        row = row with { Outcome = outcome };
        Processed++;
        if (!outcome.Success)
            Failed++;
    }

    protected override void WriteMore(Utf8JsonWriter w, bool full)
    {
        if (Key is not null)
            w.WriteString("externalIdFieldName", Key.Name);
        w.WriteString("contentUrl", $"services/data/v{Version}/jobs/ingest/{Id}/batches");
        if (full)
            w.WriteString("jobType", "V2Ingest");
        base.WriteMore(w, full);
        if (!full)
            return;
        w.WriteNumber("numberRecordsFailed", Failed);
        w.WriteNumber("apiActiveProcessingTime", (long)(Changed - Created).TotalMilliseconds);
        w.WriteNumber("apexProcessingTime", 0);
    }
}
