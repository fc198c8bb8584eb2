using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>
/// Makes somebody Primary of an account, whole or not at all: the old row ends, the new one starts, a promoted person's Backup rows end, the owner is written, the handoff is
/// recorded, and where that leaves too few Backups another is picked.
/// </summary>
internal sealed class Switch(Draft draft, Settings settings, Ability ability, Picker picker)
{
    private readonly Snapshot _snapshot = draft.Snapshot;

    /// <summary>The writes of a switch from a row (or from nobody) to somebody, today or on a day to come, and what was picked on the way.</summary>
    public (IReadOnlyList<Write> Writes, IReadOnlyList<string> Trace, IReadOnlyList<Picked> Picks) Make(
        Scene scene, Account account, PocRow? old, Assignee to, string reason, bool isOptional = false, DateOnly? on = null)
    {
        var today = on ?? _snapshot.AsOf.Today;
        var writes = new List<Write>();
        IEnumerable<string> lost = [];
        if (_snapshot.Binding == Binding.Package)
        {
            if (old is not null && Rows.CanEnd(old))
            {
                writes.Add(Rows.End(account, old, today));
            }

            writes.Add(StartPrimary(account, to, today));
        }

        foreach (var row in draft.RowsOf(account))
        {
            if (row.Role == PocRole.Backup && row.Assignee == to && Rows.CanEnd(row))
            {
                if (row.StartsOn > today)
                {
                    writes.Add(Rows.Delete(account, row));
                }
                else if (row.IsInForce(today))
                {
                    writes.Add(Rows.End(account, row, today));
                }
            }
        }

        var owner = OwnerIsPrimary.UserOf(_snapshot, to);
        if (WritesOwner(account) && !owner.IsNone && owner != draft.OwnerOf(account))
        {
            // Without rows of its own the owner is the Primary.
            writes.Add(Rows.Owner(account, draft.OwnerOf(account), owner) with { Role = _snapshot.Binding == Binding.Package ? null : PocRole.Primary });
            lost = Rows.LostMembers(draft, account, owner);
        }

        // One for a day to come is known by its day, and the same whether it is opened already or not.
        if (old is { Assignee.IsUnknown: false } && old.Assignee != to
            && (on is not null || (HandoffDocumented.Of(draft, account, old.Assignee, to, today).Count == 0 && !picker.IsAnnounced(account, old.Assignee, to))))
        {
            var effective = on is { } day ? PlannedValue.Of(day) : PlannedValue.Of(RelativeDay.Today);
            writes.Add(Rows.Handoff(_snapshot, account, old.Assignee, to, effective, reason, isOptional ? "Optional" : "Necessary"));
        }

        var (trace, picks) = AddBackups(account, old?.Assignee ?? Assignee.Unknown, to, writes);
        return (writes, [.. lost, .. trace], picks);
    }

    /// <summary>A Primary row from the day of writing to the day before the next one starts, if any does after a day.</summary>
    public Write StartPrimary(Account account, Assignee to, DateOnly today)
    {
        DateOnly? next = null;
        foreach (var row in draft.RowsOf(account))
        {
            if (row.Role == PocRole.Primary && row.StartsOn > today && !row.IsReversed && !(row.StartsOn >= next))
            {
                next = row.StartsOn;
            }
        }

        return Rows.Start(account, PocRole.Primary, to, PlannedValue.Of(RelativeDay.Today), next?.AddDays(-1));
    }

    /// <summary>With a binding of its own, the owner follows unless the rule that ties them together is switched off or may only tell.</summary>
    private bool WritesOwner(Account account)
    {
        if (_snapshot.Binding != Binding.Package)
        {
            return true;
        }

        var rule = settings.Of(RuleBook.OwnerIsPrimary.Info);
        var own = rule.Tiers.FirstOrDefault(t => RecordConditions.MissingField(t.When, "Account", _snapshot.Presence) is null && RecordConditions.OverAccounts(t.When, draft)(account))?.Settings ?? rule;
        return own.Enabled && own.Mode != RuleMode.Alert && _snapshot.Presence.Has("Account.OwnerId");
    }

    private (IReadOnlyList<string> Trace, IReadOnlyList<Picked> Picks) AddBackups(Account account, Assignee old, Assignee to, List<Write> writes)
    {
        var rule = RuleBook.BackupPresent;
        if (RuleBook.WhyNotEvaluated(rule, _snapshot, settings) is not null)
        {
            return ([], []);
        }

        // Judged as it will be after the switch; the draft is an overlay of one account, so that the copy is cheap.
        var after = draft.Fork(account);
        DraftWriter.Apply(after, account, writes);
        var scene = new Scene(rule.Info, after, settings, ability, [account]);
        if (!scene.IsInScope(account))
        {
            return ([], []);
        }

        var (backups, trace, picks) = BackupPicks.Add(scene, account, picker, old, to);
        writes.AddRange(backups);
        return (trace, picks);
    }
}
