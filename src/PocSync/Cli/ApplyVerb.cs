using System.CommandLine;
using PocSync.Core.Runs;
using PocSync.Plans;

namespace PocSync.Cli;

/// <summary><c>apply</c>: writes a plan's file, on the word of whoever runs it.</summary>
internal static class ApplyVerb
{
    public static Command Create(Surroundings around)
    {
        var file = new Argument<string>("FILE") { Description = "A plan that `pocsync plan --out FILE` wrote." };
        var rules = VerbOptions.Rules();
        var by = VerbOptions.As();
        var format = VerbOptions.Format();
        var verb = new Command("apply", "Writes exactly a plan; what moved in the org since then is left alone. Running it approves the plan.")
            { file, rules, by, format };
        verb.SetAction(async (parsed, stop) =>
        {
            var settings = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            var plan = PlanReader.Read(parsed.GetValue(file)!, settings.Names);
            await using var desk = await RunDesk.OpenAsync(around, parsed.GetValue(rules), stop);
            return await desk.EndAsync(
                settings, await desk.Reconciler.ApplyAsync(desk.Order(RunKind.Apply, settings, parsed.GetValue(by)!), plan.Plan, plan.Measure, stop),
                    parsed.GetValue(format), stop);
        });
        return verb;
    }
}
