using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Cli.Rules;

/// <summary>How some records come out by some settings.</summary>
internal sealed record Sight(Snapshot Snapshot, IReadOnlyList<RuleResult> Results, Plan Plan)
{
    public static Sight Of(Ground ground, Settings settings) =>
        new(ground.Snapshot, RuleBook.Judge(ground.Snapshot, settings), ground.Propose(settings).Plan);

    public RuleResult Of(RuleInfo rule) => Results.Single(r => r.Rule.Id == rule.Id);
}

/// <summary>What a rule would do otherwise.</summary>
/// <param name="Before">How it comes out.</param>
/// <param name="After">How it would.</param>
/// <param name="Findings">What it would find otherwise.</param>
/// <param name="Corrections">What it would correct otherwise.</param>
/// <param name="CorrectionsBefore">How many corrections it plans.</param>
/// <param name="CorrectionsAfter">How many it would.</param>
internal sealed record RulePreview(
    RuleResult Before, RuleResult After, IReadOnlyList<Difference<Finding>> Findings, IReadOnlyList<Difference<Correction>> Corrections, int CorrectionsBefore, int CorrectionsAfter)
{
    public bool IsSame => Findings.Count == 0 && Corrections.Count == 0 && Before.Reason == After.Reason;
}

/// <summary>What other settings change, rule by rule.</summary>
internal sealed class RulesPreview(IReadOnlyList<(string Key, string Before, string After)> settings, Sight before, Sight after)
{
    public IReadOnlyList<(string Key, string Before, string After)> Settings => settings;

    public Snapshot Snapshot => after.Snapshot;

    /// <summary>Every rule, in the catalogue's order.</summary>
    public IReadOnlyList<RulePreview> Rules { get; } =
    [
        .. RuleBook.All.Select(r => r.Info).Select(rule =>
        {
            var (old, now) = (before.Of(rule), after.Of(rule));
            var (planned, would) = (CorrectionsOf(before, rule), CorrectionsOf(after, rule));
            return new RulePreview(
                old, now,
                Difference.Of(old.Findings, now.Findings, f => (f.Code, f.Subject),
                    (a, b) => a.Severity == b.Severity && a.Sentence == b.Sentence && a.Seen == b.Seen && a.Expected == b.Expected, (a, b) => a.Seen == b.Seen),
                Difference.Of(planned, would, c => (c.Code, c.Account), (a, b) => a.Id == b.Id && a.State == b.State && a.Mode == b.Mode, (a, b) => a.Id == b.Id),
                planned.Count, would.Count);
        }),
    ];

    private static List<Correction> CorrectionsOf(Sight sight, RuleInfo rule) => [.. sight.Plan.Corrections.Where(c => c.Rule == rule.Id)];
}
