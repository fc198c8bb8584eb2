using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps runs, what they found and what they planned.</summary>
/// <param name="database">The ledger.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">What is to keep how far a run is, once it has begun; null for nobody.</param>
public sealed class RunLedger(LedgerDatabase database, TimeProvider time, RunProgress? progress = null) : ILedger
{
    private long Now => time.GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public async Task<long> StartAsync(RunKind kind, string by, IReadOnlyDictionary<string, string> settings, string? reason = null)
    {
        await database.EnsureHeldAsync();
        var number = await database.InTransactionAsync(async context =>
        {
            // Whoever begins a run holds the ledger's lock: a run that seems to last was killed.
            await context.Runs.Where(r => r.Status == nameof(RunStatus.Running)).ExecuteUpdateAsync(set => set
                .SetProperty(r => r.Status, nameof(RunStatus.Stopped))
                .SetProperty(r => r.Sentence, "It ended without a word; the next run found out what became of what it had begun."));
            await context.Progress.ExecuteDeleteAsync();
            var run = new RunRow { Kind = kind.ToString(), By = by, Reason = reason, StartedAt = Now, Status = nameof(RunStatus.Running) };
            context.Add(run);
            await context.SaveChangesAsync();
            await SettingsHistory.NoteAsync(context, run.Number, settings, by, Now);
            return run.Number;
        });
        progress?.Begin(number);
        return number;
    }

    /// <inheritdoc/>
    public Task BelongAsync(OrgIdentity org) => database.InTransactionAsync(async context =>
    {
        if (await context.Orgs.SingleOrDefaultAsync() is not { } owner)
        {
            context.Add(new OrgRow { Id = org.Id.ToString(), Name = org.Name, Since = Now, Worker = org.Worker.ToString(), IsSandbox = org.IsSandbox });
        }
        else if (owner.Id != org.Id.ToString())
        {
            throw new LedgerException(
                $"This ledger belongs to the org {owner.Name} ({owner.Id}), and the login reaches {org.Name} ({org.Id}): set Ledger:ConnectionString to a ledger of that org's own.");
        }
        else
        {
            await context.Orgs.ExecuteUpdateAsync(set => set.SetProperty(o => o.Name, org.Name).SetProperty(o => o.Worker, org.Worker.ToString())
                .SetProperty(o => o.IsSandbox, org.IsSandbox));
        }

        return 0;
    });

    /// <inheritdoc/>
    public Task<Memory> RecallAsync() => database.InTransactionAsync(async context =>
    {
        var open = await context.Findings.Where(f => f.ResolvedRun == null).Select(f => new { f.Rule, f.Code, f.Subject, f.OpenedAt }).ToListAsync();
        var seen = open.ToDictionary(f => (f.Rule, f.Code, f.Subject), f => new DateTimeOffset(f.OpenedAt, TimeSpan.Zero));
        var measure = await context.Runs.Where(r => r.IsMeasure && r.Measure != null).OrderByDescending(r => r.Number).FirstOrDefaultAsync();
        var no = await StandingNo(context).ToListAsync();
        return new Memory
        {
            FirstSeen = (rule, code, subject) => seen.TryGetValue((rule, code, subject.ToString()), out var at) ? at : null,
            Last = measure?.Measure is { } text ? LedgerJson.Read<Measure>(text) : null,
            OwnerChanges = await OwnerChangesAsync(context),
            CallsToWrite = await context.Runs.Where(r => r.Kind == nameof(RunKind.Sync) && r.Measure != null).OrderByDescending(r => r.Number)
                .Select(r => r.CallsToWrite).FirstOrDefaultAsync(),
            Refused = await RefusedAsync(context),
            Rejected = no.Where(d => d.Kind == nameof(DecisionKind.Reject)).ToDictionary(d => d.Starting, d => $"{d.By} rejected it: {d.Reason}"),
            Deferred = no.Where(d => d.Kind == nameof(DecisionKind.Defer))
                .ToDictionary(d => d.Starting, d => (DateOnly.Parse(d.Until!, CultureInfo.InvariantCulture), $"{d.By} deferred it until {d.Until}: {d.Reason}")),
            Picks = await PicksAsync(context),
            Leavers = await Leavers.ReadAsync(context),
            Held = await HeldAsync(context),
            Reverts = await RevertLog.OfAsync(context, isCleared: false),
            Cleared = await RevertLog.OfAsync(context, isCleared: true),
            Undone = await Writings.UndoneAsync(context),
            OwnersPutBack = await Writings.OwnersPutBackAsync(context),
            Baseline = await Baseline.ReadAsync(context),
            Marks = await Marks.ReadAsync(context),
        };
    });

