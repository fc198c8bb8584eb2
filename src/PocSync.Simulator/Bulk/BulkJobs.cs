using System.Collections.Concurrent;
using PocSync.Simulator.Http;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Bulk;

/// <summary>All jobs of the org, and the running of them in the background. Safe for concurrent use.</summary>
internal sealed class BulkJobs(Org org, QueryObjects objects, Writers writers, int seed) : IDisposable
{
    private readonly ConcurrentDictionary<string, BulkJob> jobs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Action> held = [];
    private readonly ManualResetEventSlim released = new(true);
    private bool hold;
    private long created;

    /// <summary>While true, jobs wait before they are worked on, so that a test can look at them or abort them.</summary>
    public bool Hold
    {
        get => hold;
        set
        {
            lock (held)
            {
                hold = value;
                if (hold)
                {
                    released.Reset();
                    return;
                }
                released.Set();
                held.ForEach(start => Task.Run(start));
                held.Clear();
            }
        }
    }

    /// <summary>Rows that an ingest which is held saves before it waits; where it is 0, it waits before it is begun.</summary>
    public int HoldAfter { get; set; }

    public string NextId() => SalesforceId.Make("750", "sm", Interlocked.Increment(ref created));

    /// <summary>Oldest first.</summary>
    public IEnumerable<T> All<T>() where T : BulkJob => jobs.Values.OfType<T>().OrderBy(j => j.Id, StringComparer.Ordinal);

    public T? Find<T>(string text) where T : BulkJob =>
        RecordId.TryNormalize(text, out var id) && jobs.TryGetValue(id, out var job) ? job as T : null;

    public void Add(BulkJob job) => jobs[job.Id] = job;

    public void Remove(BulkJob job)
    {
        jobs.TryRemove(job.Id, out _);
        job.Dispose();
    }

    public void Start(BulkJob job)
    {
        Action work = job is BulkQueryJob query ? () => Run(query) : () => Run((BulkIngestJob)job);
        lock (held)
            if (hold && (HoldAfter == 0 || job is BulkQueryJob))
                held.Add(work);
            else
                Task.Run(work);
    }

    public void Dispose()
    {
        stopping.Cancel();
        foreach (var job in jobs.Values)
            job.Dispose();
    }

    private void Wait(int saved)
    {
        if (saved >= HoldAfter)
            WaitHandle.WaitAny([released.WaitHandle, stopping.Token.WaitHandle]);
    }

    private void Run(BulkQueryJob job)
    {
        if (!job.TryMove(BulkState.InProgress, org.Now, [BulkState.UploadComplete]))
            return;
        org.Lock.EnterReadLock();
        try
        {
            var source = new QuerySource(org, objects, job.Operation == "queryAll", job.CreatedById, job.Soql);
            var result = QueryEvaluator.Run(Query.Parse(job.Soql), source, org.Dates);
            if (result.Count > org.Settings.MostQueryRows)
            {
                job.TryMove(BulkState.Failed, org.Now, [BulkState.InProgress], "QUERY_TIMEOUT: Your query request was running for too long.");
                return;
            }
            job.Finish(BulkResult.Write(result, job, stopping.Token));
            job.TryMove(BulkState.JobComplete, org.Now, [BulkState.InProgress]);
        }
        catch (Exception e) when (e is QueryException or IOException or OperationCanceledException)
        {
            job.TryMove(BulkState.Failed, org.Now, [BulkState.InProgress], e.Message);
        }
        finally
        {
            org.Lock.ExitReadLock();
        }
    }

    private void Run(BulkIngestJob job)
    {
        if (!job.TryMove(BulkState.InProgress, org.Now, [BulkState.UploadComplete]))
            return;
        try
        {
            var path = $"/services/data/v{job.Version}/jobs/ingest/{job.Id}/batches";
            new BulkUpload(org, job, () => writers.For(job.CreatedById, path)).Run(new Random(seed), Wait, stopping.Token);
            job.TryMove(BulkState.JobComplete, org.Now, [BulkState.InProgress]);
        }
        catch (InvalidDataException e)
        {
            job.TryMove(BulkState.Failed, org.Now, [BulkState.InProgress], e.Message);
        }
    }
}
