using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Whoever takes over says so in time.</summary>
public sealed class HandoffAcknowledged : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "handoff-acknowledged", ["overdue"], Severity.Warning, RuleMode.Alert, "No handoff waits for its notes or its acknowledgement past its due date.",
        new ParameterInfo("escalateDays", 3, "working days past due after which the new Primary's manager is told too"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.All(presence, "POC_Handoff__c", "POC_Handoff__c.Account__c", "POC_Handoff__c.Status__c", "POC_Handoff__c.Due_On__c");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        foreach (var handoff in scene.Draft.HandoffsOf(account).ToArray())
        {
            if (handoff.Status is "Awaiting Acknowledgement" or "Documenting" && handoff.DueOn < scene.Today)
            {
                var to = scene.Snapshot.NameOf(handoff.To);
                var late = scene.Today.DayNumber - handoff.DueOn!.Value.DayNumber;
                yield return scene.Find(account, "overdue", $"the handoff to {to} is {handoff.Status}, due {handoff.DueOn:yyyy-MM-dd}", "acknowledged by its due date",
                    $"The handoff of {account.Name} to {to} is {late} day(s) past due ({handoff.Status}).", handoff);
            }
        }
    }
}
