using Microsoft.EntityFrameworkCore;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>A correction as a plan has it, with what became of it.</summary>
/// <param name="Position">Its place in the plan.</param>
/// <param name="State">A word of <see cref="CorrectionState"/>, or of <see cref="LeftAloneKind"/> where it is left alone.</param>
/// <param name="Reasons">Why it is in that state.</param>
/// <param name="Correction">The correction.</param>
public sealed record PlannedCorrection(int Position, string State, IReadOnlyList<string> Reasons, Correction Correction)
{
    /// <summary>Whether only a person who names it takes it up again.</summary>
    public bool IsLeftAlone => Enum.TryParse<LeftAloneKind>(State, out _);
}

/// <summary>The newest plan and what of it is not in the org.</summary>
/// <param name="Run">The last run that proposed it.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Refusals">What the guard said.</param>
/// <param name="Open">Corrections without an outcome, in the order of the plan.</param>
/// <param name="Approved">Those that are approved and wait for the org.</param>
public sealed record Pending(
    long Run, string Digest, IReadOnlyList<Refusal> Refusals, IReadOnlyList<PlannedCorrection> Open, IReadOnlySet<string> Approved);

/// <summary>What became of one correction in a run.</summary>
/// <param name="Outcome">The outcome; null where the run ended before it was known.</param>
/// <param name="Correction">The correction.</param>
/// <param name="Intent">What was to be written; null where it did not come so far.</param>
/// <param name="ApprovedBy">Who approved it and why; null where nobody had to.</param>
/// <param name="FoundOutBy">The later run that found out what became of it; null where the run itself did, or none has yet.</param>
public sealed record RunStep(Outcome? Outcome, Correction? Correction, Intent? Intent, string? ApprovedBy, long? FoundOutBy);

/// <summary>A run with all that it did.</summary>
/// <param name="Run">The run.</param>
/// <param name="Digest">Its plan's digest.</param>
/// <param name="Refusals">What the guard said.</param>
/// <param name="Left">What it planned and did not take up.</param>
/// <param name="Unpicked">Findings for which nobody could be picked.</param>
/// <param name="Steps">What it took up, in the order in which it came out.</param>
public sealed record RunDetail(
    RunRow Run, string? Digest, IReadOnlyList<Refusal> Refusals, IReadOnlyList<PlannedCorrection> Left, IReadOnlyList<Unpicked> Unpicked,
    IReadOnlyList<RunStep> Steps);

/// <summary>Reads the ledger for people.</summary>
public sealed class LedgerQueries(LedgerDatabase database)
{
    /// <summary>The newest runs first.</summary>
    public Task<List<RunRow>> RunsAsync(int limit) =>
        database.RunAsync(context => context.Runs.OrderByDescending(r => r.Number).Take(limit).ToListAsync());

    /// <summary>The newest plan and what of it is open; null where there is no plan.</summary>
    public Task<Pending?> PendingAsync() => database.RunAsync<Pending?>(async context =>
    {
        if (await context.Runs.Where(r => r.Plan != null).OrderByDescending(r => r.Number).FirstOrDefaultAsync() is not { } run)
        {
            return null;
        }

        var plan = await context.Plans.SingleAsync(p => p.Id == run.Plan);
        var settled = (await context.Outcomes.Where(o => o.Run >= run.Number && o.Kind != nameof(OutcomeKind.NotWritten)).Select(o => o.Correction)
            .ToListAsync()).ToHashSet();
        var rows = await context.Planned.Where(p => p.Plan == plan.Id).OrderBy(p => p.Position).ToListAsync();
        var decisions = await context.Decisions.Where(d => d.Plan == plan.Id && d.Settled == null).OrderBy(d => d.Id).ToListAsync();
        var last = decisions.GroupBy(d => d.Correction).Select(g => g.Last()).ToList();
        var rejected = last.Where(d => !d.IsYes).ToDictionary(d => d.Correction);
        return new Pending(
            run.Number,
            plan.Digest,
            LedgerJson.Read<List<Refusal>>(plan.Refusals),
            [.. rows.Where(r => !settled.Contains(r.Correction)).Select(Read)
                .Select(p => rejected.TryGetValue(p.Correction.Id, out var no)
                ? p with { State = nameof(LeftAloneKind.Rejected), Reasons = [$"{no.By} rejected it: {no.Reason}"] } : p)],
            last.Where(d => d.IsYes).Select(d => d.Correction).ToHashSet());
    });

    /// <summary>A run with all that it did; null where there is none of that number.</summary>
    public Task<RunDetail?> RunAsync(long number) => database.RunAsync<RunDetail?>(async context =>
    {
        if (await context.Runs.SingleOrDefaultAsync(r => r.Number == number) is not { } run)
        {
            return null;
        }

        var plan = await context.Plans.SingleOrDefaultAsync(p => p.Id == run.Plan);
        var outcomes = await context.Outcomes.Where(o => o.Run == number).OrderBy(o => o.Id).ToListAsync();
        var intents = await context.Intents.Where(i => i.Settled == number || i.Run == number).OrderBy(i => i.Id).ToListAsync();
        var ids = outcomes.Select(o => o.Correction).Concat(intents.Select(i => i.Correction)).Distinct().ToList();
        var planned = new Dictionary<string, PlannedRow>();
        var approvals = new Dictionary<string, DecisionRow>();
        foreach (var some in ids.Chunk(500))
        {
            foreach (var row in await context.Planned.Where(p => some.Contains(p.Correction)).OrderBy(p => p.Plan).ToListAsync())
            {
                planned[row.Correction] = row;
            }

            foreach (var row in await context.Decisions.Where(d => d.IsYes && some.Contains(d.Correction) && d.Settled == number).OrderBy(d => d.Id)
                .ToListAsync())
            {
                approvals[row.Correction] = row;
            }
        }

        var intentOf = intents.GroupBy(i => i.Correction).ToDictionary(g => g.Key, g => g.Last());
        RunStep Step(string id, Outcome? outcome, long? foundOutBy = null) => new(
            outcome,
            planned.TryGetValue(id, out var row) ? LedgerJson.Read<Correction>(row.Json) : null,
            intentOf.TryGetValue(id, out var intent) ? LedgerJson.Read<Intent>(intent.Json) : null,
            approvals.TryGetValue(id, out var yes) ? $"{yes.By}: {yes.Reason}" : null,
            foundOutBy);
        var steps = outcomes.Select(o => Step(o.Correction, new Outcome(o.Correction, Enum.Parse<OutcomeKind>(o.Kind), o.Code, o.Reason)))

            .Concat(intents.Where(i => i.Settled != number).Select(i => Step(i.Correction, null, i.Settled))).ToList();
        var taken = ids.ToHashSet();
        var left = plan is null ? []
            : (await context.Planned.Where(p => p.Plan == plan.Id).OrderBy(p => p.Position).ToListAsync()).Where(p => !taken.Contains(p.Correction))
            .Select(Read).ToList();
        return new RunDetail(
            run, plan?.Digest, plan is null ? [] : LedgerJson.Read<List<Refusal>>(plan.Refusals), left, plan is null ? []
                : LedgerJson.Read<List<Unpicked>>(plan.Unpicked), steps);
    });

    private static PlannedCorrection Read(PlannedRow row) =>
        new(row.Position, row.State, LedgerJson.Read<List<string>>(row.Reasons), LedgerJson.Read<Correction>(row.Json));
}
