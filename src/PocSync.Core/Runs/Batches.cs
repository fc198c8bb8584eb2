using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>
/// Which corrections are read, written and read back together. A batch has at most one correction of an account, since a later one starts from what an
/// earlier one wrote.
/// </summary>
public static class Batches
{
    /// <summary>Corrections of a batch.</summary>
    public const int Size = 100;

    /// <summary>More rows than this go by a job of the org (Bulk API 2.0) rather than by calls: Salesforce's own rule.</summary>
    public const int Many = 2_000;

    /// <summary>Rows of a batch that goes by a job: Salesforce's own jobs work on as many at a time.</summary>
    public const int Most = 10_000;

    /// <summary>In the order of the plan, but that many corrections of an account's turn that write one row each, alike, stand together, after the others.</summary>
    public static IEnumerable<Correction[]> Of(IReadOnlyList<Correction> corrections)
    {
        var turns = new Dictionary<RecordId, int>();
        return corrections
            .GroupBy(c => turns[c.Account] = turns.GetValueOrDefault(c.Account) + 1)
            .OrderBy(t => t.Key)
            .SelectMany(OfTurn);
    }

    private static IEnumerable<Correction[]> OfTurn(IEnumerable<Correction> turn)
    {
        var all = turn.ToList();
        var many = all.GroupBy(KindOf).Where(a => a.Key is not null && a.Count() > Many).ToList();
        var kinds = many.Select(a => a.Key).ToHashSet();
        return all.Where(c => !kinds.Contains(KindOf(c))).Chunk(Size).Concat(many.SelectMany(a => a.Chunk(Most)));
    }

    /// <summary>Of a correction that writes one row the object and what is done to it; the owner of an account never goes alone.</summary>
    private static (string Object, WriteAction Action)? KindOf(Correction correction) =>
        correction.Writes is [{ Object: not "Account" } only] ? (only.Object, only.Action) : null;
}
