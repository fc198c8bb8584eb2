using PocSync.Core.Plans;

namespace PocSync.Core.Calls;

/// <summary>About how many API calls it takes to write corrections.</summary>
public static class CallEstimate
{
    /// <summary>Corrections that are read, written and read back together.</summary>
    private const int Batch = 100;

    /// <summary>Corrections that go in one call.</summary>
    private const int Together = 50;

    /// <summary>Three objects that can follow an account's owner, read before and after, and who of their owners is active.</summary>
    private const int Children = 7;

    /// <summary>
    /// For each hundred corrections: one to ask whether somebody paused writing; two to write; before and after, one to read each object by id, each object by
    /// its keys, and the teams where an owner or a team changes; and where an owner changes, those that find what stays with the owner before and look after it.
    /// </summary>
    public static int Of(IReadOnlyList<Correction> corrections) => corrections.Chunk(Batch).Sum(batch =>
    {
        var writes = batch.SelectMany(c => c.Writes).ToList();
        var byId = writes.Where(w => !w.Id.IsNone).Select(w => w.Object).Distinct().Count();
        var byKey = writes.Where(w => w.Key is not null).Select(w => w.Object).Distinct().Count();
        var teams = writes.Any(w => w.Object is "Account" or "AccountTeamMember") ? 1 : 0;
        var children = writes.Any(w => w.Object == "Account") ? Children : 0;
        return 1 + 2 * (byId + byKey + teams) + (batch.Length + Together - 1) / Together + children;
    });
}
