using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PocSync.Ledger;

namespace PocSync.Review;

/// <summary>A job of the worker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schedule">When it is due, in words; null where it only begins when it is asked for, so that it cannot be paused.</param>
/// <param name="Next">When it is due next.</param>
public sealed record DeskJob(string Name, string? Schedule, DateTimeOffset? Next);

/// <summary>The worker that serves the pages, as far as they have to do with it.</summary>
/// <param name="Engine">What begins the jobs.</param>
/// <param name="Jobs">The jobs, as they stand now.</param>
/// <param name="BeginAsync">Begins a job by its name, on any worker, because a person asks; an unknown name does nothing.</param>
public sealed record WorkerDesk(Func<string> Engine, Func<IReadOnlyList<DeskJob>> Jobs, Func<string, Task> BeginAsync)
{
    /// <summary>The address at which the org is reached, and the version of its API; null where no org is named.</summary>
    public (Uri LoginUrl, string ApiVersion)? Org { get; init; }

    /// <summary>Where it says what went wrong behind the pages.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>The job that does what people asked for in the console.</summary>
    public const string Errands = "errands";

    /// <summary>Keeps an errand in the ledger and has it done as soon as the ledger is free; gives when that is, to follow "to be written".</summary>
    public async Task<string> SendAsync<T>(LedgerDatabase ledger, TimeProvider time, ErrandKind kind, string by, string reason, T details)
    {
        await new Ledger.Errands(ledger, time).AppendAsync(kind, by, reason, details);
        try
        {
            await BeginAsync(Errands);
        }
        catch (Exception wrong)
        {
            // It is kept, and the worker looks for such as this one by itself: whoever is told that it failed asks twice.
            LogNotQueued(Log, wrong);
        }

        return await new Pauses(ledger, time).CurrentAsync() is { } pause ? $"once writing is resumed, which {pause.By} paused" : "next";
    }

    private static readonly Action<ILogger, Exception?> LogNotQueued = LoggerMessage.Define(
        LogLevel.Warning, default, "What somebody asked for is kept and could not be queued; a worker finds it within a minute or so.");
}
