using System.Diagnostics.CodeAnalysis;

namespace PocSync.Simulator.Schema;

/// <summary>Every object of the org, by name in any case and by key prefix.</summary>
/// <param name="data">The tables that the org starts with: a custom object has the key prefix of its rows' ids, which differs from org to org.</param>
internal sealed class OrgSchema(IReadOnlyList<OrgTable> data)
{
    private readonly Dictionary<string, string> given = GivenPrefixes(data);

    private readonly Dictionary<string, SObject> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SObject> byPrefix = new(StringComparer.Ordinal);
    private int customPrefixes, metadataPrefixes;

    /// <summary>By name, ordinal.</summary>
    public IEnumerable<SObject> Objects => byName.Values.OrderBy(o => o.Name, StringComparer.Ordinal);

    public bool TryFind(string name, [NotNullWhen(true)] out SObject? found) => byName.TryGetValue(name, out found);

    public SObject this[string name] =>
        byName.TryGetValue(name, out var found) ? found : throw new KeyNotFoundException($"The org has no object {name}.");

    /// <summary>The object whose rows' ids begin as this id does; null for a prefix that the org does not know.</summary>
    public SObject? OfId(string id) => id.Length >= 3 ? byPrefix.GetValueOrDefault(id[..3]) : null;

    public void Add(SObject added)
    {
        byName.Add(added.Name, added);
        if (added.KeyPrefix is { } prefix)
            byPrefix.TryAdd(prefix, added);
    }

    /// <summary>The prefix of a custom object: that of its rows' ids, else the next free one of custom objects (a00, a01, …, a0Z, …) or of custom metadata (m00, …).</summary>
    public string CustomPrefix(string name, bool metadata)
    {
        if (given.TryGetValue(name, out var own) && !byPrefix.ContainsKey(own))
            return own;
        string prefix;
        do
        {
            var n = metadata ? metadataPrefixes++ : customPrefixes++;
            prefix = $"{(metadata ? 'm' : 'a')}{SalesforceId.Base62(n, 2)}";
        }
        while (byPrefix.ContainsKey(prefix) || given.ContainsValue(prefix));
        return prefix;
    }

    private static Dictionary<string, string> GivenPrefixes(IReadOnlyList<OrgTable> data)
    {
        var prefixes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in data)
        {
            var column = table.Columns.ToList().FindIndex(c => c.Equals("Id", StringComparison.OrdinalIgnoreCase));
            if (column >= 0 && table.Rows.Select(r => column < r.Length ? r[column] : null).FirstOrDefault(t => t is { Length: 15 or 18 }) is { } id)
                prefixes.TryAdd(table.Object, (Soql.RecordId.TryNormalize(id, out var known) ? known : id)[..3]);
        }
        return prefixes;
    }

    /// <summary>Fills in the children of each object; to be called once all objects and fields are there.</summary>
    public void LinkChildren()
    {
        foreach (var parent in byName.Values)
            parent.Children.Clear();
        foreach (var child in Objects)
            foreach (var field in child.Fields)
                foreach (var target in field.ReferenceTo)
                    if (byName.TryGetValue(target, out var parent))
                        parent.Children.Add(new(child, field, field.ChildRelationshipName));
    }
}
