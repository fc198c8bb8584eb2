using System.Collections.Concurrent;

namespace PocSync.Salesforce;

/// <summary>What the org has, as it describes itself to this login, by its own names. Each object is asked for once.</summary>
internal sealed class LiveOrgSchema(OrgReads reads)
{
    private readonly ConcurrentDictionary<string, ObjectDescribe?> _described = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks for several objects in as few calls as possible.</summary>
    public async Task LoadAsync(IEnumerable<string> objects, CancellationToken stop)
    {
        var asked = objects.Where(o => !_described.ContainsKey(o)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var found = await reads.DescribeManyAsync(asked, stop);
        foreach (var name in asked)
            _described[name] = found.FirstOrDefault(d => d.Queryable && d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>An object that was asked for; null where the org has no such object, or this login may not query it.</summary>
    public ObjectDescribe? this[string name] => _described[name];
}
