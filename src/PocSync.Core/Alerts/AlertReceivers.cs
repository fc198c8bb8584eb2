using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Alerts;

/// <summary>
/// To whom alert rows go: only to users who are able, and in place of a Primary who is away to who stands in. What a handoff lacks goes in place of the Primary to whoever has to write it.
/// </summary>
internal sealed class AlertReceivers(Draft draft, Settings settings)
{
    private readonly Snapshot _snapshot = draft.Snapshot;
    private readonly Ability _ability = new(draft.Snapshot, settings);

    /// <summary>To whom the row of a finding is assigned by a word of the setting <see cref="RuleInfo.AlertTo"/>; none where there is nobody.</summary>
    public RecordId Of(Finding finding, string to)
    {
        var (primary, backup, manager) = _snapshot.FindAccount(finding.Account) is { } account ? OfAccount(account) : OfSubject(finding.Subject);
        if (finding is { Rule: "handoff-documented", About: PrimaryChange { From.IsUnknown: false } change })
        {
            primary = AbleFrom(OwnerIsPrimary.UserOf(_snapshot, change.From));
            (backup, manager) = (to == "backup" ? backup : default, primary.IsNone ? manager : ManagerOf(primary));
        }

        IReadOnlyList<RecordId> order = to switch
        {
            "primary" => [primary, backup, manager],
            "backup" => [backup, primary, manager],
            "manager" => [manager, primary, backup],
            _ => [],
        };
        return order.FirstOrDefault(id => !id.IsNone);
    }

    /// <summary>A user's manager, where able.</summary>
    public RecordId ManagerOf(RecordId user) => _snapshot.Users.TryGetValue(user, out var known) && known.ManagerId != user ? Able(known.ManagerId) : default;

    private (RecordId Primary, RecordId Backup, RecordId Manager) OfAccount(Account account)
    {
        RecordId primary = default, backup = default, manager = default;
        foreach (var row in draft.RowsOf(account))
        {
            if (!row.IsInForce(_snapshot.AsOf.Today) || row.Role == PocRole.Specialist)
            {
                continue;
            }

            var user = OwnerIsPrimary.UserOf(_snapshot, row.Assignee);
            if (row.Role == PocRole.Primary)
            {
                var cover = Cover.ByWhom(user, draft.RowsOf(account).ToArray(), _ability, _snapshot.AsOf.Today);
                primary = !primary.IsNone ? primary : cover.IsUser ? cover : Able(user);
                manager = manager.IsNone ? ManagerOf(user) : manager;
            }
            else
            {
                backup = backup.IsNone ? Able(user) : backup;
            }
        }

        return (primary, backup, manager);
    }

    private (RecordId Primary, RecordId Backup, RecordId Manager) OfSubject(RecordId subject)
    {
        var user = OwnerIsPrimary.UserOf(_snapshot, new Assignee(subject, !subject.IsUser));
        return (Able(user), default, ManagerOf(user));
    }

    /// <summary>A user where able, else the first able one above.</summary>
    private RecordId AbleFrom(RecordId user)
    {
        var met = new HashSet<RecordId>();
        while (met.Add(user) && Able(user).IsNone && _snapshot.Users.TryGetValue(user, out var known))
        {
            user = known.ManagerId;
        }

        return Able(user);
    }

    private RecordId Able(RecordId user) => _ability.IsAbleUser(user) ? user : default;
}
