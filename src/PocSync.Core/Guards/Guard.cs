using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Guards;

/// <summary>Why corrections are held.</summary>
/// <param name="Limit">The limit, by the name of its setting.</param>
/// <param name="Rule">The rule that is held whole; null holds the whole plan.</param>
/// <param name="Sentence">What would be beyond what.</param>
public sealed record Refusal(string Limit, string? Rule, string Sentence);

/// <summary>What the guard compares a plan with.</summary>
/// <param name="AccountsInScope">Accounts in scope at the last full run; where there was none, now.</param>
/// <param name="LastCounts">Records of each object at the last full run; empty where there was none.</param>
/// <param name="Counts">Records of each object now.</param>
public sealed record GuardInput(int AccountsInScope, IReadOnlyDictionary<string, int> LastCounts, IReadOnlyDictionary<string, int> Counts)
{
    /// <summary>For a snapshot without anything to compare it with.</summary>
    public static GuardInput First(Snapshot snapshot) => new(InScope(snapshot), new Dictionary<string, int>(), CountsOf(snapshot));

    /// <summary>Accounts that are not exempt.</summary>
    public static int InScope(Snapshot snapshot) => snapshot.Accounts.Count(a => !a.IsExempt(snapshot.AsOf.Today));

    /// <summary>Records of the objects whose loss would make a plan wrong.</summary>
    public static IReadOnlyDictionary<string, int> CountsOf(Snapshot snapshot) => new SortedDictionary<string, int>(StringComparer.Ordinal)
    {
        ["Account"] = snapshot.Accounts.Count,
        ["User"] = snapshot.Users.Count,
        ["POC row"] = snapshot.Rows.Count,
    };
}

/// <summary>What may be written and what is held, and why. Does not change the plan.</summary>
public sealed class Verdict
{
    private readonly Dictionary<string, (CorrectionState State, IReadOnlyList<string> Reasons)> _states = [];

    internal Verdict(Plan plan, IReadOnlyList<Refusal> refusals)
    {
        Refusals = refusals;
        var rules = refusals.Where(r => r.Rule is not null).GroupBy(r => r.Rule!).ToDictionary(g => g.Key, g => g.Select(r => r.Sentence).ToList());
        var whole = refusals.Where(r => r.Rule is null).Select(r => r.Sentence).ToList();
        foreach (var correction in plan.Corrections)
        {
            var (state, reasons) = (correction.State, correction.Reasons);
            if (state == CorrectionState.Ready)
            {
                List<string> held = [.. rules.GetValueOrDefault(correction.Rule, []), .. whole];
                var on = correction.BuildsOn.Where(id => _states.TryGetValue(id, out var other) && other.State == CorrectionState.Held).Select(id => $"builds on {id}, which is held").ToList();
                (state, reasons) = held.Count > 0 ? (CorrectionState.Held, held) : on.Count > 0 ? (CorrectionState.Waits, on) : (state, reasons);
            }

            _states[correction.Id] = (state, reasons);
        }
    }

    /// <summary>Why rules, or the whole plan, are held; none where nothing is.</summary>
    public IReadOnlyList<Refusal> Refusals { get; }

    /// <summary>A correction's state once the guard has spoken.</summary>
    public CorrectionState StateOf(Correction correction) => _states[correction.Id].State;

    /// <summary>Why a correction waits or is held.</summary>
    public IReadOnlyList<string> ReasonsOf(Correction correction) => _states[correction.Id].Reasons;
}

/// <summary>Judges a plan before anything is written. Only what would be written without a person counts; it never edits the plan.</summary>
public static class Guard
{
    /// <summary>First each rule by itself; a rule beyond a limit is held whole. Then the plan without those.</summary>
    public static Verdict Judge(Plan plan, GuardLimits limits, GuardInput input)
    {
        var refusals = new List<Refusal>();
        var ready = plan.Corrections.Where(c => c.State == CorrectionState.Ready).ToList();
        foreach (var rule in ready.GroupBy(c => c.Rule))
        {
            refusals.AddRange(Changed($"the rule {rule.Key}", rule.Key, [.. rule], limits, input));
        }

        var held = refusals.Select(r => r.Rule).ToHashSet();
        var rest = ready.Where(c => !held.Contains(c.Rule)).ToList();
        refusals.AddRange(Changed("the plan", null, rest, limits, input));
        refusals.AddRange(Created(rest, limits));
        if (rest.Count > 0)
        {
            refusals.AddRange(Lost(limits, input));
        }

        return new Verdict(plan, refusals);
    }

    private static IEnumerable<Refusal> Changed(string who, string? rule, IReadOnlyList<Correction> corrections, GuardLimits limits, GuardInput input)
    {
        var accounts = corrections.Select(c => c.Account).Distinct().Count();
        if (accounts > limits.MaxChanged)
        {
            yield return new Refusal("MaxChanged", rule, $"{who} would change {accounts} accounts, more than the {limits.MaxChanged} that Guard:MaxChanged allows");
        }

        if (accounts >= GuardLimits.ShareFloor && accounts > limits.MaxChangedShare * input.AccountsInScope)
        {
            yield return new Refusal("MaxChangedShare", rule,
                $"{who} would change {accounts} of {input.AccountsInScope} accounts, more than the share of {limits.MaxChangedShare:0.####} that Guard:MaxChangedShare allows");
        }
    }

    private static IEnumerable<Refusal> Created(IReadOnlyList<Correction> corrections, GuardLimits limits) => corrections
        .SelectMany(c => c.Writes)
        .Where(w => w.Action == WriteAction.Insert)
        .CountBy(w => w.Object)
        .Where(c => c.Value > limits.MaxCreated)
        .OrderBy(c => c.Key, StringComparer.Ordinal)
        .Select(c => new Refusal("MaxCreated", null, $"the plan would make {c.Value} rows of {c.Key}, more than the {limits.MaxCreated} that Guard:MaxCreated allows"));

    /// <summary>Objects of which an org answers with far fewer records than at the last full run.</summary>
    public static IEnumerable<Refusal> Lost(GuardLimits limits, GuardInput input) => input.LastCounts
        .Where(last => last.Value >= GuardLimits.AnsweredFloor && input.Counts.GetValueOrDefault(last.Key) < limits.MinAnswered * last.Value)
        .Select(last => new Refusal("MinAnswered", null,
            $"the org answered with {input.Counts.GetValueOrDefault(last.Key)} records of {last.Key} where it had {last.Value} at the last full run: a permission may be lost, so nothing is concluded from it"));
}
