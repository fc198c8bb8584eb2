using System.CommandLine;
using PocSync.Core.Rules;
using PocSync.RuleFiles;

namespace PocSync.Cli.Rules;

/// <summary><c>rules preview</c>: what other settings would change, on the same records, before anything is switched on.</summary>
internal static class RulesPreviewVerb
{
    public static Command Create(Surroundings around)
    {
        var with = new Option<string>("--with") { Description = "The settings to try.", HelpName = "FILE", Required = true };
        var (rules, export, asOf, format) = (VerbOptions.Rules(), VerbOptions.Export(), VerbOptions.AsOf(), VerbOptions.Format());
        rules.Description = "The settings to compare with. Default: those in force.";
        var verb = new Command("preview", "Says which findings and corrections other settings would bring and take away. Writes nothing.") { with, rules, export, asOf, format };
        verb.SetAction(async (parsed, stop) =>
        {
            var before = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            var after = RulesFile.Read(parsed.GetValue(with)!);
            var now = parsed.GetValue(asOf) ?? VerbOptions.Now(around);
            var path = parsed.GetValue(export);
            var both = before.Beside(after);
            var ground = await Ground.ReadAsync(path, both ?? before, now, around, stop);
            var other = ground;
            if (both is null)
            {
                around.Error.WriteLine("The records are read twice, because the two look at them in different ways (binding, names or team roles).");
                other = await Ground.ReadAsync(path, after, now, around, stop);
            }

            new RulesPreviewPrinter(new RulesPreview(
                SettingsText.Changes(SettingsText.Of(before), SettingsText.Of(after)), Sight.Of(ground, before), Sight.Of(other, after))).Write(parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }
}