    /// <inheritdoc/>
    public Task RecordAsync(long run, Judged judged) => database.InRunAsync(run, async context =>
    {
        if (judged.Findings is { } findings)
        {
            // Of an org that answered with too little nothing is concluded, also not that findings are gone.
            if (judged.IsMeasure)
            {
                await FindingSpells.KeepAsync(context, run, Now, judged);
                if (judged.Book is { } book)
                {
                    await BookKeeper.KeepAsync(context, run, Now, book, findings, judged.Proposal);
                    await Leavers.EndAsync(context, book, Now);
                }
            }

            await context.Runs.Where(r => r.Number == run).ExecuteUpdateAsync(set => set
                .SetProperty(r => r.Measure, LedgerJson.Text(judged.Measure))
                .SetProperty(r => r.IsMeasure, judged.IsMeasure));
        }

        if (judged.IsMeasure)
        {
            context.AddRange(judged.Reverts.Select(r => RevertLog.Row(r, run, Now)));
        }

        var plan = await KeepAsync(context, run, judged);
        await context.Runs.Where(r => r.Number == run).ExecuteUpdateAsync(set => set.SetProperty(r => r.Plan, plan));
        if (judged.Approval is { } approval)
        {
            await context.SaveChangesAsync();
            var since = await context.Planned.Where(p => p.Plan == plan).ToDictionaryAsync(p => p.Correction, p => p.Since);
            var corrections = judged.Proposal.Plan.Corrections.ToDictionary(c => c.Id);
            var now = Now;
            context.AddRange(approval.Corrections.Select(
                c => Decisions.Row(DecisionKind.Approve, corrections[c], plan, since[c], approval.By, approval.Reason, now)));
        }

        return 0;
    });

    /// <inheritdoc/>
    public async Task EndAsync(RunReport report)
    {
        await database.InRunAsync(report.Run, async context =>
        {
            var run = context.Runs.Where(r => r.Number == report.Run);
            await run.ExecuteUpdateAsync(set => set
                .SetProperty(r => r.EndedAt, Now)
                .SetProperty(r => r.Status, report.Status.ToString())
                .SetProperty(r => r.Sentence, report.Sentence)
                .SetProperty(r => r.Accounts, report.Accounts)
                .SetProperty(r => r.CallsNeeded, report.CallsNeeded)
                .SetProperty(r => r.CallsUsed, report.CallsUsed)
                .SetProperty(r => r.CallsToWrite, report.CallsToWrite)
                .SetProperty(r => r.Findings, report.Judged == null || report.Judged.Findings == null ? 0 : report.Judged.Findings.Count)
                .SetProperty(r => r.Baseline, report.Judged == null ? 0 : report.Judged.InBaseline)
                .SetProperty(r => r.Silent, report.Judged == null ? 0 : report.Judged.InSilence)
                .SetProperty(r => r.Corrections, report.Corrections)
                .SetProperty(r => r.Applied, report.Applied)
                .SetProperty(r => r.Held, report.Held)
                .SetProperty(r => r.Waiting, report.Waiting)
                .SetProperty(r => r.Failed, report.NotApplied));
            await context.Progress.ExecuteDeleteAsync();
            if (report.Judged is { Findings: not null, IsMeasure: true } judged)
            {
                // The run began before its pull did, so nothing is between them.
                var at = await run.Select(r => r.StartedAt).SingleAsync();
                await context.Watermarks.ExecuteDeleteAsync();
                context.AddRange(judged.Measure.Shown.Where(o => !o.Contains('.')).Select(o => new WatermarkRow { Object = o, At = at, Run = report.Run }));
            }

            return 0;
        });
        try
        {
            await Retention.SweepWhereNobodyDoesAsync(database, time.GetUtcNow());
        }
        catch (LedgerException)
        {
            // The run is over and kept: what is too old goes at the end of a later one.
        }
    }

    /// <summary>
    /// What the org refused last, by starting point. Forgotten once its finding was gone after the refusal, since then the records have changed in
    /// between.
    /// </summary>
    internal static IQueryable<OutcomeRow> StandingRefusals(LedgerContext context)
    {
        var last = context.Outcomes.Where(o => o.Starting != null).GroupBy(o => o.Starting).Select(g => g.Max(o => o.Id));
        return context.Outcomes
            .Where(o => o.Kind == nameof(OutcomeKind.Refused) && last.Contains(o.Id))
            .Where(o => !context.Planned.Any(p => p.Correction == o.Correction
                && context.Findings.Any(f => f.Rule == p.Rule && f.Code == p.Code && f.Subject == p.Account && f.ResolvedAt >= o.At)));
    }

