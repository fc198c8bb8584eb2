using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Guards;

/// <summary>Why corrections are held.</summary>
/// <param name="Limit">The limit, by the name of its setting, or what was lost.</param>
/// <param name="Rule">The rule that is held whole, where it is one.</param>
/// <param name="Sentence">What would be beyond what.</param>
/// <param name="Person">The user whose corrections are held, where it is one. Without rule and person it is the plan.</param>
public sealed record Refusal(string Limit, string? Rule, string Sentence, RecordId Person = default)
{
    /// <summary>Where it holds corrections at later runs too, until a person approves them: not of what was lost, and not of an hour that is over. Null elsewhere.</summary>
    public HeldBy? Lasting { get; init; }
}

/// <summary>A limit that holds corrections until a person approves them, or the limit is raised.</summary>
/// <param name="Limit">The limit, by the name of its setting.</param>
/// <param name="Allowed">What it allowed.</param>
/// <param name="Sentence">What was beyond it.</param>
public sealed record HeldBy(string Limit, decimal Allowed, string Sentence);

/// <summary>What may be written and what is held, and why. Does not change the plan.</summary>
public sealed class Verdict
{
    private readonly Dictionary<string, (CorrectionState State, IReadOnlyList<string> Reasons)> _states = [];
    private readonly Dictionary<string, HeldBy> _lasting = [];

    /// <param name="plan">What is judged.</param>
    /// <param name="refusals">Each refusal with the corrections that it holds.</param>
    internal Verdict(Plan plan, IReadOnlyList<(Refusal Refusal, IReadOnlySet<string> Held)> refusals)
    {
        Refusals = [.. refusals.Select(r => r.Refusal)];
        var named = plan.Corrections.ToDictionary(c => c.Id, c => c.Named());
        foreach (var (refusal, held) in refusals)
        {
            foreach (var id in held)
            {
                if (refusal.Lasting is { } by)
                {
                    _lasting.TryAdd(id, by);
                }
            }
        }

        foreach (var correction in plan.Corrections)
        {
            var (state, reasons) = (correction.State, correction.Reasons);
            if (refusals.Where(r => r.Held.Contains(correction.Id)).Select(r => r.Refusal.Sentence).ToList() is { Count: > 0 } held)
            {
                (state, reasons) = (CorrectionState.Held, [.. reasons, .. held]);
            }
            else if (state == CorrectionState.Ready
                && correction.BuildsOn.Where(id => _states.TryGetValue(id, out var other) && other.State != CorrectionState.Ready).ToList() is { Count: > 0 } on)
            {
                (state, reasons) = (CorrectionState.Waits, [.. on.Select(id => $"builds on {named[id]}, which {(_states[id].State == CorrectionState.Held ? "is held" : "waits")}")]);
            }

            _states[correction.Id] = (state, reasons);
        }
    }

    /// <summary>Why corrections are held; none where nothing is.</summary>
    public IReadOnlyList<Refusal> Refusals { get; }

    /// <summary>The limit that holds a correction at later runs too; null where none does.</summary>
    public HeldBy? LastingOf(Correction correction) => _lasting.GetValueOrDefault(correction.Id);

    /// <summary>A correction's state once the guard has spoken.</summary>
    public CorrectionState StateOf(Correction correction) => _states[correction.Id].State;

    /// <summary>Why a correction waits or is held.</summary>
    public IReadOnlyList<string> ReasonsOf(Correction correction) => _states[correction.Id].Reasons;
}
