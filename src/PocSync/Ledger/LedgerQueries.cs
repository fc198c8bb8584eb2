using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>A person's word on a correction.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
/// <param name="Until">For a deferral, the day on which it is proposed again.</param>
public sealed record Decided(string By, string Reason, DateTimeOffset At, DateOnly? Until = null);

/// <summary>A correction as a plan has it, with what became of it.</summary>
/// <param name="Position">Its place in the plan.</param>
/// <param name="State">A word of <see cref="CorrectionState"/>, or of <see cref="LeftAloneKind"/> where it is left alone.</param>
/// <param name="Reasons">Why it is in that state.</param>
/// <param name="Correction">The correction.</param>
public sealed record PlannedCorrection(int Position, string State, IReadOnlyList<string> Reasons, Correction Correction)
{
    /// <summary>The plan that has it.</summary>
    public long Plan { get; init; }

    /// <summary>That plan's digest.</summary>
    public string Digest { get; init; } = "";

    /// <summary>When the first run of the unbroken chain of plans that had it began.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>That run.</summary>
    public long SinceRun { get; init; }

    /// <summary>Until when it can be approved or, where it is, written.</summary>
    public DateTimeOffset Expires { get; init; }

    /// <summary>Who approved it, while it is not written.</summary>
    public IReadOnlyList<Decided> Approvals { get; init; } = [];

    /// <summary>Whether the approval of one person is not enough to write it.</summary>
    public bool NeedsSecond { get; init; }

    /// <summary>Who rejected or deferred it.</summary>
    public Decided? No { get; init; }

    /// <summary>Whether the next run writes it on people's word.</summary>
    public bool IsApproved => Approvals.Count > 0 && !NeedsSecond;

    /// <summary>Whether a person is asked: it waits or is held, or one person's yes is not enough.</summary>
    public bool IsToDecide => !IsLeftAlone && !IsApproved && (NeedsSecond || State != nameof(CorrectionState.Ready));

    /// <summary>Whether only a person who names it takes it up again.</summary>
    public bool IsLeftAlone => Enum.TryParse<LeftAloneKind>(State, out _);
}

