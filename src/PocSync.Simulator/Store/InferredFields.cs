using System.Text.RegularExpressions;
using PocSync.Simulator.Schema;
using PocSync.Soql;

namespace PocSync.Simulator.Store;

/// <summary>Makes fields, and objects, out of columns that the schema does not know, so that any org's export can be served.</summary>
internal static partial class InferredFields
{
    /// <summary>An object for a table that no schema describes; its prefix is that of its ids.</summary>
    public static SObject Object(OrgSchema schema, OrgTable table)
    {
        var metadata = table.Object.EndsWith("__mdt", StringComparison.OrdinalIgnoreCase);
        var made = new SObject(table.Object, schema.CustomPrefix(table.Object, metadata)) { Createable = !metadata, Updateable = !metadata, Deletable = !metadata };
        made.Add(StandardObjects.IdField("Record ID"));
        if (table.Columns.Contains("Name", StringComparer.OrdinalIgnoreCase))
            made.Add(new Field("Name", ApiType.String) { Length = 255, IsName = true, Nillable = false, DefaultedOnCreate = true });
        if (table.Columns.Contains("OwnerId", StringComparer.OrdinalIgnoreCase))
            StandardObjects.AddPart(made, "queues");
        StandardObjects.AddPart(made, "system");
        return made;
    }

    public static Field Field(OrgSchema schema, OrgTable table, int column)
    {
        var name = table.Columns[column];
        var cells = table.Rows.Select(r => column < r.Length ? r[column] : null).Where(c => !string.IsNullOrEmpty(c)).Select(c => c!).ToList();
        if (Target(schema, cells) is { } target)
            return new Field(name, ApiType.Reference) { Length = 18, ReferenceTo = [target.Name], RelationshipName = Relationship(name) };
        var type = cells switch
        {
            [] => ApiType.String,
            _ when cells.All(c => c is "true" or "false" or "TRUE" or "FALSE") => ApiType.Boolean,
            _ when cells.All(c => Number().IsMatch(c)) => ApiType.Double,
            _ when cells.All(c => Day().IsMatch(c) && CellText.TryRead(ApiType.Date, c, out _)) => ApiType.Date,
            _ when cells.All(c => Instant().IsMatch(c) && CellText.TryReadInstant(c, out _)) => ApiType.DateTime,
            _ when cells.Any(c => c.Length > 255) => ApiType.TextArea,
            _ => ApiType.String,
        };
        return new Field(name, type)
        {
            Length = type switch { ApiType.String => 255, ApiType.TextArea => 131_072, _ => 0 },
            Precision = type == ApiType.Double ? 18 : 0,
            Scale = type == ApiType.Double ? 8 : 0,
            Nillable = type != ApiType.Boolean,
            DefaultedOnCreate = type == ApiType.Boolean,
            Filterable = type != ApiType.TextArea,
            Sortable = type != ApiType.TextArea,
        };
    }

    /// <summary>The object that all cells are ids of, if they are.</summary>
    private static SObject? Target(OrgSchema schema, List<string> cells)
    {
        SObject? target = null;
        foreach (var cell in cells)
        {
            if (cell.Length is not (15 or 18) || !RecordId.TryNormalize(cell, out var id) || (cell.Length == 18 && id != cell)
                || schema.OfId(id) is not { } found)
                return null;
            if ((target ??= found) != found)
                return null;
        }
        return target;
    }

    private static string? Relationship(string field) =>
        field.EndsWith("__c", StringComparison.OrdinalIgnoreCase) ? field[..^1] + "r"
        : field.Length > 2 && field.EndsWith("Id", StringComparison.Ordinal) ? field[..^2] : null;

    [GeneratedRegex(@"^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$")]
    private static partial Regex Day();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d")]
    private static partial Regex Instant();
}
