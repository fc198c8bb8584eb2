using Microsoft.Extensions.Configuration;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.RuleFiles;

namespace PocSync.Cli;

/// <summary>
/// <c>paused</c> in the rules' file and <c>Paused</c> in the program's settings, read again each time. Where just this cannot be read in the
/// rules' file, it says nothing here: whoever runs decides which settings are in force then.
/// </summary>
internal sealed class SettingsBrake(IConfiguration settings, string? rules) : IBrake
{
    public Task<string?> WhyAsync(CancellationToken stop) => Task.FromResult(OfProgram() ?? OfRules());

    private string? OfProgram()
    {
        try
        {
            return PauseSetting.Why("the setting Paused", Now());
        }
        catch (Exception wrong) when (wrong is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            return $"the program's settings cannot be read any more: {wrong.Message.TrimEnd('.')}";
        }
    }

    /// <summary>What the files say now. Only this one setting: with the others a run ends as it began.</summary>
    private string? Now()
    {
        foreach (var provider in (settings as IConfigurationRoot)?.Providers.Reverse() ?? [])
        {
            var now = provider is FileConfigurationProvider { Source: var file } ? new ConfigurationBuilder().Add(file).Build().Providers.Single() : provider;
            if (now.TryGet("Paused", out var value))
            {
                return value;
            }
        }

        return settings is IConfigurationRoot ? null : settings["Paused"];
    }

    private string? OfRules()
    {
        if ((rules ?? settings["Rules:File"]) is not { } file || (rules is null && RulesHome.IsInOrg(settings)))
        {
            return null;
        }

        var now = RulesFile.Look(file);
        return now.OfParts.Any(p => p.Part == "paused") ? null : PauseSetting.Why($"paused in {file}", now.Usable?.Paused);
    }
}
