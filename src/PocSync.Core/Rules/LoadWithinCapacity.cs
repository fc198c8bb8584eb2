using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Nobody answers for more accounts than they can.</summary>
public sealed class LoadWithinCapacity : IRule
{
    /// <summary>The rule's description; picks read its capacity too.</summary>
    public static RuleInfo Description { get; } = new(
        "load-within-capacity", ["over"], Severity.Warning, RuleMode.Alert, "Nobody is Primary of more accounts than their capacity.",
        new ParameterInfo("capacity", 60,
            "accounts a person can be Primary of, where the user has no capacity of their own (POC_Capacity__c); with tiers an account takes up 1 ÷ the capacity of its tier of a person, and nobody more than 1 in all"));

    /// <inheritdoc/>
    public RuleInfo Info => Description;

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) => Needs.Rows(presence, binding);

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene)
    {
        var capacities = new Capacities(scene.All, scene.Draft);
        foreach (var (id, accounts) in scene.AccountsByUser(capacities.KindOf, capacities.Kinds, PocRole.Primary))
        {
            var user = scene.Snapshot.Users.GetValueOrDefault(id);
            if (capacities.Load(user, accounts).CompareTo(Fraction.Whole) <= 0)
            {
                continue;
            }

            var (name, count) = (scene.Snapshot.NameOf(id), accounts.Sum());
            if (user?.Capacity is null && capacities.Kinds > 1)
            {
                var words = capacities.Words(user, accounts);
                yield return scene.Find(id, "over", $"Primary of {count} accounts: {words}", "together at most all of one person",
                    $"{name} is the primary contact of {count} accounts ({words}), together more than one person can look after.");
            }
            else
            {
                var capacity = Capacities.Shown(capacities.AccountsAtMost(user, accounts));
                yield return scene.Find(id, "over", $"Primary of {count} accounts", $"at most {capacity}",
                    $"{name} is the primary contact of {count} accounts, more than the {capacity} that one person can look after.");
            }
        }
    }
}
