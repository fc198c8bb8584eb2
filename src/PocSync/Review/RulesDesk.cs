using PocSync.Core.Rules;

namespace PocSync.Review;

/// <summary>The rules' settings, as far as the program that serves the pages knows them beside the ledger.</summary>
/// <param name="File">The name of the file in which they are kept; null where there is none and the defaults hold.</param>
/// <param name="Now">Reads what the file says now.</param>
/// <param name="Refused">Why the last run could not go by the file; null where it could.</param>
/// <param name="Check">Reads a text under a name, which also tells its format.</param>
public sealed record RulesDesk(string? File, Func<SettingsReading> Now, Func<string?> Refused, Func<string, byte[], SettingsReading> Check)
{
    /// <summary>Whether they are records of the org, of which <see cref="Now"/> says what the last run read.</summary>
    public bool IsInOrg { get; init; }

    /// <summary>What other settings would find and correct otherwise on the records that the last run read; null where the pages are served without a worker.</summary>
    public Func<Settings, Task<RulesTrial>>? Try { get; init; }

    /// <summary>Where they are, for people.</summary>
    public string Where => IsInOrg ? "Their settings are in the org: Setup, Custom Metadata Types, POC Rule and POC Setting; each run reads them when it begins."
        : File is null ? "There is no rules file: every setting has its default." : $"Their settings are in {File}.";
}
