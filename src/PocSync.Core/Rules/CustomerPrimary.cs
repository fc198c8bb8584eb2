using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>The customer's side has one primary contact too, who can be reached.</summary>
public sealed class CustomerPrimary : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "customer-primary", ["missing", "several", "unreachable"], Severity.Warning, RuleMode.Alert,
        "On the customer's side every account has exactly one primary contact, who can be reached.")
    { HasCorrection = true };

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.All(presence, "Contact") ?? Needs.Any(presence, "Contact.POC_Customer_Primary__c", "AccountContactRole");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var contacts = scene.Draft.CustomerPrimariesOf(account);
        const string Expected = "exactly one primary contact of the customer, who can be reached";
        if (contacts.Length == 0)
        {
            yield return scene.Find(account, "missing", "no primary contact of the customer", Expected,
                $"{account.Name} has no primary contact on the customer's side.{Successor("It could be")}");
        }
        else if (contacts.Length > 1)
        {
            yield return scene.Find(account, "several", $"{contacts.Length} primary contacts of the customer", Expected,
                $"{account.Name} has {contacts.Length} primary contacts on the customer's side.{Successor("The one to keep could be")}");
        }
        else if (!contacts[0].IsReachable)
        {
            yield return scene.Find(account, "unreachable", "no working e-mail address and no phone number", Expected,
                $"{contacts[0].Name ?? contacts[0].Id.ToString()}, the primary contact of {account.Name}, has no working e-mail address and no phone number.{Successor("In their place it could be")}");
        }

        string Successor(string begin) => Of(scene.Snapshot, account) is { } successor ? $" {begin} {successor.Words}." : "";
    }

    /// <summary>Who should be it; null where nobody is known.</summary>
    internal static CustomerSuccessor? Of(Snapshot snapshot, Account account) => snapshot.CustomerSuccessors[account.Index] is [var successor, ..] ? successor : null;
}