/// <summary>The newest plan and what of it is not in the org; with it what people asked to take back or to answer, which no other plan takes the place of.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Run">The last run that proposed it.</param>
/// <param name="MadeAt">When that run began.</param>
/// <param name="Expires">Until when it can be approved.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Refusals">What the guard said.</param>
/// <param name="Open">Corrections without an outcome, in the order of the plan; then those of other plans.</param>
public sealed record Pending(
    long Plan, long Run, DateTimeOffset MadeAt, DateTimeOffset Expires, string Digest, IReadOnlyList<Refusal> Refusals,
    IReadOnlyList<PlannedCorrection> Open)
{
    /// <summary>Changes with what a person is asked, which the digest does not: that does not tell what the guard holds.</summary>
    public string Asked => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Open.Where(o => o.IsToDecide).Select(o => o.Correction.Id)))))[..16];
}

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
    IReadOnlyList<RunStep> Steps)
{
    /// <summary>What an undo left as it is.</summary>
    public IReadOnlyList<Stays> Stays { get; init; } = [];

    /// <summary>The org's own names of objects and fields, as they were set at the run.</summary>
    public Names Names { get; init; } = Names.None;

    /// <summary>The names of users, departments and accounts that were written, by id.</summary>
    public IReadOnlyDictionary<string, string> Known { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings that were not what they were at the run before; at the first run all.</summary>
    public IReadOnlyList<SettingChange> Settings { get; init; } = [];

    /// <summary>Findings of the run, by rule.</summary>
    public IReadOnlyList<RunFindings> Findings { get; init; } = [];

    /// <summary>The first of the alert records that the run wrote or tried to write,</summary>
    public IReadOnlyList<AlertWriteRow> Alerts { get; init; } = [];

    /// <summary>and how many they are.</summary>
    public int AlertCount { get; init; }
}

/// <summary>Findings that began and ended with a run.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Opened">Seen first at the run.</param>
/// <param name="Resolved">No longer seen at the run.</param>
/// <param name="Open">Open after the run.</param>
public sealed record RunFindings(string Rule, int Opened, int Resolved, int Open)
{
    /// <summary>Whether the rule was switched off, so that nothing was judged by it any more.</summary>
    public bool IsOff { get; init; }
}

/// <summary>Reads the ledger for people.</summary>
public sealed class LedgerQueries(LedgerDatabase database)
{
    /// <summary>The rule and the account of corrections, by their ids, whatever plan they are of.</summary>
    public Task<Dictionary<string, (string Rule, string Account)>> PlannedAsync(IReadOnlyCollection<string> corrections) => database.RunAsync(async context =>
    {
        var planned = new Dictionary<string, (string, string)>();
        foreach (var some in corrections.Distinct().Chunk(500))
        {
            foreach (var row in await context.Planned.Where(p => some.Contains(p.Correction)).Select(p => new { p.Correction, p.Rule, p.Account }).Distinct().ToListAsync())
            {
                planned[row.Correction] = (row.Rule, row.Account);
            }
        }

        return planned;
    });

    /// <summary>The newest runs first.</summary>
    public Task<List<RunRow>> RunsAsync(int limit) =>
        database.RunAsync(context => context.Runs.OrderByDescending(r => r.Number).Take(limit).ToListAsync());

    /// <summary>The run that has begun and not ended; null where there is none.</summary>
    public Task<RunRow?> RunningAsync() => database.RunAsync(
        context => context.Runs.Where(r => r.Status == nameof(RunStatus.Running)).OrderByDescending(r => r.Number).FirstOrDefaultAsync());

    /// <summary>
    /// The newest plan and what of it is open; null where there is no plan. The plan of a run that only wrote something comes after that of the last one
    /// over the whole org, once nothing of it is open.
    /// </summary>
    public Task<Pending?> PendingAsync(ApprovalTerms terms, DateTimeOffset now) => database.RunAsync(async context =>
    {
        var sync = await context.Runs.Where(r => r.Kind == nameof(RunKind.Sync) && r.Plan != null).MaxAsync(r => (long?)r.Number) ?? 0;
        var since = now.AddDays(-terms.ExpireDays).UtcTicks;
        var (newest, others) = ((Pending?)null, new List<Pending>());
        foreach (var run in await context.Runs
            .Where(r => r.Plan != null && (r.Number >= sync || (r.StartedAt > since && (r.Kind == nameof(RunKind.Undo) || r.Kind == nameof(RunKind.Answer)))))
            .OrderByDescending(r => r.Number).ToListAsync())
        {
            var pending = await PendingOfAsync(context, run, terms, now);
            if (run.Kind is nameof(RunKind.Undo) or nameof(RunKind.Answer))
            {
                others.Add(pending);
            }
            else if (newest is null or { Open.Count: 0 })
            {
                newest = pending.Open.Count > 0 || run.Number == sync ? pending : newest ?? pending;
            }
        }

        newest ??= others.FirstOrDefault();
        others.RemoveAll(o => o.Open.Count == 0 || o == newest);
        return newest is null || others.Count == 0 ? newest : newest with
        {
            Open = [.. newest.Open.Concat(others.SelectMany(o => o.Open)).DistinctBy(o => o.Correction.Id)],
            Refusals = [.. newest.Refusals.Concat(others.SelectMany(o => o.Refusals)).Distinct()],
        };
    });

    private static async Task<Pending> PendingOfAsync(LedgerContext context, RunRow run, ApprovalTerms terms, DateTimeOffset now)
    {
        var plan = await context.Plans.SingleAsync(p => p.Id == run.Plan);
        var settled = (await context.Outcomes
            .Where(o => o.Run >= run.Number && o.Kind != nameof(OutcomeKind.NotWritten) && o.Kind != nameof(OutcomeKind.Expired)
                && o.Kind != nameof(OutcomeKind.Withdrawn))
            .Select(o => o.Correction).ToListAsync()).ToHashSet();
        var rows = await context.Planned.Where(p => p.Plan == plan.Id).OrderBy(p => p.Position).ToListAsync();
        var approvals = await OpenApproval.ReadAsync(context, terms, now);
        var last = context.Decisions.Where(d => d.Kind != nameof(DecisionKind.Replace)).GroupBy(d => d.Starting).Select(g => g.Max(d => d.Id));
        var no = await context.Decisions.Where(d => last.Contains(d.Id) && d.Kind != nameof(DecisionKind.Approve)).ToDictionaryAsync(d => d.Starting);
        var replaced = (await context.Decisions.Where(d => d.Plan == plan.Id && d.Kind == nameof(DecisionKind.Replace)).Select(d => d.Correction)
            .ToListAsync()).ToHashSet();
        var baseline = await Baseline.ReadAsync(context);
        var silent = await Marks.SilentAsync(context);
        var made = At(run.StartedAt);
        return new Pending(
            plan.Id, run.Number, made, made.AddDays(terms.ExpireDays), plan.Digest, LedgerJson.Read<List<Refusal>>(plan.Refusals),
            [.. rows.Where(r => !settled.Contains(r.Correction) && !replaced.Contains(r.Correction)).Select(r => Stands(r))]);

        PlannedCorrection Stands(PlannedRow row)
        {
            var planned = Read(row) with { Expires = made.AddDays(terms.ExpireDays), Plan = plan.Id, Digest = plan.Digest };
            if (approvals.TryGetValue(row.Correction, out var approval))
            {
                return planned with
                {
                    Approvals = [.. approval.Yes.Select(Word)],
                    NeedsSecond = approval.NeedsSecond,
                    Expires = At(approval.Yes[0].HoldsFrom).AddDays(terms.ExpireDays),
                };
            }

            if (!planned.IsLeftAlone && baseline.TryGetValue((row.Rule, row.Code, planned.Correction.Account), out var accepted))
            {
                return planned with { State = nameof(LeftAloneKind.Baseline), Reasons = [accepted] };
            }

            if (!planned.IsLeftAlone && silent.TryGetValue((row.Rule, row.Code, planned.Correction.Account), out var mark))
            {
                return planned with { State = mark.Kind, Reasons = [mark.Words] };
            }

            // A no is either in the plan already, or was said since.
            return no.Count == 0 || !no.TryGetValue(Proposal.StartingPoint(planned.Correction), out var said)
                || (said.Plan != plan.Id && planned.State is not (nameof(LeftAloneKind.Rejected) or nameof(LeftAloneKind.Deferred))) ? planned
                : said.Kind == nameof(DecisionKind.Reject)
                    ? planned with { State = nameof(LeftAloneKind.Rejected), Reasons = [$"{said.By} rejected it: {said.Reason}"], No = Word(said) }
                    : planned with { State = nameof(LeftAloneKind.Deferred), Reasons = [$"{said.By} deferred it until {said.Until}: {said.Reason}"], No = Word(said) };
        }
    }

    private static Decided Word(DecisionRow row) =>
        new(row.By, row.Reason, At(row.At), row.Until is null ? null : DateOnly.Parse(row.Until, CultureInfo.InvariantCulture));

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    /// <summary>A run with all that it did, of its alert records so many; null where there is none of that number.</summary>
    public Task<RunDetail?> RunAsync(long number, int alerts = int.MaxValue) => database.RunAsync<RunDetail?>(async context =>
    {
        if (await context.Runs.SingleOrDefaultAsync(r => r.Number == number) is not { } run)
        {
            return null;
        }

        var written = context.AlertWrites.Where(a => a.Run == number);
        var plan = await context.Plans.SingleOrDefaultAsync(p => p.Id == run.Plan);
        var outcomes = await context.Outcomes.Where(o => o.Run == number).OrderBy(o => o.Id).ToListAsync();
        var intents = await context.Intents.Where(i => i.Settled == number || i.Run == number).OrderBy(i => i.Id).ToListAsync();
        var steps = await RunQueries.StepsAsync(context, number, outcomes, intents);
        var taken = outcomes.Select(o => o.Correction).Concat(intents.Select(i => i.Correction)).ToHashSet();
        var left = new List<PlannedCorrection>();
        await foreach (var planned in context.Planned.Where(p => plan != null && p.Plan == plan.Id).OrderBy(p => p.Position).AsAsyncEnumerable())
        {
            if (!taken.Contains(planned.Correction))
            {
                var read = Read(planned);
                left.Add(read with { Correction = read.Correction with { Trace = [] } });
            }
        }

        return new RunDetail(
            run, plan?.Digest, plan is null ? [] : LedgerJson.Read<List<Refusal>>(plan.Refusals), left, plan is null ? []
                : LedgerJson.Read<List<Unpicked>>(plan.Unpicked), steps)
        {
            Stays = plan is null ? [] : LedgerJson.Read<List<Stays>>(plan.Stays),
            Names = await SettingsHistory.NamesAsync(context, number),
            Known = await KnownNames.OfAsync(context, [.. steps.Select(s => (s.Correction, s.Intent))]),
            Settings = await SettingsHistory.OfAsync(context, number),
            Findings = await FindingsAsync(context, number),
            Alerts = await written.OrderBy(a => a.Id).Take(alerts).ToListAsync(),
            AlertCount = await written.CountAsync(),
        };
    });

    internal static PlannedCorrection Read(PlannedRow row) =>
        new(row.Position, row.State, LedgerJson.Read<List<string>>(row.Reasons), LedgerJson.Read<Correction>(row.Json))
        {
            Since = At(row.Since),
            SinceRun = row.SinceRun,
        };

    internal static async Task<IReadOnlyList<RunFindings>> FindingsAsync(LedgerContext context, long run)
    {
        var rules = await context.Findings.Where(f => f.OpenedRun <= run && (f.ResolvedRun == null || f.ResolvedRun >= run))
            .GroupBy(f => f.Rule)
            .Select(g => new
            {
                Rule = g.Key,
                Opened = g.Count(f => f.OpenedRun == run),
                Resolved = g.Count(f => f.ResolvedRun == run),
                Open = g.Count(f => f.ResolvedRun == null || f.ResolvedRun > run),
            })
            .ToListAsync();
        var settings = await GoneBySettings.ReadAsync(context);
        return
        [
            .. rules.OrderBy(f => f.Rule, StringComparer.Ordinal)
                .Select(f => new RunFindings(f.Rule, f.Opened, f.Resolved, f.Open) { IsOff = settings.IsOff(f.Rule, run) }),
        ];
    }
}
