using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>What would put one finding right.</summary>
/// <param name="Writes">What to write; none where nothing can be.</param>
/// <param name="Sentence">What it does and why.</param>
/// <param name="Trace">How picks came out.</param>
/// <param name="IsOptional">Whether a freeze holds it.</param>
/// <param name="Picks">Who was picked for what.</param>
/// <param name="IsForPeople">Whether it waits for a person even where the rule corrects by itself.</param>
internal sealed record Remedy(
    IReadOnlyList<Write> Writes, string Sentence, IReadOnlyList<string> Trace, IReadOnlyList<Picked> Picks, bool IsOptional = false, bool IsForPeople = false)
{
    /// <summary>Why, as a sentence for those who gain or lose something; empty where nobody does.</summary>
    public string Why { get; init; } = "";

    /// <summary>Nobody could be picked.</summary>
    public static Remedy Nobody(string sentence, IReadOnlyList<string> trace) => new([], sentence, trace, []);
}

/// <summary>Turns a finding into what would put it right, as the rules reference says for each rule.</summary>
internal sealed class Corrector(Draft draft, Settings settings, Ability ability, Picker picker)
{
    private readonly Snapshot _snapshot = draft.Snapshot;
    private readonly Switch _switch = new(draft, settings, ability, picker);

    private DateOnly Today => _snapshot.AsOf.Today;

    /// <summary>The remedy of a finding, or null where the rules know none.</summary>
    public Remedy? Correct(Scene scene, Account account, Finding finding) => finding.Rule switch
    {
        "one-primary" when finding.Code == "missing" => AddPrimary(scene, account),
        "one-primary" => KeepOne(scene, account, (List<PocRow>)finding.About!),
        "primary-able" => ReplaceUnable(scene, account, finding.Code, (PocRow)finding.About!),
        "owner-is-primary" => TieOwner(scene, account, (PocRow)finding.About!),
        "backup-present" => AddBackups(scene, account),
        "backup-covers-absence" => Cover(scene, account, (Absence)finding.About!),
        "one-role-each" => OneRole(scene, account, (RecordId)finding.About!),
        "customer-primary" => CustomerSideWrites.Of(draft, account, finding.Code),
        // One that was opened for an earlier day begins, and is the one then.
        "handoff-documented" when finding is { Code: "missing", About: PrimaryChange change } => picker.IsAnnounced(account, change.From, change.To) ? null : WriteHandoff(account, change),
        _ => null,
    };

    private Remedy? AddPrimary(Scene scene, Account account)
    {
        var owner = draft.OwnerOf(account);
        if (_snapshot.Binding == Binding.Package && ability.IsAbleUser(owner) && !picker.Leaves(owner))
        {
            return new Remedy([_switch.StartPrimary(account, Assignee.User(owner), Today)],
                $"Make {_snapshot.NameOf(owner)}, its owner, primary contact of {account.Name}, which has none.", [], []) { Why = "It had none." };
        }

        return SwitchToBest(scene, account, null, $"{account.Name} has no primary contact");
    }

    private Remedy? KeepOne(Scene scene, Account account, List<PocRow> primaries)
    {
        var keep = OnePrimary.Keep(scene, account, primaries);
        var writes = primaries.Where(p => p != keep && Rows.CanEnd(p))
            .Select(p => p.Assignee == keep.Assignee ? Rows.End(account, p, Today) with { Role = null } : Rows.End(account, p, Today)).ToList();
        return writes.Count == 0 ? null : new Remedy(writes,
            $"Keep {_snapshot.NameOf(keep.Assignee)} as the one primary contact of {account.Name}; end {string.Join(", ", primaries.Where(p => p != keep && Rows.CanEnd(p)).Select(p => _snapshot.NameOf(p.Assignee)))}.", [], []) { Why = "It has one primary contact, and somebody else stays it." };
    }

    private Remedy? ReplaceUnable(Scene scene, Account account, string code, PocRow row)
    {
        var isForPeople = code is not ("unknown" or "inactive");
        var name = _snapshot.NameOf(row.Assignee);
        if (row.Source == RowSource.Team)
        {
            return !Rows.CanEnd(row) ? null : new Remedy([Rows.End(account, row, Today)],
                $"Take {name}, who is not able, off the team of {account.Name}, where they count as primary contact.", [], [], IsForPeople: isForPeople) { Why = "It needs somebody who is able." };
        }

        if (row.Source == RowSource.Assignment && !Rows.CanEnd(row))
        {
            return null;
        }

        var why = code switch
        {
            "unknown" => row.Assignee.IsUnknown ? "its primary contact is nobody" : $"its primary contact {name} is not known",
            "inactive" => $"{name} is no longer active",
            "frozen" => $"the login of {name} is frozen",
            "not-standard" => $"{name} is not an internal user",
            _ => $"the department {name} cannot answer for it",
        };
        return SwitchToBest(scene, account, row, why) is { } remedy ? remedy with { IsForPeople = isForPeople } : null;
    }

