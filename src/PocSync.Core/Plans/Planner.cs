using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Plans;

/// <summary>What a plan is made of besides the records.</summary>
public sealed record PlanInput
{
    /// <summary>PocSync's own user in the org, who is never picked; none on an export.</summary>
    public RecordId Worker { get; init; }

    /// <summary>
    /// Users who are picked ahead of all others, the first who passes every test, by search (<see cref="Picked.For"/>).
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Wish>> Wishes { get; init; } = new Dictionary<string, IReadOnlyList<Wish>>();

    /// <summary>Who was announced to leave, also where that was taken back.</summary>
    public IReadOnlyList<Leaver> Leavers { get; init; } = [];

    /// <summary>What people approved for a day, and is not written yet.</summary>
    public IReadOnlyList<Correction> Approved { get; init; } = [];

    /// <summary>When the ledger first saw a finding (rule, code, account); null where it did not, which is now.</summary>
    public Func<string, string, RecordId, DateTimeOffset?> FirstSeen { get; init; } = (_, _, _) => null;
}

/// <summary>A user to be picked ahead of all others.</summary>
/// <param name="User">The user.</param>
/// <param name="Why">Why, as a clause for the trace.</param>
/// <param name="IsPersons">Whether a person chose the user, whom the pool does not bind; else an earlier plan did.</param>
/// <param name="IsTold">Whether the reason is told also where the user would be picked without it.</param>
public sealed record Wish(RecordId User, string Why, bool IsPersons, bool IsTold = false);

/// <summary>
/// Makes the plan: applies each correction to a draft of the snapshot, rule by rule in the catalogue's order, accounts by id, and judges again until a round adds no new one.
/// Corrections that wait are tried out too, so that what builds on them is seen and waits with them; those that are held are not. Equal input gives an equal plan.
/// </summary>
public sealed partial class Planner
{
    /// <summary>An account that gets a new correction in this round has rules that disagree.</summary>
    public const int LastRound = 6;

    /// <summary>The code of corrections that step a handoff on to its acknowledgement,</summary>
    public const string Documented = "documented";

    /// <summary>and of those that give an account to somebody else where the handoff was declined.</summary>
    public const string Declined = "declined";

    private readonly Snapshot _snapshot;
    private readonly Settings _settings;
    private readonly PlanInput _input;
    private readonly Draft _draft;
    private readonly Draft _pulled;
    private readonly Draft _firm;
    private readonly Ability _ability;
    private readonly Picker _picker;
    private readonly Corrector _corrector;
    private readonly Corrector _correctorOfPulled;
    private readonly Corrector _correctorOfFirm;
    private readonly List<Correction> _corrections = [];
    private readonly Dictionary<int, List<int>> _ofAccount = [];
    private readonly HashSet<string> _written = [];
    private readonly HashSet<(string, string, RecordId, object?)> _held = [];
    private readonly Dictionary<(string, string, RecordId, object?), Unpicked> _unpicked = [];

    private Planner(Snapshot snapshot, Settings settings, PlanInput input)
    {
        (_snapshot, _settings, _input) = (snapshot, settings, input);
        _draft = new Draft(snapshot);
        _pulled = new Draft(snapshot);
        _firm = new Draft(snapshot);
        _ability = new Ability(snapshot, settings);
        _picker = new Picker(_draft, settings, _ability, input);
        _corrector = new Corrector(_draft, settings, _ability, _picker);
        _correctorOfPulled = new Corrector(_pulled, settings, _ability, _picker);
        _correctorOfFirm = new Corrector(_firm, settings, _ability, _picker);
    }

    /// <summary>The plan of a snapshot.</summary>
    public static Plan Make(Snapshot snapshot, Settings settings, PlanInput input)
    {
        var planner = Run(snapshot, settings, input);
        return new Plan(snapshot, planner._corrections, [.. planner._unpicked.Values]) { Lapsed = planner._lapsed, Approved = planner._approved };
    }

