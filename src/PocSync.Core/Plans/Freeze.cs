using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>When an optional switch waits: the customer is in the middle of something.</summary>
internal static class Freeze
{
    /// <summary>What freezes an account, each in words; none where nothing does. Missing data freezes nothing.</summary>
    public static List<string> Signals(Draft draft, Settings settings, Account account)
    {
        var (asOf, freeze) = (draft.Snapshot.AsOf, settings.Freeze);
        var signals = new List<string>();
        foreach (var opportunity in draft.Snapshot.OpenOpportunities[account.Index])
        {
            if (opportunity.CloseOn >= asOf.Today && opportunity.CloseOn <= asOf.DaysAway(freeze.CloseDays) && opportunity.Probability >= freeze.Probability)
            {
                signals.Add($"frozen: the open opportunity {opportunity.Name ?? opportunity.Id.ToString()} closes on {opportunity.CloseOn:yyyy-MM-dd} with {opportunity.Probability:0.##} %");
            }
        }

        foreach (var escalated in draft.Snapshot.EscalatedCases[account.Index])
        {
            signals.Add($"frozen: the case {escalated} is escalated");
        }

        if (PrimaryChanges.Of(draft, account, asOf.Today).LastOrDefault(c => c.Day >= asOf.DaysAway(-freeze.MinTenureDays)) is { } change)
        {
            signals.Add($"frozen: the primary contact changed on {change.Day:yyyy-MM-dd}");
        }

        return signals;
    }
}
