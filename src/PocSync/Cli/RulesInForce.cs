using PocSync.Core.Rules;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>
/// The rules that scheduled runs go by: their home is read when a run begins, so that a change needs no restart; while it is wrong, the last
/// settings that a run went by are in force.
/// </summary>
internal sealed class RulesInForce(Surroundings around)
{
    private Settings? _proven;
    private string? _refused;

    /// <summary>Where the settings live.</summary>
    public RulesHome Home { get; } = RulesHome.Of(null, around);

    /// <summary>What is wrong with the settings, in sentences; null where they are in force.</summary>
    public string? Problem { get; private set; }

    /// <summary>What the home said when it was read last.</summary>
    public SettingsReading Last { get; private set; } = SettingsReading.Unread;

    /// <summary>The settings to run by. Throws <see cref="SettingsException"/> where they are wrong and no run went by others yet.</summary>
    public async Task<Settings> ReadAsync(LiveOrg org, CancellationToken stop)
    {
        Last = await Home.LookAsync(org, stop);
        if (Last.Settings is not { } settings)
        {
            Problem = string.Join('\n', Last.Problems);
            return _proven ?? throw new SettingsException(Problem);
        }

        if (_proven is not null && _refused is not null && _refused == Text(settings))
        {
            return _proven;
        }

        (Problem, _refused) = (null, null);
        return settings;
    }

    /// <summary>A run went by these.</summary>
    public void Prove(Settings settings) => _proven = settings;

    /// <summary>A run could not go by these (a scope names a field that the org does not have); gives those to go by instead, or null.</summary>
    public Settings? Refuse(Settings settings, SettingsException wrong)
    {
        (Problem, _refused) = (wrong.Message, Text(settings));
        return ReferenceEquals(settings, _proven) ? null : _proven;
    }

    private static string Text(Settings settings) => string.Join('\n', SettingsText.Of(settings));
}
