using PocSync.Core.Plans;

namespace PocSync.Plans;

/// <summary>About how many API calls it takes to apply a plan.</summary>
public static class CallEstimate
{
    /// <summary>Corrections that are written together.</summary>
    private const int Batch = 100;

    /// <summary>Corrections that one composite call takes where a correction writes several records or an owner.</summary>
    private const int Together = 5;

    /// <summary>
    /// For each hundred corrections: one call an object to read before writing and one to read back, and for an object with keys, or an account's team, one more each; one
    /// call for all corrections of a single record, and one for every five others.
    /// </summary>
    public static int Of(Plan plan) => plan.Corrections.Chunk(Batch).Sum(batch =>
    {
        var writes = batch.SelectMany(c => c.Writes).ToList();
        var reads = writes.Select(w => (w.Object, w.Action == WriteAction.Insert)).Distinct().Count() + (writes.Any(IsOwner) ? 1 : 0);
        var single = batch.Count(c => c.Writes.Count == 1 && !IsOwner(c.Writes[0]));
        return 2 * reads + (single > 0 ? 1 : 0) + (batch.Length - single + Together - 1) / Together;
    });

    private static bool IsOwner(Write write) => write.Object == "Account";
}
