using System.CommandLine;
using System.Globalization;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>approve</c> and <c>reject</c>: a person's yes, written at once, or no.</summary>
internal static class DecideVerb
{
    public static Command CreateApprove(Surroundings around)
    {
        var (named, rule, reason, by, rules, format) = (Named(), Rule(), Reason(), VerbOptions.As(), VerbOptions.Rules(), VerbOptions.Format());
        var verb = new Command("approve", "Approves corrections that wait or are held, and writes them at once.")
            { named, rule, reason, by, rules, format };
        verb.SetAction(async (parsed, stop) =>
        {
            var settings = VerbOptions.ReadRules(parsed.GetValue(rules), around);
            // What would keep the run from beginning is said before anything is noted.
            GuardSettings.Read(around.Settings);
            await using (OrgConnection.Of(around.Settings, around.Time))
            {
            }

            var covered = await DecideAsync(
                true, parsed.GetValue(named)!, parsed.GetValue(rule), parsed.GetValue(by)!, parsed.GetValue(reason)!, around);
            around.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Approved {covered:N0} {(covered == 1 ? "correction" : "corrections")}."));
            RunDesk desk;
            try
            {
                desk = await RunDesk.OpenAsync(around);
            }
            catch (LedgerException busy)
            {
                around.Error.WriteLine(Printable.Line($"The approval is noted and the next sync writes it. {busy.Message}"));
                return (int)ExitStatus.DoneInPart;
            }

            await using (desk)
            {
                return await desk.PrintAsync(
                    await desk.Reconciler.ApproveAsync(desk.Order(RunKind.Approve, settings, parsed.GetValue(by)!), stop), parsed.GetValue(format));
            }
        });
        return verb;
    }

    public static Command CreateReject(Surroundings around)
    {
        var (named, rule, reason, by) = (Named(), Rule(), Reason(), VerbOptions.As());
        var verb = new Command("reject", "Rejects corrections: they are not proposed again until what they would do changes.")
            { named, rule, reason, by };
        verb.SetAction(async (parsed, _) =>
        {
            var covered = await DecideAsync(
                false, parsed.GetValue(named)!, parsed.GetValue(rule), parsed.GetValue(by)!, parsed.GetValue(reason)!, around);
            around.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Rejected {covered:N0} {(covered == 1 ? "correction" : "corrections")}."));
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static async Task<int> DecideAsync(bool isYes, string[] named, string? rule, string by, string reason, Surroundings around)
    {
        if (named.Length == 0 && rule is null)
        {
            throw new UsageException("Say what: a plan's digest, corrections' ids, or --rule RULE; `pocsync approvals` shows them.");
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new UsageException("--reason must say why: it is what the ledger will answer a year later.");
        }

        var database = await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings));
        return (await new Decisions(database, around.Time).DecideAsync(isYes, named, rule, by, reason.Trim())).Count;
    }

    private static Argument<string[]> Named() => new("DIGEST-or-IDS")
    {
        Description = "A plan's digest or corrections' ids, as `pocsync approvals` shows them; eight digits are enough.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static Option<string?> Rule() => new("--rule") { Description = "All that waits or is held of this rule.", HelpName = "RULE" };

    private static Option<string> Reason() => new("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
}
