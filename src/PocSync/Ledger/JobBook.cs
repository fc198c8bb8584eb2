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

    /// <summary>When it is tried again after it failed; null where that is when it is due next.</summary>
    public long? RetryAt { get; set; }

    /// <summary>Who asked for it and has not had it done yet.</summary>
    public string? AskedBy { get; set; }

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

    /// <summary>What happened to the jobs, or to one of them, the newest first.</summary>
    public Task<List<JobEventRow>> EventsAsync(string? name, int skip, int take) => database.RunAsync(context =>
        context.JobEvents.Where(e => name == null || e.Job == name).OrderByDescending(e => e.Id).Skip(skip).Take(take).ToListAsync());

    /// <summary>How much happened to them.</summary>
    public Task<int> CountEventsAsync(string? name) => database.RunAsync(context => context.JobEvents.CountAsync(e => name == null || e.Job == name));

    /// <summary>A job begins; gives who asked for it, where somebody did: that holds until it ends, since a worker that dies over it leaves it to the next.</summary>
    public async Task<string?> BeginAsync(string name, bool isAsked = false)
    {
        string? by = null;
        await ChangeAsync(name, job =>
        {
            (job.BegunAt, job.EndedAt, job.RetryAt) = (Now, null, null);
            by = isAsked ? job.AskedBy : null;
            return null;
        });
        return by;
    }

    /// <summary>A job ended: what was due up to an instant is done with, or, with null, it failed and is to be tried again.</summary>
    /// <param name="name">Which.</param>
    /// <param name="doneThrough">Up to when.</param>
    /// <param name="sentence">How.</param>
    /// <param name="run">The run that it was.</param>
    /// <param name="retryAt">When it is tried again; null for when it is due next.</param>
    /// <param name="asked">Who had asked for it, and need no longer be remembered.</param>
    public Task EndAsync(string name, DateTimeOffset? doneThrough, string sentence, long? run = null, DateTimeOffset? retryAt = null, string? asked = null) => ChangeAsync(name, job =>
    {
        job.EndedAt = Now;
        job.AskedBy = job.AskedBy == asked ? null : job.AskedBy;
        job.Sentence = sentence;
        job.DoneThrough = doneThrough?.UtcTicks ?? job.DoneThrough;
        job.Failures = doneThrough is null ? job.Failures + 1 : 0;
        job.RetryAt = retryAt?.UtcTicks;
        return Event(job, doneThrough is null ? JobEvent.Failed : JobEvent.Done, sentence, run);
    });

    /// <summary>A job could not be done for a reason that waiting does not cure: it is begun again when it is due next.</summary>
    public Task FaultAsync(string name, string sentence, string? asked = null) => ChangeAsync(name, job =>
    {
        job.AskedBy = job.AskedBy == asked ? null : job.AskedBy;
        (job.EndedAt, job.Sentence, job.RetryAt) = (Now, sentence, null);
        return Event(job, JobEvent.Failed, sentence, null);
    });

    /// <summary>A person asks for a job.</summary>
    public Task AskAsync(string name, string by) => ChangeAsync(name, job =>
    {
        job.AskedBy = by;
        return Event(job, JobEvent.Asked, "", null, by);
    });

    /// <summary>From now on a job begins only when a person asks, until it is resumed.</summary>
    public Task PauseAsync(string name, string by) => ChangeAsync(name, job =>
    {
        (job.PausedBy, job.PausedAt) = (by, Now);
        return Event(job, JobEvent.Paused, "", null, by);
    });

    /// <summary>A job begins again when it is due next; what it missed while it was paused is done once.</summary>
    public Task ResumeAsync(string name, string by) => ChangeAsync(name, job =>
    {
        (job.PausedBy, job.PausedAt) = (null, null);
        return Event(job, JobEvent.Resumed, "", null, by);
    });

    private JobEventRow Event(JobRow job, JobEvent kind, string sentence, long? run, string? by = null) => new()
    {
        At = Now,
        Job = job.Name,
        Kind = kind.ToString(),
        Sentence = sentence,
        BegunAt = by is null ? job.BegunAt : null,
        Run = run,
        By = by,
    };

    private Task ChangeAsync(string name, Func<JobRow, JobEventRow?> change) => database.InTransactionAsync(async context =>
    {
        var job = await context.Jobs.AsTracking().SingleOrDefaultAsync(j => j.Name == name);
        if (job is null)
        {
            job = new JobRow { Name = name };
            context.Add(job);
        }

        if (change(job) is { } happened)
        {
            context.Add(happened);
        }

        context.ChangeTracker.DetectChanges();
        return 0;
    });
}
