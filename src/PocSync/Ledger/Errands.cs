using System.Text.Json;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>To write what somebody says to a handoff of their own: a <see cref="Core.Runs.HandoffAnswer"/>.</summary>
    Answer,
}

/// <summary>Which correction goes to whom.</summary>
/// <param name="Correction">The correction's id.</param>
/// <param name="AccountName">Its account, for people.</param>
/// <param name="To">The user's id.</param>
/// <param name="ToName">The user, for people.</param>
public sealed record GiveDetails(string Correction, string AccountName, string To, string ToName);

/// <summary>What goes back: a run, all of an account or a correction.</summary>
public sealed record UndoDetails(long? Run, string? Account, string? Correction);

/// <summary>How many corrections were approved with it.</summary>
public sealed record WriteDetails(int Corrections);

/// <summary>
/// What people asked for in the console that needs the org. An errand is kept when the page answers, and a worker does it as soon as the ledger is free,
/// in the order in which they came; one that dies over it leaves it to the next.
/// </summary>
public sealed class Errands(LedgerDatabase database, TimeProvider time)
{
    private long Now => time.GetUtcNow().UtcTicks;

    /// <summary>Keeps an errand for a worker; gives its number.</summary>
    public Task<long> AppendAsync<T>(ErrandKind kind, string by, string reason, T details) => database.RunAsync(async context =>
    {
        var errand = new ErrandRow { At = Now, Kind = kind.ToString(), By = by, Reason = reason, Details = LedgerJson.Text(details) };
        context.Add(errand);
        await context.SaveChangesAsync();
        return errand.Id;
    });

    /// <summary>The details of an errand, as they were given with it. Throws <see cref="JsonException"/>.</summary>
    public static T DetailsOf<T>(ErrandRow errand) => LedgerJson.Read<T>(errand.Details);

    /// <summary>The first that is not done; null where there is none.</summary>
    public Task<ErrandRow?> NextAsync() =>
        database.RunAsync(context => context.Errands.Where(e => e.DoneAt == null).OrderBy(e => e.Id).FirstOrDefaultAsync());

    /// <summary>The newest first.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="by">Who asked; null for everybody.</param>
    public Task<List<ErrandRow>> NewestAsync(int limit, string? by = null) =>
        database.RunAsync(context => context.Errands.Where(e => by == null || e.By == by).OrderByDescending(e => e.Id).Take(limit).ToListAsync());

    /// <summary>How the runs of errands ended: words of <see cref="Core.Runs.RunStatus"/> by number.</summary>
    public Task<Dictionary<long, string>> StatusesAsync(IEnumerable<ErrandRow> errands)
    {
        var runs = errands.Select(e => e.Run).OfType<long>().Distinct().ToList();
        return database.RunAsync(context => context.Runs.Where(r => runs.Contains(r.Number)).ToDictionaryAsync(r => r.Number, r => r.Status));
    }

    /// <summary>What people asked for whose details name a record, the newest first.</summary>
    public Task<List<ErrandRow>> AboutAsync(ErrandKind kind, string record, int limit) => database.RunAsync(context =>
        context.Errands.Where(e => e.Kind == kind.ToString() && e.Details.Contains(record)).OrderByDescending(e => e.Id).Take(limit).ToListAsync());

    /// <summary>Whoever holds the ledger's lock begins with it. When a worker began and died stays.</summary>
    public Task TakeAsync(ErrandRow errand) => ChangeAsync(errand, set => set.SetProperty(e => e.TakenAt, e => e.TakenAt ?? Now));

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

    /// <summary>What came of it.</summary>
    public Task DoneAsync(ErrandRow errand, long? run, string sentence) => ChangeAsync(errand, set => set
        .SetProperty(e => e.DoneAt, Now).SetProperty(e => e.Run, run).SetProperty(e => e.Sentence, sentence));

    /// <summary>Why it could not be done; it is tried again.</summary>
    public Task FailAsync(ErrandRow errand, long? run, string sentence) => ChangeAsync(errand, set => set
        .SetProperty(e => e.TakenAt, (long?)null).SetProperty(e => e.Run, run).SetProperty(e => e.Sentence, sentence));

    private Task ChangeAsync(ErrandRow errand, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<ErrandRow>> change) =>
        database.RunAsync(context => context.Errands.Where(e => e.Id == errand.Id).ExecuteUpdateAsync(change));
}
