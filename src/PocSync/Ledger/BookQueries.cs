using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>What became of an account's correction, with who said yes.</summary>
/// <param name="At">When, in UTC ticks.</param>
/// <param name="Run">In which run.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Reason">Why, where there is something to add.</param>
/// <param name="Correction">The correction.</param>
/// <param name="ApprovedBy">Who approved it; null where nobody had to.</param>
/// <param name="ApprovedWhy">Why they did.</param>
public sealed record AccountStep(
    long At, long Run, OutcomeKind Kind, string? Reason, Correction Correction, string? ApprovedBy, string? ApprovedWhy);

/// <summary>What changed in a time.</summary>
/// <param name="Opened">Open findings that were first seen in it and are not in the baseline.</param>
/// <param name="Resolved">Findings that were gone in it.</param>
/// <param name="Written">Corrections that were written in it.</param>
/// <param name="NotWritten">Corrections that the org did not take in it.</param>
public sealed record Changes(int Opened, int Resolved, int Written, int NotWritten);

/// <summary>Reads what runs saw of the org.</summary>
public sealed class BookQueries(LedgerDatabase database)
{
    /// <summary>The org that the ledger belongs to; null before its first run.</summary>
    public Task<OrgRow?> OrgAsync() => database.RunAsync(context => context.Orgs.FirstOrDefaultAsync());

    /// <summary>The last figures; of runs that ended by an instant, where one is given.</summary>
    public Task<FiguresRow?> FiguresAsync(DateTimeOffset? by = null) => database.RunAsync(context =>
    {
        var end = by?.UtcTicks ?? long.MaxValue;
        return context.Figures.Where(f => f.At <= end).OrderByDescending(f => f.At).ThenByDescending(f => f.Run).FirstOrDefaultAsync();
    });

    /// <summary>The last figures of each day, in UTC, since an instant; oldest first.</summary>
    public Task<List<FiguresRow>> TrendAsync(DateTimeOffset since) => database.RunAsync(context =>
    {
        var start = since.UtcTicks;
        var lasts = context.Figures.Where(f => f.At >= start).GroupBy(f => f.At / TimeSpan.TicksPerDay).Select(day => day.Max(f => f.Run));
        return context.Figures.Where(f => lasts.Contains(f.Run)).OrderBy(f => f.At).ToListAsync();
    });

    /// <summary>Accounts that nobody looks after, those that are worth most first; then those that nobody would stand in for.</summary>
    public Task<List<AccountRow>> WorstAsync(int limit) => database.RunAsync(async context =>
    {
        var worst = await context.Accounts.Where(a => a.HasPrimary == false).OrderByDescending(a => a.Worth ?? -1).ThenBy(a => a.Id).Take(limit).ToListAsync();
        return worst.Count == limit ? worst
            : [.. worst, .. await context.Accounts.Where(a => a.HasPrimary != false && a.HasBackup == false)
                .OrderByDescending(a => a.Worth ?? -1).ThenBy(a => a.Id).Take(limit - worst.Count).ToListAsync()];
    });

    /// <summary>What changed since an instant.</summary>
    public Task<Changes> ChangesAsync(DateTimeOffset since) => database.RunAsync(async context =>
    {
        var start = since.UtcTicks;
        return new Changes(
            await context.Findings.CountAsync(f => f.OpenedAt > start && f.ResolvedRun == null && f.BaselineAt == null && f.Silent == null),
            await context.Findings.CountAsync(f => f.ResolvedAt > start),
            await context.Outcomes.CountAsync(o => o.At > start && o.Kind == nameof(OutcomeKind.Written)),
            await context.Outcomes.CountAsync(o => o.At > start && (o.Kind == nameof(OutcomeKind.Refused) || o.Kind == nameof(OutcomeKind.Stale))));
    });

    /// <summary>Changes whenever a run or a person has changed what there is to decide.</summary>
    public Task<string> StampAsync() => database.RunAsync(async context => string.Join(' ', new[]
    {
        await context.Plans.MaxAsync(p => (long?)p.Id),
        await context.Runs.MaxAsync(r => (long?)r.Number),
        await context.Runs.MaxAsync(r => r.EndedAt),
        await context.Decisions.MaxAsync(d => (long?)d.Id),
        await context.Outcomes.MaxAsync(o => (long?)o.Id),
        await context.Baselines.MaxAsync(b => (long?)b.Id),
        await context.Marks.MaxAsync(m => (long?)m.Id),
        await context.Marks.MaxAsync(m => m.ClearedAt),
    }));

