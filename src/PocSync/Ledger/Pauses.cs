using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Who paused all writing and who let it go on: nothing of it is ever taken back.</summary>
public sealed class Pauses(LedgerDatabase database, TimeProvider time) : IBrake
{
    /// <inheritdoc/>
    public async Task<string?> WhyAsync(CancellationToken stop) =>
        await CurrentAsync() is { } pause
            ? string.Create(CultureInfo.InvariantCulture,
                $"{pause.By} paused it on {new DateTimeOffset(pause.At, TimeSpan.Zero):yyyy-MM-dd HH:mm} UTC: {pause.Reason} (until somebody resumes it)")
            : null;

    /// <summary>Pauses, or lets go on; false where it was so already.</summary>
    public async Task<bool> SetAsync(bool isPause, string by, string reason)
    {
        if ((await NewestAsync())?.IsPause == isPause || (!isPause && await NewestAsync() is null))
        {
            return false;
        }

        return await database.InTransactionAsync(context =>
        {
            context.Add(new PauseRow { At = time.GetUtcNow().UtcTicks, IsPause = isPause, By = by, Reason = reason });
            return Task.FromResult(true);
        });
    }

    /// <summary>The pause that is in force; null where there is none.</summary>
    public async Task<PauseRow?> CurrentAsync() => await NewestAsync() is { IsPause: true } pause ? pause : null;

    private Task<PauseRow?> NewestAsync() => database.RunAsync(context => context.Pauses.OrderByDescending(p => p.Id).FirstOrDefaultAsync());
}
