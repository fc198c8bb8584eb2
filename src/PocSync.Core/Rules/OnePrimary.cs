using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Every account has one Primary.</summary>
public sealed class OnePrimary : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "one-primary", ["missing", "several"], Severity.Error, RuleMode.Propose, "Every account has exactly one Primary in force.",
        new ParameterInfo("graceHours", 0, "hours that a new account may be without a Primary"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.Rows(presence, binding) ?? (settings.Number("graceHours") > 0 ? Needs.All(presence, "Account.CreatedDate") : null);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var primaries = scene.InForce(account, PocRole.Primary);
        if (primaries.Count == 0 && IsOlder(scene, account))
        {
            yield return scene.Find(account, "missing", "no Primary in force", "exactly one Primary",
                $"{account.Name} has no primary contact: nobody answers for it.");
        }
        else if (primaries.Count > 1)
        {
            var names = string.Join(", ", primaries.Select(p => scene.Snapshot.NameOf(p.Assignee)));
            yield return scene.Find(account, "several", $"{primaries.Count} Primary rows in force: {names}", "exactly one Primary",
                $"{account.Name} has {primaries.Count} primary contacts at once ({names}): nobody knows who answers for it.", primaries);
        }
    }

    private static bool IsOlder(Scene scene, Account account) =>
        account.CreatedAt is not { } created || scene.AsOf.Now - created > TimeSpan.FromHours(scene.For(account).Number("graceHours"));

    /// <summary>The row that stays where there are several.</summary>
    internal static PocRow Keep(Scene scene, Account account, IEnumerable<PocRow> primaries) => primaries
        .OrderByDescending(r => scene.Ability.IsAble(r.Assignee))
        .ThenByDescending(r => r.Assignee.IsSameAs(Assignee.User(scene.Draft.OwnerOf(account))))
        .ThenByDescending(r => r.StartsOn ?? DateOnly.MinValue)
        .ThenBy(r => r.Id)
        .First();
}
