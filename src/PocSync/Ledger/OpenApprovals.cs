using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>What of people's yes holds and is not written yet.</summary>
/// <param name="Yes">By each person the last one, in their order.</param>
/// <param name="NeedsSecond">Whether it takes another person's yes to be written.</param>
internal sealed record OpenApproval(IReadOnlyList<DecisionRow> Yes, bool NeedsSecond)
{
    /// <summary>By correction, what is approved and has neither come to an outcome nor expired.</summary>
    public static async Task<Dictionary<string, OpenApproval>> ReadAsync(LedgerContext context, ApprovalTerms terms, DateTimeOffset now)
    {
        var oldest = Oldest(terms, now);
        var open = await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null && d.HoldsFrom > oldest)
            .OrderBy(d => d.Id).ToListAsync();
        if (open.Count == 0)
        {
            return [];
        }

        // A later no takes a yes back.
        var first = open.Min(d => d.Id);
        var no = await context.Decisions.Where(d => d.Kind != nameof(DecisionKind.Approve) && d.Id > first).GroupBy(d => d.Correction)
            .Select(g => new { g.Key, Last = g.Max(d => d.Id) }).ToDictionaryAsync(g => g.Key, g => g.Last);
        var reach = await ReachAsync(context, terms, open);
        return open.Where(d => d.Id > no.GetValueOrDefault(d.Correction)).GroupBy(d => d.Correction).ToDictionary(
            g => g.Key,
            g =>
            {
                List<DecisionRow> yes = [.. g.GroupBy(Person).Select(p => p.Last())];
                return new OpenApproval(yes, yes.Count == 1 && terms.TwoPersonsAbove is { } limit && reach(yes[0]) > limit);
            });
    }

    /// <summary>Until when a yes had to be given to have expired.</summary>
    public static long Oldest(ApprovalTerms terms, DateTimeOffset now) => now.AddDays(-terms.ExpireDays).UtcTicks;

    /// <summary>
    /// How many accounts the person of a yes said yes to since what it is for began to wait, written or not: so many at once, in however many steps.
    /// </summary>
    private static async Task<Func<DecisionRow, int>> ReachAsync(LedgerContext context, ApprovalTerms terms, List<DecisionRow> open)
    {
        if (terms.TwoPersonsAbove is null)
        {
            return _ => 0;
        }

        var first = open.Min(d => d.Since);
        var all = (await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.At >= first).ToListAsync()).ToLookup(Person);
        var known = new Dictionary<(string, long), int>();
        return yes => known.TryGetValue((Person(yes), yes.Since), out var count) ? count
            : known[(Person(yes), yes.Since)] = all[Person(yes)].Where(d => d.At >= yes.Since).Select(d => d.Account).Distinct().Count();
    }

    private static string Person(DecisionRow decision) => decision.By.Trim().ToUpperInvariant();
}
