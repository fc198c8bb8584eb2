using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Changes of primary, read from the rows themselves where they have days, else from the owner's history.</summary>
internal static class PrimaryChanges
{
    /// <summary>How far a row's end may lie from the day another starts, for the one to have followed the other; likewise a handoff from its change.</summary>
    public const int Near = 7;

    /// <summary>All changes of an account on or before a day, by day.</summary>
    public static List<PrimaryChange> Of(Draft draft, Account account, DateOnly today)
    {
        var changes = new List<PrimaryChange>();
        if (draft.Snapshot.Binding != Binding.Package)
        {
            changes.AddRange(draft.Snapshot.OwnerChanges[account.Index]);
            if (draft.OwnerOf(account) != account.OwnerId && !account.OwnerId.IsNone && !draft.OwnerOf(account).IsNone)
            {
                changes.Add(new PrimaryChange(today, Assignee.User(account.OwnerId), Assignee.User(draft.OwnerOf(account))));
            }

            return changes;
        }

        var rows = draft.RowsOf(account);
        foreach (var row in rows)
        {
            if (IsPart(row) && row.StartsOn is { } day && day <= today && Followed(row, day, rows) is { } old)
            {
                changes.Add(new PrimaryChange(day, old.Assignee, row.Assignee));
            }
        }

        changes.Sort((a, b) => a.Day.CompareTo(b.Day));
        return changes;
    }

    private static bool IsPart(PocRow row) => row.Role == PocRole.Primary && !row.Assignee.IsUnknown && !row.IsReversed;

    /// <summary>Of the rows that a row may have followed: the one that ended last, then started last, then has the smallest id.</summary>
    private static PocRow? Followed(PocRow started, DateOnly day, ReadOnlySpan<PocRow> rows)
    {
        PocRow? best = null;
        foreach (var row in rows)
        {
            if (IsPart(row) && row.Assignee != started.Assignee && !(row.StartsOn >= day)
                && row.EndsOn is { } end && Math.Abs(end.DayNumber - day.DayNumber) <= Near
                && (best is null || IsLater(row, best)))
            {
                best = row;
            }
        }

        return best;
    }

    private static bool IsLater(PocRow row, PocRow than) =>
        row.EndsOn != than.EndsOn ? row.EndsOn > than.EndsOn
        : row.StartsOn != than.StartsOn ? than.StartsOn is null || row.StartsOn > than.StartsOn
        : row.Id.CompareTo(than.Id) < 0;
}
