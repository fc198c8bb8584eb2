using System.Globalization;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>
/// The last pass: everything that somebody who leaves has goes to others on the day. What was approved for a day stays word for word as it was approved, whatever would be
/// picked today, as long as it can still be done; the rest is drafted on the records as they will be once what is ready is written, and waits for a person.
/// </summary>
public sealed partial class Planner
{
    private readonly List<Lapsed> _lapsed = [];
    private readonly HashSet<string> _approved = [];

    /// <summary>Of what was approved for a day, what can no longer be done on a snapshot.</summary>
    public static IReadOnlyList<Lapsed> LapsedOf(Snapshot snapshot, Settings settings, PlanInput input)
    {
        var planner = new Planner(snapshot, settings, input);
        planner.KeepApproved();
        return planner._lapsed;
    }

    private void SeeOffLeavers()
    {
        var kept = KeepApproved();
        if (_input.Leavers.Count == 0)
        {
            return;
        }

        var leaving = _input.Leavers.Where(l => l.Holds).ToDictionary(l => l.User);
        var (primaries, backups) = leaving.Count == 0 ? (null, null) : (SceneOf(RuleBook.PrimaryAble, _firm), SceneOf(RuleBook.BackupPresent, _firm));
        foreach (var account in _snapshot.Accounts)
        {
            StepAnnounced(account, kept);
            if (primaries?.IsInScope(account) == true)
            {
                FollowPrimary(primaries, account, leaving, kept);
            }

            if (backups?.IsInScope(account) == true)
            {
                FollowBackups(backups, account, leaving, kept);
            }
        }
    }

    private Scene? SceneOf(AccountRule rule, Draft draft) =>
        RuleBook.WhyNotEvaluated(rule, _snapshot, _settings) is null ? new Scene(rule.Info, draft, _settings, _ability) : null;

    private ILookup<RecordId, Correction> KeepApproved()
    {
        var kept = new List<Correction>();
        foreach (var approved in _input.Approved)
        {
            if (WhyLapsed(approved) is { } why)
            {
                _lapsed.Add(new Lapsed(approved, why));
                continue;
            }

            var account = _snapshot.FindAccount(approved.Account)!;
            Count(account, approved.Writes);
            kept.Add(approved);
            _approved.Add(approved.Id);
            _corrections.Add(approved with
            {
                State = CorrectionState.Waits,
                Reasons = [string.Create(CultureInfo.InvariantCulture, $"approved, effective on {approved.NotBefore:yyyy-MM-dd}")],
            });
        }

        return kept.ToLookup(k => k.Account);
    }

    /// <summary>Why what was approved for a day can no longer be done; null where it can.</summary>
    private string? WhyLapsed(Correction approved)
    {
        if (_snapshot.FindAccount(approved.Account) is not { } account)
        {
            return "the account is no longer there";
        }

        if (account.IsExempt(_snapshot.AsOf.Today))
        {
            return $"the account is exempt until {account.ExemptUntil:yyyy-MM-dd}";
        }

        var (gain, lose) = Hands.Of(approved);
        var announced = _input.Leavers.Where(l => l.On == approved.NotBefore && lose.Contains(l.User)).ToList();
        if (announced.TrueForAll(l => l.Withdrawn is not null))
        {
            return announced.Count > 0 ? $"{_snapshot.NameOf(announced[^1].User)} does not leave then: {announced[^1].Withdrawn}" : "nobody leaves then";
        }

        if (!approved.Writes.All(w => IsAsPlanned(account, w)))
        {
            return "the account has changed since it was approved";
        }

        var main = approved.Rule == RuleBook.PrimaryAble.Info.Id ? PocRole.Primary : PocRole.Backup;
        foreach (var write in approved.Writes.Where(w => w is { Action: WriteAction.Insert, Role: not null }))
        {
            var id = RecordId.Parse((write["User__c"].Text ?? write["UserId"].Text ?? write["Department__c"].Text)!);
            if (write.Role == main && _pulled.RowsOf(account).ToArray().Any(r => r.Role == main && r.Assignee.Id == id && r.IsInForce(_snapshot.AsOf.Today)))
            {
                return $"{_snapshot.NameOf(id)} is {main} of the account already";
            }

            if (WhyNot(id, write.Role!.Value) is { } words)
            {
                return words;
            }
        }

        return _snapshot.Binding == Binding.Package ? null : gain.Select(g => WhyNot(g, PocRole.Primary)).FirstOrDefault(w => w is not null);

        // Who is gone and has nothing is not read.
        string? WhyNot(RecordId who, PocRole role) => _picker.WhyNoMore(account, role, who) is { } test
            ? $"{approved.People.FirstOrDefault(p => p.Id == who)?.Name ?? _snapshot.NameOf(who)} cannot take over: {test}" : null;
    }