    /// <summary>
    /// A correction with somebody else in place of who was picked, whom a person chose: checked like any pick, on the records as they are. Else why not, in a sentence.
    /// </summary>
    public static (Correction? Given, string? WhyNot) Give(Snapshot snapshot, Settings settings, PlanInput input, Correction correction, RecordId user, string why)
    {
        if (correction.MainPick is not { } pick)
        {
            return (null, $"The correction {correction.Id} picks nobody, so that it cannot be given to anybody else: approve or reject it.");
        }

        var wishes = new Dictionary<string, IReadOnlyList<Wish>>(input.Wishes) { [pick.For] = [new Wish(user, why, true), .. input.Wishes.GetValueOrDefault(pick.For, [])] };
        var planner = Run(snapshot, settings, input with { Wishes = wishes });
        return planner._corrections.FirstOrDefault(c => c.Picks.Contains(pick with { Who = user })) is { } given ? (given, null)
            : (null, planner._picker.WhyDeclined(pick.For) is { } test
                ? $"{correction.AccountName} cannot be given to {snapshot.NameOf(user)} ({user}): {test}."
                : $"What the correction {correction.Id} would put right is not wrong any more: the next run judges anew.");
    }

    private static Planner Run(Snapshot snapshot, Settings settings, PlanInput input)
    {
        var planner = new Planner(snapshot, settings, input);
        for (var round = 1; planner.Round(round) && round < LastRound; round++)
        {
        }

        planner.StepHandoffs();
        planner.SeeOffLeavers();
        return planner;
    }

    /// <summary>
    /// What people wrote on a handoff asks for the next step. It waits for the next run where the account gets another correction: that may put the handoff behind it.
    /// </summary>
    private void StepHandoffs()
    {
        var (documented, acknowledged) = (SceneOf(RuleBook.HandoffDocumented), SceneOf(RuleBook.HandoffAcknowledged));
        foreach (var account in _snapshot.Accounts.Where(a => _snapshot.Handoffs[a.Index].Length > 0 && !_ofAccount.ContainsKey(a.Index)))
        {
            if (documented?.IsInScope(account) == true && documented.For(account).Mode != RuleMode.Alert)
            {
                Document(documented, account);
            }

            if (acknowledged?.IsInScope(account) == true)
            {
                PassOn(acknowledged, account);
            }
        }

        Scene? SceneOf(AccountRule rule) =>
            RuleBook.WhyNotEvaluated(rule, _snapshot, _settings) is null ? new Scene(rule.Info, _draft, _settings, _ability) : null;
    }

    /// <summary>Where reason and notes are written, whoever takes over is to acknowledge it.</summary>
    private void Document(Scene scene, Account account)
    {
        foreach (var handoff in _snapshot.Handoffs[account.Index].ToArray().Where(h => h is { Status: "Documenting", HasReason: true, HasNotes: true } && !h.Id.IsNone))
        {
            var sentence = $"Let {_snapshot.NameOf(handoff.To)} acknowledge the handoff of {account.Name}: {_snapshot.NameOf(handoff.From)} has documented it.";
            Add(RuleBook.HandoffDocumented, scene, account, scene.Find(account, Documented, "", "", sentence, handoff), new Remedy(
                [new Write("POC_Handoff__c", handoff.Id, null, WriteAction.Update, [new("Status__c", handoff.Status, PlannedValue.Of("Awaiting Acknowledgement"))])],
                sentence, [], []), 1);
        }
    }

    /// <summary>Where the newest handoff to the Primary was declined, somebody else is sought: a person decides.</summary>
    private void PassOn(Scene scene, Account account)
    {
        if (scene.InForce(account, PocRole.Primary) is not [var primary] || !_ability.IsAble(primary.Assignee)
            || _snapshot.Handoffs[account.Index].ToArray().Where(h => h.To.IsSameAs(primary.Assignee)).MaxBy(h => h.EffectiveOn) is not { } newest || !newest.IsDeclined(_snapshot.AsOf.Today))
        {
            return;
        }

        var finding = scene.Find(account, Declined, "", "", "", newest);
        var remedy = _corrector.Redo(scene, account, primary, newest);
        if (remedy.Writes.Count == 0)
        {
            _unpicked[KeyOf(finding)] = new Unpicked(finding.Rule, finding.Code, account.Id, remedy.Sentence, remedy.Trace);
            return;
        }

        var signals = Freeze.Signals(_draft, _settings, account);
        Add(RuleBook.HandoffAcknowledged, scene, account, finding, remedy, 1);
        _corrections[^1] = _corrections[^1] with { Reasons = [.. _corrections[^1].Reasons, .. signals] };
    }

