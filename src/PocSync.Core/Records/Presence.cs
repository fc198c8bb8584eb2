namespace PocSync.Core.Records;

/// <summary>Which objects and fields an org or export has. Ignores case.</summary>
public sealed class Presence
{
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _columns = new(StringComparer.OrdinalIgnoreCase);

    internal Presence(HashSet<string>? names = null) => _names = names ?? new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an object is there, even without rows; by its package or standard name.</summary>
    public bool HasObject(string name) => _names.Contains(name);

    /// <summary>Whether an object (<c>Account</c>) or a field (<c>Account.OwnerId</c>) is there, by its package or standard name.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>Whether a field is there by the org's own name for it, as conditions write it.</summary>
    public bool HasColumn(string objectName, string orgField) => _columns.Contains($"{objectName}.{orgField}");

    /// <summary>The fields of an object by the org's names.</summary>
    public IEnumerable<string> ColumnsOf(string objectName) =>
        _columns.Where(c => c.StartsWith(objectName + ".", StringComparison.OrdinalIgnoreCase)).Select(c => c[(objectName.Length + 1)..]);

    /// <summary>Whether these objects with these columns, by the org's names, are all that is there.</summary>
    public bool IsAllOf(IEnumerable<(string ObjectName, IReadOnlyList<string> Columns)> tables) =>
        _columns.SetEquals(tables.SelectMany(t => t.Columns.Select(c => $"{t.ObjectName}.{c}")));

    internal void Add(string objectName, IEnumerable<string> columns, Names names)
    {
        _names.Add(objectName);
        foreach (var column in columns)
        {
            _columns.Add($"{objectName}.{column}");
            if (names.PackageField(objectName, column) is { } field)
            {
                _names.Add($"{objectName}.{field}");
            }
        }
    }
}
