using Microsoft.Extensions.Logging;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Health;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>
/// The rules that the worker's runs go by: their home is read when a run begins, so that a change needs no restart. What is wrong there keeps the settings that a run last went by, rule by rule; a
/// rule of which none are known is off.
/// </summary>
internal sealed partial class RulesInForce(Surroundings around)
{
    /// <summary>What holds in place of what the org refused can be refused too, where the org lost a field; then there is nothing else.</summary>
    private const int Tries = 3;

    private Settings? _proven;
    private IReadOnlyList<SettingsProblem> _refused = [];
    private string? _refusedOf;

    /// <summary>Where the settings live.</summary>
    public RulesHome Home { get; } = RulesHome.Of(null, around);

    /// <summary>What is wrong with the settings and what holds in their place, in sentences; null where all of them are in force.</summary>
    public string? Problem { get; private set; }

    /// <summary>The settings by which the last run judged; null before the first.</summary>
    public Settings? Proven => _proven;

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

    /// <summary>
    /// Does a run by the settings as they are now; says what is wrong with them. Throws <see cref="SettingsException"/> where there is nothing to go by.
    /// </summary>
    public async Task<RunReport> RunAsync(LiveOrg org, WorkerHealth health, ILogger log, Func<Settings, Task<RunReport>> run, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var settings = await ReadAsync(org, stop);
                if (Problem is { } problem)
                {
                    LogWrong(log, problem);
                }

                var report = await run(settings);
                _proven = report.Judged is null ? _proven : settings;
                return report;
            }
            catch (ConditionsException wrong) when (tries < Tries)
            {
                Refuse(wrong);
            }
            finally
            {
                health.Rules = Problem;
            }
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

    /// <summary>The org has not the fields that some conditions of the settings read last name: these are wrong, until the settings say something else.</summary>
    private void Refuse(ConditionsException wrong)
    {
        _refusedOf = Text(Last);
        _refused =
        [
            .. _refused,
            .. wrong.Problems.Select(p =>
                new SettingsProblem(p.Part, Last.Places.ContainsKey(p.Key) ? $"{Last.SourceOf(p.Key, Home.File)}: {p.Sentence}" : p.Sentence) { Refused = p.Condition }),
        ];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "THE RULES' SETTINGS ARE WRONG: {Problem}")]
    private static partial void LogWrong(ILogger log, string problem);

    private static string Text(SettingsReading reading) =>
        string.Join('\n', (reading.Usable is { } usable ? SettingsText.Of(usable).Select(s => $"{s.Key}={s.Value}") : []).Concat(reading.Problems));
}
