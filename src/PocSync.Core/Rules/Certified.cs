using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Whoever answers for accounts is certified to.</summary>
public sealed class Certified : IRule
{
    /// <inheritdoc/>
    public RuleInfo Info { get; } = new(
        "certified", ["expired"], Severity.Info, RuleMode.Alert, "No Primary's or Backup's certification has run out.");

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.Rows(presence, binding) ?? Needs.All(presence, "User.POC_Certified_Until__c");

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene)
    {
        foreach (var id in scene.AccountsByUser(PocRole.Primary, PocRole.Backup).Keys)
        {
            if (scene.Snapshot.Users.TryGetValue(id, out var user) && user.CertifiedUntil < scene.Today)
            {
                yield return scene.Find(id, "expired", $"certified until {user.CertifiedUntil:yyyy-MM-dd}", "a certification that is valid today",
                    $"The certification of {user.Name} ran out on {user.CertifiedUntil:yyyy-MM-dd}.");
            }
        }
    }
}