    /// <summary>Whether a record that a write changes says what it said when it was planned.</summary>
    private bool IsAsPlanned(Account account, Write write) => (write.Object, write.Action) switch
    {
        (_, WriteAction.Insert) => true,
        ("Account", _) => write.Fields.All(f => f.Field != "OwnerId" || f.Before == TextOf(_pulled.OwnerOf(account))),
        ("POC_Assignment__c", WriteAction.Update) => _pulled.RowsOf(account).ToArray().Any(r => r.Id == write.Id && write.Fields.All(f => f.Field != "Ends_On__c" || f.Before == PlannedValue.Shown(r.EndsOn))),
        ("POC_Assignment__c", _) => _pulled.RowsOf(account).ToArray().Any(r => r.Id == write.Id),
        // An owner change makes another row of the same member.
        ("AccountTeamMember", _) => _pulled.TeamOf(account).ToArray().Any(m => m.Id == write.Id || write.Fields.Any(f => f.Field == "UserId" && f.Before == TextOf(m.UserId))),
        _ => true,
    };

    private void FollowPrimary(Scene scene, Account account, Dictionary<RecordId, Leaver> leaving, ILookup<RecordId, Correction> kept)
    {
        if (scene.InForce(account, PocRole.Primary) is not [{ Assignee.IsUser: true } primary] || !leaving.TryGetValue(primary.Assignee.Id, out var leaver)
            || primary.EndsOn < leaver.On || (primary.Id.IsNone && primary.Source != RowSource.Owner)
            || kept[account.Id].Any(k => k.Rule == scene.Info.Id) || IsSwitched(account)
            // Who is gone already is replaced at once, as the rule says.
            || (!_ability.IsAble(primary.Assignee) && scene.For(account).Mode != RuleMode.Alert))
        {
            return;
        }

        Draft(RuleBook.PrimaryAble, scene, account, leaver, _correctorOfFirm.Follow(scene, account, primary, leaver), Freeze.Signals(_firm, _settings, account));
    }

    private void FollowBackups(Scene scene, Account account, Dictionary<RecordId, Leaver> leaving, ILookup<RecordId, Correction> kept)
    {
        foreach (var rows in scene.InForce(account, PocRole.Backup).Where(r => r.Assignee.IsUser && leaving.ContainsKey(r.Assignee.Id)).GroupBy(r => r.Assignee.Id))
        {
            var leaver = leaving[rows.Key];
            List<PocRow> there = [.. rows.Where(r => !(r.EndsOn < leaver.On))];
            if (there.Count > 0 && there.TrueForAll(Rows.CanEnd) && _ability.IsAbleUser(leaver.User) && !IsSwitched(account)
                && !(kept[account.Id].Concat(Of(account)).Any(c => c.Writes.Any(w => there.Any(r => r.Id == w.Id)))))
            {
                Draft(RuleBook.BackupPresent, scene, account, leaver, _correctorOfFirm.FollowAsBackup(scene, account, there, leaver), []);
            }
        }
    }

    private void Draft(AccountRule rule, Scene scene, Account account, Leaver leaver, Remedy remedy, IReadOnlyList<string> signals)
    {
        var finding = scene.Find(account, "leaving", "", "", "", leaver);
        if (remedy.Writes.Count == 0)
        {
            _unpicked[KeyOf(finding)] = new Unpicked(finding.Rule, finding.Code, account.Id, remedy.Sentence, remedy.Trace) { Leaver = leaver.User };
            return;
        }

        _corrections.Add(new Correction
        {
            Rule = rule.Info.Id,
            Code = finding.Code,
            Account = account.Id,
            AccountName = account.Name,
            Mode = RuleMode.Propose,
            State = CorrectionState.Waits,
            Reasons = [$"{_snapshot.NameOf(leaver.User)} leaves on {leaver.On:yyyy-MM-dd}: a person approves who follows", .. signals],
            Sentence = remedy.Sentence,
            Why = remedy.Why,
            Trace = remedy.Trace,
            BuildsOn = [],
            Picks = remedy.Picks,
            People = PeopleOf(account, remedy.Writes),
            NotBefore = leaver.On,
            Writes = remedy.Writes,
        });
        Count(account, remedy.Writes);
    }

    /// <summary>Whether another correction of this plan gives the account another Primary or owner: the next run sees what became of it.</summary>
    private bool IsSwitched(Account account) =>
        Of(account).Any(c => c.State != CorrectionState.Held && c.Writes.Any(w => w.Object == "Account" || (w.Role == PocRole.Primary && w.Action == WriteAction.Insert)));

    private IEnumerable<Correction> Of(Account account) => _ofAccount.GetValueOrDefault(account.Index, []).Select(i => _corrections[i]);

