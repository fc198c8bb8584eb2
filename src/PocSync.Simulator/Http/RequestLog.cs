namespace PocSync.Simulator.Http;

/// <summary>One call: no headers, no body, no token.</summary>
/// <param name="At">By the org's clock.</param>
/// <param name="Fault">The fault that hit it, if one did.</param>
internal sealed record RequestLogEntry(long Number, DateTimeOffset At, string Method, string Path, int Status, string? Fault);

/// <summary>The last calls, oldest first. Safe for concurrent use.</summary>
internal sealed class RequestLog
{
    private const int Kept = 100_000;
    private readonly Queue<RequestLogEntry> entries = [];
    private long number;

    public void Add(DateTimeOffset at, string method, string path, int status, string? fault)
    {
        lock (entries)
        {
            entries.Enqueue(new(++number, at, method, path, status, fault));
            if (entries.Count > Kept)
                entries.Dequeue();
        }
    }

    public IReadOnlyList<RequestLogEntry> All()
    {
        lock (entries)
            return [.. entries];
    }

    public void Clear()
    {
        lock (entries)
            entries.Clear();
    }
}
