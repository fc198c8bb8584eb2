using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps what is about to be written and what became of it.</summary>
public sealed class Journal(LedgerDatabase database, TimeProvider time) : IJournal
{
    private long Now => time.GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Begun>> UnfinishedAsync() => database.RunAsync<IReadOnlyList<Begun>>(async context =>
        [.. (await context.Intents.Where(i => i.Settled == null).OrderBy(i => i.Id).ToListAsync())
            .Select(i => new Begun(LedgerJson.Read<Intent>(i.Json), i.Created is null ? null : LedgerJson.Read<List<RecordId>>(i.Created)))]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Writing>> WritingsAsync(WritingsOf target) => new Writings(database).OfAsync(target);

    /// <inheritdoc/>
    public Task IntendAsync(long run, IReadOnlyList<Intent> intents) => database.InRunAsync(run, context =>
    {
        context.AddRange(intents.Select(i => new IntentRow
        {
            Run = run,
            At = Now,
            Correction = i.Bundle.CorrectionId,
            Account = i.Bundle.Account.ToString(),
            Undoes = i.Undoes,
            Json = LedgerJson.Text(i),
        }));
        return Task.FromResult(0);
    });

    /// <inheritdoc/>
    public Task TakenAsync(long run, IReadOnlyList<Begun> taken) => database.InRunAsync(run, async context =>
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
    public Task SettleAsync(long run, IReadOnlyList<Outcome> outcomes) => database.InRunAsync(run, async context =>
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
        await NewsBook.KeepAsync(context, run, Now, [.. outcomes.Where(o => o.Kind == OutcomeKind.Written)
            .Select(o => intentOf.GetValueOrDefault(o.CorrectionId)).OfType<IntentRow>()]);
        // What passes by itself is tried again on the same word.
        var final = outcomes.Where(o => o.Kind != OutcomeKind.NotWritten).Select(o => o.CorrectionId).ToList();
        await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled == null && final.Contains(d.Correction))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Settled, run));
        return 0;
    });
}
