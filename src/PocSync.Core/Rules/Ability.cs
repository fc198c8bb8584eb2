using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Who is able, and who is away. For one snapshot and its settings; remembers departments.</summary>
public sealed class Ability(Snapshot snapshot, Settings settings)
{
    private readonly Dictionary<RecordId, bool> _staffed = [];
    private readonly Dictionary<RecordId, IReadOnlyList<Absence>> _absences = [];
    private readonly bool _hasDepartments = snapshot.Presence.HasObject("POC_Department__c");
    private readonly bool _hasMembers = snapshot.Presence.HasObject("GroupMember");

    /// <summary>Active, not frozen, of an allowed kind.</summary>
    public bool IsAble(User user) => user.IsActive && !user.IsFrozen && settings.AllowedUserTypes.Contains(user.UserType);

    /// <summary>Whether a user id is of a user who is able; an unknown one is not.</summary>
    public bool IsAbleUser(RecordId id) => snapshot.Users.TryGetValue(id, out var user) && IsAble(user);

    /// <summary>Whether a user or a department is able.</summary>
    public bool IsAble(Assignee assignee) => WhyNot(assignee) is null;

    /// <summary>The first reason, as a code of <c>primary-able</c>, why an assignee is not able; null where it is.</summary>
    public string? WhyNot(Assignee assignee)
    {
        if (assignee.IsUnknown)
        {
            return "unknown";
        }

        if (assignee.IsDepartment)
        {
            return !_hasDepartments
                || (snapshot.Departments.TryGetValue(assignee.Id, out var department) && IsAbleUser(department.AccountableUserId) && IsStaffed(department))
                ? null : "department-unable";
        }

        if (!snapshot.Users.TryGetValue(assignee.Id, out var user))
        {
            return "unknown";
        }

        return !user.IsActive ? "inactive"
            : user.IsFrozen ? "frozen"
            : !settings.AllowedUserTypes.Contains(user.UserType) ? "not-standard"
            : null;
    }

    /// <summary>Whether a user is away on a day.</summary>
    public bool IsAbsent(RecordId user, DateOnly day) => IsAbsent(user, day, day);

    /// <summary>Whether a user is away on any day from one to another, both included.</summary>
    public bool IsAbsent(RecordId user, DateOnly from, DateOnly to)
    {
        foreach (var absence in AbsencesOf(user))
        {
            if (absence.Overlaps(from, to))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A user's absences, each time away once.</summary>
    public IReadOnlyList<Absence> AbsencesOf(RecordId user)
    {
        if (!snapshot.Absences.TryGetValue(user, out var absences))
        {
            return [];
        }

        return _absences.TryGetValue(user, out var once) ? once : _absences[user] = Absence.Once(absences);
    }

    /// <summary>
    /// Whether a department's queue has enough able members who are not absent today. Nested groups are followed, circles cut, each user counted once. Without member data it is
    /// not judged.
    /// </summary>
    public bool IsStaffed(Department department)
    {
        if (!_hasMembers || department.MinimumStaff <= 0)
        {
            return true;
        }

        if (!_staffed.TryGetValue(department.Id, out var staffed))
        {
            _staffed[department.Id] = staffed = CountStaff(department.QueueId) >= department.MinimumStaff;
        }

        return staffed;
    }

    /// <summary>How many able members, not absent today, a queue or group has.</summary>
    public int CountStaff(RecordId queue)
    {
        var seen = new HashSet<RecordId> { queue };
        var open = new Stack<RecordId>([queue]);
        var count = 0;
        while (open.TryPop(out var group))
        {
            foreach (var member in snapshot.GroupMembers.GetValueOrDefault(group, []))
            {
                if (!seen.Add(member))
                {
                    continue;
                }

                if (member.IsUser)
                {
                    count += IsAbleUser(member) && !IsAbsent(member, snapshot.AsOf.Today) ? 1 : 0;
                }
                else
                {
                    open.Push(member);
                }
            }
        }

        return count;
    }
}
