namespace PocSync.Core.Handoffs;

/// <summary>A handoff as a step from hand to hand: ids of users or departments, and the day as yyyy-MM-dd.</summary>
public readonly record struct HandoffStep(string? Id, string? From, string? To, string? Status, string? On);

/// <summary>How an account came to whoever hands it over.</summary>
public static class DeclinedTrail
{
    /// <summary>
    /// The declined handoffs before a step, the latest first: who really had the account is where the last of them begins. Whoever declined never had it, unless it came to them by another handoff later.
    /// </summary>
    /// <param name="step">The step; of one without a day all others are earlier.</param>
    /// <param name="others">The account's other handoffs.</param>
    /// <param name="stepOf">What a handoff is as a step.</param>
    public static IEnumerable<T> Before<T>(HandoffStep step, IEnumerable<T> others, Func<T, HandoffStep> stepOf)
    {
        var (met, all) = (new HashSet<string?>(), others.Select(o => (Handoff: o, Step: stepOf(o))).Where(o => o.Step.Status is not ("Proposed" or "Cancelled"))
            .OrderByDescending(o => o.Step.On, StringComparer.Ordinal).ThenByDescending(o => o.Step.Id, StringComparer.Ordinal).ToList());
        while (step.From is { } from && all.FirstOrDefault(o => o.Step.To == from && (step.On is null || string.CompareOrdinal(o.Step.On, step.On) <= 0)) is { Step.Status: "Declined" } to
            && met.Add(to.Step.Id))
        {
            yield return to.Handoff;
            step = to.Step;
        }
    }
}
