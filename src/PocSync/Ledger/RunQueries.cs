using Microsoft.EntityFrameworkCore;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>A run in a list.</summary>
/// <param name="Run">The run.</param>
/// <param name="Opened">Findings that it saw first.</param>
/// <param name="Resolved">Findings that it did not see any more.</param>
public sealed record ListedRun(RunRow Run, int Opened, int Resolved);

/// <summary>Corrections of a run that went the same way.</summary>
/// <param name="Key">An <see cref="OutcomeKind"/>, <see cref="RunQueries.Begun"/>, or the state of what was not taken up.</param>
/// <param name="Title">The same for people.</param>
/// <param name="Count">How many.</param>
public sealed record RunGroup(string Key, string Title, int Count);

/// <summary>A run without its corrections, which can be many.</summary>
/// <param name="Run">The run.</param>
/// <param name="Digest">Its plan's digest; null where it made no plan.</param>
/// <param name="Refusals">What the guard said.</param>
/// <param name="Groups">Its corrections by what became of them.</param>
public sealed record RunHead(RunRow Run, string? Digest, IReadOnlyList<Refusal> Refusals, IReadOnlyList<RunGroup> Groups)
{
    /// <summary>Findings for which nobody could be picked.</summary>
    public IReadOnlyList<Unpicked> Unpicked { get; init; } = [];

    /// <summary>What an undo left as it is.</summary>
    public IReadOnlyList<Stays> Stays { get; init; } = [];

    /// <summary>Settings that were not what they were at the run before.</summary>
    public IReadOnlyList<SettingChange> Settings { get; init; } = [];

    /// <summary>Findings of the run, by rule.</summary>
    public IReadOnlyList<RunFindings> Findings { get; init; } = [];

    /// <summary>How far it is; null where it has ended, or has not said yet.</summary>
    public ProgressRow? Progress { get; init; }
}

/// <summary>Some of a run's corrections.</summary>
/// <param name="Steps">Those that were taken up.</param>
/// <param name="Left">Those that were not.</param>
/// <param name="Known">The names of users, departments and accounts, by id.</param>
public sealed record RunPart(IReadOnlyList<RunStep> Steps, IReadOnlyList<PlannedCorrection> Left, IReadOnlyDictionary<string, string> Known);

/// <summary>Reads runs for people, a page at a time.</summary>
public sealed class RunQueries(LedgerDatabase database)
{
    /// <summary>The group of corrections that were on the way when the run was lost.</summary>
    public const string Begun = "Begun";

    /// <summary>How long a run may be silent before its worker is taken for dead.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private const int Together = 500;

    /// <summary>How many runs there are.</summary>
    public Task<int> CountAsync() => database.RunAsync(context => context.Runs.CountAsync());

    /// <summary>Runs, the newest first.</summary>
    public Task<List<ListedRun>> PageAsync(int skip, int take) => database.RunAsync(async context =>
    {
        var runs = await context.Runs.OrderByDescending(r => r.Number).Skip(skip).Take(take).ToListAsync();
        var numbers = runs.ConvertAll(r => r.Number);
        var opened = await context.Findings.Where(f => numbers.Contains(f.OpenedRun)).GroupBy(f => f.OpenedRun)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        var resolved = await context.Findings.Where(f => numbers.Contains(f.ResolvedRun!.Value)).GroupBy(f => f.ResolvedRun!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        return runs.ConvertAll(r => new ListedRun(r, opened.GetValueOrDefault(r.Number), resolved.GetValueOrDefault(r.Number)));
    });

    /// <summary>A run; null where there is none of that number.</summary>
    public Task<RunHead?> FindAsync(long number) => database.RunAsync<RunHead?>(async context =>
    {
        if (await context.Runs.SingleOrDefaultAsync(r => r.Number == number) is not { } run)
        {
            return null;
        }

        var plan = await context.Plans.SingleOrDefaultAsync(p => p.Id == run.Plan);
        var outcomes = await context.Outcomes.Where(o => o.Run == number).GroupBy(o => o.Kind).Select(g => new { g.Key, Count = g.Count() }).ToListAsync();
        var begun = await OnTheWay(context, number).CountAsync();
        var left = await Left(context, run).GroupBy(p => p.State).Select(g => new { g.Key, Count = g.Count() }).ToListAsync();
        return new RunHead(
            run, plan?.Digest, plan is null ? [] : LedgerJson.Read<List<Refusal>>(plan.Refusals),
            [
                .. outcomes.Select(o => (Kind: Enum.Parse<OutcomeKind>(o.Key), o.Count)).OrderBy(o => o.Kind)
                    .Select(o => new RunGroup(o.Kind.ToString(), RunWords.Title(o.Kind), o.Count)),
                .. begun == 0 ? [] : new[] { new RunGroup(Begun, RunWords.Title((OutcomeKind?)null), begun) },
                .. left.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new RunGroup(l.Key, RunWords.Title(l.Key), l.Count)),
            ])
        {
            Unpicked = plan is null ? [] : LedgerJson.Read<List<Unpicked>>(plan.Unpicked),
            Stays = plan is null ? [] : LedgerJson.Read<List<Stays>>(plan.Stays),
            Settings = await SettingsHistory.OfAsync(context, number),
            Findings = await LedgerQueries.FindingsAsync(context, number),
            Progress = await context.Progress.SingleOrDefaultAsync(p => p.Run == number),
        };
    });

