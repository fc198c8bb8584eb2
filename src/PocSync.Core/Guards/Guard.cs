using System.Globalization;
using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Guards;

/// <summary>Judges a plan before anything is written. Only what would be written without a person's word counts; it never edits the plan.</summary>
public sealed class Guard
{
    private readonly GuardLimits _limits;
    private readonly GuardInput _input;
    private readonly List<(Refusal, IReadOnlySet<string>)> _refusals = [];

    private Guard(GuardLimits limits, GuardInput input) => (_limits, _input) = (limits, input);

    /// <summary>
    /// First what the org lost, which holds everything, also what waits for a person. Then each rule by itself, what a limit held at an earlier run, each person, the owner
    /// changes of the hour, and the plan; each of them without what is held already.
    /// </summary>
    public static Verdict Judge(Plan plan, GuardLimits limits, GuardInput input)
    {
        var guard = new Guard(limits, input);
        guard.Judge(plan);
        return new Verdict(plan, guard._refusals);
    }

    private void Judge(Plan plan)
    {
        var everything = plan.Corrections.Select(c => c.Id).ToHashSet();
        foreach (var loss in Losses.Of(_limits, _input))
        {
            _refusals.Add((loss, everything));
        }

        IReadOnlyList<Correction> ready = [.. plan.Corrections.Where(c => c.State == CorrectionState.Ready && !Announcement.Follows(c))];
        foreach (var rule in ready.GroupBy(c => c.Rule))
        {
            Hold(Changed($"the rule {rule.Key}", rule.Key, [.. rule]), rule);
        }

        ready = Rest(ready);
        JudgeHeldBefore(ready);
        ready = Rest(ready);
        JudgePeople(ready);
        ready = Rest(ready);
        JudgeOwners(ready);
        ready = Rest(ready);
        Hold([.. Changed("the plan", null, ready), .. Created(ready)], ready);
    }

    /// <summary>What an earlier run held, unless the limit that did was raised since.</summary>
    private void JudgeHeldBefore(IReadOnlyList<Correction> ready)
    {
        var held = ready.Select(c => (Correction: c, By: _input.HeldBefore.GetValueOrDefault((c.Rule, c.Code, c.Account)))).Where(h => h.By is { } by && _limits.Of(by.Limit) <= by.Allowed);
        foreach (var same in held.GroupBy(h => h.By!, h => h.Correction))
        {
            Hold([new Refusal(nameof(GuardInput.HeldBefore), null,
                $"an earlier run found that {same.Key.Sentence}; what it held stays held until a person approves it or Guard:{same.Key.Limit} is raised") { Lasting = same.Key }], same);
        }
    }

    /// <summary>What no limit holds so far. What was lost holds everything and spares nobody the other limits.</summary>
    private IReadOnlyList<Correction> Rest(IReadOnlyList<Correction> ready)
    {
        var held = _refusals.Where(r => !Losses.IsLoss(r.Item1)).SelectMany(r => r.Item2).ToHashSet();
        return [.. ready.Where(c => !held.Contains(c.Id))];
    }

    private void Hold(IEnumerable<Refusal> refusals, IEnumerable<Correction> corrections)
    {
        var ids = corrections.Select(c => c.Id).ToHashSet();
        _refusals.AddRange(refusals.Select(r => (_limits.Of(r.Limit) is { } allowed ? r with { Lasting = new HeldBy(r.Limit, allowed, r.Sentence) } : r, (IReadOnlySet<string>)ids)));
    }

    private IEnumerable<Refusal> Changed(string who, string? rule, IReadOnlyList<Correction> corrections)
    {
        var accounts = corrections.Select(c => c.Account).Distinct().Count();
        if (accounts > _limits.MaxChanged)
        {
            yield return new Refusal(nameof(GuardLimits.MaxChanged), rule,
                Text($"{who} would change {Count(accounts, "account")}, more than the {_limits.MaxChanged:N0} that Guard:MaxChanged allows"));
        }

        if (accounts >= GuardLimits.ShareFloor && accounts > _limits.MaxChangedShare * _input.AccountsInScope)
        {
            yield return new Refusal(nameof(GuardLimits.MaxChangedShare), rule, Text(
                $"{who} would change {accounts:N0} of {_input.AccountsInScope:N0} accounts, more than the share of {_limits.MaxChangedShare:0.####} that Guard:MaxChangedShare allows"));
        }
    }

    private IEnumerable<Refusal> Created(IReadOnlyList<Correction> corrections) => corrections
        .SelectMany(c => c.Writes)
        .Where(w => w.Action == WriteAction.Insert)
        .CountBy(w => w.Object)
        .Where(c => c.Value > _limits.MaxCreated)
        .OrderBy(c => c.Key, StringComparer.Ordinal)
        .Select(c => new Refusal(nameof(GuardLimits.MaxCreated), null, Text(
            $"the plan would make {Count(c.Value, "row")} of {_input.Names.Object(c.Key)}, more than the {_limits.MaxCreated:N0} that Guard:MaxCreated allows")));

    private void JudgePeople(IReadOnlyList<Correction> ready)
    {
        if (_limits.MaxPerPerson is not { } limit)
        {
            return;
        }

        var hands = ready.Select(c => (Correction: c, Hands: Hands.Of(c))).ToList();
        Judge("gain", hands.SelectMany(h => h.Hands.Gain.Select(p => (p, h.Correction))));
        Judge("lose", hands.SelectMany(h => h.Hands.Lose.Select(p => (p, h.Correction))));

        void Judge(string verb, IEnumerable<(RecordId Person, Correction Correction)> changes)
        {
            foreach (var person in changes.GroupBy(c => c.Person, c => c.Correction).OrderBy(p => p.Key))
            {
                var accounts = person.Select(c => c.Account).Distinct().Count();
                if (accounts > limit)
                {
                    var name = _input.NameOf(person.Key) is var known && known == person.Key.ToString() ? $"the user {known}" : $"{known} ({person.Key})";
                    Hold([new Refusal(nameof(GuardLimits.MaxPerPerson), null, Text(
                        $"{name} would {verb} {Count(accounts, "account")}, more than the {limit:N0} that Guard:MaxPerPerson allows"), person.Key)], person);
                }
            }
        }
    }

    /// <summary>In the order of the plan; what is beyond the limit is planned again by a later run, and written once the hour has room.</summary>
    private void JudgeOwners(IReadOnlyList<Correction> ready)
    {
        if (_limits.MaxOwnerChangesPerHour is not { } limit)
        {
            return;
        }

        var changes = ready.Where(c => c.Writes.Any(w => w.Object == "Account" && w.Fields.Any(f => f.Field == "OwnerId"))).ToList();
        var beyond = changes.Skip(Math.Max(0, limit - _input.OwnerChanges)).ToList();
        if (beyond.Count > 0)
        {
            Hold([new Refusal(nameof(GuardLimits.MaxOwnerChangesPerHour), null, Text(
                $"the plan would change {Count(changes.Count, "owner")} and {_input.OwnerChanges:N0} {(_input.OwnerChanges == 1 ? "was" : "were")} changed in the last 60 minutes, more than the {limit:N0} an hour that Guard:MaxOwnerChangesPerHour allows: {beyond.Count:N0} of them {(beyond.Count == 1 ? "is" : "are")} left to a later run"))],
                beyond);
        }
    }

    private static string Count(int count, string noun) => Text($"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
