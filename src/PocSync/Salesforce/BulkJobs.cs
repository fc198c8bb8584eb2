using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>A Bulk API 2.0 job as the org tells of it. Numbers are of rows, null where they are not told.</summary>
internal sealed record BulkJob(string State, long? Processed, long? Failed, string? Error)
{
    public bool IsOver => State is "JobComplete" or "Failed" or "Aborted";

    /// <summary>Of a job that failed the code of the error table with which its message begins; <c>BULK_JOB</c> where there is none.</summary>
    public string Code => Error?.Split([':', ' '], 2)[0] is { Length: > 3 } word && word.All(c => char.IsAsciiLetter(c) || c == '_')
        && word.ToUpperInvariant() is var code && (word == code || ErrorTable.Rows.Any(r => r.Code == code)) ? code : "BULK_JOB";

    /// <summary>How it ended, for a sentence: <c>failed: why</c>.</summary>
    public string How => $"{(State == "Failed" ? "failed" : "was aborted in the org")}{(Error is null ? "" : ": " + Error)}";
}

/// <summary>Looks at Bulk API 2.0 jobs, queries and ingests alike, by their paths.</summary>
internal sealed class BulkJobs(OrgCalls calls, SalesforceSettings settings, TimeProvider time)
{
    /// <summary>Seconds between two looks, each of which is an API call; reached after two minutes.</summary>
    private const double MostPause = 60;

    /// <summary>The id of a job that was made.</summary>
    public static string IdOf(JsonDocument made) => OrgCalls.Shaped(made.RootElement, json => json.GetProperty("id").GetString()!);

    public async Task<BulkJob> LookAsync(string path, CancellationToken cancellation)
    {
        using var answer = await calls.GetAsync(path, cancellation);
        return OrgCalls.Shaped(answer.RootElement, json => new BulkJob(
            json.GetProperty("state").GetString()!, Number(json, "numberRecordsProcessed"), Number(json, "numberRecordsFailed"),
            json.TryGetProperty("errorMessage", out var text) && text.ValueKind == JsonValueKind.String ? OrgError.OneLine(text.GetString()!) : null));
    }

    /// <summary>Waits, ever longer between looks, until the job is over; null where it is not after <c>Salesforce:BulkTimeout</c>.</summary>
    public async Task<BulkJob?> EndAsync(string path, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow() + settings.BulkTimeout;
        for (var pause = TimeSpan.FromSeconds(0.5); ; pause = TimeSpan.FromSeconds(Math.Min(MostPause, pause.TotalSeconds * 1.5)))
        {
            var job = await LookAsync(path, cancellation);
            if (job.IsOver)
                return job;
            if (time.GetUtcNow() >= deadline)
                return null;
            await Task.Delay(pause, time, cancellation);
        }
    }

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
