using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Guards;

/// <summary>How much of an org was read: what later runs are compared with.</summary>
/// <param name="AccountsInScope">Accounts that are not exempt.</param>
/// <param name="Counts">Records whose loss would make a plan wrong, by object; only of objects that were read, in words for those that are no object.</param>
/// <param name="Shown">Objects (<c>Account</c>) and fields (<c>Account.OwnerId</c>) that the org showed, of those that a run reads; package and standard names.</param>
/// <param name="Binding">Where POC rows live.</param>
public sealed record Measure(int AccountsInScope, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Shown, Binding Binding)
{
    /// <summary>Objects and fields that are read whatever the conditions of the rules name.</summary>
    private static readonly IReadOnlyList<string> Read =
        [.. SnapshotBuilder.Objects.SelectMany(o => SnapshotBuilder.FieldsOf(o, Settings.Default).Select(f => $"{o}.{f}").Prepend(o))];

    /// <summary>The same of objects that only some settings ask for, whose loss ends absences.</summary>
    private static readonly IReadOnlyList<string> ReadWhereAsked =
        [.. SnapshotBuilder.ObjectsOf(Everything).Except(SnapshotBuilder.Objects).SelectMany(o => SnapshotBuilder.FieldsOf(o, Everything).Select(f => $"{o}.{f}").Prepend(o))];

    private static Settings Everything => new([]) { Absences = new AbsenceSources(CalendarEvents: true, ResourceAbsences: true) };

    /// <summary>What a run by some settings can be compared with: objects that they no longer ask for are not lost.</summary>
    public Measure For(Settings settings) => this with
    {
        Shown = [.. Shown.Except(ReadWhereAsked.Where(n => !SnapshotBuilder.ObjectsOf(settings).Contains(n.Split('.')[0])), StringComparer.OrdinalIgnoreCase)],
    };

    /// <summary>
    /// Objects and fields that a run reads and the org did not show; of an object that is not there, the object alone. Group is read by nobody (its members
    /// are), and few objects have a mark for what is deleted.
    /// </summary>
    public IReadOnlyList<string> Missing()
    {
        var shown = Shown.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. Read.Where(r => r != "Group" && !r.StartsWith("Group.", StringComparison.Ordinal) && !r.EndsWith(".IsDeleted", StringComparison.Ordinal) && !shown.Contains(r) && (!r.Contains('.') || shown.Contains(r[..r.IndexOf('.')])))];
    }

    /// <summary>Of a snapshot. Rows of days gone by come and go (opportunities, history), so that only what stays is counted.</summary>
    public static Measure Of(Snapshot snapshot)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal)
        {
            ["Account"] = snapshot.Accounts.Count,
            ["User"] = snapshot.Users.Count,
        };
        Count("users who are active and not frozen", snapshot.Presence.Has("User.IsActive"), snapshot.Users.Values.Count(u => u.IsActive && !u.IsFrozen));
        Count("POC_Assignment__c", snapshot.Binding == Binding.Package && snapshot.Presence.HasObject("POC_Assignment__c"), snapshot.Rows.Count);
        Count("AccountTeamMember", snapshot.Presence.HasObject("AccountTeamMember"), snapshot.TeamMembers.Count);
        Count("POC_Absence__c", snapshot.Presence.HasObject("POC_Absence__c"), snapshot.CountOf("POC_Absence__c") ?? 0);
        Count("POC_Department__c", snapshot.Presence.HasObject("POC_Department__c"), snapshot.Departments.Count);
        Count("POC_Handoff__c", snapshot.Presence.HasObject("POC_Handoff__c"), snapshot.Handoffs.Count);
        Count("GroupMember", snapshot.Presence.HasObject("GroupMember"), snapshot.GroupMembers.Values.Sum(m => m.Length));
        return new Measure(
            snapshot.Accounts.Count(a => !a.IsExempt(snapshot.AsOf.Today)), counts, [.. Read.Concat(ReadWhereAsked).Where(snapshot.Presence.Has)], snapshot.Binding);

        void Count(string what, bool isRead, int count)
        {
            if (isRead)
            {
                counts[what] = count;
            }
        }
    }
}

/// <summary>What the guard compares a plan with.</summary>
/// <param name="Now">How much was read for the plan.</param>
/// <param name="Last">How much the last full run read; null where there was none.</param>
public sealed record GuardInput(Measure Now, Measure? Last = null)
{
    /// <summary>Accounts in scope at the last full run; where there was none, now.</summary>
    public int AccountsInScope => (Last ?? Now).AccountsInScope;

    /// <summary>Owners that were written in the last 60 minutes.</summary>
    public int OwnerChanges { get; init; }

    /// <summary>Whether the settings say where POC rows live.</summary>
    public bool IsBindingChosen { get; init; }

    /// <summary>Whether a person said that what the org no longer shows is gone.</summary>
    public bool IsLossAccepted { get; init; }

    /// <summary>
    /// What limits held at earlier runs, by rule, code and account, and is still wrong. It stays held until a person approves it: that some of it is gone does not
    /// make the rest anybody's wish.
    /// </summary>
    public IReadOnlyDictionary<(string Rule, string Code, RecordId Account), HeldBy> HeldBefore { get; init; } = new Dictionary<(string, string, RecordId), HeldBy>();

    /// <summary>The org's own names.</summary>
    public Names Names { get; init; } = Names.None;

    /// <summary>The name of a user; the id where it is not known.</summary>
    public Func<RecordId, string> NameOf { get; init; } = id => id.ToString();
}
