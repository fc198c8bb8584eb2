namespace PocSync.Salesforce;

/// <summary>One object in the list of all.</summary>
public sealed record ObjectSummary(string Name, string? Label, string? KeyPrefix, bool Custom, bool Queryable, bool Createable, bool Updateable, bool Deletable);

/// <summary>What the org says of one object, for the user who asks: fields hidden from that user are missing.</summary>
public sealed record ObjectDescribe(
    string Name, string? Label, string? KeyPrefix, bool Custom, bool Queryable, bool Createable, bool Updateable, bool Deletable, IReadOnlyList<FieldDescribe> Fields)
{
    /// <summary>By API name in any case; null where the object has no such field.</summary>
    public FieldDescribe? Field(string name) => Fields.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary><see cref="Type"/> in Salesforce's words (<c>string</c>, <c>reference</c>, <c>datetime</c>…); <see cref="Length"/> in characters, 0 where it has none.</summary>
public sealed record FieldDescribe(
    string Name, string? Label, string Type, int Length, bool Custom, bool Nillable, bool Createable, bool Updateable, bool DefaultedOnCreate, bool Calculated,
    bool ExternalId, bool Unique, bool Filterable, string? RelationshipName, IReadOnlyList<string>? ReferenceTo, IReadOnlyList<PicklistValue>? PicklistValues);

public sealed record PicklistValue(string Value, string? Label, bool Active, bool DefaultValue);
