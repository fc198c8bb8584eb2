using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>What a worker's job has done, whichever worker did it.</summary>
public sealed class JobRow
{
    public required string Name { get; init; }

    /// <summary>The last time at which it was due and that is done with; null where it was never done.</summary>
    public long? DoneThrough { get; set; }
    public long? BegunAt { get; set; }
    public long? EndedAt { get; set; }

    /// <summary>How often in a row the org or the ledger could not be used.</summary>
    public int Failures { get; set; }
    public string Sentence { get; set; } = "";

    /// <summary>Who paused it; null where it is not paused.</summary>
    public string? PausedBy { get; set; }
    public long? PausedAt { get; set; }
}

/// <summary>
/// Keeps what the worker's jobs have done, so that it does not matter which engine and which worker begins them, how often, or which died over it.
/// Only who holds the ledger's lock notes what was done.
/// </summary>
public sealed class JobBook(LedgerDatabase database, TimeProvider time)
{
    private long Now => time.GetUtcNow().UtcTicks;

    /// <summary>A job; one that nothing is known of is as new.</summary>
    public Task<JobRow> FindAsync(string name) =>
        database.RunAsync(async context => await context.Jobs.SingleOrDefaultAsync(j => j.Name == name) ?? new JobRow { Name = name });

    /// <summary>Every job of which something is known, by name.</summary>
    public Task<List<JobRow>> AllAsync() => database.RunAsync(context => context.Jobs.OrderBy(j => j.Name).ToListAsync());

    /// <summary>A job begins.</summary>
    public Task BeginAsync(string name) => ChangeAsync(name, job => (job.BegunAt, job.EndedAt) = (Now, null));

    /// <summary>A job ended: what was due up to an instant is done with, or, with null, it failed and is to be tried again.</summary>
    public Task EndAsync(string name, DateTimeOffset? doneThrough, string sentence) => ChangeAsync(name, job =>
    {
        job.EndedAt = Now;
        job.Sentence = sentence;
        job.DoneThrough = doneThrough?.UtcTicks ?? job.DoneThrough;
        job.Failures = doneThrough is null ? job.Failures + 1 : 0;
    });

    /// <summary>From now on a job begins only when a person asks, until it is resumed.</summary>
    public Task PauseAsync(string name, string by) => ChangeAsync(name, job => (job.PausedBy, job.PausedAt) = (by, Now));

    /// <summary>A job begins again when it is due next; what it missed while it was paused is done once.</summary>
    public Task ResumeAsync(string name) => ChangeAsync(name, job => (job.PausedBy, job.PausedAt) = (null, null));

    private Task ChangeAsync(string name, Action<JobRow> change) => database.InTransactionAsync(async context =>
    {
        var job = await context.Jobs.AsTracking().SingleOrDefaultAsync(j => j.Name == name);
        if (job is null)
        {
            job = new JobRow { Name = name };
            context.Add(job);
        }

        change(job);
        context.ChangeTracker.DetectChanges();
        return 0;
    });
}