    private bool Round(int round)
    {
        var before = _corrections.Count;
        IReadOnlyList<Account> accounts = round == 1 ? _snapshot.Accounts
            : [.. _draft.Touched.Concat(_unpicked.Values.Select(u => _snapshot.FindAccount(u.Account)!)).Distinct().OrderBy(a => a.Id)];
        foreach (var rule in RuleBook.All.OfType<AccountRule>())
        {
            if (_settings.Of(rule.Info).All.All(s => s.Mode == RuleMode.Alert) || RuleBook.WhyNotEvaluated(rule, _snapshot, _settings) is not null)
            {
                continue;
            }

            var scene = new Scene(rule.Info, _draft, _settings, _ability, accounts);
            foreach (var account in scene.Accounts.Where(a => scene.For(a).Mode != RuleMode.Alert))
            {
                Correct(rule, scene, account, round);
            }
        }

        return _corrections.Count > before;
    }

    /// <summary>One finding at a time, judged again after each correction, since one can put several right.</summary>
    private void Correct(AccountRule rule, Scene scene, Account account, int round)
    {
        var seen = new HashSet<(string, string, RecordId, object?)>();
        while (rule.Judge(scene, account).FirstOrDefault(f => !_held.Contains(KeyOf(f)) && !seen.Contains(KeyOf(f))) is { } finding)
        {
            seen.Add(KeyOf(finding));
            if (_corrector.Correct(scene, account, finding) is not { } remedy)
            {
                continue;
            }

            if (remedy.Writes.Count == 0)
            {
                _unpicked[KeyOf(finding)] = new Unpicked(finding.Rule, finding.Code, account.Id, remedy.Sentence, remedy.Trace);
            }
            else if (remedy.Writes.Any(w => !_written.Contains(w.Identity)))
            {
                _unpicked.Remove(KeyOf(finding));
                Add(rule, scene, account, finding, remedy, round);
            }
        }
    }

    private void Add(AccountRule rule, Scene scene, Account account, Finding finding, Remedy remedy, int round)
    {
        var buildsOn = BuildsOn(rule, account, finding, remedy);
        var (state, reasons) = StateOf(scene, account, finding, remedy, buildsOn);
        _corrections.Add(new Correction
        {
            Rule = finding.Rule,
            Code = finding.Code,
            Account = account.Id,
            AccountName = account.Name,
            Mode = remedy.IsForPeople ? RuleMode.Propose : scene.For(account).Mode,
            State = state,
            Reasons = reasons,
            Sentence = remedy.Sentence,
            Why = remedy.Why,
            Trace = remedy.Trace,
            BuildsOn = [.. buildsOn.Select(i => _corrections[i].Id)],
            Picks = remedy.Picks,
            People = PeopleOf(account, remedy.Writes),
            Writes = remedy.Writes,
        });
        if (!_ofAccount.TryGetValue(account.Index, out var ofAccount))
        {
            _ofAccount[account.Index] = ofAccount = [];
        }

        ofAccount.Add(_corrections.Count - 1);
        if (round == LastRound)
        {
            HoldAccount(ofAccount);
        }
        else if (state == CorrectionState.Held)
        {
            _held.Add(KeyOf(finding));
        }
        else
        {
            _written.UnionWith(remedy.Writes.Select(w => w.Identity));
            TryOut(account, remedy.Writes);
            if (state == CorrectionState.Ready)
            {
                DraftWriter.Apply(_firm, account, remedy.Writes);
            }
        }
    }

