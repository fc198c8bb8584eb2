using System.CommandLine;
using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>approve</c>, <c>reject</c> and <c>defer</c>: a person's yes, written at once, or no, or not yet.</summary>
internal static class DecideVerb
{
    /// <summary>How many corrections a message names.</summary>
    private const int Shown = 10;

    public static Command CreateApprove(Surroundings around)
    {
        var (which, reason, by, rules, format) = (new Which(), Reason(), VerbOptions.As(), VerbOptions.Rules(), VerbOptions.Format());
        var giveTo = new Option<string?>("--give-to")
        {
            Description = "Pick this user (id or exact name) in place of who was picked, checked like any pick except that the pool does not bind; for one correction.",
            HelpName = "USER",
        };
        var verb = which.On(new Command("approve", "Approves corrections that wait or are held, and writes them at once.")
            { giveTo, reason, by, rules, format });
        verb.SetAction(async (parsed, stop) =>
        {
            var settings = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            // What would keep the run from beginning is said before anything is noted.
            GuardSettings.Read(around.Settings);
            await using (OrgConnection.Of(around.Settings, around.Time))
            {
            }

            if (parsed.GetValue(giveTo) is { } to)
            {
                return await GiveAsync(which.Of(parsed), to, parsed.GetValue(by)!, parsed.GetValue(reason)!, (parsed.GetValue(rules), settings), parsed.GetValue(format),
                    around, stop);
            }

            var covered = await DecideAsync(DecisionKind.Approve, which.Of(parsed), parsed.GetValue(by)!, parsed.GetValue(reason)!, null, around);
            Tell("Approved", covered, around);
            if (covered.Count(c => c.NeedsSecond) is > 0 and var lacking)
            {
                around.Error.WriteLine(PlainText.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{lacking:N0} of them {(lacking == 1 ? "needs" : "need")} a second person, who approves them with another --as (Approvals:TwoPersonsAbove is {ApprovalSettings.Read(around.Settings).TwoPersonsAbove}).")));
                if (lacking == covered.Count)
                {
                    return (int)ExitStatus.Held;
                }
            }

            RunDesk desk;
            try
            {
                desk = await RunDesk.OpenAsync(around, parsed.GetValue(rules), stop);
            }
            catch (LedgerException busy)
            {
                around.Error.WriteLine(PlainText.Line($"The approval is noted and the next sync writes it. {busy.Message}"));
                return (int)ExitStatus.DoneInPart;
            }

            await using (desk)
            {
                return await desk.EndAsync(
                    settings, await desk.Reconciler.ApproveAsync(desk.Order(RunKind.Approve, settings, parsed.GetValue(by)!), stop), parsed.GetValue(format), stop);
            }
        });
        return verb;
    }

    private static async Task<int> GiveAsync(
        Selection which, string to, string by, string reason, (string? File, Settings Settings) rules, OutputFormat format, Surroundings around, CancellationToken stop)
    {
        var gift = new Gift(await (await OpenAsync(by, reason, around)).FindAsync(which), to, by.Trim(), reason.Trim());
        await using var desk = await RunDesk.OpenAsync(around, rules.File, stop);
        var report = await desk.Reconciler.GiveAsync(desk.Order(RunKind.Approve, rules.Settings, gift.By), gift, stop);
        if (report.NeedsSecond)
        {
            around.Error.WriteLine("It needs a second person, who approves it with another --as (Approvals:TwoPersonsAbove).");
            return (int)ExitStatus.Held;
        }

        return await desk.EndAsync(rules.Settings, report, format, stop);
    }

    public static Command CreateReject(Surroundings around)
    {
        var (which, reason, by) = (new Which(), Reason(), VerbOptions.As());
        var verb = which.On(new Command(
            "reject", "Rejects corrections: nothing like them is proposed again, with whomever else, until what they start from changes.") { reason, by });
        verb.SetAction(async (parsed, _) =>
        {
            var covered = await DecideAsync(DecisionKind.Reject, which.Of(parsed), parsed.GetValue(by)!, parsed.GetValue(reason)!, null, around);
            Tell("Rejected", covered, around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    public static Command CreateDefer(Surroundings around)
    {
        var (which, reason, by) = (new Which(), Reason(), VerbOptions.As());
        var until = new Option<DateOnly>("--until")
        {
            Description = "The day on which they are proposed again, such as 2026-12-01.",
            HelpName = "DATE",
            Required = true,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                {
                    result.AddError($"--until must be a date such as 2026-12-01, not '{text}'.");
                }
                else if (day <= DateOnly.FromDateTime(around.Time.GetUtcNow().UtcDateTime))
                {
                    result.AddError($"--until must be a day to come, and {text} is not.");
                }

                return day;
            },
        };
        var verb = which.On(new Command("defer", "Puts corrections off until a day: until then they are not written, not even by rules that correct by themselves.")
            { until, reason, by });
        verb.SetAction(async (parsed, _) =>
        {
            var covered = await DecideAsync(
                DecisionKind.Defer, which.Of(parsed), parsed.GetValue(by)!, parsed.GetValue(reason)!, parsed.GetValue(until), around);
            Tell($"Deferred until {parsed.GetValue(until).ToString("O", CultureInfo.InvariantCulture)}", covered, around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static async Task<IReadOnlyList<PlannedCorrection>> DecideAsync(
        DecisionKind kind, Selection which, string by, string reason, DateOnly? until, Surroundings around)
    {
        if (which.IsEmpty)
        {
            throw new UsageException(
                "Say which: a plan's digest, corrections' ids, --rule RULE, --person USER or --account ID; `pocsync approvals` shows them.");
        }

        return await (await OpenAsync(by, reason, around)).DecideAsync(kind, which, by.Trim(), reason.Trim(), until);
    }

    private static async Task<Decisions> OpenAsync(string by, string reason, Surroundings around)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new UsageException("--reason must say why: it is what the ledger will answer a year later.");
        }

        if (string.IsNullOrWhiteSpace(by))
        {
            throw new UsageException("--as must say who: it is what the ledger will answer a year later.");
        }

        var database = await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings));
        return new Decisions(database, ApprovalSettings.Read(around.Settings), around.Time);
    }

    /// <summary>How many, and which.</summary>
    private static void Tell(string done, IReadOnlyList<PlannedCorrection> covered, Surroundings around)
    {
        around.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done}: {covered.Count:N0} {(covered.Count == 1 ? "correction" : "corrections")}."));
        foreach (var one in covered.Take(Shown))
        {
            around.Error.WriteLine(PlainText.Line(RunPrinter.Line(one.Correction)));
        }

        if (covered.Count > Shown)
        {
            around.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {covered.Count - Shown:N0} more"));
        }
    }

    private static Option<string> Reason() => new("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };

    /// <summary>The parts of a command line that say which corrections are meant.</summary>
    private sealed class Which
    {
        private readonly Argument<string[]> _named = new("DIGEST-or-IDS")
        {
            Description = "A plan's digest or corrections' ids, as `pocsync approvals` shows them; eight digits are enough.",
            Arity = ArgumentArity.ZeroOrMore,
        };

        private readonly (Option<string?> Rule, Option<string?> Person, Option<string?> Account) _options = VerbOptions.Which();

        public Command On(Command verb)
        {
            verb.Add(_named);
            verb.Add(_options.Rule);
            verb.Add(_options.Person);
            verb.Add(_options.Account);
            return verb;
        }

        public Selection Of(ParseResult parsed) => new(
            parsed.GetValue(_named)!, parsed.GetValue(_options.Rule), parsed.GetValue(_options.Person), parsed.GetValue(_options.Account));
    }
}
