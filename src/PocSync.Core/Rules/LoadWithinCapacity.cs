using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Nobody answers for more accounts than they can.</summary>
public sealed class LoadWithinCapacity : IRule
{
    /// <summary>The rule's description; picks read its capacity too.</summary>
    public static RuleInfo Description { get; } = new(
        "load-within-capacity", ["over"], Severity.Warning, RuleMode.Alert, "Nobody is Primary of more accounts than their capacity.",
        new ParameterInfo("capacity", 60, "accounts a person can be Primary of, where the user has no capacity of their own"));

    /// <inheritdoc/>
    public RuleInfo Info => Description;

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) => Needs.Rows(presence, binding);

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene)
    {
        foreach (var (user, count) in scene.AccountsByUser(PocRole.Primary))
        {
            var capacity = CapacityOf(scene.Snapshot.Users.GetValueOrDefault(user), scene.All);
            if (count > capacity)
            {
                var name = scene.Snapshot.NameOf(user);
                yield return scene.Find(user, "over", $"Primary of {count} accounts", $"at most {capacity:0.##}",
                    $"{name} is the primary contact of {count} accounts, more than the {capacity:0.##} that one person can look after.");
            }
        }
    }

    /// <summary>A user's own capacity, else the setting.</summary>
    internal static decimal CapacityOf(User? user, Settings settings) => user?.Capacity ?? settings.Of(Description).Number("capacity");
}
