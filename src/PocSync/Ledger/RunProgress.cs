using Microsoft.EntityFrameworkCore;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>
/// Keeps in the ledger how far the run under way is, so that any worker's console shows it: at most once a second, and every few seconds as a sign of
/// life. For whoever holds the ledger's lock, and no longer.
/// </summary>
public sealed class RunProgress : IProgress<RunNews>, IAsyncDisposable
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    private readonly LedgerDatabase _database;
    private readonly IProgress<RunNews> _also;
    private readonly TimeProvider _real;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _keeping;
    private volatile RunNews _news = new("It begins.");
    private long _run;

    /// <param name="database">The ledger.</param>
    /// <param name="also">Who else is told, at once.</param>
    /// <param name="real">The real clock: on a simulated one who lives would seem dead.</param>
    public RunProgress(LedgerDatabase database, IProgress<RunNews> also, TimeProvider real)
    {
        (_database, _also, _real) = (database, also, real);
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>From now on the news are those of a run, which has begun.</summary>
    public void Begin(long run) => Volatile.Write(ref _run, run);

    /// <inheritdoc/>
    public void Report(RunNews value)
    {
        _news = value;
        _also.Report(value);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping;
        _end.Dispose();
    }

    private async Task KeepAsync()
    {
        using var second = new PeriodicTimer(Each, _real);
        RunNews? kept = null;
        var at = 0L;
        try
        {
            while (await second.WaitForNextTickAsync(_end.Token))
            {
                var news = _news;
                if (Volatile.Read(ref _run) is not 0 and var run && (news != kept || _real.GetElapsedTime(at) >= SignOfLife))
                {
                    (kept, at) = (news, _real.GetTimestamp());
                    await KeepAsync(run, news, _real.GetUtcNow().UtcTicks);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>Nothing of a run that has ended, or that a later one ended since it lost the lock.</summary>
    private async Task KeepAsync(long run, RunNews news, long now)
    {
        try
        {
            await _database.RunAsync(context => context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO progress ("Run", "At", "Text", "Done", "Of")
                SELECT "Number", {now}, {news.Text}, {news.Done}, {news.Of} FROM runs WHERE "Number" = {run} AND "Status" = {nameof(RunStatus.Running)}
                ON CONFLICT ("Run") DO UPDATE SET "At" = excluded."At", "Text" = excluded."Text", "Done" = excluded."Done", "Of" = excluded."Of"
                """));
        }
        catch (LedgerException)
        {
            // The run itself meets what is wrong with the ledger, or has it locked for a while.
        }
    }
}
