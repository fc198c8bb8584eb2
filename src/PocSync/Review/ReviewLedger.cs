using PocSync.Core.Plans;
using PocSync.Ledger;

namespace PocSync.Review;

/// <summary>The ledger that the pages read: opened when a page is first asked for, and again where that failed.</summary>
public sealed class ReviewLedger(LedgerSettings settings, ApprovalTerms terms, TimeProvider time)
{
    private LedgerDatabase? _database;
    private string? _org;

    /// <summary>The database. Throws <see cref="LedgerException"/>.</summary>
    public async Task<LedgerDatabase> OpenAsync() => _database ??= await LedgerDatabase.OpenAsync(settings);

    /// <summary>Corrections of the newest plan that wait for a person or are held.</summary>
    public async Task<int> WaitingAsync() =>
        await new LedgerQueries(await OpenAsync()).PendingAsync(terms, time.GetUtcNow()) is { } pending
            ? pending.Open.Count(o => !o.IsLeftAlone && o.State != nameof(CorrectionState.Ready) && !o.IsApproved) : 0;

    /// <summary>The name of the org that it belongs to; null where no run has asked yet, or the ledger cannot be read.</summary>
    public async Task<string?> OrgNameAsync()
    {
        try
        {
            return _org ??= (await new BookQueries(await OpenAsync()).OrgAsync())?.Name;
        }
        catch (LedgerException)
        {
            return null;
        }
    }
}
