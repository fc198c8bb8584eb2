using PocSync.Core.Rules;
using PocSync.Ledger;

namespace PocSync.Review;

/// <summary>A setting, as the last run had it.</summary>
/// <param name="Key">Under which it is set.</param>
/// <param name="Value">By which the last run went.</param>
/// <param name="Source">Where the value comes from, in words.</param>
/// <param name="Next">By what the next run goes, where the file says something else now.</param>
public sealed record EffectiveSetting(string Key, string Value, string Source, string? Next);

/// <summary>By which settings the last run went, where they come from, and by what the next one goes.</summary>
internal sealed class EffectiveSettings
{
    private static readonly SortedDictionary<string, string> Defaults = SettingsText.Of(Settings.Default);

    private readonly Dictionary<string, string> _last;
    private readonly SortedDictionary<string, string>? _next;
    private readonly string? _file;

    private EffectiveSettings(Dictionary<string, string> last, string? file, SettingsReading now) =>
        (_last, _file, Now, _next) = (last, file, now, now.Settings is null ? null : SettingsText.Of(now.Settings));

    /// <summary>What the file says now.</summary>
    public SettingsReading Now { get; }

    /// <summary>Whether any run went by settings yet; else there are only those of the next.</summary>
    public bool HasRun => _last.Count > 0;

    public static async Task<EffectiveSettings> ReadAsync(LedgerDatabase ledger, RulesDesk desk) =>
        new(await new RuleQueries(ledger).SettingsAsync(), desk.File, desk.Now());

    /// <summary>Every setting of the rules' file by key, as the last run had it; before the first run as the next has it.</summary>
    public IReadOnlyDictionary<string, string> Values => !HasRun ? _next ?? Defaults : _last.Where(s => IsOfRules(s.Key)).ToDictionary();

    /// <summary>The settings that begin so.</summary>
    public IEnumerable<EffectiveSetting> Of(string prefix) => Values.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(s => Of(s.Key, s.Value));

    /// <summary>The settings of no single rule, those of the program (guard, approvals) included.</summary>
    public IEnumerable<EffectiveSetting> OfNoRule => Of("").Where(s => !s.Key.StartsWith("rules.", StringComparison.Ordinal))
        .Concat(_last.Where(s => !IsOfRules(s.Key)).Select(s => new EffectiveSetting(s.Key, s.Value, "the program's settings", null)))
        .OrderBy(s => s.Key, StringComparer.Ordinal);

    /// <summary>What the next run does otherwise than the last.</summary>
    public IReadOnlyList<EffectiveSetting> Changed => [.. Keys.Select(k => Of(k, Values.GetValueOrDefault(k) ?? SettingsText.None)).Where(s => s.Next is not null)];

    /// <summary>What other settings would change: key, as it is, as it would be.</summary>
    public IReadOnlyList<(string Key, string Before, string After)> Against(Settings other) => SettingsText.Changes(Values, SettingsText.Of(other));

    private IEnumerable<string> Keys => Values.Keys.Union(_next?.Keys ?? (IEnumerable<string>)[]).Order(StringComparer.Ordinal);

    private EffectiveSetting Of(string key, string value)
    {
        var next = _next is null ? value : _next.GetValueOrDefault(key) ?? SettingsText.None;
        // A line is only told of where the file still says what the run went by.
        var source = next == value && Now.Places.ContainsKey(key) ? Now.SourceOf(key, _file)
            : Defaults.TryGetValue(key, out var byDefault) && value == byDefault ? "default"
            : "the settings of the last run";
        return new EffectiveSetting(key, value, source, next == value ? null : next);
    }

    /// <summary>Keys of the program's own settings have a colon.</summary>
    private static bool IsOfRules(string key) => !key.Contains(':');
}
