using Microsoft.Extensions.Configuration;
using PocSync.Core.Rules;

namespace PocSync.Cli;

/// <summary>
/// The rules that scheduled runs go by: the file is read when a run begins, so that a change needs no restart; while the file is wrong, the last
/// settings that a run went by are in force.
/// </summary>
internal sealed class RulesInForce(Surroundings around)
{
    private Settings? _proven;
    private (DateTime Changed, long Length)? _refused;

    /// <summary>What is wrong with the file, in sentences; null where it is in force.</summary>
    public string? Problem { get; private set; }

    /// <summary>The settings to run by. Throws <see cref="SettingsException"/> where the file is wrong and no run went by another yet.</summary>
    public Settings Read()
    {
        try
        {
            if (_refused is not null && _refused == Stamp() && _proven is not null)
            {
                return _proven;
            }

            var settings = VerbOptions.ReadRules(null, around);
            (Problem, _refused) = (null, null);
            return settings;
        }
        catch (SettingsException wrong)
        {
            Problem = wrong.Message;
            return _proven ?? throw new SettingsException(wrong.Message);
        }
    }

    /// <summary>A run went by these.</summary>
    public void Prove(Settings settings) => _proven = settings;

    /// <summary>A run could not go by these (a scope names a field that the org does not have); gives those to go by instead, or null.</summary>
    public Settings? Refuse(Settings settings, SettingsException wrong)
    {
        (Problem, _refused) = (wrong.Message, Stamp());
        return ReferenceEquals(settings, _proven) ? null : _proven;
    }

    private (DateTime, long)? Stamp() => around.Settings["Rules:File"] is { } path && new FileInfo(path) is { Exists: true } file
        ? (file.LastWriteTimeUtc, file.Length) : null;
}
