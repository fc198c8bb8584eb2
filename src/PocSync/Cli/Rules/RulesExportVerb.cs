using System.CommandLine;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.RuleFiles;

namespace PocSync.Cli.Rules;

/// <summary><c>rules export</c>: the effective settings as a rules file, or as the records by which an org keeps them.</summary>
internal static class RulesExportVerb
{
    private enum Format
    {
        Yaml,
        Json,
        Sfdx,
    }

    public static Command Create(Surroundings around)
    {
        var rules = VerbOptions.Rules();
        var folder = new Argument<string?>("DIR")
        {
            Description = "With --to sfdx: the folder whose subfolder customMetadata takes the records, such as force-app/main/default.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var to = VerbOptions.Word("--to", Format.Yaml, "What to write.");
        var all = new Option<bool>("--all") { Description = "Every setting that has a value, the defaults included." };
        var verb = new Command("export", "Prints the settings that differ from the defaults, as a rules file that says the same; or writes all of them as the org's records, to deploy.")
            { folder, rules, to, all };
        verb.SetAction(async (parsed, stop) =>
        {
            var (format, dir) = (parsed.GetValue(to), parsed.GetValue(folder));
            if ((format == Format.Sfdx) != (dir is not null))
            {
                throw new UsageException(dir is null ? "--to sfdx writes files: say into which folder, such as `rules export --to sfdx force-app/main/default`."
                    : "A folder is only taken with --to sfdx; a rules file is printed, so send it into a file with >.");
            }

            var settings = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            if (format == Format.Sfdx)
            {
                WriteRecords(settings, dir!, around);
                return (int)ExitStatus.Done;
            }

            var nodes = SettingsNodes.Of(settings, parsed.GetValue(all));
            using var text = around.OpenText();
            text.Write(format == Format.Json ? SettingsWriter.Json(nodes) : SettingsWriter.Yaml(nodes));
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static void WriteRecords(Settings settings, string dir, Surroundings around)
    {
        var folder = Path.Combine(dir, "customMetadata");
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (file, text) in SettingRecordFiles.Of(settings))
            {
                File.WriteAllText(Path.Combine(folder, file), text);
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder} cannot be written: {wrong.Message}");
        }

        around.Error.WriteLine(PlainText.Line($"The records are in {folder}. Deploy them with `sf project deploy start --source-dir`, then set Rules:Home to Org."));
    }
}
