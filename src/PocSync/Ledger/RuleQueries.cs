using Microsoft.EntityFrameworkCore;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>What is open of a rule.</summary>
/// <param name="Open">Findings that nobody accepted as the baseline.</param>
/// <param name="Baseline">Findings that somebody did.</param>
/// <param name="Silent">Findings that somebody snoozed or marked as false.</param>
public sealed record RuleCount(int Open, int Baseline, int Silent);

/// <summary>How many of a rule's findings, gone ones that are kept included, people marked as false.</summary>
public sealed record FalseRate(int False, int Found)
{
    /// <summary>In words.</summary>
    public string Words => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100.0 * False / Found:0.#} % false positives ({False:N0} of {Found:N0})");
}

/// <summary>Reads how rules came out and with which settings.</summary>
public sealed class RuleQueries(LedgerDatabase database)
{
    /// <summary>How each rule came out at the last run that judged the org, by rule.</summary>
    public Task<Dictionary<string, RuleRow>> LastAsync() => database.RunAsync(context => context.Rules.ToDictionaryAsync(r => r.Rule));

    /// <summary>Findings that are open, by rule.</summary>
    public Task<Dictionary<string, RuleCount>> CountsAsync() => database.RunAsync(context =>
        context.Findings.Where(f => f.ResolvedRun == null).GroupBy(f => f.Rule)
            .Select(g => new { g.Key, Open = g.Count(f => f.BaselineAt == null && f.Silent == null), Baseline = g.Count(f => f.BaselineAt != null), Silent = g.Count(f => f.BaselineAt == null && f.Silent != null) })
            .ToDictionaryAsync(g => g.Key, g => new RuleCount(g.Open, g.Baseline, g.Silent)));

    /// <summary>The rate of false positives, by rule; rules without any are left out.</summary>
    public Task<Dictionary<string, FalseRate>> FalseRatesAsync() => database.RunAsync(async context =>
    {
        var marked = await context.Marks.Where(m => m.Kind == nameof(LeftAloneKind.FalsePositive) && m.ClearedAt == null).GroupBy(m => m.Rule)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync();
        var found = await context.Findings.GroupBy(f => f.Rule).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        return marked.ToDictionary(m => m.Key, m => new FalseRate(m.Count, Math.Max(m.Count, found.GetValueOrDefault(m.Key))));
    });

    /// <summary>The settings by which the last run went, by key.</summary>
    public Task<Dictionary<string, string>> SettingsAsync() => database.RunAsync(context =>
    {
        var newest = context.Settings.GroupBy(s => s.Key).Select(g => g.Max(s => s.Id));
        return context.Settings.Where(s => newest.Contains(s.Id) && s.After != null).ToDictionaryAsync(s => s.Key, s => s.After!);
    });

    /// <summary>The org's own names, as the last run had them.</summary>
    public Task<Names> NamesAsync() => database.RunAsync(context => SettingsHistory.NamesAsync(context, long.MaxValue));

    /// <summary>How settings changed, the newest first: those whose key begins so, or all. What was set before the first run is not told.</summary>
    public Task<List<SettingRow>> HistoryAsync(string prefix, int limit) => database.RunAsync(context =>
        context.Settings.Where(s => s.Key.StartsWith(prefix) && s.Before != null).OrderByDescending(s => s.Id).Take(limit).ToListAsync());
}
