using PocSync.Core.Plans;

namespace PocSync.Core.Runs;

/// <summary>Why a planned correction is left alone, until a person approves it all the same.</summary>
public enum LeftAloneKind
{
    /// <summary>The org refused it, or what it builds on, and it would start from the same.</summary>
    Refused,

    /// <summary>A person rejected it.</summary>
    Rejected,

    /// <summary>A person put it off until a day.</summary>
    Deferred,

    /// <summary>A person undid what it would do again.</summary>
    Undone,

    /// <summary>Somebody changed back what PocSync had written to a field that it writes.</summary>
    Reverted,

    /// <summary>A person accepted its finding as the baseline.</summary>
    Baseline,

    /// <summary>A person snoozed its finding until a day.</summary>
    Snoozed,

    /// <summary>A person marked its finding as false, and the rule sees the same still.</summary>
    FalsePositive,
}

/// <summary>A correction that is planned and left alone.</summary>
/// <param name="Correction">The correction.</param>
/// <param name="Kind">Why.</param>
/// <param name="Why">Who or what said no, in words.</param>
public sealed record LeftAlone(Correction Correction, LeftAloneKind Kind, string Why);