    /// <summary>A Backup who can take over, else a pick.</summary>
    private Remedy SwitchToBest(Scene scene, Account account, PocRow? old, string why, DateOnly? on = null)
    {
        var replaced = old?.Assignee ?? Assignee.Unknown;
        var search = new Search(account, PocRole.Primary, replaced, replaced) { On = on };
        var pick = picker.FindPrimary(scene, search);
        if (pick.Who.IsUnknown)
        {
            return Remedy.Nobody($"Nobody could be picked as primary contact of {account.Name}, although {why}.", pick.Trace);
        }

        var (writes, more, picks) = _switch.Make(scene, account, old, pick.Who, Capital($"{why}."), isOptional: on is not null, on);
        var instead = replaced.IsUnknown ? "" : $" in place of {_snapshot.NameOf(replaced)}";
        return new Remedy(writes, $"Make {_snapshot.NameOf(pick.Who)} primary contact of {account.Name}{(on is { } day ? $" on {day:yyyy-MM-dd}" : "")}{instead}: {why}.", [.. pick.Trace, .. more],
            [new Picked(search.NameFor(scene.Info.Id), pick.Who.Id), .. picks]) { Why = Capital($"{why}.") };
    }

    /// <summary>Another Primary where the one there declined: for a person to decide, also while the account is frozen; the signals are among the reasons then.</summary>
    public Remedy Redo(Scene scene, Account account, PocRow declined, Handoff handoff) => SwitchToBest(
        scene, account, declined, $"{_snapshot.NameOf(handoff.To)} declined the handoff{(handoff.Declined is { } words ? $": {words.Trim().TrimEnd('.')}" : "")}") with
    { IsForPeople = true };

    /// <summary>Another Primary from the day on which the one there leaves.</summary>
    public Remedy Follow(Scene scene, Account account, PocRow primary, Leaver leaver) =>
        SwitchToBest(scene, account, primary, $"{_snapshot.NameOf(leaver.User)} leaves", leaver.On) with { IsForPeople = true };

    /// <summary>Another Backup from the day on which the one there leaves, as long as that one was to be it.</summary>
    public Remedy FollowAsBackup(Scene scene, Account account, IReadOnlyList<PocRow> rows, Leaver leaver)
    {
        var name = _snapshot.NameOf(leaver.User);
        var primary = scene.InForce(account, PocRole.Primary).Select(p => p.Assignee).FirstOrDefault(a => a.IsUser);
        var search = new Search(account, PocRole.Backup, Assignee.User(leaver.User), primary) { On = leaver.On };
        var pick = picker.Find(scene, search);
        DateOnly? last = rows.Any(r => r.EndsOn is null) ? null : rows.Max(r => r.EndsOn);
        var start = pick.Who.IsUnknown ? null
            : _snapshot.Binding == Binding.Package ? Rows.Start(account, PocRole.Backup, pick.Who, PlannedValue.Of(RelativeDay.Today), last)
            : Rows.StartBackup(_snapshot, account, pick.Who);
        return start is null
            ? Remedy.Nobody($"Nobody could be picked as backup of {account.Name} on {leaver.On:yyyy-MM-dd}, when {name} leaves.", pick.Trace)
            : new Remedy([.. rows.Select(r => Rows.End(account, r, leaver.On)), start],
                $"Make {_snapshot.NameOf(pick.Who)} backup of {account.Name} on {leaver.On:yyyy-MM-dd} in place of {name}: {name} leaves.", pick.Trace,
                [new Picked(search.NameFor(scene.Info.Id), pick.Who.Id)], IsForPeople: true) { Why = $"{name} leaves." };
    }

    private Remedy? TieOwner(Scene scene, Account account, PocRow primary)
    {
        var owner = draft.OwnerOf(account);
        if (scene.For(account).Word("authority") == "owner")
        {
            if (!ability.IsAbleUser(owner) || picker.Leaves(owner) || !Rows.CanEnd(primary))
            {
                return null;
            }

            var why = $"{_snapshot.NameOf(owner)} owns the account";
            var (writes, trace, picks) = _switch.Make(scene, account, primary, Assignee.User(owner), Capital($"{why}."), ability.IsAble(primary.Assignee));
            return new Remedy(writes, $"Make {_snapshot.NameOf(owner)} primary contact of {account.Name} in place of {_snapshot.NameOf(primary.Assignee)}: {why}.", trace, picks, IsOptional: ability.IsAble(primary.Assignee)) { Why = Capital($"{why}.") };
        }

        var user = OwnerIsPrimary.UserOf(_snapshot, primary.Assignee);
        if (!ability.IsAbleUser(user))
        {
            return null;
        }

        var name = _snapshot.NameOf(user);
        var because = primary.Assignee.IsDepartment ? $"{name} answers for {_snapshot.NameOf(primary.Assignee)}, its primary contact" : $"{name} is its primary contact";
        return new Remedy([Rows.Owner(account, owner, user)],
            $"Make {name} owner of {account.Name} in place of {(owner.IsNone ? "nobody" : _snapshot.NameOf(owner))}: {because}.", [.. Rows.LostMembers(draft, account, user)], []) { Why = Capital($"{because}.") };
    }

