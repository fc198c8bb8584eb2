using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>What a person asked for that needs the org.</summary>
public enum ErrandKind
{
    /// <summary>To write what is approved.</summary>
    Write,

    /// <summary>To give a correction to somebody else, and to write it: <see cref="GiveDetails"/>.</summary>
    Give,

    /// <summary>To put back what was written: <see cref="UndoDetails"/>.</summary>
    Undo,

    /// <summary>To write what somebody says to a handoff of their own: a <see cref="HandoffAnswer"/>.</summary>
    Answer,

    /// <summary>To draft what follows from it that somebody leaves, or stays after all: <see cref="LeaveDetails"/>.</summary>
    Leave,
}

/// <summary>Who leaves.</summary>
/// <param name="User">The user's id.</param>
/// <param name="Name">The user, for people.</param>
/// <param name="On">The first day on which others have the accounts; null where they stay after all.</param>
/// <param name="To">Id, username or exact name of who is to have them; null where they are to be picked.</param>
public sealed record LeaveDetails(string User, string Name, DateOnly? On, string? To);

/// <summary>Which correction goes to whom.</summary>
/// <param name="Correction">The correction's id.</param>
/// <param name="AccountName">Its account, for people.</param>
/// <param name="To">The user's id.</param>
/// <param name="ToName">The user, for people.</param>
public sealed record GiveDetails(string Correction, string AccountName, string To, string ToName);

/// <summary>What goes back: a run, all of an account or a correction, as far as it was shown: up to a <see cref="Writing.Number"/>.</summary>
public sealed record UndoDetails(long? Run, string? Account, string? Correction, long UpTo);

/// <summary>What was approved with it.</summary>
/// <param name="Corrections">How many corrections.</param>
/// <param name="Of">Their ids; null where they are not known.</param>
public sealed record WriteDetails(int Corrections, IReadOnlyList<string>? Of = null);

