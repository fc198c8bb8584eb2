using System.CommandLine;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli.Rules;

/// <summary>What the ledger says of one account.</summary>
/// <param name="Open">What of the last plan is open for it.</param>
/// <param name="Changes">What PocSync changed on it, in order.</param>
internal sealed record AccountHistory(IReadOnlyList<PlannedCorrection> Open, IReadOnlyList<Change> Changes)
{
    public static async Task<AccountHistory> ReadAsync(LedgerDatabase ledger, RecordId account, Surroundings around, DateTimeOffset now) => new(
        [.. (await new LedgerQueries(ledger).PendingAsync(ApprovalSettings.Read(around.Settings), now))?.Open.Where(c => c.Correction.Account == account) ?? []],
        await new ChangeLog(ledger).ReadAsync(null, null, account));
}

/// <summary><c>rules explain</c>: every rule's answer for one account, what it saw, what would be written and why, and what the history says.</summary>
internal static class RulesExplainVerb
{
    public static Command Create(Surroundings around)
    {
        var id = new Argument<string>("ACCOUNT-ID") { Description = "The account, by 15 or 18 characters." };
        var (rules, export, asOf, format) = (VerbOptions.Rules(), VerbOptions.Export(), VerbOptions.AsOf(), VerbOptions.Format());
        var verb = new Command("explain", "Explains one account: every rule's answer, what it saw, each pick with who was not picked and why, and the history.")
            { id, rules, export, asOf, format };
        verb.SetAction(async (parsed, stop) =>
        {
            if (!RecordId.TryParse(parsed.GetValue(id)!, out var account))
            {
                throw new UsageException($"'{parsed.GetValue(id)}' is no id of an account: give its 15 or 18 characters.");
            }

            var settings = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            var limits = GuardSettings.Read(around.Settings);
            var now = parsed.GetValue(asOf) ?? VerbOptions.Now(around);
            var path = parsed.GetValue(export);
            var ground = await Ground.ReadAsync(path, settings, now, around, stop);
            var found = ground.Snapshot.FindAccount(account)
                ?? throw new UsageException($"There is no account {account} in {(path is null ? "the org, as this login sees it" : path)}, or it is deleted.");
            var proposal = ground.Propose(settings);
            new RulesExplainPrinter(
                ground.Snapshot, settings.Names, Explanation.Of(ground.Snapshot, settings, found, proposal.Plan),
                Guard.Judge(proposal.Plan, limits, Reconciler.Compared(Measure.Of(ground.Snapshot), ground.Memory, settings, ground.Snapshot) with { HeldBefore = ground.Memory.Held }),
                [.. proposal.LeftAlone.Where(l => l.Correction.Account == account)],
                ground.Ledger is { } ledger ? await AccountHistory.ReadAsync(ledger, account, around, now) : null).Write(parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }
}