    private (CorrectionState, IReadOnlyList<string>) StateOf(Scene scene, Account account, Finding finding, Remedy remedy, IReadOnlyList<int> buildsOn)
    {
        if (remedy.IsOptional && Freeze.Signals(_draft, _settings, account) is { Count: > 0 } signals)
        {
            return (CorrectionState.Held, signals);
        }

        var reasons = new List<string>();
        if (scene.For(account).Mode == RuleMode.Propose)
        {
            reasons.Add($"{finding.Rule} only proposes: a person approves");
        }
        else if (remedy.IsForPeople)
        {
            reasons.Add($"{finding.Rule} leaves this to a person: {RuleWords.Of(finding)}");
        }
        else if (finding.Rule == RuleBook.PrimaryAble.Info.Id && TimeSpan.FromHours(scene.For(account).Number("graceHours")) is var grace && grace > TimeSpan.Zero
            && _snapshot.AsOf.Now - (_input.FirstSeen(finding.Rule, finding.Code, account.Id) ?? _snapshot.AsOf.Now) < grace)
        {
            reasons.Add($"{finding.Rule} waits until it was seen for {scene.For(account).Number("graceHours")} {(scene.For(account).Number("graceHours") == 1 ? "hour" : "hours")}");
        }

        reasons.AddRange(buildsOn.Where(i => _corrections[i].State != CorrectionState.Ready).Select(i =>
            $"builds on {_corrections[i].Named()}, which is not written yet"));
        return (reasons.Count == 0 ? CorrectionState.Ready : CorrectionState.Waits, reasons);
    }

    /// <summary>
    /// The earlier corrections of the account without which a remedy would not be the same: none, where it is on what was pulled; those that are written by themselves,
    /// where it is on the state with them alone; else all.
    /// </summary>
    private IReadOnlyList<int> BuildsOn(AccountRule rule, Account account, Finding finding, Remedy remedy)
    {
        if (!_ofAccount.TryGetValue(account.Index, out var ofAccount))
        {
            return [];
        }

        var earlier = ofAccount.Where(i => _corrections[i].State != CorrectionState.Held).ToList();
        return IsSameOn(_pulled, _correctorOfPulled, rule, account, finding, remedy) ? []
            : IsSameOn(_firm, _correctorOfFirm, rule, account, finding, remedy) ? [.. earlier.Where(i => _corrections[i].State == CorrectionState.Ready)]
            : earlier;
    }

    private bool IsSameOn(Draft state, Corrector corrector, AccountRule rule, Account account, Finding finding, Remedy remedy)
    {
        var scene = new Scene(rule.Info, state, _settings, _ability, [account]);
        return scene.IsInScope(account)
            && rule.Judge(scene, account).FirstOrDefault(f => KeyOf(f).Equals(KeyOf(finding))) is { } same
            && WritesOf(corrector.Correct(scene, account, same)).SetEquals(WritesOf(remedy));
    }

    /// <summary>The users of the snapshot whom the writes name, before or after, and those whose rows they end.</summary>
    private IReadOnlyList<Person> PeopleOf(Account account, IReadOnlyList<Write> writes) =>
    [
        .. writes.SelectMany(w => w.Fields).SelectMany(f => new[] { f.Before, f.After.Text })
            .Select(text => RecordId.TryParse(text, out var id) ? id : default)
            .Concat(_pulled.RowsOf(account).ToArray().Where(r => !r.Id.IsNone && writes.Any(w => w.Id == r.Id)).Select(r => r.Assignee.Id))
            .Distinct().Where(_snapshot.Users.ContainsKey).Select(id => new Person(id, _snapshot.Users[id].Name)),
    ];

    private static HashSet<string> WritesOf(Remedy? remedy) => [.. (remedy?.Writes ?? []).Select(w => w.Identity)];

    private void HoldAccount(List<int> ofAccount)
    {
        var rules = string.Join(", ", ofAccount.Select(i => _corrections[i].Rule).Distinct().Order(StringComparer.Ordinal));
        foreach (var i in ofAccount)
        {
            var reason = $"rules disagree: {rules}";
            if (!_corrections[i].Reasons.Contains(reason))
            {
                _corrections[i] = _corrections[i] with { State = CorrectionState.Held, Reasons = [.. _corrections[i].Reasons, reason] };
            }
        }
    }

    private void TryOut(Account account, IReadOnlyList<Write> writes)
    {
        var loads = _picker.Kept.Select(l => (Loads: l, Before: l.Holders(account))).ToList();
        DraftWriter.Apply(_draft, account, writes);
        foreach (var (load, before) in loads)
        {
            load.Changed(before, load.Holders(account));
        }
    }

    /// <summary>What makes two findings the same one, from round to round.</summary>
    private static (string, string, RecordId, object?) KeyOf(Finding finding) =>
        (finding.Rule, finding.Code, finding.Subject, finding.About is List<PocRow> rows ? string.Join(',', rows.Select(r => $"{r.Id}{r.Key}")) : finding.About);
}
