using System.CommandLine;
using PocSync.Core.Rules;
using PocSync.RuleFiles;

namespace PocSync.Cli.Rules;

/// <summary><c>rules export</c>: the effective settings as a rules file.</summary>
internal static class RulesExportVerb
{
    private enum Format
    {
        Yaml,
        Json,
    }

    public static Command Create(Surroundings around)
    {
        var rules = VerbOptions.Rules();
        var to = VerbOptions.Word("--to", Format.Yaml, "What to write.");
        var all = new Option<bool>("--all") { Description = "Every setting that has a value, the defaults included." };
        var verb = new Command("export", "Prints the settings that differ from the defaults, as a rules file that says the same.") { rules, to, all };
        verb.SetAction(parsed =>
        {
            var nodes = SettingsNodes.Of(VerbOptions.ReadRules(parsed.GetValue(rules), around), parsed.GetValue(all));
            using var text = around.OpenText();
            text.Write(parsed.GetValue(to) == Format.Json ? SettingsWriter.Json(nodes) : SettingsWriter.Yaml(nodes));
            return (int)ExitStatus.Done;
        });
        return verb;
    }
}
