namespace PocSync.Soql;

/// <summary>A SELECT statement as a tree.</summary>
internal sealed record Select(
    int Offset,
    IReadOnlyList<SelectItem> Items,
    FromClause From,
    Expression? Where,
    IReadOnlyList<FieldPath> GroupBy,
    Expression? Having,
    IReadOnlyList<OrderItem> OrderBy,
    Clause? Limit,
    Clause? Skip)
{
    /// <summary>COUNT() alone.</summary>
    public bool IsCount => Items is [AggregateItem { Call: { Function: Aggregate.Count, Field: null } }];

    public bool IsGrouped => GroupBy.Count > 0 || Having is not null || Items.Any(item => item is AggregateItem);
}

internal abstract record SelectItem(int Offset);

internal sealed record FieldItem(FieldPath Path, string? Alias) : SelectItem(Path.Offset);

internal sealed record AggregateItem(Operand Call, string? Alias) : SelectItem(Call.Offset);

internal sealed record ChildItem(Select Query, int Offset) : SelectItem(Offset);

internal enum FieldSet { All, Standard, Custom }

/// <summary>FIELDS(ALL) and its like.</summary>
internal sealed record FieldsItem(FieldSet Set, int Offset) : SelectItem(Offset);

/// <summary>FROM Contact c, c.Account a: further aliases stand for paths.</summary>
internal sealed record FromClause(FieldPath Name, string? Alias, IReadOnlyList<(string Alias, FieldPath Path)> Further);

internal sealed record OrderItem(Operand By, bool Descending, bool NullsLast);

/// <summary>The number after LIMIT or OFFSET, and where the keyword stands.</summary>
internal readonly record struct Clause(int Count, int Offset);
