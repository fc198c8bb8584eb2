using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Nobody is there twice.</summary>
public sealed class OneRoleEach : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "one-role-each", ["duplicate"], Severity.Warning, RuleMode.Propose,
        "On one account a person holds a role once (a Specialist's role: once a scope), and is not both Primary and Backup.");

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) => Needs.RolesBesidePrimary(presence, binding);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var rows = scene.InForce(account);
        if (rows.Count < 2)
        {
            yield break;
        }

        foreach (var ofUser in rows.Where(r => r.Assignee.IsUser).GroupBy(r => r.Assignee.Id))
        {
            var repeated = Repeated(ofUser).Select(r => r.Key.Role).Distinct().ToList();
            var both = IsBoth(ofUser);
            if (repeated.Count == 0 && !both)
            {
                continue;
            }

            var name = scene.Snapshot.NameOf(ofUser.Key);
            var what = both ? "both Primary and Backup" : $"{repeated[0]} more than once";
            yield return scene.Find(account, "duplicate", $"{name} is {what}", "each person in one role, once",
                $"{name} is {what} on {account.Name}.", ofUser.Key);
        }
    }

    /// <summary>Whether the rows of one user make them both Primary and Backup.</summary>
    internal static bool IsBoth(IEnumerable<PocRow> ofUser) =>
        ofUser.Any(r => r.Role == PocRole.Primary) && ofUser.Any(r => r.Role == PocRole.Backup);

    /// <summary>The rows of one user that say the same, where there is more than one.</summary>
    internal static IEnumerable<IGrouping<(PocRole Role, string Scope), PocRow>> Repeated(IEnumerable<PocRow> ofUser) => ofUser
        .GroupBy(r => (r.Role, r.Role == PocRole.Specialist ? ScopesBounded.Normalised(r.Scope) : ""))
        .Where(same => same.Count() > 1);
}
