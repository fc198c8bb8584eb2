using Microsoft.EntityFrameworkCore;
using PocSync.Core.Handoffs;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps briefs of handoffs, and what became of them.</summary>
public sealed class BriefLog(LedgerDatabase database, TimeProvider time) : IBriefLog
{
    /// <inheritdoc/>
    public Task<IReadOnlySet<RecordId>> RefusedAsync(DateTimeOffset since) => database.RunAsync(async context =>
        (IReadOnlySet<RecordId>)(await context.Briefs.Where(b => b.Outcome == "Refused" && b.At > since.UtcTicks).Select(b => b.Handoff).ToListAsync()).Select(RecordId.Parse).ToHashSet());

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordId>> OutdatedAsync() => database.RunAsync(async context => (IReadOnlyList<RecordId>)(await context.Briefs
        .Join(context.Handoffs.Where(h => h.Status != "Acknowledged" && h.Status != "Declined" && h.Status != "Cancelled"), b => b.Handoff, h => h.Id, (b, h) => new { Brief = b, h.Notes })
        .Where(x => x.Brief.Notes != x.Notes || x.Brief.Outcome != "Written").OrderBy(x => x.Brief.Handoff).Select(x => x.Brief.Handoff).ToListAsync()).ConvertAll(RecordId.Parse));

    /// <inheritdoc/>
    public Task IntendAsync(long run, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief)> briefs) => database.InRunAsync(run, async context =>
    {
        var ids = briefs.Select(b => b.Handoff.Id.ToString()).ToList();
        var notes = await context.Handoffs.Where(h => ids.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.Notes);
        await context.Briefs.Where(b => ids.Contains(b.Handoff)).ExecuteDeleteAsync();
        context.AddRange(briefs.Select(b => new BriefRow
        {
            Handoff = b.Handoff.Id.ToString(),
            Account = b.Handoff.Account.ToString(),
            Run = run,
            At = time.GetUtcNow().UtcTicks,
            Json = LedgerJson.Text(b.Brief),
            Notes = notes.GetValueOrDefault(b.Handoff.Id.ToString()),
        }));
        return 0;
    });

    /// <inheritdoc/>
    public Task SettleAsync(long run, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief, RowTaken Result)> results) => database.InRunAsync(run, async context =>
    {
        foreach (var same in results.GroupBy(r => (Outcome: r.Result.IsWritten switch { true => "Written", false => r.Result.MayPass ? "Later" : "Refused", null => "Unknown" }, r.Result.Why)))
        {
            var ids = same.Select(r => r.Handoff.Id.ToString()).ToList();
            await context.Briefs.Where(b => ids.Contains(b.Handoff))
                .ExecuteUpdateAsync(set => set.SetProperty(b => b.Outcome, same.Key.Outcome).SetProperty(b => b.Reason, same.Key.Why));
        }

        return 0;
    });

    /// <summary>The brief of a handoff; null where none was written.</summary>
    public Task<(Brief Brief, long At)?> OfAsync(string handoff) => database.RunAsync(async context =>
        await context.Briefs.SingleOrDefaultAsync(b => b.Handoff == handoff && b.Outcome != "Refused" && b.Outcome != "Later") is { } row ? (LedgerJson.Read<Brief>(row.Json), row.At) : ((Brief, long)?)null);
}
