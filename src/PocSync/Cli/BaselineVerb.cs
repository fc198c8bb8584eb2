using System.CommandLine;
using System.Globalization;
using PocSync.Core.Rules;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>baseline</c>: accepts what is wrong now, so that only what is new is news.</summary>
internal static class BaselineVerb
{
    public static Command Create(Surroundings around)
    {
        var clear = new Option<bool>("--clear") { Description = "Take findings out of the baseline again." };
        var rule = new Option<string?>("--rule") { Description = "Only findings of this rule.", HelpName = "RULE" };
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var by = VerbOptions.As();
        var verb = new Command(
            "baseline", "Accepts all that is wrong now as the baseline: it is counted apart, and its corrections are left alone until they are approved.")
            { clear, rule, reason, by };
        verb.SetAction(async (parsed, _) =>
        {
            if (string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
            {
                throw new UsageException("--reason must say why: it is what the ledger will answer a year later.");
            }

            if (parsed.GetValue(rule) is { } id && RuleBook.All.All(r => r.Info.Id != id))
            {
                throw new UsageException($"There is no rule '{id}'; the rules are {string.Join(", ", RuleBook.All.Select(r => r.Info.Id))}.");
            }

            var baseline = new Baseline(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)), around.Time);
            var (of, who, why) = (parsed.GetValue(rule), parsed.GetValue(by)!.Trim(), parsed.GetValue(reason)!.Trim());
            var count = parsed.GetValue(clear) ? await baseline.ClearAsync(of, who, why) : await baseline.AcceptAsync(of, who, why);
            around.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{count:N0} {(count == 1 ? "finding" : "findings")} {(parsed.GetValue(clear) ? "taken out of the baseline: the next sync proposes their corrections again." : "accepted as the baseline.")}"));
            return (int)ExitStatus.Done;
        });
        return verb;
    }
}
