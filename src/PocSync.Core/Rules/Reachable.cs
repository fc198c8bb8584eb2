using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Whoever answers for an account can be reached.</summary>
public sealed class Reachable : IRule
{
    /// <inheritdoc/>
    public RuleInfo Info { get; } = new(
        "reachable", ["no-email", "no-phone"], Severity.Info, RuleMode.Alert, "Every able Primary and Backup has an e-mail address and a phone number.");

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.Rows(presence, binding) ?? Needs.All(presence, "User.IsActive", "User.Email") ?? Needs.Any(presence, "User.Phone", "User.MobilePhone");

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene)
    {
        foreach (var id in scene.AccountsByUser(PocRole.Primary, PocRole.Backup).Keys)
        {
            if (!scene.Snapshot.Users.TryGetValue(id, out var user) || !scene.Ability.IsAble(user))
            {
                continue;
            }

            if (user.Email is null)
            {
                yield return scene.Find(id, "no-email", "no e-mail address", "an e-mail address", $"{user.Name} has no e-mail address in Salesforce.");
            }

            if (!user.HasPhone)
            {
                yield return scene.Find(id, "no-phone", "neither phone nor mobile phone", "a phone number", $"{user.Name} has no phone number in Salesforce.");
            }
        }
    }
}
