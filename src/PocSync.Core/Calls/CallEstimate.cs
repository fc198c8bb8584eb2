using PocSync.Core.Plans;
using PocSync.Core.Runs;

namespace PocSync.Core.Calls;

/// <summary>About how many API calls it takes to write corrections.</summary>
public static class CallEstimate
{
    /// <summary>
    /// To make a job of the org, give it its rows and end them, look at it, ever more rarely, for the four minutes that ten thousand rows take an org with
    /// automation of its own, and read what became of the rows. One of an hour takes about sixty looks more.
    /// </summary>
    public const int Job = 20;

    /// <summary>Rows that are read in one call, by id or by key.</summary>
    private const int ReadTogether = 1_000;

    /// <summary>Corrections that go in one call.</summary>
    private const int Together = 50;

    /// <summary>Three objects that can follow an account's owner, read before and after, and who of their owners is active.</summary>
    private const int Children = 7;

    /// <summary>
    /// For each batch: one to ask whether somebody paused writing; two to write a hundred, or a job; before and after, one to read each object by id, each
    /// object by its keys, and the teams where an owner or a team changes; and where an owner changes, those that find what stays with the owner before
    /// and look after it.
    /// </summary>
    public static int Of(IReadOnlyList<Correction> corrections) => Batches.Of(corrections).Sum(batch =>
    {
        var writes = batch.SelectMany(c => c.Writes).ToList();
        var byId = writes.Where(w => !w.Id.IsNone).Select(w => w.Object).Distinct().Count();
        var byKey = writes.Where(w => w.Key is not null).Select(w => w.Object).Distinct().Count();
        var teams = writes.Any(w => w.Object is "Account" or "AccountTeamMember") ? 1 : 0;
        var children = writes.Any(w => w.Object == "Account") ? Children : 0;
        var reads = 2 * (byId + byKey + teams) * Parts(batch.Length, ReadTogether);
        return 1 + reads + (batch.Length > Batches.Many ? Job : Parts(batch.Length, Together)) + children;
    });

    private static int Parts(int count, int size) => (count + size - 1) / size;
}
