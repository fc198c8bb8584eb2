using PocSync.Core.Notices;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>Turns a correction into what is written on a day.</summary>
internal static class Bundling
{
    /// <summary>Working days that people have for a handoff.</summary>
    private const int WorkingWeek = 5;

    /// <summary>The writes of a correction, with the day in place of today and yesterday; a plan shows its due dates with Monday to Friday, here they are by the working days.</summary>
    public static IReadOnlyList<RecordWrite> WritesOf(Correction correction, DateOnly today, WorkingHours hours) =>
    [
        .. correction.Writes.Select(w => new RecordWrite(
            w.Object,
            w.Id,
            w.Key?.On(today),
            w.Action,
            w.Action == WriteAction.Insert ? new Dictionary<string, string?>() : w.Fields.ToDictionary(f => f.Field, f => f.Before),
            w.Action == WriteAction.Delete ? new Dictionary<string, string?>() : w.Fields.ToDictionary(
                f => f.Field, f => f.After.Day == RelativeDay.WorkingWeekLater ? PlannedValue.Of(hours.After(today, WorkingWeek)).Text : f.After.On(today)))),
    ];

    /// <summary>
    /// Salesforce keeps one team row of a user on an account. Where the person who gets a role is on the team already, the row that is there changes
    /// its role; where the owner changes with it, and the org so drops the row, the new one keeps its access levels. A handoff that was called off is the same handoff
    /// where it comes to it after all.
    /// </summary>
    public static IReadOnlyList<RecordWrite> Meet(IReadOnlyList<RecordWrite> writes, Standing standing)
    {
        var isOwnerWritten = writes.Any(w => w.Object == "Account");
        return [.. writes.Select(write =>
        {
            if (write is { Object: "AccountTeamMember", Action: WriteAction.Delete } && write.Before.TryGetValue("TeamMemberRole", out var role)
                && !standing.Records.ContainsKey((write.Object, write.Id)) && MemberOf(write.Before, standing) is { } again && again.Role == role)
            {
                // An owner change made another row of it, in the same place.
                return write with { Id = again.Id };
            }

            if (write is { Object: "POC_Handoff__c", Action: WriteAction.Insert, Key: { } key } && standing.Keys.TryGetValue((write.Object, key), out var there)
                && there.Fields.GetValueOrDefault("Status__c") == "Cancelled")
            {
                var after = write.After.Where(f => f.Key is not ("Account__c" or "Reason__c") && there.Fields.ContainsKey(f.Key)).ToDictionary();
                return new RecordWrite(write.Object, there.Id, null, WriteAction.Update, after.ToDictionary(f => f.Key, f => there.Fields[f.Key]), after);
            }

            if (write is not { Object: "AccountTeamMember", Action: WriteAction.Insert } || RowOf(write, standing) is not { } row)
            {
                return write;
            }

            return isOwnerWritten
                ? write with { After = WithAccess(write.After, row) }
                : new RecordWrite(write.Object, row.Id, null, WriteAction.Update, RoleOnly(row.Role),
                    RoleOnly(write.After.GetValueOrDefault("TeamMemberRole")));
        })];
    }

    /// <summary>The member whose row a write changes.</summary>
    public static string NameOf(RecordWrite write, Standing standing) =>
        standing.MemberOf(write.Id)?.Row.UserName ?? write.Id.ToString();

    /// <summary>The team row that the user of a write has on its account.</summary>
    public static TeamRow? RowOf(RecordWrite write, Standing standing) => MemberOf(write.After, standing);

    private static TeamRow? MemberOf(IReadOnlyDictionary<string, string?> fields, Standing standing) =>
        RecordId.TryParse(fields.GetValueOrDefault("AccountId"), out var account)
            && RecordId.TryParse(fields.GetValueOrDefault("UserId"), out var user)
            ? standing.Teams.GetValueOrDefault(account, []).FirstOrDefault(t => t.UserId == user) : null;

    private static Dictionary<string, string?> RoleOnly(string? role) => new() { ["TeamMemberRole"] = role };

    private static Dictionary<string, string?> WithAccess(IReadOnlyDictionary<string, string?> after, TeamRow row)
    {
        var with = new Dictionary<string, string?>(after);
        foreach (var (field, level) in new[]
        {
            ("AccountAccessLevel", row.AccountAccess), ("OpportunityAccessLevel", row.OpportunityAccess), ("CaseAccessLevel", row.CaseAccess),
                ("ContactAccessLevel", row.ContactAccess),
        })
        {
            if (level is not null)
            {
                with[field] = level;
            }
        }

        return with;
    }

    /// <summary>The account's new owner; null where the owner is not written.</summary>
    public static RecordId? NewOwner(IReadOnlyList<RecordWrite> writes) => OwnerWrite(writes) is { } owner ? RecordId.Parse(owner.After["OwnerId"]!) : null;

    /// <summary>
    /// What will be written, with the team that an owner change makes the org drop: all its members but the new owner (an undo puts back also the place
    /// that an owner had), those who come or leave by the correction itself, and those whom the org would not take back. Of what belongs to the owner before some goes along, and the rest stays; an undo
    /// takes back what went along then, and nothing else.
    /// </summary>
    public static Intent IntentOf(Correction correction, IReadOnlyList<RecordWrite> writes, Standing standing, OwnerChange policy)
    {
        var bundle = new Bundle(correction.Id, correction.Account, writes, []);
        var team = standing.Teams.GetValueOrDefault(correction.Account, []);
        var intent = new Intent(Proposal.StartingPoint(correction), bundle, []) { TeamBefore = team, Undoes = correction.Undoes };
        if (NewOwner(writes) is not { } newOwner)
        {
            return intent;
        }

        var leaving = writes.Where(w => w.Action == WriteAction.Delete && w.Object == "AccountTeamMember").Select(w => w.Id).ToHashSet();
        var coming = writes.Where(w => w is { Action: WriteAction.Insert, Object: "AccountTeamMember" })
            .Select(w => w.After.GetValueOrDefault("UserId")).ToHashSet();
        var dropped = team.Where(t => (t.UserId != newOwner || correction.Undoes is not null)
            && !leaving.Contains(t.Id) && !coming.Contains(t.UserId.ToString())).ToList();
        var written = writes.Select(w => (w.Object, w.Id)).ToHashSet();
        var children = standing.Children.GetValueOrDefault(correction.Account, []).Where(c => !written.Contains((c.Object, c.Id)))
            .ToLookup(c => correction.Undoes is null && policy.Of(c.Object) == ChildPolicy.Follow);
        return intent with
        {
            Bundle = bundle with
            {
                Writes = [.. writes, .. children[true].Select(c => c.Give(c.Owner, newOwner))],
                Team = [.. dropped.Where(t => t.IsUserActive)],
            },
            Lost = [.. dropped.Where(t => !t.IsUserActive)],
            Staying = [.. children[false].Where(c => c.IsOwnerActive)],
        };
    }

    private static RecordWrite? OwnerWrite(IReadOnlyList<RecordWrite> writes) =>
        writes.FirstOrDefault(w => w.Object == "Account" && w.After.ContainsKey("OwnerId"));
}
