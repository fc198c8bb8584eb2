using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>The customer's side has one primary contact too, who can be reached.</summary>
public sealed class CustomerPrimary : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "customer-primary", ["missing", "several", "unreachable"], Severity.Warning, RuleMode.Alert,
        "On the customer's side every account has exactly one primary contact, who can be reached.");

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.All(presence, "Contact") ?? Needs.Any(presence, "Contact.POC_Customer_Primary__c", "AccountContactRole");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var contacts = scene.Snapshot.CustomerPrimaries[account.Index];
        const string Expected = "exactly one primary contact of the customer, who can be reached";
        if (contacts.Length == 0)
        {
            yield return scene.Find(account, "missing", "no primary contact of the customer", Expected,
                $"{account.Name} has no primary contact on the customer's side.");
        }
        else if (contacts.Length > 1)
        {
            yield return scene.Find(account, "several", $"{contacts.Length} primary contacts of the customer", Expected,
                $"{account.Name} has {contacts.Length} primary contacts on the customer's side.");
        }
        else if (!contacts[0].IsReachable)
        {
            yield return scene.Find(account, "unreachable", "no working e-mail address and no phone number", Expected,
                $"{contacts[0].Name ?? contacts[0].Id.ToString()}, the primary contact of {account.Name}, has no working e-mail address and no phone number.");
        }
    }
}
