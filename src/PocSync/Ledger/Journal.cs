using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps what is about to be written and what became of it.</summary>
public sealed class Journal(LedgerDatabase database, TimeProvider time, ApprovalTerms? terms = null) : IJournal
{
    private readonly ApprovalTerms _terms = terms ?? new ApprovalTerms();
    private static readonly string[] Done = [nameof(OutcomeKind.Written), nameof(OutcomeKind.AlreadyDone)];

    private long Now => time.GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Begun>> UnfinishedAsync() => database.RunAsync<IReadOnlyList<Begun>>(async context =>
        [.. (await context.Intents.Where(i => i.Settled == null).OrderBy(i => i.Id).ToListAsync())
            .Select(i => new Begun(LedgerJson.Read<Intent>(i.Json), i.Created is null ? null : LedgerJson.Read<List<RecordId>>(i.Created)))]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Correction>> ApprovedAsync() => database.RunAsync<IReadOnlyList<Correction>>(async context =>
    {
        var approvals = await OpenApproval.ReadAsync(context, _terms, time.GetUtcNow());
        var last = approvals.Values.Where(a => !a.NeedsSecond).Select(a => (a.Yes[^1].Plan, a.Yes[^1].Correction)).ToHashSet();
        var approved = await context.Decisions
            .Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null)
            .Join(context.Planned, d => new { d.Plan, d.Correction }, p => new { p.Plan, p.Correction }, (d, p) => p)
            .OrderBy(p => p.Plan).ThenBy(p => p.Position)
            .ToListAsync();
        var corrections = new List<Correction>();
        foreach (var row in approved.DistinctBy(p => (p.Plan, p.Correction)).Where(p => last.Contains((p.Plan, p.Correction))))
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
    public Task<IReadOnlyList<Outcome>> ExpireAsync(long run) => database.InTransactionAsync<IReadOnlyList<Outcome>>(async context =>
    {
        var now = time.GetUtcNow();
        var oldest = OpenApproval.Oldest(_terms, now);
        var expired = await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null && d.At <= oldest)
            .OrderBy(d => d.Id).ToListAsync();
        if (expired.Count == 0)
        {
            return [];
        }

        var live = await OpenApproval.ReadAsync(context, _terms, now);
        List<Outcome> outcomes =
        [
            .. expired.GroupBy(d => d.Correction).Where(g => !live.ContainsKey(g.Key)).Select(g => new Outcome(g.Key, OutcomeKind.Expired, null,
                $"{string.Join(" and ", g.Select(d => d.By).Distinct())} approved it on {new DateTime(g.Last().At, DateTimeKind.Utc):yyyy-MM-dd}, and it was not written within {_terms.ExpireDays} days (Approvals:ExpireDays)")),
        ];
        context.AddRange(outcomes.Select(
            o => new OutcomeRow { Run = run, At = now.UtcTicks, Correction = o.CorrectionId, Kind = o.Kind.ToString(), Reason = o.Reason }));
        await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null && d.At <= oldest)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Settled, run));
        return outcomes;
    });

    /// <inheritdoc/>
    public Task IntendAsync(long run, IReadOnlyList<Intent> intents) => database.InTransactionAsync(context =>
    {
        context.AddRange(intents.Select(i => new IntentRow { Run = run, At = Now, Correction = i.Bundle.CorrectionId, Json = LedgerJson.Text(i) }));
        return Task.FromResult(0);
    });

    /// <inheritdoc/>
    public Task TakenAsync(IReadOnlyList<Begun> taken) => database.InTransactionAsync(async context =>
    {
        foreach (var begun in taken)
        {
            await context.Intents.Where(i => i.Settled == null && i.Correction == begun.CorrectionId).ExecuteUpdateAsync(set => set
                .SetProperty(i => i.TakenAt, i => i.TakenAt ?? Now)
                .SetProperty(i => i.Created, LedgerJson.Text(begun.Created)));
        }

        return 0;
    });

    /// <inheritdoc/>
    public Task SettleAsync(long run, IReadOnlyList<Outcome> outcomes) => database.InTransactionAsync(async context =>
    {
        var ids = outcomes.Select(o => o.CorrectionId).ToList();
        var intents = await context.Intents.Where(i => i.Settled == null && ids.Contains(i.Correction)).ToListAsync();
        var intentOf = intents.ToDictionary(i => i.Correction);
        context.AddRange(outcomes.Select(o => new OutcomeRow
        {
            Run = run,
            At = Now,
            Correction = o.CorrectionId,
            Kind = o.Kind.ToString(),
            Code = o.Code,
            Reason = o.Reason,
            Intent = intentOf.GetValueOrDefault(o.CorrectionId)?.Id,
            Starting = intentOf.TryGetValue(o.CorrectionId, out var intent) ? LedgerJson.Read<Intent>(intent.Json).Starting : null,
        }));
        await context.Intents.Where(i => i.Settled == null && ids.Contains(i.Correction))
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Settled, run));
        // What passes by itself is tried again on the same word.
        var final = outcomes.Where(o => o.Kind != OutcomeKind.NotWritten).Select(o => o.CorrectionId).ToList();
        await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null && final.Contains(d.Correction))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Settled, run));
        return 0;
    });
}
