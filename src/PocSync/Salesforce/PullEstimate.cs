using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Salesforce;

/// <summary>About how many API calls a pull takes, from the org's numbers of records.</summary>
internal sealed class PullEstimate(OrgReads reads, SalesforceSettings salesforce, Settings settings)
{
    /// <summary>Rows of a page by REST, and of one of a Bulk job.</summary>
    private const int RestPage = 2_000, BulkPage = 50_000;

    /// <summary>To make a Bulk job, and to list its pages.</summary>
    private const int BulkOverhead = 2;

    /// <summary>Objects of which a pull reads few of the rows: one page.</summary>
    private static readonly string[] Narrowed = ["UserLogin", "AccountHistory", "Opportunity", "Case", "AccountContactRole", "Contact", "Organization", "Event", "ResourceAbsence"];

    /// <summary>Two to describe, one to count, and the pages.</summary>
    public async Task<int> CallsAsync(bool isDelta, CancellationToken stop)
    {
        if (isDelta)
            return LiveOrgDelta.UsualCalls + (settings.Absences.HasTimes ? 1 : 0);
        var objects = SnapshotBuilder.ObjectsOf(settings).Except(["Group"]).Select(settings.Names.Object).ToList();
        var counts = await CountAsync([.. objects.Except(Narrowed)], stop);
        return 3 + objects.Sum(o => Pages(counts.GetValueOrDefault(o)));
    }

    private async Task<IReadOnlyDictionary<string, long>> CountAsync(IReadOnlyList<string> objects, CancellationToken stop)
    {
        try
        {
            return await reads.RecordCountsAsync(objects, stop);
        }
        catch (SalesforceException e) when (e is not (OrgUnreachableException or BudgetSpentException))
        {
            // Not told to this login.
            return new Dictionary<string, long>();
        }
    }

    private int Pages(long rows) => rows <= salesforce.BulkReadThreshold
        ? (int)Math.Max(1, Ceiling(rows, RestPage))
        : BulkOverhead + Polls(rows) + (int)Ceiling(rows, BulkPage);

    /// <summary>A job is asked after half a second and then ever more rarely; it makes about 50,000 rows a second at best.</summary>
    private static int Polls(long rows) => 3 + (int)Math.Log2(1 + rows / (double)BulkPage);

    private static long Ceiling(long rows, int page) => (rows + page - 1) / page;
}