    /// <summary>Counts what is to come among the loads, so that it is shared. On an account that this plan changes otherwise it may not fit: then the next run counts it.</summary>
    private void Count(Account account, IReadOnlyList<Write> writes)
    {
        var rows = _draft.RowsOf(account).ToArray();
        if (writes.All(w => w.Object != "POC_Assignment__c" || w.Action == WriteAction.Insert || rows.Any(r => r.Id == w.Id)))
        {
            TryOut(account, writes);
        }
    }

    /// <summary>A handoff that was opened before its day begins once the account has changed hands, and is called off where nobody has approved the switch any more.</summary>
    private void StepAnnounced(Account account, ILookup<RecordId, Correction> kept)
    {
        foreach (var handoff in _snapshot.Handoffs[account.Index])
        {
            // Of several for the same day the last holds.
            if (_input.Leavers.LastOrDefault(l => l.IsOf(handoff)) is not { } leaver || handoff.Id.IsNone || account.IsExempt(_snapshot.AsOf.Today))
            {
                continue;
            }

            var isBacked = kept[account.Id].Any(k => k.NotBefore == leaver.On && k.Writes.Any(w => w is { Object: "POC_Handoff__c", Action: WriteAction.Insert } && IsTo(w, handoff.To)));
            var (today, from, to) = (_snapshot.AsOf.Today, _snapshot.NameOf(handoff.From), _snapshot.NameOf(handoff.To));
            if (handoff.Status == "Cancelled" && isBacked && leaver.On > today)
            {
                Step(account, handoff, [handoff.From, handoff.To], Announcement.Code, [Status("Proposed"), new("Due_On__c", PlannedValue.Shown(handoff.DueOn), PlannedValue.Of(leaver.On))],
                    $"Open the handoff of {account.Name} from {from} to {to} on {leaver.On:yyyy-MM-dd} again", "it was approved after it had been called off");
            }
            else if (!leaver.Announced(handoff) || isBacked)
            {
                // It waits for its day, or people have moved it on.
            }
            else if (InForce(account) is [var primary] && primary == handoff.To)
            {
                var isNoted = handoff is { HasReason: true, HasNotes: true };
                Step(account, handoff, isNoted || _ability.IsAble(handoff.From) ? [handoff.To] : [handoff.From, handoff.To], Announcement.Begun,
                [
                    Status(isNoted ? "Awaiting Acknowledgement" : "Documenting"),
                    new("Due_On__c", PlannedValue.Shown(handoff.DueOn), PlannedValue.Of(RelativeDay.WorkingWeekLater)),
                    .. leaver.On > today || leaver.On < today.AddDays(-PrimaryChanges.Near) ? (IEnumerable<FieldWrite>)[new("Effective_On__c", PlannedValue.Shown(handoff.EffectiveOn), PlannedValue.Of(RelativeDay.Today))] : [],
                ],
                    $"Let the handoff of {account.Name} from {from} to {to} begin", $"{to} is the primary contact now");
            }
            else
            {
                Step(account, handoff, leaver.Withdrawn is null ? [handoff.To] : [handoff.From, handoff.To], Announcement.CalledOff, [Status("Cancelled")],
                    $"Call off the handoff of {account.Name} from {from} to {to} on {leaver.On:yyyy-MM-dd}", leaver.Withdrawn ?? "it is not approved any more");
            }

            FieldWrite Status(string status) => new("Status__c", handoff.Status, PlannedValue.Of(status));
        }

        static bool IsTo(Write write, Assignee to) => write["To_User__c"].Text == TextOf(to.Id) || write["To_Department__c"].Text == TextOf(to.Id);
    }

    private List<Assignee> InForce(Account account) =>
        [.. _pulled.RowsOf(account).ToArray().Where(r => r.Role == PocRole.Primary && r.IsInForce(_snapshot.AsOf.Today)).Select(r => r.Assignee)];

    private void Step(Account account, Handoff handoff, Assignee[] concerned, string code, FieldWrite[] fields, string what, string why) => _corrections.Add(new Correction
    {
        Rule = RuleBook.HandoffDocumented.Info.Id,
        Code = code,
        Account = account.Id,
        AccountName = account.Name,
        Mode = RuleMode.Auto,
        State = CorrectionState.Ready,
        Reasons = [],
        Sentence = $"{what}: {why}.",
        Why = char.ToUpperInvariant(why[0]) + why[1..] + ".",
        Trace = [],
        BuildsOn = [],
        People = [.. concerned.Where(c => _snapshot.Users.ContainsKey(c.Id)).Select(c => new Person(c.Id, _snapshot.NameOf(c)))],
        Writes = [new Write("POC_Handoff__c", handoff.Id, null, WriteAction.Update, fields)],
    });

    private static string? TextOf(RecordId id) => id.IsNone ? null : id.ToString();
}