    /// <summary>The first of the alert records that a run wrote or tried to write, and how many they are.</summary>
    public Task<(List<AlertWriteRow> Rows, int Count)> AlertsAsync(long run, int take) => database.RunAsync(async context =>
    {
        var all = context.AlertWrites.Where(a => a.Run == run);
        return (await all.OrderBy(a => a.Id).Take(take).ToListAsync(), await all.CountAsync());
    });

    /// <summary>Some of the corrections of a run's group.</summary>
    public Task<RunPart> PartAsync(RunRow run, string group, int skip, int take) => database.RunAsync(async context =>
    {
        IReadOnlyList<RunStep> steps = [];
        List<PlannedRow> left = [];
        if (group == Begun)
        {
            steps = await StepsAsync(context, run.Number, [], await OnTheWay(context, run.Number).OrderBy(i => i.Id).Skip(skip).Take(take).ToListAsync());
        }
        else if (Enum.TryParse<OutcomeKind>(group, out _))
        {
            var outcomes = await context.Outcomes.Where(o => o.Run == run.Number && o.Kind == group).OrderBy(o => o.Id).Skip(skip).Take(take).ToListAsync();
            var ids = outcomes.Select(o => o.Intent).OfType<long>().ToList();
            steps = await StepsAsync(context, run.Number, outcomes, await context.Intents.Where(i => ids.Contains(i.Id)).OrderBy(i => i.Id).ToListAsync());
        }
        else
        {
            left = await Left(context, run).Where(p => p.State == group).OrderBy(p => p.Position).Skip(skip).Take(take).ToListAsync();
        }

        return new RunPart(
            steps, left.ConvertAll(LedgerQueries.Read), await KnownNames.OfAsync(context, [.. steps.Select(s => (s.Correction, s.Intent))]));
    });

    /// <summary>
    /// Whether a run has ended without a word: it has not ended, and whoever made it gives no sign of life.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="now">By the clock of the runs.</param>
    /// <param name="real">By the real clock.</param>
    public static bool IsLost(RunHead run, DateTimeOffset now, DateTimeOffset real) => run.Run.Status == nameof(RunStatus.Running)
        && (run.Progress is { } progress ? real.UtcTicks - progress.At > Silence.Ticks : now.UtcTicks - run.Run.StartedAt > Silence.Ticks);

    /// <summary>What a run did with corrections: outcomes first, then what it began and did not settle.</summary>
    /// <param name="context">The ledger.</param>
    /// <param name="run">The run.</param>
    /// <param name="outcomes">Its outcomes.</param>
    /// <param name="intents">What was to be written for these, and what it began.</param>
    internal static async Task<IReadOnlyList<RunStep>> StepsAsync(
        LedgerContext context, long run, IReadOnlyList<OutcomeRow> outcomes, IReadOnlyList<IntentRow> intents)
    {
        var planned = new Dictionary<string, Correction>();
        var approvals = new Dictionary<string, List<string>>();
        foreach (var some in outcomes.Select(o => o.Correction).Concat(intents.Select(i => i.Correction)).Distinct().Chunk(Together))
        {
            foreach (var row in await context.Planned.Where(p => some.Contains(p.Correction)).OrderBy(p => p.Plan).ToListAsync())
            {
                // How ten thousand choices were made is hundreds of megabytes of text, and no part of what a run did.
                planned[row.Correction] = LedgerJson.Read<Correction>(row.Json) with { Trace = [] };
            }

            foreach (var row in await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && some.Contains(d.Correction) && d.Settled == run).OrderBy(d => d.Id)
                .ToListAsync())
            {
                var said = approvals.TryGetValue(row.Correction, out var known) ? known : approvals[row.Correction] = [];
                said.Add($"{row.By}: {row.Reason}");
            }
        }

        var intentOf = intents.GroupBy(i => i.Correction).ToDictionary(g => g.Key, g => g.Last());
        RunStep Step(string id, Outcome? outcome, long? foundOutBy = null) => new(
            outcome,
            planned.GetValueOrDefault(id),
            intentOf.TryGetValue(id, out var intent) ? LedgerJson.Read<Intent>(intent.Json) : null,
            approvals.TryGetValue(id, out var yes) ? string.Join("; ", yes.Distinct()) : null,
            foundOutBy);
        return
        [
            .. outcomes.Select(o => Step(o.Correction, new Outcome(o.Correction, Enum.Parse<OutcomeKind>(o.Kind), o.Code, o.Reason))),
            .. intents.Where(i => i.Settled != run).Select(i => Step(i.Correction, null, i.Settled)),
        ];
    }

    private static IQueryable<IntentRow> OnTheWay(LedgerContext context, long run) => context.Intents.Where(i => i.Run == run && i.Settled != run);

    /// <summary>What a run planned and did not take up.</summary>
    private static IQueryable<PlannedRow> Left(LedgerContext context, RunRow run)
    {
        var taken = context.Outcomes.Where(o => o.Run == run.Number).Select(o => o.Correction)
            .Union(context.Intents.Where(i => i.Run == run.Number).Select(i => i.Correction))
            .Union(context.Intents.Where(i => i.Settled == run.Number).Select(i => i.Correction));
        return context.Planned.Where(p => p.Plan == run.Plan && !taken.Contains(p.Correction));
    }
}
