using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>
/// Deletes what is older than the ledger's settings say, little by little. Open findings, intents without an outcome, what explains a value that still
/// stands, and whatever still keeps a correction back stay, however old.
/// </summary>
public static class Retention
{
    private const int AtOnce = 1000;

    /// <summary>Where no worker has a job for it, runs do it: once in so long.</summary>
    private static readonly TimeSpan Unattended = TimeSpan.FromDays(8);

    /// <summary>At the end of a run, at an instant: only where it was not done for more than a week.</summary>
    internal static async Task SweepWhereNobodyDoesAsync(LedgerDatabase database, DateTimeOffset now)
    {
        var lately = (now - Unattended).UtcTicks;
        if (await database.RunAsync(context => context.Orgs.AnyAsync(o => o.SweptAt == null || o.SweptAt <= lately)))
        {
            await SweepAsync(database, now, CancellationToken.None);
        }
    }

    /// <summary>Deletes, at an instant, on a ledger that no run is under way on. What is left when it is told to stop is left to the next time.</summary>
    public static async Task SweepAsync(LedgerDatabase database, DateTimeOffset at, CancellationToken stop)
    {
        var now = at.UtcTicks;
        // Before it begins: where it fails, the next run need not fail too.
        await database.RunAsync(context => context.Orgs.ExecuteUpdateAsync(set => set.SetProperty(o => o.SweptAt, now)));
        var old = now - database.Settings.KeepDays * TimeSpan.TicksPerDay;
        var oldPlan = now - Math.Min(database.Settings.KeepPlansDays, database.Settings.KeepDays) * TimeSpan.TicksPerDay;
        // What was undone must not be done again, so both stay.
        await DeleteAsync(
            database,
            c => c.Intents.Where(i => i.Settled != null && i.At < old && i.Undoes == null && !c.Intents.Any(u => u.Undoes == i.Id)).Select(i => i.Id),
            (c, ids) => c.Intents.Where(i => ids.Contains(i.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(database, c => PastOutcomes(c, old), (c, ids) => c.Outcomes.Where(o => ids.Contains(o.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(database, c => PastDecisions(c, old), (c, ids) => c.Decisions.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(database, c => c.Findings.Where(f => f.ResolvedAt < old).Select(f => f.Id), (c, ids) => c.Findings.Where(f => ids.Contains(f.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(database, c => c.Errands.Where(e => e.DoneAt < old).Select(e => e.Id), (c, ids) => c.Errands.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(), stop);
        await SweepPlansAsync(database, oldPlan, stop);
        await DeleteAsync(
            database,
            c => c.Runs.Where(r => r.StartedAt < old && r.Status != nameof(RunStatus.Running)
                // The newest that is a measure, or has a plan, stays.
                && c.Runs.Any(l => l.Number > r.Number && l.Kind == nameof(RunKind.Sync) && (l.IsMeasure || !r.IsMeasure) && (l.Plan != null || r.Plan == null))
                && !c.Outcomes.Any(o => o.Run == r.Number) && !c.Intents.Any(i => i.Run == r.Number || i.Settled == r.Number)
                && !c.Decisions.Any(d => d.Plan == r.Plan)).Select(r => r.Number),
            (c, ids) => c.Runs.Where(r => ids.Contains(r.Number)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(
            database, c => c.News.Where(n => n.At < old && n.State != nameof(NewsState.New) && !c.Enclosures.Any(e => e.News == n.Id && c.Messages.Any(m => m.Id == e.Message
                && (m.State == nameof(MessageState.Waiting) || m.State == nameof(MessageState.Sending))))).Select(n => n.Id),
            async (c, ids) => await c.Enclosures.Where(e => ids.Contains(e.News)).ExecuteDeleteAsync() + await c.News.Where(n => ids.Contains(n.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(
            database, c => c.Messages.Where(m => m.At < old && !c.Enclosures.Any(e => e.Message == m.Id)).Select(m => m.Id),
            (c, ids) => c.Messages.Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(database, c => c.JobEvents.Where(e => e.At < old).Select(e => e.Id), (c, ids) => c.JobEvents.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(
            database, c => c.Figures.Where(f => f.At < old && c.Figures.Any(l => l.Run > f.Run)).Select(f => f.Run),
            (c, ids) => c.Figures.Where(f => ids.Contains(f.Run)).ExecuteDeleteAsync(), stop);
        // What was in force when the oldest run that is kept began stays.
        await DeleteAsync(
            database, c => c.Settings.Where(s => s.At < old && c.Settings.Any(l => l.Key == s.Key && l.Id > s.Id && l.At < old)).Select(s => s.Id),
            (c, ids) => c.Settings.Where(s => ids.Contains(s.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(
            database, c => c.Pauses.Where(p => p.At < old && c.Pauses.Any(l => l.Id > p.Id)).Select(p => p.Id),
            (c, ids) => c.Pauses.Where(p => ids.Contains(p.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(database, c => c.Marks.Where(m => m.ClearedAt < old).Select(m => m.Id), (c, ids) => c.Marks.Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(), stop);
        await DeleteAsync(database, c => c.AlertWrites.Where(a => a.At < old).Select(a => a.Id), (c, ids) => c.AlertWrites.Where(a => ids.Contains(a.Id)).ExecuteDeleteAsync(), stop);
        var oldDay = new DateTime(old, DateTimeKind.Utc).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await database.RunAsync(context => context.Covers.Where(c => string.Compare(c.EndedOn, oldDay) < 0).ExecuteDeleteAsync());
        await database.RunAsync(context => context.Briefs.Where(b => b.At < old).ExecuteDeleteAsync());
        // As long as it is known what was written on the account, what was changed back of it is known too.
        await DeleteAsync(
            database, c => c.Reverts.Where(r => r.ClearedAt < old && !c.Intents.Any(i => i.Account == r.Account)).Select(r => r.Id),
            (c, ids) => c.Reverts.Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync(), stop);
    }

    /// <summary>But for those whose intent stays, and refusals that keep a correction back.</summary>
    private static IQueryable<long> PastOutcomes(LedgerContext context, long old)
    {
        var standing = RunLedger.StandingRefusals(context).Select(o => o.Id);
        return context.Outcomes.Where(o => o.At < old && !standing.Contains(o.Id) && !context.Intents.Any(i => i.Id == o.Intent)).Select(o => o.Id);
    }

    /// <summary>But for a no that keeps a correction back, a yes that is not written, and what was given to somebody else in the newest plan.</summary>
    private static IQueryable<long> PastDecisions(LedgerContext context, long old)
    {
        var standing = RunLedger.StandingNo(context).Select(d => d.Id);
        var newest = context.Plans.Max(p => (long?)p.Id);
        return context.Decisions.Where(d => d.At < old && !standing.Contains(d.Id)
            && (d.Kind == nameof(DecisionKind.Approve) ? d.Settled != null : d.Plan != newest)).Select(d => d.Id);
    }

    /// <summary>A plan's corrections that nobody decided on and no run took up, and plans of which nothing is left. The newest stays.</summary>
    private static async Task SweepPlansAsync(LedgerDatabase database, long old, CancellationToken stop)
    {
        var plans = await database.RunAsync(async context =>
        {
            var newest = await RunLedger.NewestSyncAsync(context) ?? long.MaxValue;
            return await context.Plans.Where(p => p.AsOf < old && p.Id < newest).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync();
        });
        foreach (var plan in plans)
        {
            stop.ThrowIfCancellationRequested();
            await database.InTransactionAsync(async context =>
            {
                await context.Planned.Where(p => p.Plan == plan
                    && !context.Decisions.Any(d => d.Correction == p.Correction)
                    && !context.Outcomes.Any(o => o.Correction == p.Correction)
                    && !context.Intents.Any(i => i.Correction == p.Correction)).ExecuteDeleteAsync();
                return await context.Plans.Where(p => p.Id == plan && !context.Planned.Any(c => c.Plan == plan)).ExecuteDeleteAsync();
            });
        }
    }

    private static async Task DeleteAsync(
        LedgerDatabase database, Func<LedgerContext, IQueryable<long>> past, Func<LedgerContext, List<long>, Task<int>> delete, CancellationToken stop)
    {
        List<long> ids;
        do
        {
            stop.ThrowIfCancellationRequested();
            ids = await database.RunAsync(context => past(context).OrderBy(id => id).Take(AtOnce).ToListAsync());
            await database.RunAsync(context => delete(context, ids));
        }
        while (ids.Count == AtOnce);
    }
}
