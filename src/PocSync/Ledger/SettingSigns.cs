using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>Who changed a setting, as far as that becomes known after the run that saw the change had begun.</summary>
public sealed class SettingSigns(LedgerDatabase database)
{
    /// <summary>The settings that changed at a run, and when the run before began; none at the first run.</summary>
    public Task<(IReadOnlyList<string> Keys, DateTimeOffset Since)> ChangedAsync(long run) => database.RunAsync(async context =>
    {
        var before = await context.Runs.Where(r => r.Number < run).OrderByDescending(r => r.Number).Select(r => (long?)r.StartedAt).FirstOrDefaultAsync();
        IReadOnlyList<string> keys = before is null ? [] : await context.Settings.Where(s => s.Run == run).Select(s => s.Key).ToListAsync();
        return (keys, new DateTimeOffset(before ?? 0, TimeSpan.Zero));
    });

    /// <summary>Keeps who changed settings at a run, in words by key.</summary>
    public Task KeepAsync(long run, IReadOnlyDictionary<string, string> signs) => database.InTransactionAsync(async context =>
    {
        foreach (var (key, words) in signs)
        {
            await context.Settings.Where(s => s.Run == run && s.Key == key).ExecuteUpdateAsync(set => set.SetProperty(s => s.ChangedBy, words));
        }

        return signs.Count;
    });
}
