using System.CommandLine;

namespace PocSync.Cli.Rules;

/// <summary><c>rules</c>: what administrators decide, and what follows from it.</summary>
internal static class RulesVerb
{
    public static Command Create(Surroundings around) => new("rules", "Shows, checks and explains the rules and their settings.")
    {
        RulesShowVerb.Create(around),
        RulesCheckVerb.Create(around),
        RulesExportVerb.Create(around),
    };
}
