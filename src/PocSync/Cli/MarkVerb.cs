using System.CommandLine;
using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>snooze</c> and <c>false-positive</c>: silence findings, until a day or as long as they are the same.</summary>
internal static class MarkVerb
{
    public static Command CreateSnooze(Surroundings around)
    {
        var until = new Option<DateOnly?>("--until")
        {
            Description = "The day from which they count again, such as 2026-12-24.",
            HelpName = "DATE",
            CustomParser = result =>
            {
                if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                {
                    return day;
                }

                result.AddError($"--until must be a date such as 2026-12-24, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };
        return Create("snooze", "Snoozes findings: until a day they are counted apart and propose nothing.", LeftAloneKind.Snoozed, until, around);
    }

    public static Command CreateFalsePositive(Surroundings around) => Create(
        "false-positive", "Marks findings as false: as long as their rule sees the same they are counted apart and propose nothing.", LeftAloneKind.FalsePositive, null, around);

    private static Command Create(string name, string description, LeftAloneKind kind, Option<DateOnly?>? until, Surroundings around)
    {
        var numbers = new Argument<long[]>("FINDING") { Description = "Findings, by their numbers in `pocsync findings`.", Arity = ArgumentArity.ZeroOrMore };
        var account = new Option<string?>("--account") { Description = "All findings about this account.", HelpName = "ID" };
        var rule = new Option<string?>("--rule") { Description = "All findings of this rule; with --account, those of it about the account.", HelpName = "RULE" };
        var clear = new Option<bool>("--clear") { Description = "Take it back: they count again." };
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var by = VerbOptions.As();
        var verb = new Command(name, description) { numbers, account, rule, clear, reason, by };
        if (until is not null)
        {
            verb.Options.Add(until);
        }

        verb.SetAction(async (parsed, _) =>
        {
            if (string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
            {
                throw new UsageException("--reason must say why: it is what the ledger will answer a year later.");
            }

            var day = until is null ? null : parsed.GetValue(until);
            if (until is not null && (day is null) != parsed.GetValue(clear))
            {
                throw new UsageException(day is null ? "--until must say until which day." : "--clear takes back what was snoozed, whatever its day: leave --until out.");
            }

            var marks = new Marks(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)), around.Time);
            var which = Which(parsed.GetValue(numbers) ?? [], parsed.GetValue(account), parsed.GetValue(rule));
            var (who, why) = (parsed.GetValue(by)!.Trim(), parsed.GetValue(reason)!.Trim());
            var count = parsed.GetValue(clear) ? await marks.ClearAsync(which, kind, who, why) : await marks.SetAsync(which, day, who, why);
            around.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{NumberText.Count(count, "finding")} {Done(kind, parsed.GetValue(clear), day)}"));
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static MarkedFindings Which(long[] numbers, string? account, string? rule)
    {
        RecordId id = default;
        if (account is not null && !RecordId.TryParse(account, out id))
        {
            throw new UsageException($"'{account}' is no id of an account: give its 15 or 18 characters.");
        }

        if (rule is not null && RuleBook.Find(rule) is null)
        {
            throw new UsageException($"There is no rule '{rule}'{Spelling.Suggestion(rule, RuleBook.All.Select(r => r.Info.Id))}");
        }

        return numbers.Length == 0 && account is null && rule is null
            ? throw new UsageException("Say which findings: their numbers in `pocsync findings`, --account ID or --rule RULE.")
            : new MarkedFindings(numbers, account is null ? null : id.ToString(), rule);
    }

    private static string Done(LeftAloneKind kind, bool isCleared, DateOnly? until) => isCleared ? "taken back: the next sync counts it again, and proposes what puts it right."
        : kind == LeftAloneKind.Snoozed ? $"snoozed until {until:yyyy-MM-dd}." : "marked as false: silent as long as the rule sees the same.";
}
