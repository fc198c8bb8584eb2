using PocSync.Core.Rules;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>
/// The rules that scheduled runs go by: their home is read when a run begins, so that a change needs no restart. What is wrong there keeps the settings that a run last went by, rule by rule; a
/// rule of which none are known is off.
/// </summary>
internal sealed class RulesInForce(Surroundings around)
{
    private Settings? _proven;
    private IReadOnlyList<SettingsProblem> _refused = [];
    private string? _refusedOf;

    /// <summary>Where the settings live.</summary>
    public RulesHome Home { get; } = RulesHome.Of(null, around);

    /// <summary>What is wrong with the settings and what holds in their place, in sentences; null where all of them are in force.</summary>
    public string? Problem { get; private set; }

    /// <summary>What the home said when it was read last.</summary>
    public SettingsReading Last { get; private set; } = SettingsReading.Unread;

    /// <summary>Before anything begins: throws <see cref="SettingsException"/> where there is a file of which nothing can be used.</summary>
    public void Check()
    {
        if (Home.LookAtFile() is { } reading && reading.Else(null, []) is null)
        {
            throw new SettingsException(string.Join('\n', reading.Problems));
        }
    }

    /// <summary>The settings to run by. Throws <see cref="SettingsException"/> where they are wrong and there is nothing else to go by.</summary>
    public async Task<Settings> ReadAsync(LiveOrg org, CancellationToken stop)
    {
        Last = await Home.LookAsync(org, stop);
        if (_refusedOf != Text(Last))
        {
            _refused = [];
        }

        var settings = Last.Else(_proven, _refused);
        var problems = settings?.Wrong ?? [.. Last.Problems, .. _refused.Select(p => p.Sentence)];
        Problem = problems.Count == 0 ? null : string.Join('\n', problems);
        return settings ?? throw new SettingsException(Problem!);
    }

    /// <summary>A run went by these.</summary>
    public void Prove(Settings settings) => _proven = settings;

    /// <summary>The org has not the fields that some conditions of the settings read last name: these are wrong, until the settings say something else.</summary>
    public void Refuse(ConditionsException wrong)
    {
        _refusedOf = Text(Last);
        _refused =
        [
            .. _refused,
            .. wrong.Problems.Select(p =>
                new SettingsProblem(p.Part, Last.Places.ContainsKey(p.Key) ? $"{Last.SourceOf(p.Key, Home.File)}: {p.Sentence}" : p.Sentence) { Refused = p.Condition }),
        ];
    }

    private static string Text(SettingsReading reading) =>
        string.Join('\n', (reading.Usable is { } usable ? SettingsText.Of(usable).Select(s => $"{s.Key}={s.Value}") : []).Concat(reading.Problems));
}
