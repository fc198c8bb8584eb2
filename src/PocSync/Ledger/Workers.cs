using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>The workers that share the ledger. Each gives a sign of life every <see cref="Beat"/>, by the real clock.</summary>
public sealed class Workers(LedgerDatabase database, TimeProvider real)
{
    /// <summary>How often a worker gives a sign of life.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private long Now => real.GetUtcNow().UtcTicks;

    /// <summary>A worker lives. Those of which nothing was heard for a day are forgotten.</summary>
    public Task LiveAsync(string name, string engine) => database.RunAsync(async context =>
    {
        var (now, old) = (Now, Now - Kept.Ticks);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO workers ("Name", "Engine", "Since", "SeenAt") VALUES ({name}, {engine}, {now}, {now})
            ON CONFLICT ("Name") DO UPDATE SET "Engine" = excluded."Engine", "SeenAt" = excluded."SeenAt"
            """);
        return await context.Workers.Where(w => w.SeenAt < old).ExecuteDeleteAsync();
    });

    /// <summary>A worker stops.</summary>
    public Task LeaveAsync(string name) => database.RunAsync(context => context.Workers.Where(w => w.Name == name).ExecuteDeleteAsync());

    /// <summary>Those of the last day, the youngest sign of life first.</summary>
    public Task<List<WorkerRow>> AllAsync() =>
        database.RunAsync(context => context.Workers.OrderByDescending(w => w.SeenAt).ThenBy(w => w.Name).ToListAsync());

    /// <summary>How long ago a worker was heard of.</summary>
    public TimeSpan SilentFor(WorkerRow worker) => TimeSpan.FromTicks(Math.Max(0, Now - worker.SeenAt));

    /// <summary>How long a worker has been there.</summary>
    public TimeSpan ThereFor(WorkerRow worker) => TimeSpan.FromTicks(Math.Max(0, worker.SeenAt - worker.Since));
}
