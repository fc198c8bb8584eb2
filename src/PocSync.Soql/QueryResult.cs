namespace PocSync.Soql;

public enum ColumnKind { Field, Parent, Children, Aggregate }

/// <summary>
/// What one entry of a record holds. Name is the key in JSON: the field's canonical name, the relationship's, or an alias (expr0 …).
/// Written is the path as it stands in the query, which heads the column in CSV.
/// Columns are those of the parent or of the children.
/// </summary>
public sealed record QueryColumn(string Name, string Written, ColumnKind Kind, QueryField? Field, IReadOnlyList<QueryColumn> Columns);

/// <summary>
/// One record. Values stand as their columns do: a scalar (see <see cref="FieldType"/>; counts are int, sums and averages decimal), a
/// <see cref="QueryRecord"/> for a parent, a <see cref="QueryResult"/> for children, or null (no value, no parent, no children).
/// </summary>
/// <param name="Type">What attributes.type says: the object, Name behind a polymorphic relationship, AggregateResult for groups.</param>
/// <param name="Object">The object whose row it is; null for groups.</param>
/// <param name="Id">18 characters; null for groups.</param>
public sealed record QueryRecord(string Type, QueryObject? Object, string? Id, IReadOnlyList<object?> Values)
{
    /// <summary>Its own columns where they depend on the row's object (TYPEOF); else null, and those of its column hold.</summary>
    public IReadOnlyList<QueryColumn>? Columns { get; init; }
}

/// <summary>A column of the answer as a table (CSV): how it is headed, and its scalar in a record; null too where a parent is missing.</summary>
public sealed record QueryCell(string Heading, QueryField? Field, Func<QueryRecord, object?> Read);

/// <summary>The answer to a query. Rows are chosen and ordered already; records are made when they are enumerated.</summary>
public sealed class QueryResult
{
    private readonly Func<int, int, IEnumerable<QueryRecord>> records;

    internal QueryResult(
        QueryObject @object, IReadOnlyList<QueryColumn> columns, IReadOnlyList<QueryCell> cells, int totalSize, int count, bool isGrouped,
        Func<int, int, IEnumerable<QueryRecord>> records) =>
        (Object, Columns, Cells, TotalSize, Count, IsGrouped, this.records) = (@object, columns, cells, totalSize, count, isGrouped, records);

    /// <summary>The object in FROM.</summary>
    public QueryObject Object { get; }

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>The selected fields in the order of the query (Columns puts those of one parent together), without children.</summary>
    public IReadOnlyList<QueryCell> Cells { get; }

    /// <summary>What COUNT() counted; else the number of records.</summary>
    public int TotalSize { get; }

    /// <summary>Records that can be enumerated: none for COUNT().</summary>
    public int Count { get; }

    /// <summary>The records are groups or overall aggregates.</summary>
    public bool IsGrouped { get; }

    public IEnumerable<QueryRecord> Records(int from = 0, int count = int.MaxValue) => records(from, Math.Min(count, Count - from));
}
