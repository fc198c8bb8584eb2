using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>The writes that end and start POC rows, as the binding keeps them.</summary>
internal static class Rows
{
    /// <summary>As long as the fields are, in characters.</summary>
    private const int LongestReason = 255, LongestSubject = 255;

    /// <summary>Whether a row can be ended: rows that this plan makes, rows without an id and the owner itself cannot.</summary>
    public static bool CanEnd(PocRow row) => !row.Id.IsNone && row.Source != RowSource.Owner;

    /// <summary>Ends a row yesterday; a row that would end before it starts goes, and so does a team row, which has no days.</summary>
    public static Write End(Account account, PocRow row, DateOnly today)
    {
        if (row.Source == RowSource.Team)
        {
            return new Write("AccountTeamMember", row.Id, null, WriteAction.Delete,
            [
                new("AccountId", account.Id.ToString(), PlannedValue.None),
                new("UserId", Text(row.Assignee.Id), PlannedValue.None),
            ])
            { Role = row.Role };
        }

        return row.StartsOn >= today ? Delete(account, row) : new Write("POC_Assignment__c", row.Id, null, WriteAction.Update,
            [new("Ends_On__c", PlannedValue.Shown(row.EndsOn), PlannedValue.Of(RelativeDay.Yesterday))])
        { User = row.Assignee.IsUser ? row.Assignee.Id : default, Role = row.Role };
    }

    /// <summary>A row of its own goes.</summary>
    public static Write Delete(Account account, PocRow row) => new("POC_Assignment__c", row.Id, null, WriteAction.Delete,
    [
        new("Account__c", account.Id.ToString(), PlannedValue.None),
        new("Role__c", row.RoleAsWritten ?? row.Role.ToString(), PlannedValue.None),
        new(row.Assignee.IsDepartment ? "Department__c" : "User__c", Text(row.Assignee.Id), PlannedValue.None),
        new("Starts_On__c", PlannedValue.Shown(row.StartsOn), PlannedValue.None),
        new("Ends_On__c", PlannedValue.Shown(row.EndsOn), PlannedValue.None),
    ])
    { Role = row.Role };

    /// <summary>Starts a Backup or Primary row of its own.</summary>
    public static Write Start(Account account, PocRole role, Assignee who, PlannedValue from, DateOnly? to) =>
        new("POC_Assignment__c", default, ExternalKey.OfRow(account.Id, role, who, from), WriteAction.Insert,
        [
            new("Account__c", null, PlannedValue.Of(account.Id)),
            new("Role__c", null, PlannedValue.Of(role.ToString())),
            new(who.IsDepartment ? "Department__c" : "User__c", null, PlannedValue.Of(who.Id)),
            new("Starts_On__c", null, from),
            .. to is null ? (IEnumerable<FieldWrite>)[] : [new FieldWrite("Ends_On__c", null, PlannedValue.Of(to))],
        ])
        { Role = role };

    /// <summary>Starts a Backup where rows live: a row of its own, or a team member in the role that stands for a Backup; null where the settings name no such role.</summary>
    public static Write? StartBackup(Snapshot snapshot, Account account, Assignee who)
    {
        if (snapshot.Binding == Binding.Package)
        {
            return Start(account, PocRole.Backup, who, PlannedValue.Of(RelativeDay.Today), null);
        }

        return snapshot.TeamRoles.NameFor(PocRole.Backup) is not { } role ? null : new Write("AccountTeamMember", default, null, WriteAction.Insert,
        [
            new("AccountId", null, PlannedValue.Of(account.Id)),
            new("UserId", null, PlannedValue.Of(who.Id)),
            new("TeamMemberRole", null, PlannedValue.Of(role)),
        ])
        { Role = PocRole.Backup };
    }

    /// <summary>The account gets another owner.</summary>
    public static Write Owner(Account account, RecordId before, RecordId after) =>
        new("Account", account.Id, null, WriteAction.Update, [new("OwnerId", Text(before), PlannedValue.Of(after))]);

    /// <summary>
    /// The members whom an owner change costs the account its team: Salesforce drops the team when the owner is written, and takes back only active users.
    /// </summary>
    public static IEnumerable<string> LostMembers(Draft draft, Account account, RecordId owner)
    {
        foreach (var member in draft.TeamOf(account).ToArray())
        {
            if (!member.UserId.IsNone && member.UserId != owner && !(draft.Snapshot.Users.TryGetValue(member.UserId, out var user) && user.IsActive))
            {
                yield return $"{draft.Snapshot.NameOf(member.UserId)} ({member.UserId}) leaves the account team ({member.Role ?? "no role"}): Salesforce does not take back a member who is not active";
            }
        }
    }

    /// <summary>
    /// A record that an account was handed over: a handoff where the org has such an object, else a task for the one who takes over (of a department: its accountable user). The task carries no link to the
    /// account, since that would pass for activity; the account is named in its text.
    /// </summary>
    public static Write Handoff(Snapshot snapshot, Account account, Assignee from, Assignee to, PlannedValue effective, string? reason, string? necessity)
    {
        var key = ExternalKey.OfHandoff(account.Id, from, to, effective);
        return snapshot.Presence.HasObject("POC_Handoff__c") && snapshot.Presence.Has("POC_Handoff__c.Account__c")
            ? new Write("POC_Handoff__c", default, key, WriteAction.Insert,
            [
                new("Account__c", null, PlannedValue.Of(account.Id)),
                new(from.IsDepartment ? "From_Department__c" : "From_User__c", null, PlannedValue.Of(from.Id)),
                new(to.IsDepartment ? "To_Department__c" : "To_User__c", null, PlannedValue.Of(to.Id)),
                new("Effective_On__c", null, effective),
                new("Status__c", null, PlannedValue.Of("Documenting")),
                new("Due_On__c", null, PlannedValue.Of(RelativeDay.WorkingWeekLater)),
                .. necessity is null ? (IEnumerable<FieldWrite>)[] : [new FieldWrite("Necessity__c", null, PlannedValue.Of(necessity))],
                .. reason is null ? (IEnumerable<FieldWrite>)[] : [new FieldWrite("Reason__c", null, PlannedValue.Of(PlainText.Cut(reason, LongestReason)))],
            ])
            : new Write("Task", default, key, WriteAction.Insert,
            [
                new("OwnerId", null, PlannedValue.Of(OwnerIsPrimary.UserOf(snapshot, to))),
                new("Subject", null, PlannedValue.Of(PlainText.Cut($"You are now the primary contact of {account.Name}", LongestSubject))),
                new("Description", null, PlannedValue.Of($"{reason} The account: {account.Id}. Before you: {snapshot.NameOf(from)}.".TrimStart())),
                new("Status", null, PlannedValue.Of("Not Started")),
                new("Priority", null, PlannedValue.Of("Normal")),
                new("ActivityDate", null, effective),
            ]);
    }

    private static string? Text(RecordId id) => id.IsNone ? null : id.ToString();
}
