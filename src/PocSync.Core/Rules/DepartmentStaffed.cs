using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>A department that answers for accounts has somebody accountable, and people.</summary>
public sealed class DepartmentStaffed : IRule
{
    /// <inheritdoc/>
    public RuleInfo Info { get; } = new(
        "department-staffed", ["no-accountable-user", "unstaffed"], Severity.Error, RuleMode.Alert,
        "Every department that stands on an account has an able accountable user and enough people today.");

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.Rows(presence, binding) ?? Needs.All(presence, "POC_Department__c", "GroupMember", "User.IsActive");

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene)
    {
        var departments = scene.Accounts.SelectMany(a => scene.InForce(a)).Where(r => r.Assignee.IsDepartment).Select(r => r.Assignee).Distinct();
        foreach (var assignee in departments)
        {
            if (scene.Ability.IsAble(assignee))
            {
                continue;
            }

            var department = scene.Snapshot.Departments.GetValueOrDefault(assignee.Id);
            var name = scene.Snapshot.NameOf(assignee);
            yield return department is null || !scene.Ability.IsAbleUser(department.AccountableUserId)
                ? scene.Find(assignee.Id, "no-accountable-user", "no able accountable user", "an accountable user who is able",
                    $"The department {name} answers for accounts, but nobody able answers for the department.")
                : scene.Find(assignee.Id, "unstaffed", $"{scene.Ability.CountStaff(department.QueueId)} able people today", $"at least {department.MinimumStaff:0.##}",
                    $"The department {name} answers for accounts, but has {scene.Ability.CountStaff(department.QueueId)} people today where {department.MinimumStaff:0.##} are needed.");
        }
    }
}
