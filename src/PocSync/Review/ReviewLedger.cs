using PocSync.Ledger;

namespace PocSync.Review;

/// <summary>The ledger that the pages read: opened when a page is first asked for, and again where that failed.</summary>
public sealed class ReviewLedger(LedgerSettings settings, ApprovalTerms terms, TimeProvider time)
{
    /// <summary>Approvals and deferrals end with time, without a line in the ledger.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1);
    private LedgerDatabase? _database;
    private Known? _pending;
    private string? _org;

    /// <summary>The database. Throws <see cref="LedgerException"/>.</summary>
    public async Task<LedgerDatabase> OpenAsync() => _database ??= await LedgerDatabase.OpenAsync(settings);

    /// <summary>What there is to decide, read again when something of it can have changed; null before the first plan.</summary>
    public async Task<Pending?> PendingAsync()
    {
        var database = await OpenAsync();
        // One reads for all who ask: a plan can be large.
        await _reading.WaitAsync();
        try
        {
            var (stamp, now) = (await new BookQueries(database).StampAsync(), time.GetUtcNow());
            if (_pending is not { } known || known.Stamp != stamp || now - known.At >= Freshness)
            {
                _pending = known = new Known(stamp, now, await new LedgerQueries(database).PendingAsync(terms, now));
            }

            return known.Pending;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Corrections of the newest plan that wait for a person or are held.</summary>
    public async Task<int> WaitingAsync() =>
        (await PendingAsync())?.Open.Count(o => o.IsToDecide) ?? 0;

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

    private sealed record Known(string Stamp, DateTimeOffset At, Pending? Pending);
}
