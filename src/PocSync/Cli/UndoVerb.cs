using System.CommandLine;
using System.Globalization;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Plans;

namespace PocSync.Cli;

/// <summary><c>undo</c>: puts back what a run, a correction, or every run on an account wrote, as far as it is still as written.</summary>
internal static class UndoVerb
{
    public static Command Create(Surroundings around)
    {
        var run = new Argument<long?>("N") { Description = "The run.", Arity = ArgumentArity.ZeroOrOne };
        var account = new Option<string?>("--account") { Description = "Instead of a run: all that was written on an account.", HelpName = "ID" };
        var correction = new Option<string?>("--correction") { Description = "Instead of a run: one correction; eight digits are enough.", HelpName = "ID" };
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would go back and what would stay; nothing is written." };
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var (by, rules, format) = (VerbOptions.As(), VerbOptions.Rules(), VerbOptions.Format());
        var verb = new Command("undo", "Puts back what was written, where it is still as it was written; the next runs leave it so.")
            { run, account, correction, reason, by, dry, rules, format };
        verb.SetAction(async (parsed, stop) =>
        {
            var (number, id, name) = (parsed.GetValue(run), parsed.GetValue(account), parsed.GetValue(correction));
            if ((number is null ? 0 : 1) + (id is null ? 0 : 1) + (name is null ? 0 : 1) != 1)
            {
                throw new UsageException("Say what to undo: a run's number, --account ID or --correction ID, and only one of them.");
            }

            if (string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
            {
                throw new UsageException("--reason must say why: it is what the ledger will answer a year later.");
            }

            var settings = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            var ledger = await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings));
            var target = await new Writings(ledger).TargetAsync(number, id, name);
            if (parsed.GetValue(dry))
            {
                return await TryAsync(target, settings, ledger, parsed.GetValue(format), around, stop);
            }

            await using var desk = await RunDesk.OpenAsync(around, parsed.GetValue(rules), stop);
            var order = desk.Order(RunKind.Undo, settings, parsed.GetValue(by)!, parsed.GetValue(reason)!.Trim());
            return await desk.EndAsync(settings, await desk.Reconciler.UndoAsync(order, target, stop), parsed.GetValue(format), stop);
        });
        return verb;
    }

    private static async Task<int> TryAsync(
        WritingsOf target, Settings settings, LedgerDatabase ledger, OutputFormat format, Surroundings around, CancellationToken stop)
    {
        var limits = GuardSettings.Read(around.Settings);
        await using var connection = OrgConnection.Of(around.Settings, around.Time);
        var identity = await connection.Org.IdentifyAsync(stop);
        var remembered = new RunLedger(ledger, around.Time);
        await remembered.BelongAsync(identity);
        var order = new RunOrder(RunKind.Undo, settings, limits, VerbOptions.Now(around), "");
        var undo = await Reconciler.PlanUndoAsync(connection.Org, await new Writings(ledger).OfAsync(target), order, identity, stop);
        var memory = await remembered.RecallAsync();
        var measure = Reconciler.MeasureOfUndo(memory, undo);
        var verdict = Guard.Judge(undo.Plan, limits, Reconciler.Compared(measure, memory, settings));
        Write(undo, new PlanFile(undo.Plan, measure), verdict, settings, format, around);
        return (int)(verdict.Refusals.Count > 0 ? ExitStatus.Held : ExitStatus.Done);
    }

    private static void Write(UndoPlan undo, PlanFile file, Verdict verdict, Settings settings, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            PlanJson.Write(file, verdict, settings.Names, around.Output, undo.Stays);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            PlanCsv.Write(undo.Plan, verdict, settings.Names, text);
        }
        else
        {
            PlanTable.Write(undo.Plan, verdict, settings.Names, text);
        }

        if (undo.Stays.Count > 0 && format == OutputFormat.Table)
        {
            text.WriteLine();
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Stays as it is ({undo.Stays.Count:N0})"));
            foreach (var stays in undo.Stays)
            {
                text.WriteLine(PlainText.Line($"  {stays.AccountName} ({stays.Account}): {stays.Sentence}."));
            }
        }
    }
}
