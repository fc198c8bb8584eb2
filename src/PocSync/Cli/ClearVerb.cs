using System.CommandLine;
using System.Globalization;
using PocSync.Core.Records;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>clear</c>: lets PocSync write again what somebody changed back.</summary>
internal static class ClearVerb
{
    public static Command Create(Surroundings around)
    {
        var account = new Argument<string>("ACCOUNT-ID") { Description = "The account." };
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var by = VerbOptions.As();
        var verb = new Command("clear", "Lets PocSync write again what somebody changed back on an account (rule no-revert-war).") { account, reason, by };
        verb.SetAction(async (parsed, _) =>
        {
            if (!RecordId.TryParse(parsed.GetValue(account), out var id))
            {
                throw new UsageException($"'{parsed.GetValue(account)}' is no id of an account: give its 15 or 18 characters.");
            }

            if (string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
            {
                throw new UsageException("--reason must say why: it is what the ledger will answer a year later.");
            }

            var database = await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings));
            var cleared = await new RevertLog(database, around.Time).ClearAsync(id, parsed.GetValue(by)!, parsed.GetValue(reason)!.Trim());
            around.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Cleared {cleared:N0} {(cleared == 1 ? "alert" : "alerts")} of the account {id}: the next run judges it like any other."));
            return (int)ExitStatus.Done;
        });
        return verb;
    }
}
