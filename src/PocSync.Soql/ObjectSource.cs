namespace PocSync.Soql;

/// <summary>
/// The objects, fields and rows of an org as the running user sees them. What a row is, the source alone knows; a row must not change once it was
/// handed out (a write puts a new one in its place), because results read their rows when they are enumerated.
/// </summary>
public interface IObjectSource
{
    /// <summary>Null for an unknown object. Ignores case.</summary>
    QueryObject? Object(string name);

    /// <summary>All rows that the query may see (deleted ones too, if the source is made for queryAll), in the order in which they were created.</summary>
    IEnumerable<object> Rows(QueryObject @object);

    /// <summary>The row with that id of 18 characters, if the query may see it.</summary>
    object? Row(QueryObject @object, string id);

    /// <summary>
    /// The rows whose field holds one of the ids of 18 characters, where the source can tell without reading every row; else null. More rows than
    /// that do no harm, fewer do.
    /// </summary>
    IEnumerable<object>? Lookup(QueryObject @object, QueryField field, IReadOnlyCollection<string> ids) => null;

    /// <summary>The rows that USING SCOPE leaves of an object, e.g. mine; null where the object has no such scope. Ignores case.</summary>
    Func<object, bool>? Scope(QueryObject @object, string name) => name.Equals("everything", StringComparison.OrdinalIgnoreCase) ? _ => true : null;
}

/// <summary>An object as queries see it, under its canonical name.</summary>
public sealed class QueryObject(string name, IReadOnlyList<QueryField> fields, IReadOnlyList<ChildRelationship> children)
{
    private QueryField? idField;
    private readonly Dictionary<string, QueryField> fieldsByName = fields.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, QueryField> parentsByName = fields.Where(field => field.Relationship is not null)
        .ToDictionary(field => field.Relationship!, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ChildRelationship> childrenByName = children.ToDictionary(child => child.Name, StringComparer.OrdinalIgnoreCase);

    public string Name { get; } = name;

    /// <summary>In the order in which FIELDS(ALL) lists them. One of them is Id.</summary>
    public IReadOnlyList<QueryField> Fields { get; } = fields;

    internal QueryField IdField => idField ??= Field("Id") ?? throw new InvalidOperationException($"{Name} has no field Id.");

    public QueryField? Field(string name) => fieldsByName.GetValueOrDefault(name);

    /// <summary>The reference field whose relationship has that name: OwnerId for Owner.</summary>
    public QueryField? Parent(string relationship) => parentsByName.GetValueOrDefault(relationship);

    public ChildRelationship? Child(string relationship) => childrenByName.GetValueOrDefault(relationship);
}

/// <summary>A field under its canonical name, and how to read it from a row; see <see cref="FieldType"/> for the values.</summary>
public sealed record QueryField(string Name, FieldType Type, Func<object, object?> Read)
{
    /// <summary>Long texts never are.</summary>
    public bool Filterable { get; init; } = Type != FieldType.LongText;

    public bool Sortable { get; init; } = Type is not (FieldType.LongText or FieldType.MultiPicklist);

    public bool Groupable { get; init; } = Type is not (FieldType.LongText or FieldType.MultiPicklist or FieldType.DateTime);

    public bool Custom => Name.EndsWith("__c", StringComparison.OrdinalIgnoreCase);

    /// <summary>A number without decimals. Changes nothing but how it is shown.</summary>
    public bool Whole { get; init; }

    /// <summary>The objects a reference may point to, those too that the org does not have. More than one: the relationship is polymorphic and leads to Name.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The name of the way to the parent: Owner for OwnerId, Account__r for Account__c.</summary>
    public string? Relationship { get; init; }
}

/// <summary>Contacts of an Account: the rows of Object whose Field is the parent's id.</summary>
public sealed record ChildRelationship(string Name, string Object, string Field);
