using Microsoft.Extensions.Configuration;
using PocSync.Core.Rules;
using PocSync.RuleFiles;
using PocSync.Salesforce;

namespace PocSync.Cli;

/// <summary>
/// Where the rules' settings live: in the file that a command names; else, by <c>Rules:Home</c>, in the file that <c>Rules:File</c> names (without one the defaults
/// hold) or in records of the org.
/// </summary>
internal sealed class RulesHome
{
    private readonly string? _path;
    private readonly Surroundings _around;

    private RulesHome(string? path, bool isOrg, Surroundings around) => (_path, IsOrg, _around) = (path, isOrg, around);

    /// <summary>Whether the settings are records of the org.</summary>
    public bool IsOrg { get; }

    /// <summary>The name of the file; null where there is none.</summary>
    public string? File => _path is null ? null : Path.GetFileName(_path);

    /// <summary>Where the settings are, for people.</summary>
    public string Sentence => IsOrg ? "Settings of the org's records (Setup, Custom Metadata Types: POC Rule and POC Setting)."
        : File is null ? "There is no rules file: every setting has its default." : $"Settings of {File}.";

    /// <summary>The home that a command's <c>--rules</c> or else the program's settings name. Throws <see cref="UsageException"/>.</summary>
    public static RulesHome Of(string? given, Surroundings around)
    {
        if (given is not null)
        {
            return new RulesHome(given, isOrg: false, around);
        }

        var isOrg = IsInOrg(around.Settings);
        return isOrg && around.Settings["Rules:File"] is { Length: > 0 } file
            ? throw new UsageException($"Rules:Home is Org, so that nobody would read Rules:File ({file}): take one of the two out of the settings.")
            : new RulesHome(isOrg ? null : around.Settings["Rules:File"], isOrg, around);
    }

    /// <summary>Whether the program's settings keep the rules in the org. Throws <see cref="UsageException"/>.</summary>
    public static bool IsInOrg(IConfiguration settings) => settings["Rules:Home"]?.Trim() switch
    {
        null or "" => false,
        var home when home.Equals("File", StringComparison.OrdinalIgnoreCase) => false,
        var home when home.Equals("Org", StringComparison.OrdinalIgnoreCase) => true,
        var home => throw new UsageException($"Rules:Home must be File or Org, not '{home}'."),
    };

    /// <summary>The settings. Throws <see cref="SettingsException"/> with everything that is wrong.</summary>
    /// <param name="org">The org of whoever has one open; null where one is to be reached for this alone.</param>
    /// <param name="stop">The word to stop.</param>
    public async Task<Settings> ReadAsync(LiveOrg? org, CancellationToken stop)
    {
        if (!IsOrg)
        {
            return Read();
        }

        var reading = await LookAsync(org, stop);
        return reading.Settings ?? throw new SettingsException(string.Join('\n', reading.Problems));
    }

    /// <summary>What the settings say, and where; what cannot be read is a problem like any other.</summary>
    public async Task<SettingsReading> LookAsync(LiveOrg? org, CancellationToken stop)
    {
        if (LookAtFile() is { } ofFile)
        {
            return ofFile;
        }

        try
        {
            if (org is not null)
            {
                return OrgSettings.Read(await org.SettingsAsync(stop));
            }

            await using var connection = OrgConnection.Of(_around.Settings, _around.Time, ", or name a rules file with --rules FILE");
            return OrgSettings.Read(await connection.Org.SettingsAsync(stop));
        }
        catch (SettingsException wrong)
        {
            return SettingsReading.Unread with { Problems = [wrong.Message] };
        }
    }

    /// <summary>What the file says, or that there is none; null where the settings are in the org.</summary>
    public SettingsReading? LookAtFile() => IsOrg ? null : _path is null ? SettingsReading.Nothing : RulesFile.Look(_path);

    /// <summary>A file that is wrong is said before an org is reached or a ledger is waited for.</summary>
    public RulesHome Checked()
    {
        if (!IsOrg)
        {
            Read();
        }

        return this;
    }

    private Settings Read() => _path is null ? Settings.Default : RulesFile.Read(_path);
}
