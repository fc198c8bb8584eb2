using PocSync.Soql;

namespace PocSync.Simulator.Schema;

/// <summary>A field of an object: what describe says of it and what a write must respect.</summary>
internal sealed class Field(string name, ApiType type)
{
    public string Name { get; } = name;

    public ApiType Type { get; } = type;

    /// <summary>Place among the object's fields, and of its column in the object's table.</summary>
    public int Ordinal { get; set; } = -1;

    public string Label { get; init; } = name;

    /// <summary>Characters of a text, digits of an int; 0 where the type has no length.</summary>
    public int Length { get; init; }

    public int Precision { get; init; }

    public int Scale { get; init; }

    public bool Nillable { get; init; } = true;

    public bool Createable { get; init; } = true;

    public bool Updateable { get; init; } = true;

    /// <summary>Filled in by the org where a create leaves it out.</summary>
    public bool DefaultedOnCreate { get; init; }

    public object? Default { get; init; }

    public bool IsName { get; init; }

    public bool Unique { get; init; }

    public bool CaseSensitive { get; init; }

    public bool ExternalId { get; init; }

    public bool IdLookup { get; init; }

    public bool Filterable { get; init; } = true;

    public bool Sortable { get; init; } = true;

    /// <summary>Numbered by the org; the display format (<c>A-{0000}</c>) of an auto-number field.</summary>
    public string? AutoNumber { get; init; }

    /// <summary>A formula's text. The simulator does not calculate: such a field reads as null unless the data gives it.</summary>
    public string? Formula { get; init; }

    public IReadOnlyList<string> Picklist { get; init; } = [];

    public bool RestrictedPicklist { get; init; }

    /// <summary>Objects that a reference may point to; may name objects that this org does not have.</summary>
    public IReadOnlyList<string> ReferenceTo { get; init; } = [];

    /// <summary>Path segment to the parent (<c>Owner</c>); null where the reference cannot be followed.</summary>
    public string? RelationshipName { get; init; }

    /// <summary>Name of the list of children on the parent (<c>Contacts</c>); null where there is none.</summary>
    public string? ChildRelationshipName { get; init; }

    /// <summary>Whether deleting the parent deletes the row.</summary>
    public bool CascadeDelete { get; init; }

    /// <summary>Whether the parent cannot be deleted while a row points to it.</summary>
    public bool RestrictedDelete { get; init; }

    public bool MasterDetail { get; init; }

    /// <summary>The compound field (<c>BillingAddress</c>) that this one is a part of.</summary>
    public string? Compound { get; init; }

    public bool Groupable => Filterable
        && Type is not (ApiType.Double or ApiType.Currency or ApiType.Percent or ApiType.DateTime or ApiType.Address or ApiType.MultiPicklist);

    public bool IsCustom => Name.EndsWith("__c", StringComparison.OrdinalIgnoreCase);

    public bool Polymorphic => ReferenceTo.Count > 1;

    public bool RequiredOnCreate => !Nillable && !DefaultedOnCreate && Createable;

    public FieldType Soql => Filterable ? Type.Soql() : FieldType.LongText;
}
