using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>The Primary is there and able.</summary>
public sealed class PrimaryAble : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "primary-able", ["unknown", "inactive", "frozen", "not-standard", "department-unable"], Severity.Error, RuleMode.Propose,
        "Every Primary is able: a known, active user of an allowed kind who is not frozen, or a department that is staffed.",
        new ParameterInfo("graceHours", 24, "hours after the finding was first seen before it is corrected without approval"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.Rows(presence, binding) ?? Needs.All(presence, "User.IsActive");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var seen = new HashSet<string>();
        foreach (var row in scene.InForce(account, PocRole.Primary))
        {
            if (scene.Ability.WhyNot(row.Assignee) is not { } code || !seen.Add(code))
            {
                continue;
            }

            var name = scene.Snapshot.NameOf(row.Assignee);
            var (state, why) = code switch
            {
                "unknown" when row.Assignee.IsUnknown => ("a Primary row without user or department", "names nobody"),
                "unknown" => ($"Primary {row.Assignee.Id} is not known", $"is {row.Assignee.Id}, whom the org does not know"),
                "inactive" => ($"Primary {name} is not active", $"is {name}, whose user is no longer active"),
                "frozen" => ($"Primary {name} is frozen", $"is {name}, whose login is frozen"),
                "not-standard" => ($"Primary {name} is of type {scene.Snapshot.Users[row.Assignee.Id].UserType}",
                    $"is {name}, who is not an internal user ({scene.Snapshot.Users[row.Assignee.Id].UserType})"),
                _ => ($"Primary department {name} is not able", $"is the department {name}, which is not known, has no able accountable user, or has too few people today"),
            };
            yield return scene.Find(account, code, state, "a Primary who is able",
                $"{account.Name} has no working primary contact: it {why}.", row);
        }
    }
}
