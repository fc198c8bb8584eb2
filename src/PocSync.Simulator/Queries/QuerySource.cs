using System.Collections.Concurrent;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;
using ChildRelationship = PocSync.Soql.ChildRelationship;

namespace PocSync.Simulator.Queries;

/// <summary>
/// The org's rows as SOQL reads them. A row is its number, boxed; its values are read when a result is enumerated, so whoever enumerates holds the
/// org's read lock and, as behind a real cursor, sees later pages as they are by then.
/// </summary>
/// <param name="deleted">Whether rows in the recycle bin are seen (queryAll).</param>
/// <param name="user">Who asks.</param>
/// <param name="soql">The query's text: access records are made for the one user it names.</param>
internal sealed class QuerySource(Org org, QueryObjects objects, bool deleted, string user, string soql) : IObjectSource
{
    private readonly VirtualRows virtualRows = new(org, soql);
    private readonly IReadOnlySet<string> hidden = org.Settings.Hidden;

    public QueryObject? Object(string name) => objects.Find(name);

    public IEnumerable<object> Rows(QueryObject @object)
    {
        if (VirtualRows.Of(@object.Name))
            return virtualRows.Rows(@object.Name);
        var table = org[@object.Name];
        return Enumerable.Range(0, table.Slots).Where(row => Sees(table, row)).Select(RowNumber.Boxed);
    }

    public object? Row(QueryObject @object, string id)
    {
        if (VirtualRows.Of(@object.Name))
            return null;
        var table = org[@object.Name];
        return table.Find(id) is >= 0 and var row && Sees(table, row) ? RowNumber.Boxed(row) : null;
    }

    public IEnumerable<object>? Lookup(QueryObject @object, QueryField field, IReadOnlyCollection<string> ids)
    {
        if (VirtualRows.Of(@object.Name))
            return virtualRows.Lookup(@object.Name, field.Name, ids);
        var table = org[@object.Name];
        var column = table.Schema[field.Name];
        return ids.SelectMany(id => table.RowsWith(column, id)).Where(row => Sees(table, row)).Select(RowNumber.Boxed);
    }

    public Func<object, bool>? Scope(QueryObject @object, string name) =>
        VirtualRows.Of(@object.Name) ? name.Equals("everything", StringComparison.OrdinalIgnoreCase) ? _ => true : null
            : Scopes.Filter(org, org.Schema[@object.Name], name, user);

    private bool Sees(Table table, int row) => (hidden.Count == 0 || !hidden.Contains(table.Id(row))) && Stands(table, row);

    private bool Stands(Table table, int row) => table.State(row) is RowState.Live || (deleted && table.State(row) is RowState.Deleted);
}

/// <summary>Row numbers as objects, each made once: queries hand out millions. Safe for concurrent use.</summary>
internal static class RowNumber
{
    private static readonly Lock Growing = new();
    private static object[] boxes = [];

    public static object Boxed(int row)
    {
        var made = boxes;
        if (row >= made.Length)
            lock (Growing)
                if (row >= boxes.Length)
                {
                    var more = new object[Math.Max(row + 1, Math.Max(1024, boxes.Length * 2))];
                    boxes.CopyTo(more, 0);
                    for (var i = boxes.Length; i < more.Length; i++)
                        more[i] = i;
                    boxes = made = more;
                }
                else
                    made = boxes;
        return made[row];
    }
}

/// <summary>The org's objects in SOQL's terms, made as they are asked for. Safe for concurrent use.</summary>
internal sealed class QueryObjects(Org org)
{
    private readonly ConcurrentDictionary<(SObject, IReadOnlySet<string> Hidden), QueryObject> made = [];

    public QueryObject? Find(string name) =>
        org.Settings.Hidden is var hidden && hidden.Contains(name) ? null
        : org.Schema.TryFind(name, out var schema) ? made.GetOrAdd((schema, hidden), _ => Make(schema, hidden))
        : new[] { VirtualRows.EntityDefinition, VirtualRows.UserPermissionAccess }.FirstOrDefault(o => o.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private QueryObject Make(SObject schema, IReadOnlySet<string> hidden)
    {
        var table = org[schema];
        var children = schema.Children.Where(c => c.Name is not null).DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
            .Select(c => new ChildRelationship(c.Name!, c.Child.Name, c.Field.Name));
        return new(schema.Name, [.. schema.Fields.Where(f => !hidden.Contains($"{schema.Name}.{f.Name}")).Select(f => Field(table, f))], [.. children]);
    }

    private QueryField Field(Table table, Field field)
    {
        var targets = field.ReferenceTo.Where(t => org.Schema.TryFind(t, out _)).ToList();
        return new(field.Name, field.Soql, Reader(table, field))
        {
            Filterable = field.Filterable && field.Type is not ApiType.Address,
            Sortable = field.Sortable && field.Type is not (ApiType.Address or ApiType.MultiPicklist),
            Groupable = field.Groupable,
            References = field.ReferenceTo,
            Whole = field.Type == ApiType.Int,
            Relationship = targets.Count > 0 && table.Schema.FindRelationship(field.RelationshipName ?? "") == field ? field.RelationshipName : null,
        };
    }

    private static Func<object, object?> Reader(Table table, Field field)
    {
        if (VirtualRows.Of(table.Schema.Name))
            return VirtualRows.AccessField(field.Name);
        if (field.Type == ApiType.Address)
            return row => AddressValue.Read(table, (int)row, field);
        if (field.Name == "IsDeleted")
            return row => table[(int)row, field];
        var column = table.ColumnOf(field);
        return row => column.Get((int)row);
    }
}