/// <summary>
/// What people asked for in the console that needs the org. An errand is kept when the page answers, and a worker does it as soon as the ledger is free,
/// in the order in which they came; one that dies over it leaves it to the next. One that fails is tried again later and later, and does not keep the others
/// waiting, but for those about the same record.
/// </summary>
public sealed class Errands(LedgerDatabase database, TimeProvider time)
{
    private const string Vain = "Not done: ";

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1), Late = TimeSpan.FromMinutes(30), Patience = TimeSpan.FromDays(1);

    private long Now => time.GetUtcNow().UtcTicks;

    /// <summary>Keeps an errand for a worker; gives its number.</summary>
    public Task<long> AppendAsync<T>(ErrandKind kind, string by, string reason, T details) => database.RunAsync(async context =>
    {
        var errand = new ErrandRow { At = Now, Kind = kind.ToString(), By = by, Reason = reason, Subject = SubjectOf(details), Details = LedgerJson.Text(details) };
        context.Add(errand);
        await context.SaveChangesAsync();
        return errand.Id;
    });

    /// <summary>The details of an errand, as they were given with it. Throws <see cref="JsonException"/>.</summary>
    public static T DetailsOf<T>(ErrandRow errand) => LedgerJson.Read<T>(errand.Details);

    /// <summary>The first that is to be done by now, those that did not fail yet before the others; null where there is none.</summary>
    public Task<ErrandRow?> NextAsync() => database.RunAsync(context =>
    {
        var now = Now;
        return context.Errands
            .Where(e => e.DoneAt == null && (e.RetryAt == null || e.RetryAt <= now)
                && !context.Errands.Any(f => f.DoneAt == null && f.Subject != null && f.Subject == e.Subject && f.Id < e.Id))
            .OrderBy(e => e.RetryAt == null ? 0 : 1).ThenBy(e => e.Id).FirstOrDefaultAsync();
    });

    /// <summary>Those that are not done, the oldest first.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="by">Who asked; null for everybody.</param>
    public Task<List<ErrandRow>> OpenAsync(int limit, string? by = null) => database.RunAsync(context =>
        context.Errands.Where(e => e.DoneAt == null && (by == null || e.By == by)).OrderBy(e => e.Id).Take(limit).ToListAsync());

    /// <summary>Those that are done and were asked for since an instant, the newest first.</summary>
    /// <param name="since">The instant, in ticks.</param>
    /// <param name="limit">How many.</param>
    /// <param name="by">Who asked; null for everybody.</param>
    public Task<List<ErrandRow>> DoneSinceAsync(long since, int limit, string? by = null) => database.RunAsync(context =>
        context.Errands.Where(e => e.DoneAt != null && e.At > since && (by == null || e.By == by)).OrderByDescending(e => e.Id).Take(limit).ToListAsync());

    /// <summary>The newest first.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="by">Who asked; null for everybody.</param>
    public Task<List<ErrandRow>> NewestAsync(int limit, string? by = null) =>
        database.RunAsync(context => context.Errands.Where(e => by == null || e.By == by).OrderByDescending(e => e.Id).Take(limit).ToListAsync());

    /// <summary>The runs of errands by number: how each ended, a word of <see cref="RunStatus"/>, and how many corrections it wrote or found done.</summary>
    public Task<Dictionary<long, (string Status, int Applied)>> RunsAsync(IEnumerable<ErrandRow> errands)
    {
        var runs = errands.Select(e => e.Run).OfType<long>().Distinct().ToList();
        return database.RunAsync(async context => (await context.Runs.Where(r => runs.Contains(r.Number)).Select(r => new { r.Number, r.Status, r.Applied }).ToListAsync())
            .ToDictionary(r => r.Number, r => (r.Status, r.Applied)));
    }

    /// <summary>The accounts that errands concern, by the errand's number: each by its id with its name. Of what undoes a whole run the names are not looked up.</summary>
    public Task<Dictionary<long, IReadOnlyDictionary<string, string>>> AccountsAsync(IReadOnlyCollection<ErrandRow> errands) => database.RunAsync(async context =>
    {
        var undone = errands.Where(e => e.Kind == nameof(ErrandKind.Undo)).ToDictionary(e => e.Id, DetailsOf<UndoDetails>);
        var corrections = errands.ToDictionary(e => e.Id, e => e.Kind switch
        {
            nameof(ErrandKind.Write) => DetailsOf<WriteDetails>(e).Of ?? [],
            nameof(ErrandKind.Give) => [DetailsOf<GiveDetails>(e).Correction],
            nameof(ErrandKind.Undo) when undone[e.Id].Correction is { } one => [one],
            _ => [],
        });
        var planned = new Dictionary<string, (string Account, string Name)>();
        foreach (var some in corrections.Values.SelectMany(c => c).Distinct().Chunk(500))
        {
            foreach (var row in await context.Planned.Where(p => some.Contains(p.Correction)).Select(p => new { p.Correction, p.Account, p.AccountName }).Distinct().ToListAsync())
            {
                planned[row.Correction] = (row.Account, row.AccountName);
            }
        }

        var (runs, whole) = (undone.Values.Select(u => u.Run).OfType<long>().ToList(), undone.Values.Select(u => u.Account).OfType<string>().ToList());
        var ofRuns = (await context.Intents.Where(i => runs.Contains(i.Run)).Select(i => new { i.Run, i.Account }).Distinct().ToListAsync()).ToLookup(i => i.Run, i => i.Account);
        var names = await context.Accounts.Where(a => whole.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name);
        return errands.ToDictionary(e => e.Id, IReadOnlyDictionary<string, string> (e) => (e.Kind switch
        {
            nameof(ErrandKind.Answer) => DetailsOf<HandoffAnswer>(e) is var answer ? [(answer.Account.ToString(), answer.AccountName)] : [],
            nameof(ErrandKind.Undo) when undone[e.Id].Run is { } run => ofRuns[run].Select(a => (a, a)),
            nameof(ErrandKind.Undo) when undone[e.Id].Account is { } account => [(account, names.GetValueOrDefault(account, account))],
            _ => corrections[e.Id].Where(planned.ContainsKey).Select(c => planned[c]),
        }).DistinctBy(a => a.Item1).ToDictionary(a => a.Item1, a => a.Item2));
    });

    /// <summary>What people asked for about a record, the newest first.</summary>
    public Task<List<ErrandRow>> AboutAsync(ErrandKind kind, string subject, int limit) => database.RunAsync(context =>
        context.Errands.Where(e => e.Subject == subject && e.Kind == kind.ToString()).OrderByDescending(e => e.Id).Take(limit).ToListAsync());

    /// <summary>Whoever holds the ledger's lock begins with it; false where it was withdrawn. When a worker began and died stays.</summary>
    public Task<bool> TakeAsync(ErrandRow errand) => ChangeAsync(errand.Id, e => true, set => set.SetProperty(e => e.TakenAt, e => e.TakenAt ?? Now));

    /// <summary>Who asked for it, or somebody who may withdraw what others asked for, no longer wants it; false where a worker has begun with it or it is none
    /// of theirs.</summary>
    public Task<bool> WithdrawAsync(long errand, string by, bool isAnybodys) => ChangeAsync(errand, e => e.TakenAt == null && (isAnybodys || e.By == by),
        set => set.SetProperty(e => e.DoneAt, Now).SetProperty(e => e.Run, (long?)null).SetProperty(e => e.Sentence, $"{Vain}{by} withdrew it."));

    /// <summary>
    /// The run that a worker began for an errand before it died, where that run came to its end; null where it did not, or there is none. Asked while the
    /// ledger's lock is held, so that no run is under way.
    /// </summary>
    public Task<RunRow?> FindRunAsync(ErrandRow errand, string kind, IReadOnlyCollection<string> ended) => database.RunAsync(context => context.Runs
        .Where(r => errand.TakenAt != null && r.StartedAt >= errand.TakenAt && r.Kind == kind && r.By == errand.By && r.Reason == errand.Reason
            && ended.Contains(r.Status))
        .OrderBy(r => r.Number).FirstOrDefaultAsync());

    /// <summary>Whether a correction was given away for an errand already, by a worker that died over it.</summary>
    public Task<bool> IsGivenAsync(ErrandRow errand, GiveDetails give) => database.RunAsync(context => context.Decisions.AnyAsync(d =>
        d.Kind == nameof(DecisionKind.Replace) && d.Correction == give.Correction && d.By == errand.By && d.Reason == errand.Reason && d.At >= errand.At));

    /// <summary>The run that settled what somebody approved for a reason before an errand; null where none did.</summary>
    public Task<long?> SettledByAsync(ErrandRow errand) => database.RunAsync(context => context.Decisions
        .Where(d => d.Kind == nameof(DecisionKind.Approve) && d.By == errand.By && d.Reason == errand.Reason && d.At <= errand.At)
        .OrderByDescending(d => d.Id).Select(d => d.Settled).FirstOrDefaultAsync());

    /// <summary>What came of it.</summary>
    public Task DoneAsync(ErrandRow errand, long? run, string sentence) => ChangeAsync(errand.Id, e => true, set => set
        .SetProperty(e => e.DoneAt, Now).SetProperty(e => e.Run, run).SetProperty(e => e.Sentence, sentence));

    /// <summary>It can never be done, and why.</summary>
    public Task CloseAsync(ErrandRow errand, string why, long? run = null) => DoneAsync(errand, run, Vain + why);

    /// <summary>Why it was not done: what <see cref="CloseAsync"/> and <see cref="WithdrawAsync"/> were told; null for any other.</summary>
    public static string? WhyInVain(ErrandRow errand) =>
        errand is { DoneAt: not null, Sentence: { } said } && said.StartsWith(Vain, StringComparison.Ordinal) ? said[Vain.Length..] : null;

    /// <summary>Why it could not be done; it is tried again, for a day.</summary>
    public Task FailAsync(ErrandRow errand, long? run, string sentence)
    {
        var (now, since) = (Now, errand.FailedSince ?? Now);
        return now - since >= Patience.Ticks ? CloseAsync(errand, $"It was tried for a day. {sentence}", run)
            : ChangeAsync(errand.Id, e => true, set => set
                .SetProperty(e => e.TakenAt, (long?)null).SetProperty(e => e.Run, run).SetProperty(e => e.Sentence, sentence)
                .SetProperty(e => e.FailedSince, since).SetProperty(e => e.RetryAt, now + Math.Clamp(now - since, Soon.Ticks, Late.Ticks)));
    }

    private static string? SubjectOf<T>(T details) => details switch
    {
        HandoffAnswer answer => answer.Handoff.ToString(),
        GiveDetails give => give.Correction,
        LeaveDetails leave => leave.User,
        UndoDetails undo => undo.Account ?? undo.Correction,
        _ => null,
    };

    private async Task<bool> ChangeAsync(
        long errand, System.Linq.Expressions.Expression<Func<ErrandRow, bool>> where, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<ErrandRow>> change) =>
        await database.RunAsync(context => context.Errands.Where(e => e.Id == errand && e.DoneAt == null).Where(where).ExecuteUpdateAsync(change)) == 1;
}
