namespace PocSync.Simulator.Schema;

/// <summary>An object of the org: its fields in describe's order, found by name in any case.</summary>
internal sealed class SObject(string name, string? keyPrefix)
{
    private readonly List<Field> fields = [];
    private readonly Dictionary<string, Field> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Field> byRelationship = new(StringComparer.OrdinalIgnoreCase);

    public string Name { get; } = name;

    /// <summary>First three characters of its rows' ids.</summary>
    public string? KeyPrefix { get; } = keyPrefix;

    /// <summary>Whether describe tells the prefix (it does not for history and share objects).</summary>
    public bool ShowsPrefix { get; init; } = true;

    public string Label { get; init; } = name;

    public string LabelPlural { get; init; } = name;

    public bool Createable { get; init; } = true;

    public bool Updateable { get; init; } = true;

    public bool Deletable { get; init; } = true;

    /// <summary>Whether deleted rows are gone at once, without the recycle bin.</summary>
    public bool BypassesRecycleBin { get; init; }

    public bool IsCustom => Name.EndsWith("__c", StringComparison.OrdinalIgnoreCase) || IsCustomMetadata;

    public bool IsCustomMetadata => Name.EndsWith("__mdt", StringComparison.OrdinalIgnoreCase);

    public IReadOnlyList<Field> Fields => fields;

    /// <summary>Ways from a parent of this type to its children.</summary>
    public List<ChildRelationship> Children { get; } = [];

    public Field? NameField { get; private set; }

    public Field Id => fields[0];

    public Field? Owner => Find("OwnerId");

    public void Add(Field field)
    {
        if (byName.ContainsKey(field.Name))
            return; // the first definition wins: a standard field cannot be redefined by an export's column
        field.Ordinal = fields.Count;
        fields.Add(field);
        byName[field.Name] = field;
        if (field.RelationshipName is { } relationship)
            byRelationship.TryAdd(relationship, field);
        if (field.IsName)
            NameField ??= field;
    }

    public Field? Find(string name) => byName.GetValueOrDefault(name);

    public Field this[string name] =>
        byName.TryGetValue(name, out var field) ? field : throw new KeyNotFoundException($"{Name} has no field {name}.");

    /// <summary>The reference that a path segment such as <c>Owner</c> or <c>Account__r</c> follows.</summary>
    public Field? FindRelationship(string name) => byRelationship.GetValueOrDefault(name);

    public override string ToString() => Name;
}

/// <summary>Rows of <paramref name="Child"/> whose <paramref name="Field"/> points to the parent; <paramref name="Name"/> is null where SOQL cannot
/// list them.</summary>
internal sealed record ChildRelationship(SObject Child, Field Field, string? Name);
