using System.CommandLine;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Plans;

namespace PocSync.Cli;

/// <summary><c>plan</c>: what would be written, on an export or on the live org, which it only reads.</summary>
internal static class PlanVerb
{
    public static Command Create(Surroundings around)
    {
        var export = VerbOptions.Export();
        var asOf = VerbOptions.AsOf();
        var rules = VerbOptions.Rules();
        var format = VerbOptions.Format();
        var outFile = new Option<string?>("--out") { Description = "Write the plan as JSON to this file, for `apply`.", HelpName = "FILE" };
        var verb = new Command("plan", "Says what would be written, on a data export or on the live org, and writes nothing to either.")
            { export, outFile, asOf, rules, format };
        verb.SetAction(async (parsed, stop) =>
        {
            var settings = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            var limits = GuardSettings.Read(around.Settings);
            var now = parsed.GetValue(asOf) ?? VerbOptions.Now(around);
            var ground = await Ground.ReadAsync(parsed.GetValue(export), settings, now, around, stop);
            var (proposal, snapshot) = (ground.Propose(settings), ground.Snapshot);
            if (proposal.LeftAlone.Count > 0)
            {
                around.Error.WriteLine($"Left alone, because of what people or the org said before: {proposal.LeftAlone.Count} (`pocsync approvals` shows them).");
            }

            var verdict = Guard.Judge(proposal.Plan, limits, Reconciler.Compared(Measure.Of(snapshot), ground.Memory, settings, snapshot) with { HeldBefore = ground.Memory.Held });
            Write(new PlanFile(proposal.Plan, Measure.Of(snapshot)), verdict, settings.Names, parsed.GetValue(format), parsed.GetValue(outFile), around);
            return (int)(verdict.Refusals.Count > 0 ? ExitStatus.Held : ExitStatus.Done);
        });
        return verb;
    }

    private static void Write(PlanFile file, Verdict verdict, Names names, OutputFormat format, string? outFile, Surroundings around)
    {
        if (outFile is not null)
        {
            WriteFile(file, verdict, names, outFile);
            around.Error.WriteLine(PlainText.Line($"Wrote {outFile}; `pocsync apply {outFile}` applies it."));
        }

        if (format == OutputFormat.Json)
        {
            PlanJson.Write(file, verdict, names, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            PlanCsv.Write(file.Plan, verdict, names, text);
        }
        else
        {
            PlanTable.Write(file.Plan, verdict, names, text);
        }
    }

    /// <summary>Whole or not at all: a torn plan must not take the place of a good one.</summary>
    internal static void WriteFile(PlanFile file, Verdict verdict, Names names, string path)
    {
        var partial = path + ".part";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write))
            {
                PlanJson.Write(file, verdict, names, stream);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {wrong.Message}");
        }
    }
}
