using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Writes rows of one object, each by itself: many by a Bulk job, few, and what the org takes by no job, by calls of 200.</summary>
public sealed class SingleRows(OrgWrites writes, BulkIngest bulk)
{
    /// <summary>What became of the rows, in their order.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="key">Of an upsert the external id field, which every row has among its fields; else every row has its id.</param>
    /// <param name="rows">At most <see cref="Batches.Most"/>, by the parent that their writes lock.</param>
    /// <param name="abandon">Waits for no answer any more; rows whose answer is not there are unknown then.</param>
    /// <exception cref="SalesforceException">Nothing was written.</exception>
    internal async Task<IReadOnlyList<RowResult>> WriteAsync(IngestKind kind, string? key, IReadOnlyList<RowWrite> rows, CancellationToken abandon)
    {
        var results = new RowResult?[rows.Count];
        try
        {
            var many = rows.Index().Where(r => BulkIngest.Takes(r.Item)).ToList();
            if (many.Count > Batches.Many && await bulk.WriteAsync(kind, key, [.. many.Select(r => r.Item)], abandon) is { } told)
            {
                // What is too much at once for the org's automation would be so in every job; calls halve it.
                foreach (var ((i, _), result) in many.Zip(told))
                    results[i] = result.Class == ErrorClass.Split ? null : result;
            }
            foreach (var part in rows.Index().Where(r => results[r.Index] is null).ToList().Chunk(OrgWrites.MaxRows))
            {
                foreach (var ((i, _), result) in part.Zip(await CallAsync(kind, key, [.. part.Select(r => r.Item)], abandon)))
                    results[i] = result;
            }
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            End(RowResult.Of(null, new WriteUnknownException("the run ended before the org answered")));
        }
        catch (SalesforceException e) when (results.Any(r => r is not null))
        {
            // What is known of the others is not to be lost with the org.
            End(RowResult.Failed(null, [new OrgError(BulkIngest.NotProcessed, $"not sent: {e.Message}", [])]));
        }
        return results!;

        void End(RowResult result)
        {
            for (var i = 0; i < results.Length; i++)
                results[i] ??= result;
        }
    }

    private async Task<IReadOnlyList<RowResult>> CallAsync(IngestKind kind, string? key, IReadOnlyList<RowWrite> rows, CancellationToken abandon)
    {
        try
        {
            return await (kind switch
            {
                IngestKind.Update => writes.UpdateAsync(rows, new WriteOptions(), abandon),
                IngestKind.Upsert => writes.UpsertAsync(key!, rows, new WriteOptions(), abandon),
                _ => writes.DeleteAsync([.. rows.Select(r => r.Id!)], new WriteOptions(), abandon),
            });
        }
        catch (SalesforceException e) when (e is not (OrgUnreachableException or OrgRefusedException or BudgetSpentException))
        {
            return [.. rows.Select(r => RowResult.Of(r.Id, e))];
        }
    }
}
