namespace PocSync.Soql;

/// <summary>A SELECT statement as a tree.</summary>
internal sealed record Select(
    int Offset,
    IReadOnlyList<SelectItem> Items,
    FromClause From,
    ScopeClause? Scope,
    Expression? Where,
    int? DataCategory,
    GroupClause? GroupBy,
    Expression? Having,
    IReadOnlyList<OrderItem> OrderBy,
    Clause? Limit,
    Clause? Skip)
{
    /// <summary>COUNT() alone.</summary>
    public bool IsCount => Items is [CallItem { Call: { Function: Aggregate.Count, Field: null } }];

    /// <summary>Without GROUP BY too where a function aggregates; a date function in the select list asks for groups as well.</summary>
    public bool IsGrouped => GroupBy is not null || Items.Any(item => item is CallItem);
}

internal abstract record SelectItem(int Offset);

/// <param name="Label">toLabel() of the field, which may have an alias where plain fields may not.</param>
internal sealed record FieldItem(FieldPath Path, string? Alias, bool Label = false) : SelectItem(Path.Offset);

/// <summary>An aggregate or a date function.</summary>
internal sealed record CallItem(Operand Call, string? Alias) : SelectItem(Call.Offset);

/// <summary>TYPEOF What WHEN Account THEN Phone ELSE Name END. Paths start at the parent.</summary>
internal sealed record TypeOfItem(FieldPath Relationship, IReadOnlyList<WhenBranch> Whens, IReadOnlyList<FieldPath>? Else, int Offset) : SelectItem(Offset);

internal sealed record WhenBranch(FieldPath Type, IReadOnlyList<FieldPath> Fields);

internal sealed record ChildItem(Select Query, int Offset) : SelectItem(Offset);

internal enum FieldSet { All, Standard, Custom }

/// <summary>FIELDS(ALL) and its like.</summary>
internal sealed record FieldsItem(FieldSet Set, int Offset) : SelectItem(Offset);

/// <summary>FROM Contact c, c.Account a: further aliases stand for paths.</summary>
internal sealed record FromClause(FieldPath Name, string? Alias, IReadOnlyList<(string Alias, FieldPath Path)> Further);

/// <summary>USING SCOPE mine; Offset is that of the scope.</summary>
internal sealed record ScopeClause(string Name, int Offset);

internal enum Subtotals { None, Rollup, Cube }

/// <summary>GROUP BY a, b or GROUP BY ROLLUP(a, b); keys are fields or date functions. Offset is that of the first word after BY.</summary>
internal sealed record GroupClause(Subtotals Subtotals, IReadOnlyList<Operand> Keys, int Offset);

internal sealed record OrderItem(Operand By, bool Descending, bool NullsLast);

/// <summary>The number after LIMIT or OFFSET, and where the keyword stands.</summary>
internal readonly record struct Clause(int Count, int Offset);
