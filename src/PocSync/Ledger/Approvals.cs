using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps people's word on corrections for the runs that write them.</summary>
public sealed class Approvals(LedgerDatabase database, ApprovalTerms terms, TimeProvider time) : IApprovals
{
    private static readonly string[] Done = [nameof(OutcomeKind.Written), nameof(OutcomeKind.AlreadyDone)];

    /// <inheritdoc/>
    public Task<IReadOnlyList<Correction>> ApprovedAsync() => database.RunAsync<IReadOnlyList<Correction>>(async context =>
    {
        var approvals = await OpenApproval.ReadAsync(context, terms, time.GetUtcNow());
        var last = approvals.Values.Where(a => !a.NeedsSecond).Select(a => (a.Yes[^1].Plan, a.Yes[^1].Correction)).ToHashSet();
        var approved = await context.Decisions
            .Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null)
            .Join(context.Planned, d => d.Correction, p => p.Correction, (d, p) => p)
            .OrderBy(p => p.Plan).ThenBy(p => p.Position)
            .ToListAsync();
        var corrections = new List<Correction>();
        // A run may have moved a correction to a newer plan while somebody said yes to it.
        var rows = approved.GroupBy(p => p.Correction).Join(last, g => g.Key, l => l.Correction, (g, l) => g.LastOrDefault(p => p.Plan == l.Plan) ?? g.Last());
        foreach (var row in rows.OrderBy(p => p.Plan).ThenBy(p => p.Position))
        {
            var correction = LedgerJson.Read<Correction>(row.Json);
            if (correction.BuildsOn.Count > 0)
            {
                var since = await context.Runs.Where(r => r.Plan == row.Plan).MaxAsync(r => r.Number);
                var done = await context.Outcomes.Where(o => correction.BuildsOn.Contains(o.Correction) && o.Run >= since && Done.Contains(o.Kind))
                    .Select(o => o.Correction).ToListAsync();
                correction = correction with { BuildsOn = [.. correction.BuildsOn.Except(done)] };
            }

            corrections.Add(correction);
        }

        return corrections;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<Correction>> AnnounceAsync(long run, IReadOnlyList<(Correction Approved, Correction Follows)> announced) =>
        announced.Count == 0 ? Task.FromResult<IReadOnlyList<Correction>>([]) : database.InRunAsync<IReadOnlyList<Correction>>(run, async context =>
    {
        var known = (await context.Decisions.Where(d => d.Code == Announcement.Code).Select(d => d.Correction).Distinct().ToListAsync()).ToHashSet();
        var fresh = announced.Where(a => known.Add(a.Follows.Id)).ToList();
        if (fresh.Count == 0)
        {
            return [];
        }

        var now = time.GetUtcNow();
        // Everybody's word, so that what took two takes no third where it is not written at once. Somebody may have said no meanwhile.
        var open = await OpenApproval.ReadAsync(context, terms, now);
        fresh.RemoveAll(a => !open.ContainsKey(a.Approved.Id));
        foreach (var some in fresh.Chunk(500))
        {
            var ids = some.Select(a => a.Approved.Id).ToList();
            var planned = (await context.Planned.Where(p => ids.Contains(p.Correction)).ToListAsync()).GroupBy(p => p.Correction).ToDictionary(g => g.Key, g => g.MaxBy(p => p.Plan)!);
            foreach (var plan in some.GroupBy(a => planned[a.Approved.Id].Plan, a => a))
            {
                var position = await context.Planned.Where(p => p.Plan == plan.Key).MaxAsync(p => p.Position);
                foreach (var (approved, follows) in plan)
                {
                    var ground = planned[approved.Id];
                    context.Add(Row(follows, plan.Key, ++position, ground));
                    context.AddRange(open[approved.Id].Yes.Select(y => Decisions.Row(DecisionKind.Approve, follows, plan.Key, ground.Since, y.By, y.Reason, now.UtcTicks)));
                }

                // As where one is given to somebody else: the next run keeps a plan of its own.
                await context.Plans.Where(p => p.Id == plan.Key).ExecuteUpdateAsync(set => set.SetProperty(p => p.Fingerprint, ""));
            }
        }

        return [.. fresh.Select(a => a.Follows)];
    });

    private static PlannedRow Row(Correction correction, long plan, int position, PlannedRow since) => new()
    {
        Plan = plan,
        Position = position,
        Correction = correction.Id,
        Rule = correction.Rule,
        Code = correction.Code,
        Account = correction.Account.ToString(),
        AccountName = correction.AccountName,
        State = correction.State.ToString(),
        Reasons = LedgerJson.Text(correction.Reasons),
        Sentence = correction.Sentence,
        Json = LedgerJson.Text(correction),
        Since = since.Since,
        SinceRun = since.SinceRun,
    };

    /// <inheritdoc/>
    public Task<IReadOnlyList<Outcome>> ExpireAsync(long run) => database.InRunAsync<IReadOnlyList<Outcome>>(run, async context =>
    {
        var now = time.GetUtcNow();
        var oldest = OpenApproval.Oldest(terms, now);
        var expired = await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null && d.HoldsFrom <= oldest)
            .OrderBy(d => d.Id).ToListAsync();
        if (expired.Count == 0)
        {
            return [];
        }

        var live = await OpenApproval.ReadAsync(context, terms, now);
        // What somebody said no to afterwards has its answer.
        var startings = expired.Select(d => d.Starting).Distinct().ToList();
        var lastNo = await context.Decisions.Where(d => d.Kind != nameof(DecisionKind.Approve) && startings.Contains(d.Starting))
            .GroupBy(d => d.Starting).Select(g => new { g.Key, Id = g.Max(d => d.Id) }).ToDictionaryAsync(d => d.Key, d => d.Id);
        List<Outcome> outcomes =
        [
            .. expired.GroupBy(d => d.Correction).Where(g => !live.ContainsKey(g.Key) && g.Max(d => d.Id) > lastNo.GetValueOrDefault(g.First().Starting)).Select(g => new Outcome(g.Key, OutcomeKind.Expired, null,
                $"{string.Join(" and ", g.Select(d => d.By).Distinct())} approved it on {new DateTime(g.Last().At, DateTimeKind.Utc):yyyy-MM-dd}, and it was not written within {terms.ExpireDays} days (Approvals:ExpireDays)")),
        ];
        context.AddRange(outcomes.Select(
            o => new OutcomeRow { Run = run, At = now.UtcTicks, Correction = o.CorrectionId, Kind = o.Kind.ToString(), Reason = o.Reason }));
        await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null && d.HoldsFrom <= oldest)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Settled, run));
        return outcomes;
    });

    /// <inheritdoc/>
    public Task ReplaceAsync(long run, Correction replaced, Correction given, Approval approval) => database.InRunAsync(run, async context =>
    {
        var plan = await context.Planned.Where(p => p.Correction == replaced.Id).MaxAsync(p => p.Plan);
        var rows = await context.Planned.Where(p => p.Plan == plan && (p.Correction == replaced.Id || p.Correction == given.Id)).ToListAsync();
        var old = rows.First(p => p.Correction == replaced.Id);
        var now = time.GetUtcNow().UtcTicks;
        if (given.Id != replaced.Id)
        {
            context.Add(Decisions.Row(DecisionKind.Replace, replaced, plan, old.Since, approval.By, approval.Reason, now));
            if (rows.All(p => p.Correction != given.Id))
            {
                context.Add(Row(given, plan, await context.Planned.Where(p => p.Plan == plan).MaxAsync(p => p.Position) + 1, old));
                // The plan is no longer what a run proposed: the next one keeps its own, even where it proposes the same again.
                await context.Plans.Where(p => p.Id == plan).ExecuteUpdateAsync(set => set.SetProperty(p => p.Fingerprint, ""));
            }
        }

        context.Add(Decisions.Row(DecisionKind.Approve, given, plan, old.Since, approval.By, approval.Reason, now));
        return 0;
    });
}
