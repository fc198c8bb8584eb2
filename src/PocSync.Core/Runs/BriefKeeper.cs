using PocSync.Core.Alerts;
using PocSync.Core.Handoffs;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>The port to the org's handoffs that have no brief. Every call may throw <see cref="OrgException"/>.</summary>
public interface IBriefRows
{
    /// <summary>Handoffs of the last 30 days, or to come, that nobody has answered yet, and that have no brief or are among some; empty where the org has no place for one.</summary>
    Task<IReadOnlyList<BriefedHandoff>> PendingAsync(Settings settings, IReadOnlyList<RecordId> again, CancellationToken stop);

    /// <summary>What the org says of their accounts, in their order.</summary>
    Task<IReadOnlyList<BriefFacts>> FactsAsync(Settings settings, IReadOnlyList<BriefedHandoff> handoffs, CancellationToken stop);

    /// <summary>Which of some records a user may see; null where the org does not tell.</summary>
    Task<IReadOnlySet<string>?> VisibleAsync(RecordId user, IReadOnlyCollection<string> ids, CancellationToken stop);

    /// <summary>Puts briefs into their records, each by itself; the results are in their order.</summary>
    Task<IReadOnlyList<RowTaken>> WriteAsync(Settings settings, DateTimeOffset now, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief)> briefs, CancellationToken abandon);
}

/// <summary>The port to what the ledger keeps of briefs. Each call is kept when it returns.</summary>
public interface IBriefLog
{
    /// <summary>The handoffs whose last brief the org refused since an instant.</summary>
    Task<IReadOnlySet<RecordId>> RefusedAsync(DateTimeOffset since);

    /// <summary>The handoffs whose notes are not those of the time of their brief, or whose last brief may not have been written.</summary>
    Task<IReadOnlyList<RecordId>> OutdatedAsync();

    /// <summary>These are about to be written.</summary>
    Task IntendAsync(long run, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief)> briefs);

    /// <summary>This became of them.</summary>
    Task SettleAsync(long run, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief, RowTaken Result)> results);
}

/// <summary>What became of briefs in a run.</summary>
/// <param name="Written">How many were written,</param>
/// <param name="Refused">how many the org did not take,</param>
/// <param name="Left">and how many are left to a later run.</param>
/// <param name="WhyNot">What the org said no to when it was asked; null where it did not.</param>
public sealed record BriefReport(int Written, int Refused, int Left, string? WhyNot = null)
{
    /// <summary>The whole of it in words; null where there is nothing to say.</summary>
    public string? Sentence => WhyNot is not null ? $"Handoff briefs were not made: {WhyNot}" : Written + Refused + Left == 0 ? null
        : $"Handoff briefs: {string.Join(", ", new[] { (Written, "written"), (Refused, "not taken by the org"), (Left, "left to a later run") }.Where(p => p.Item1 > 0).Select(p => $"{p.Item1} {p.Item2}"))}.";
}

/// <summary>
/// Gives each new handoff its brief, once and again when its notes change, from what the org says at the moment. Which have none the org itself tells, so that a run that dies leaves the others to the next one.
/// </summary>
public sealed class BriefKeeper(IBriefRows org, IBriefLog log)
{
    /// <summary>Handoffs that are read and written together.</summary>
    public const int BatchSize = 100;

    /// <summary>How long a handoff is left alone whose brief the org refused: the next would most likely fare no better.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    /// <summary>API calls that a batch takes beside those that tell what its receivers may see, about.</summary>
    private const int CallsABatch = 12;

    /// <summary>Writes what is missing; that the org does not answer so well keeps nothing else from being done.</summary>
    internal async Task<BriefReport> WriteAsync(
        long run, RunOrder order, OrgIdentity identity, Func<Task<bool>> mayWrite, Func<Task<int?>> callsLeft, CancellationToken stop)
    {
        try
        {
            return await WriteAllAsync(run, order, identity, mayWrite, callsLeft, stop);
        }
        catch (OrgException e) when (e.Code is not null)
        {
            return new BriefReport(0, 0, 0, e.Message);
        }
    }

    private async Task<BriefReport> WriteAllAsync(
        long run, RunOrder order, OrgIdentity identity, Func<Task<bool>> mayWrite, Func<Task<int?>> callsLeft, CancellationToken stop)
    {
        var pending = await org.PendingAsync(order.Settings, await log.OutdatedAsync(), stop);
        if (pending.Count > 0)
        {
            var resting = await log.RefusedAsync(order.Now - Rest);
            pending = [.. pending.Where(h => !resting.Contains(h.Id))];
        }

        var (today, written, refused, done) = (new AsOf(order.Now, identity.Zone).Today, 0, 0, 0);
        foreach (var batch in pending.Chunk(BatchSize))
        {
            stop.ThrowIfCancellationRequested();
            if (await callsLeft() < CallsABatch || !await mayWrite())
            {
                break;
            }

            var facts = (await org.FactsAsync(order.Settings, batch, stop)).Select(f => f.Trimmed(today)).ToList();
            var briefs = new List<(BriefedHandoff, Brief)>();
            foreach (var receiver in facts.GroupBy(f => f.Handoff.Receiver))
            {
                string[] ids = [.. receiver.SelectMany(f => f.Ids).Distinct()];
                var visible = receiver.Key.IsNone || await callsLeft() < CallsABatch + (ids.Length / 200) ? null : await org.VisibleAsync(receiver.Key, ids, stop);
                briefs.AddRange(receiver.Select(f => (f.Handoff, Brief.Of(f.SeenBy(visible), today, identity.Name))));
            }

            await log.IntendAsync(run, briefs);
            var results = await org.WriteAsync(order.Settings, order.Now, briefs, order.Abandon);
            await log.SettleAsync(run, [.. briefs.Zip(results, (b, r) => (b.Item1, b.Item2, r))]);
            (written, refused, done) = (written + results.Count(r => r.IsWritten == true), refused + results.Count(r => r.IsWritten != true), done + batch.Length);
        }

        return new BriefReport(written, refused, pending.Count - done);
    }
}
