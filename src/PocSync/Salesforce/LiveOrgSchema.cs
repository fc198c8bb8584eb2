using System.Collections.Concurrent;

namespace PocSync.Salesforce;

/// <summary>What the org has, as it describes itself to this login, by its own names. Each object is asked for once.</summary>
internal sealed class LiveOrgSchema(OrgReads reads)
{
    private readonly ConcurrentDictionary<string, ObjectDescribe?> _described = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks for many objects, several at a time; those that are not there cost no call.</summary>
    public async Task LoadAsync(IReadOnlyCollection<string> objects, CancellationToken stop)
    {
        var global = await reads.DescribeGlobalAsync(stop);
        var queryable = global.Where(o => o.Queryable).Select(o => o.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in objects.Where(o => !queryable.Contains(o)))
            _described[name] = null;
        await Task.WhenAll(objects.Where(queryable.Contains).Select(o => FindAsync(o, stop)));
    }

    /// <summary>Null where the org has no such object, or this login may not query it.</summary>
    public async Task<ObjectDescribe?> FindAsync(string name, CancellationToken stop)
    {
        if (_described.TryGetValue(name, out var known))
            return known;
        var found = await reads.DescribeAsync(name, stop);
        return _described[name] = found is { Queryable: true } ? found : null;
    }
}
