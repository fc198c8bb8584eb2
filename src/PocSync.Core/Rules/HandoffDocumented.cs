using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>When an account changes hands, it is written down why and what the next person must know.</summary>
public sealed class HandoffDocumented : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "handoff-documented", ["missing", "incomplete"], Severity.Error, RuleMode.Propose,
        "Each recent change of Primary has a handoff record with reason and notes.",
        new ParameterInfo("windowDays", 30, "how many days back changes are looked at"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.All(presence, "POC_Handoff__c", "POC_Handoff__c.Account__c", "POC_Handoff__c.Effective_On__c") ?? Needs.Changes(presence, binding);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var since = scene.AsOf.DaysAway(-scene.For(account).Number("windowDays"));
        foreach (var change in PrimaryChanges.Of(scene.Draft, account, scene.Today))
        {
            if (change.Day < since || change.Day > scene.Today)
            {
                continue;
            }

            var handoffs = Of(scene.Draft, account, change.From, change.To, change.Day);
            if (handoffs.Any(h => h.HasReason && h.HasNotes))
            {
                continue;
            }

            var (from, to) = (scene.Snapshot.NameOf(change.From), scene.Snapshot.NameOf(change.To));
            var passed = $"{account.Name} passed from {from} to {to} on {change.Day:yyyy-MM-dd}";
            yield return handoffs.Count == 0
                ? scene.Find(account, "missing", $"no handoff from {from} to {to} near {change.Day:yyyy-MM-dd}", "a handoff with reason and notes",
                    $"{passed}, and no handoff was written.", change)
                : scene.Find(account, "incomplete", $"a handoff from {from} to {to} without reason or notes", "a handoff with reason and notes",
                    $"{passed}, and the handoff lacks its reason or its notes.", change);
        }
    }

    /// <summary>The handoffs of an account from one assignee to another that took effect near a day.</summary>
    internal static List<Handoff> Of(Draft draft, Account account, Assignee from, Assignee to, DateOnly day)
    {
        var found = new List<Handoff>();
        foreach (var handoff in draft.HandoffsOf(account))
        {
            if (handoff.From.IsSameAs(from) && handoff.To.IsSameAs(to)
                && handoff.EffectiveOn is { } effective && Math.Abs(effective.DayNumber - day.DayNumber) <= PrimaryChanges.Near)
            {
                found.Add(handoff);
            }
        }

        return found;
    }
}
