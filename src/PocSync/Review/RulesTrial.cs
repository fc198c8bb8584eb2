namespace PocSync.Review;

/// <summary>What other settings would do.</summary>
/// <param name="WhyNot">Why that cannot be said here, in a sentence; null where it can.</param>
/// <param name="Rules">The rules that would come out otherwise, in the catalogue's order.</param>
/// <param name="At">When the records were read on which it was tried.</param>
public sealed record RulesTrial(string? WhyNot, IReadOnlyList<RuleTrial> Rules, DateTimeOffset At)
{
    /// <summary>It cannot be said.</summary>
    public static RulesTrial Not(string why) => new(why, [], default);
}

/// <summary>What a rule would do otherwise.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Judged">That it would be judged or no longer be, in words; null where that stays.</param>
/// <param name="Findings">What it would find otherwise.</param>
/// <param name="Corrections">What it would correct otherwise.</param>
public sealed record RuleTrial(string Rule, string? Judged, TrialCount Findings, TrialCount Corrections)
{
    /// <summary>A few sentences of what would be otherwise, each after what becomes of it: appears, goes or changes.</summary>
    public required IReadOnlyList<(string Change, string Sentence)> Examples { get; init; }
}

/// <summary>How many appear, go, and change.</summary>
public sealed record TrialCount(int Appear, int Go, int Change);
