using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>A finding is gone when a run does not see it any more. Where its rule was switched off or set otherwise meanwhile, that is no sign that anything was put right.</summary>
public sealed class GoneBySettings
{
    private const string Prefix = "rules.", Enabled = ".enabled";

    private readonly ILookup<string, SettingRow> _changes;

    private GoneBySettings(ILookup<string, SettingRow> changes) => _changes = changes;

    internal static async Task<GoneBySettings> ReadAsync(LedgerContext context) =>
        new((await context.Settings.Where(s => s.Key.StartsWith(Prefix)).OrderBy(s => s.Id).ToListAsync()).ToLookup(s => s.Key.Split('.')[1]));

    /// <summary>What to say of a finding beside that it is resolved; null where nothing.</summary>
    public string? Words(FindingRow finding)
    {
        if (finding.ResolvedRun is not { } gone)
        {
            return null;
        }

        var since = _changes[finding.Rule].Where(s => s.Before is not null && s.Run > finding.SeenRun && s.Run <= gone).ToList();
        return IsOff(finding.Rule, gone) ? $"no longer judged: the rule {finding.Rule} is switched off"
            : since.Count > 0 ? $"perhaps only judged otherwise: {string.Join(", ", since.Select(s => $"{s.Key} changed from {s.Before} to {s.After ?? "nothing"}"))}"
            : null;
    }

    /// <summary>Whether a rule was switched off at a run.</summary>
    internal bool IsOff(string rule, long run) =>
        _changes[rule].LastOrDefault(s => s.Run <= run && s.Key.EndsWith(Enabled, StringComparison.Ordinal)) is { After: "false" };
}
