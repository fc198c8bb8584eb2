using System.CommandLine;
using PocSync.RuleFiles;

namespace PocSync.Cli.Rules;

/// <summary><c>rules</c>: what administrators decide, and what follows from it.</summary>
internal static class RulesVerb
{
    public static Command Create(Surroundings around) => new("rules", "Shows, checks and explains the rules and their settings.")
    {
        RulesShowVerb.Create(around),
        RulesCheckVerb.Create(around),
        RulesPreviewVerb.Create(around),
        RulesExplainVerb.Create(around),
        RulesExportVerb.Create(around),
        Printing("docs", "Prints the rules reference (docs/rules.md), written from the rules themselves.", RulesDocs.Write, around),
        Printing("schema", "Prints the JSON schema of a rules file (docs/rules.schema.json), for editors.", text => text.Write(SettingsSchema.Text()), around),
    };

    private static Command Printing(string name, string description, Action<TextWriter> write, Surroundings around)
    {
        var verb = new Command(name, description);
        verb.SetAction(_ =>
        {
            using var text = around.OpenText();
            write(text);
            return (int)ExitStatus.Done;
        });
        return verb;
    }
}
