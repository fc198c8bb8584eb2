using Microsoft.EntityFrameworkCore;
using PocSync.Core.Records;

namespace PocSync.Ledger;

/// <summary>A setting that was not what it was at the run before.</summary>
/// <param name="Key">Which.</param>
/// <param name="Before">What it was; null where it was not kept before.</param>
/// <param name="After">What it is; null where there is no such setting any more.</param>
/// <param name="ChangedBy">Who changed it in the org and when, in words; null where the org did not tell.</param>
public sealed record SettingChange(string Key, string? Before, string? After, string? ChangedBy = null);

/// <summary>Keeps with which settings each run was made, as what changed from one to the next.</summary>
internal static class SettingsHistory
{
    /// <summary>Notes what differs from what was kept last.</summary>
    public static async Task NoteAsync(LedgerContext context, long run, IReadOnlyDictionary<string, string> settings, string by, long now)
    {
        var newest = context.Settings.GroupBy(s => s.Key).Select(g => g.Max(s => s.Id));
        var last = await context.Settings.Where(s => newest.Contains(s.Id) && s.After != null).ToDictionaryAsync(s => s.Key, s => s.After!);
        foreach (var key in last.Keys.Union(settings.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (last.GetValueOrDefault(key), settings.GetValueOrDefault(key));
            if (before != after)
            {
                context.Add(new SettingRow { At = now, Run = run, Key = key, Before = before, After = after, By = by });
            }
        }
    }

    /// <summary>The org's own names of objects and fields, as they were set at a run.</summary>
    public static async Task<Names> NamesAsync(LedgerContext context, long run)
    {
        const string prefix = "names.";
        var set = await context.Settings.Where(s => s.Run <= run && s.Key.StartsWith(prefix)).OrderBy(s => s.Id).ToListAsync();
        return new Names(set.GroupBy(s => s.Key[prefix.Length..]).Where(g => g.Last().After is not null)
            .Select(g => KeyValuePair.Create(g.Key, g.Last().After!)));
    }

    /// <summary>What changed at a run, by key.</summary>
    public static async Task<IReadOnlyList<SettingChange>> OfAsync(LedgerContext context, long run) =>
        await context.Settings.Where(s => s.Run == run).OrderBy(s => s.Id).Select(s => new SettingChange(s.Key, s.Before, s.After, s.ChangedBy)).ToListAsync();
}