    private Remedy AddBackups(Scene scene, Account account)
    {
        var primary = scene.InForce(account, PocRole.Primary).Select(p => p.Assignee).FirstOrDefault(a => a.IsUser);
        var there = new Scene(scene.Info, draft.Fork(account), settings, ability, [account]);
        var (writes, trace, picks) = BackupPicks.Add(there, account, picker, Assignee.Unknown, primary);
        return writes.Count == 0
            ? Remedy.Nobody($"Nobody could be picked as backup of {account.Name}.", trace)
            : new Remedy(writes, $"Make {Names(writes)} backup of {account.Name}, which has too few.", trace, picks) { Why = "It has too few backups." };
    }

    private Remedy? Cover(Scene scene, Account account, Absence absence)
    {
        if (_snapshot.Binding != Binding.Package)
        {
            return null;
        }

        var (from, to) = BackupCoversAbsence.DaysToCome(_snapshot.AsOf, absence);
        var away = Assignee.User(absence.UserId);
        var name = _snapshot.NameOf(absence.UserId);
        var days = absence.EndsOn is null ? $"from {from:yyyy-MM-dd} on" : $"from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}";
        var search = new Search(account, PocRole.Backup, Assignee.Unknown, away, (from, to));
        var pick = picker.Find(scene, search);
        if (pick.Who.IsUnknown)
        {
            return Remedy.Nobody($"Nobody could be picked to cover {account.Name} {days}, while {name} is away.", pick.Trace);
        }

        var start = from == Today ? PlannedValue.Of(RelativeDay.Today) : PlannedValue.Of(from);
        return new Remedy([Rows.Start(account, PocRole.Backup, pick.Who, start, absence.EndsOn)],
            $"Make {_snapshot.NameOf(pick.Who)} backup of {account.Name} {days}, while {name} is away.", pick.Trace,
            [new Picked(search.NameFor(scene.Info.Id), pick.Who.Id)]) { Why = $"{name} is away {days}." };
    }

    private Remedy? OneRole(Scene scene, Account account, RecordId user)
    {
        var rows = scene.InForce(account).Where(r => r.Assignee == Assignee.User(user)).ToList();
        var ends = new List<PocRow>();
        if (OneRoleEach.IsBoth(rows))
        {
            ends.AddRange(rows.Where(r => r.Role == PocRole.Backup));
        }

        foreach (var same in OneRoleEach.Repeated(rows.Except(ends)))
        {
            ends.AddRange(same
                .OrderByDescending(r => r.EndsOn ?? DateOnly.MaxValue)
                .ThenBy(r => r.StartsOn ?? DateOnly.MinValue)
                .ThenBy(r => r.Id)
                .Skip(1));
        }

        // Who is something twice loses nothing.
        var writes = ends.Where(Rows.CanEnd).OrderBy(r => r.Id).Select(r => Rows.End(account, r, Today) with { Role = null }).ToList();
        return writes.Count == 0 ? null : new Remedy(writes,
            $"End what {_snapshot.NameOf(user)} is twice on {account.Name} ({string.Join(", ", ends.Where(Rows.CanEnd).Select(r => r.Role).Distinct().Order())}).", [], []);
    }

    private Remedy WriteHandoff(Account account, PrimaryChange change) => new(
        [Rows.Handoff(_snapshot, account, change.From, change.To, PlannedValue.Of(change.Day), null, null)],
        $"Open a handoff of {account.Name} from {_snapshot.NameOf(change.From)} to {_snapshot.NameOf(change.To)}, which passed on {change.Day:yyyy-MM-dd} without one.", [], []);

    private string Names(IEnumerable<Write> writes) => string.Join(", ", writes.Select(w =>
    {
        var department = w["Department__c"].Text;
        var user = department ?? w["User__c"].Text ?? w["UserId"].Text!;
        return _snapshot.NameOf(new Assignee(RecordId.Parse(user), department is not null));
    }));

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
