using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Above each Primary there is somebody to turn to.</summary>
public sealed class EscalationPath : IRule
{
    /// <inheritdoc/>
    public RuleInfo Info { get; } = new(
        "escalation-path", ["cycle", "no-manager", "manager-unable"], Severity.Warning, RuleMode.Alert,
        "Every Primary has an able manager, and the line of managers does not run in a circle.");

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.Rows(presence, binding) ?? Needs.All(presence, "User.IsActive", "User.ManagerId");

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene)
    {
        const string Expected = "an able manager, and no circle of managers";
        foreach (var id in scene.AccountsByUser(PocRole.Primary).Keys)
        {
            if (!scene.Snapshot.Users.TryGetValue(id, out var user))
            {
                continue;
            }

            if (IsCircle(scene.Snapshot, user))
            {
                yield return scene.Find(id, "cycle", "the line of managers runs in a circle", Expected,
                    $"The line of managers above {user.Name} runs in a circle: there is nobody to turn to.");
            }
            else if (user.ManagerId.IsNone)
            {
                yield return scene.Find(id, "no-manager", "no manager", Expected, $"{user.Name} has no manager to turn to.");
            }
            else if (!scene.Ability.IsAbleUser(user.ManagerId))
            {
                var manager = scene.Snapshot.NameOf(user.ManagerId);
                yield return scene.Find(id, "manager-unable", $"manager {manager} is not able", Expected,
                    $"{manager}, the manager of {user.Name}, cannot be turned to.");
            }
        }
    }

    private static bool IsCircle(Snapshot snapshot, User user)
    {
        var met = new HashSet<RecordId>();
        for (User? at = user; at is not null; at = snapshot.Users.GetValueOrDefault(at.ManagerId))
        {
            if (!met.Add(at.Id))
            {
                return true;
            }
        }

        return false;
    }
}
