using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>The owner in Salesforce and the Primary are the same person.</summary>
public sealed class OwnerIsPrimary : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "owner-is-primary", ["differs"], Severity.Error, RuleMode.Propose,
        "The account's owner is its Primary (for a department: its accountable user).",
        new ParameterInfo("authority", "poc", "which side follows: poc writes the owner, owner switches the Primary", ["poc", "owner"]));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        binding != Binding.Package ? "the owner is the Primary by itself in this binding"
        : Needs.Rows(presence, binding) ?? Needs.All(presence, "Account.OwnerId");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        if (scene.InForce(account, PocRole.Primary) is not [var primary]
            || (primary.Assignee.IsDepartment && !scene.Snapshot.Presence.HasObject("POC_Department__c")))
        {
            yield break;
        }

        var answers = UserOf(scene.Snapshot, primary.Assignee);
        var owner = scene.Draft.OwnerOf(account);
        if (!answers.IsNone && answers == owner)
        {
            yield break;
        }

        var who = scene.Snapshot.NameOf(primary.Assignee);
        var ownerName = owner.IsNone ? "nobody" : scene.Snapshot.NameOf(owner);
        yield return scene.Find(account, "differs", $"owner {ownerName}, Primary {who}", "owner and Primary are the same",
            $"{account.Name} is owned by {ownerName}, but its primary contact is {who}.", primary);
    }

    /// <summary>The user who answers for an assignee: a department's accountable user; none where there is none.</summary>
    internal static RecordId UserOf(Snapshot snapshot, Assignee assignee) =>
        !assignee.IsDepartment ? assignee.Id
        : snapshot.Departments.TryGetValue(assignee.Id, out var department) ? department.AccountableUserId : default;
}
