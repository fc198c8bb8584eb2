using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>
/// Writes bundles in groups, a group a call and all or nothing; a group that is refused is taken apart until whoever is to blame stands alone and the
/// others are written. Many bundles of one row each go row by row.
/// </summary>
internal sealed class LiveOrgWriter(OrgWrites writes, SingleRows singles, LiveOrgRows rows, CancellationToken stop, CancellationToken abandon)
{
    private const int MostAccounts = 50;

    private static readonly WriteOptions AllOrNone = new(AllOrNone: true);

    private readonly Dictionary<Bundle, BundleResult> _results = new(ReferenceEqualityComparer.Instance);

    public async Task<IReadOnlyList<BundleResult>> WriteAsync(IReadOnlyList<Bundle> bundles)
    {
        try
        {
            foreach (var many in rows.Many(bundles))
                await WriteManyAsync(many);
            foreach (var group in Groups([.. bundles.Where(b => !_results.ContainsKey(b))]))
                await WriteGroupAsync(group);
        }
        catch (SalesforceException e) when (_results.Count > 0)
        {
            // What is known of the others is not to be lost with the org.
            Set(bundles.Where(b => !_results.ContainsKey(b)), false, e.Code, $"not sent: {e.Message}", mayPass: true);
        }
        return [.. bundles.Select(b => _results[b])];
    }

    /// <summary>
    /// Groups that fit into a call each. A call is done by kinds of writes, not bundle by bundle: so of an account it holds one bundle, and the next
    /// one goes later. Sorted by account, which writes lock.
    /// </summary>
    private IEnumerable<List<Bundle>> Groups(IReadOnlyList<Bundle> bundles)
    {
        foreach (var turn in bundles.GroupBy(b => b.Account).SelectMany(b => b.Index()).GroupBy(b => b.Index, b => b.Item).OrderBy(t => t.Key))
        {
            var group = new List<Bundle>();
            foreach (var bundle in turn.OrderBy(b => b.Account))
            {
                if (rows.Problem(bundle) is { } problem)
                {
                    Set([bundle], false, "NOT_SENT", problem);
                    continue;
                }
                if (group.Count == MostAccounts || !rows.Fit([.. group, bundle]))
                {
                    yield return group;
                    group = [];
                }
                group.Add(bundle);
            }
            if (group.Count > 0)
                yield return group;
        }
    }

    private async Task WriteManyAsync(ManyRows many)
    {
        if (stop.IsCancellationRequested)
        {
            SetNotSent(many.Bundles);
            return;
        }
        foreach (var (bundle, row) in many.Bundles.Zip(await singles.WriteAsync(many.Kind, many.Key, many.Rows, abandon)))
        {
            if (row.Success)
                SetWritten([bundle], [(row, new RowPlace(bundle, 0))]);
            else if (row.IsUnknown)
                Set([bundle], null, row.ErrorCode, row.Message);
            else
                SetRefused(bundle, row);
        }
    }

    private async Task WriteGroupAsync(IReadOnlyList<Bundle> group)
    {
        if (stop.IsCancellationRequested)
        {
            SetNotSent(group);
            return;
        }
        var (steps, places) = rows.Call(group);
        if (steps.Count == 0)
        {
            SetWritten(group, []);
            return;
        }

        var blamed = new HashSet<Bundle>(ReferenceEqualityComparer.Instance);
        RowResult? cause;
        try
        {
            var answer = await writes.CompositeAsync(steps, AllOrNone, abandon);
            var sent = answer.Steps.Zip(places).SelectMany(s => s.First.Rows.Zip(s.Second, (row, at) => (Row: row, At: at))).ToList();
            if (answer.Success)
            {
                SetWritten(group, sent);
                return;
            }
            cause = answer.Cause;
            blamed.UnionWith(sent.Where(r => r.Row is { Success: false, IsConsequence: false }).Select(r => r.At.Bundle));
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            Set(group, null, "ABANDONED", "the run ended before the org answered");
            return;
        }
        catch (WriteUnknownException e)
        {
            Set(group, null, e.Code, e.Message);
            return;
        }
        catch (SalesforceException e) when (e is not (OrgUnreachableException or OrgRefusedException or BudgetSpentException))
        {
            // The call is refused as a whole for something in it.
            cause = new RowResult(null, false, null, e.Code, e.Message, []);
        }

        if (group.Count > 1)
        {
            // An org's automation can fail rows for their neighbours' sake: so those who are blamed are tried once more without the others.
            if (blamed.Count == 0 || blamed.Count == group.Count)
                blamed.ExceptWith(group.Take(group.Count / 2));
            await WriteGroupAsync([.. group.Where(b => !blamed.Contains(b))]);
            await WriteGroupAsync([.. group.Where(blamed.Contains)]);
        }
        else if (cause?.ErrorCode is "INVALID_ACCESS_LEVEL" or "FIELD_INTEGRITY_EXCEPTION" && await rows.LeaveDefaultAccessOutAsync(group[0], abandon))
        {
            await WriteGroupAsync(group);
        }
        else
        {
            SetRefused(group[0], cause);
        }
    }

    /// <summary>An upsert that found its row is one whose first answer was lost, since a key is of one correction's making: the row is ours.</summary>
    private void SetWritten(IReadOnlyList<Bundle> group, IReadOnlyList<(RowResult Row, RowPlace At)> sent)
    {
        var made = group.ToDictionary(b => b, b => new RecordId[b.Writes.Count], (IEqualityComparer<Bundle>)ReferenceEqualityComparer.Instance);
        foreach (var (row, at) in sent)
        {
            if (at.Write < at.Bundle.Writes.Count && at.Bundle.Writes[at.Write].Action == WriteAction.Insert && row.Id is { } id)
                made[at.Bundle][at.Write] = RecordId.Parse(id);
        }
        foreach (var bundle in group)
            _results[bundle] = new BundleResult(bundle.CorrectionId, true) { Created = made[bundle] };
    }

    private void SetRefused(Bundle bundle, RowResult? cause) => Set(
        [bundle], false, cause?.ErrorCode ?? "NO_ERROR_GIVEN", cause?.Message ?? "Salesforce refused it without saying why.",
        mayPass: cause?.Class is ErrorClass.Transient or ErrorClass.RetryRow);

    private void SetNotSent(IEnumerable<Bundle> bundles) => Set(bundles, false, "NOT_SENT", "not sent: the run was told to stop", mayPass: true);

    private void Set(IEnumerable<Bundle> bundles, bool? written, string? code = null, string? message = null, bool mayPass = false)
    {
        foreach (var bundle in bundles.ToList())
            _results[bundle] = new BundleResult(bundle.CorrectionId, written, code, message, mayPass);
    }
}