    private static async Task<Dictionary<string, string>> RefusedAsync(LedgerContext context)
    {
        var refusals = await StandingRefusals(context).ToListAsync();
        return refusals.ToDictionary(o => o.Starting!, o => $"the org refused it: {o.Reason}{(o.Code is null ? "" : $" ({o.Code})")}");
    }

    /// <summary>Owners that were written in the last 60 minutes. What was written in part, or is on its way, may have its owner written and counts.</summary>
    private async Task<int> OwnerChangesAsync(LedgerContext context)
    {
        var since = Now - TimeSpan.TicksPerHour;
        var outcomes = context.Outcomes.Where(o => o.At > since && (o.Kind == nameof(OutcomeKind.Written) || o.Kind == nameof(OutcomeKind.Stale)));
        var intents = await context.Intents
            .Where(i => (i.At > since && (i.Settled == null || i.TakenAt != null)) || outcomes.Any(o => o.Intent == i.Id)).Select(i => i.Json).ToListAsync();
        return intents.Select(LedgerJson.Read<Intent>).Count(i => i.Bundle.Writes.Any(w => w.Object == "Account" && w.After.ContainsKey("OwnerId")));
    }

    /// <summary>
    /// What people said no to last, by what it starts from. Forgotten once its finding was gone after it, since then the records have changed in
    /// between.
    /// </summary>
    internal static IQueryable<DecisionRow> StandingNo(LedgerContext context)
    {
        var last = context.Decisions.Where(d => d.Kind != nameof(DecisionKind.Replace)).GroupBy(d => d.Starting).Select(g => g.Max(d => d.Id));
        return context.Decisions
            .Where(d => last.Contains(d.Id) && d.Kind != nameof(DecisionKind.Approve))
            .Where(d => !context.Findings.Any(f => f.Rule == d.Rule && f.Code == d.Code && f.Subject == d.Account && f.ResolvedAt >= d.At));
    }

    /// <summary>What limits held up to the newest plan of the whole org.</summary>
    private static async Task<Dictionary<(string Rule, string Code, RecordId Account), HeldBy>> HeldAsync(LedgerContext context) =>
        await NewestSyncAsync(context) is { } newest && await context.Plans.Where(p => p.Id == newest).Select(p => p.Held).SingleOrDefaultAsync() is { } held
            ? LedgerJson.Read<List<HeldKey>>(held).ToDictionary(h => (h.Rule, h.Code, h.Account), h => h.By) : [];

    /// <summary>What limits hold now, and what they held before and is not mended, whatever became of its correction in between.</summary>
    private static async Task<string> HeldNowAsync(LedgerContext context, Judged judged)
    {
        var held = judged.Proposal.Plan.Corrections.Where(c => judged.Verdict.LastingOf(c) is not null).DistinctBy(c => (c.Rule, c.Code, c.Account))
            .ToDictionary(c => (c.Rule, c.Code, c.Account), c => judged.Verdict.LastingOf(c)!);
        var wrong = judged.Findings is { } findings && judged.IsMeasure ? findings.Select(f => (f.Rule, f.Code, f.Subject)).ToHashSet() : null;
        foreach (var (key, by) in await HeldAsync(context))
        {
            if (wrong?.Contains(key) != false)
            {
                held.TryAdd(key, by);
            }
        }

        return LedgerJson.Text(held.Select(h => new HeldKey(h.Key.Rule, h.Key.Code, h.Key.Account, h.Value))
            .OrderBy(h => h.Account).ThenBy(h => h.Rule, StringComparer.Ordinal).ThenBy(h => h.Code, StringComparer.Ordinal).ToList());
    }

    private sealed record HeldKey(string Rule, string Code, RecordId Account, HeldBy By);

    /// <summary>Who was picked for what in the newest plan of the whole org.</summary>
    private static async Task<IReadOnlyList<EarlierPick>> PicksAsync(LedgerContext context)
    {
        if (await NewestSyncAsync(context) is not { } plan)
        {
            return [];
        }

        var replaced = (await context.Decisions.Where(d => d.Plan == plan && d.Kind == nameof(DecisionKind.Replace)).Select(d => d.Correction).ToListAsync())
            .ToHashSet();
        var rows = await context.Planned.Where(p => p.Plan == plan && p.Json.Contains("\"Picks\":[{")).OrderBy(p => p.Position)
            .Select(p => new { p.Correction, p.SinceRun, p.Json }).ToListAsync();
        return [.. rows.Where(r => !replaced.Contains(r.Correction))
            .SelectMany(r => LedgerJson.Read<Correction>(r.Json).Picks.Select(p => new EarlierPick(p.For, p.Who, r.SinceRun)))];
    }

