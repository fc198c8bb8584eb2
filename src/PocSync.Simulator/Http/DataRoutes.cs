using PocSync.Simulator.Bulk;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>
/// Everything under /services/data/vXX.0. A call reads under the org's read lock, or writes under its write lock as one transaction that is undone
/// when the call ends in an error; Bulk jobs lock for themselves.
/// </summary>
internal sealed class DataRoutes
{
    private readonly Org org;
    private readonly QueryRoutes queries;
    private readonly RowRoutes rows;
    private readonly CollectionRoutes collections;
    private readonly CompositeRoutes composites;
    private readonly TreeRoutes trees;
    private readonly ActionRoutes actions;
    private readonly ServiceRoutes service;

    private readonly BulkRoutes bulk;

    public DataRoutes(Org org, QueryObjects objects, Writers writers, ApiUsage usage, Outbox outbox, BulkJobs jobs)
    {
        this.org = org;
        queries = new(org, objects);
        bulk = new(org, objects, jobs);
        rows = new(org, writers);
        collections = new(org, writers);
        composites = new(org, Dispatch);
        trees = new(org, writers);
        actions = new(org, outbox);
        service = new(org, usage);
    }

    /// <exception cref="ApiException"/>
    public ApiAnswer Handle(ApiCall call)
    {
        if (Word(call, 0) == "jobs")
            return bulk.Handle(call);
        if (call.IsGet)
        {
            org.Lock.EnterReadLock();
            try
            {
                return Route(call, allOrNone: false, out _);
            }
            finally
            {
                org.Lock.ExitReadLock();
            }
        }
        org.Lock.EnterWriteLock();
        try
        {
            org.Journal.Begin();
            return Route(call, allOrNone: false, out _);
        }
        catch
        {
            org.Journal.UndoTo(0);
            throw;
        }
        finally
        {
            org.Journal.Commit();
            org.Lock.ExitWriteLock();
        }
    }

    private static string Word(ApiCall call, int at) => at < call.Segments.Count ? call.Segments[at].ToLowerInvariant() : "";

    /// <summary>A sub-request of a composite call, which holds the write lock already.</summary>
    private (ApiAnswer, bool) Dispatch(ApiCall call, bool allOrNone)
    {
        if (Word(call, 0) is "jobs" or "composite" && Word(call, 1) != "sobjects")
            throw new ApiException(400, "INVALID_OPERATION", "This resource cannot be part of a composite call.");
        var mark = org.Journal.Mark();
        try
        {
            var answer = Route(call, allOrNone, out var failed);
            return (answer, failed);
        }
        catch
        {
            org.Journal.UndoTo(mark);
            throw;
        }
    }

    private ApiAnswer Route(ApiCall call, bool allOrNone, out bool rowsFailed)
    {
        rowsFailed = false;
        switch (Word(call, 0), Word(call, 1))
        {
            case ("", _):
                return call.IsGet ? ServiceRoutes.ResourceList(call, org.OrganizationId) : throw call.NotAllowed("GET", "HEAD");
            case ("limits", _):
                return service.Limits(call);
            case ("query" or "queryall", _):
                return queries.Handle(call);
            case ("sobjects", _):
                return rows.Handle(call);
            case ("composite", "sobjects"):
                return collections.Handle(call, allOrNone, out rowsFailed);
            case ("composite", ""):
                return call.Method == "POST" ? composites.Composite(call)
                    : call.IsGet ? ApiAnswer.Of(200, ((string[])["tree", "batch", "sobjects", "graph"]).ToDictionary(r => r, r => call.DataPath($"composite/{r}")))
                    : throw call.NotAllowed("GET", "POST", "HEAD");
            case ("composite", "batch"):
                return call.Method == "POST" ? composites.Batch(call) : throw call.NotAllowed("POST");
            case ("composite", "graph"):
                return call.Method == "POST" ? composites.Graph(call) : throw call.NotAllowed("POST");
            case ("composite", "tree") when call.Segments.Count == 3:
                return call.Method == "POST" ? trees.Create(call) : throw call.NotAllowed("POST");
            case ("actions", _):
                return actions.Handle(call);
            case ("chatter", _):
                return actions.Chatter(call);
            default:
                throw ApiException.NotFound();
        }
    }
}