    /// <summary>An account as the last run saw it; null where it did not.</summary>
    public Task<AccountRow?> AccountAsync(string id) => database.RunAsync(context => context.Accounts.SingleOrDefaultAsync(a => a.Id == id));

    /// <summary>Accounts as the last run saw them, by id.</summary>
    public Task<Dictionary<string, AccountRow>> AccountsAsync(IReadOnlyCollection<string> ids) =>
        database.RunAsync(context => context.Accounts.Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id));

    /// <summary>Users and departments as the last run saw them, by id: those of a few ids.</summary>
    public Task<Dictionary<string, PersonRow>> PeopleAsync(IReadOnlyCollection<string> ids) =>
        database.RunAsync(context => context.People.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id));

    /// <summary>Users whose name has some words in it, by name; those who can act first.</summary>
    public Task<List<PersonRow>> UsersAsync(string? words, int limit) => database.RunAsync(context =>
    {
        var text = words?.Trim().ToLowerInvariant() ?? "";
        // Users' ids begin so, departments' do not.
        return context.People.Where(p => p.Id.StartsWith("005") && p.Folded.Contains(text))
            .OrderBy(p => p.WhyNotAble != null).ThenBy(p => p.Folded).ThenBy(p => p.Id).Take(limit).ToListAsync();
    });

    /// <summary>Who is in which role on an account.</summary>
    public static IReadOnlyList<BookRole> RolesOf(AccountRow account) => LedgerJson.Read<List<BookRole>>(account.Roles);

    /// <summary>Whether somebody owns an account or is in a role on it.</summary>
    public static bool IsOf(AccountRow account, string person) => account.Owner == person || RolesOf(account).Any(r => r.Who.ToString() == person);

    /// <summary>An account's findings, open ones first, then the newest.</summary>
    public Task<List<FindingRow>> FindingsOfAsync(string account, int limit) => database.RunAsync(context =>
        context.Findings.Where(f => f.Account == account).OrderBy(f => f.ResolvedAt != null).ThenByDescending(f => f.OpenedAt).ThenBy(f => f.Id)
            .Take(limit).ToListAsync());

    /// <summary>An account's handoffs, the newest first.</summary>
    public Task<List<HandoffRow>> HandoffsOfAsync(string account) => database.RunAsync(context =>
        context.Handoffs.Where(h => h.Account == account).OrderByDescending(h => h.EffectiveOn ?? "").ThenBy(h => h.Id).ToListAsync());

    /// <summary>What became of an account's corrections, the newest first.</summary>
    public Task<List<AccountStep>> StepsOfAsync(string account, int limit) => database.RunAsync(async context =>
    {
        var planned = await context.Planned.Where(p => p.Account == account).GroupBy(p => p.Correction).Select(g => new { g.Key, Plan = g.Max(p => p.Plan) })
            .ToListAsync();
        var ids = planned.Select(p => p.Key).ToList();
        var outcomes = await context.Outcomes.Where(o => ids.Contains(o.Correction)).OrderByDescending(o => o.Id).Take(limit).ToListAsync();
        var taken = outcomes.Select(o => o.Correction).Distinct().ToList();
        var json = (await context.Planned.Where(p => p.Account == account && taken.Contains(p.Correction))
            .Select(p => new { p.Correction, p.Plan, p.Json }).ToListAsync()).GroupBy(p => p.Correction).ToDictionary(g => g.Key, g => g.MaxBy(p => p.Plan)!.Json);
        var yes = (await context.Decisions.Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled != null && taken.Contains(d.Correction)).OrderBy(d => d.Id).ToListAsync())
            .GroupBy(d => (d.Correction, d.Settled)).ToDictionary(g => g.Key, g => g.Last());
        return outcomes.ConvertAll(o => new AccountStep(
            o.At, o.Run, Enum.Parse<OutcomeKind>(o.Kind), o.Reason, LedgerJson.Read<Correction>(json[o.Correction]),
            yes.GetValueOrDefault((o.Correction, o.Run))?.By, yes.GetValueOrDefault((o.Correction, o.Run))?.Reason));
    });
}