    internal static Task<long?> NewestSyncAsync(LedgerContext context) => context.Runs
        .Where(r => r.Kind == nameof(RunKind.Sync) && r.Plan != null).OrderByDescending(r => r.Number).Select(r => r.Plan).FirstOrDefaultAsync();

    /// <summary>Keeps a plan, unless it is the newest one over again.</summary>
    private static async Task<long> KeepAsync(LedgerContext context, long run, Judged judged)
    {
        var plan = judged.Proposal.Plan;
        var last = await NewestSyncAsync(context);
        var before = last is not null
            ? await context.Planned.Where(p => p.Plan == last).GroupBy(p => p.Correction)
                .Select(g => new { g.Key, Since = g.Min(p => p.Since), SinceRun = g.Min(p => p.SinceRun) }).ToDictionaryAsync(p => p.Key)
            : [];
        var began = await context.Runs.Where(r => r.Number == run).Select(r => r.StartedAt).SingleAsync();
        // Made anew each time they are gone through: the traces of a large plan are too much text to be kept twice.
        var rows = plan.Corrections.Select(c => (Correction: c, State: judged.Verdict.StateOf(c).ToString(), Reasons: judged.Verdict.ReasonsOf(c)))
            .Concat(judged.Proposal.LeftAlone.Select(
                a => (a.Correction, State: a.Kind.ToString(), Reasons: (IReadOnlyList<string>)[a.Why])))
            .Select((c, position) => new PlannedRow
            {
                Position = position,
                Correction = c.Correction.Id,
                Rule = c.Correction.Rule,
                Code = c.Correction.Code,
                Account = c.Correction.Account.ToString(),
                AccountName = c.Correction.AccountName,
                State = c.State,
                Reasons = LedgerJson.Text(c.Reasons),
                Sentence = c.Correction.Sentence,
                Json = LedgerJson.Text(c.Correction),
                Since = before.GetValueOrDefault(c.Correction.Id)?.Since ?? began,
                SinceRun = before.GetValueOrDefault(c.Correction.Id)?.SinceRun ?? run,
            });
        var row = new PlanRow
        {
            Run = run,
            Digest = plan.Digest,
            Fingerprint = "",
            AsOf = plan.AsOf.UtcTicks,
            Today = plan.Today.ToString("O"),
            Binding = plan.Binding.ToString(),
            Refusals = LedgerJson.Text(judged.Verdict.Refusals),
            Unpicked = LedgerJson.Text(plan.Unpicked),
            Stays = LedgerJson.Text(judged.Stays),
            Held = await HeldNowAsync(context, judged),
        };
        var fingerprint = Fingerprint(row, rows);
        if (await context.Plans.OrderByDescending(p => p.Id).FirstOrDefaultAsync() is { } newest && newest.Fingerprint == fingerprint)
        {
            return newest.Id;
        }

        row.Fingerprint = fingerprint;
        context.Add(row);
        await context.SaveChangesAsync();
        await BulkRows.InsertAsync(context, rows.Select(planned =>
        {
            planned.Plan = row.Id;
            return planned;
        }));
        if (last is { } replaced && await context.Runs.AnyAsync(r => r.Number == run && r.Kind == nameof(RunKind.Sync)))
        {
            await ReplaceAsync(context, replaced, row.Id);
        }

        return row.Id;
    }

    /// <summary>What a plan of the whole org proposes that the one before did too is kept with it alone: an org that is worked in makes hundreds of plans a day.</summary>
    private static async Task ReplaceAsync(LedgerContext context, long before, long now)
    {
        await context.Planned.Where(p => p.Plan == before && context.Planned.Any(n => n.Plan == now && n.Correction == p.Correction)
            && !context.Decisions.Any(d => d.Correction == p.Correction)).ExecuteDeleteAsync();
        await context.Plans.Where(p => p.Id == before).ExecuteUpdateAsync(set => set.SetProperty(p => p.Unpicked, "[]"));
    }

    private static string Fingerprint(PlanRow plan, IEnumerable<PlannedRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in rows.SelectMany(r => new[] { r.State, r.Reasons, r.Json }).Prepend(plan.Held).Prepend(plan.Stays).Prepend(plan.Unpicked).Prepend(plan.Refusals)
            .Prepend(plan.Today))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData("\u001e"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
