namespace PocSync.Soql;

/// <summary>A SOQL query, read but not yet held against an org.</summary>
public sealed class Query
{
    private Query(string text) => Text = text;

    public string Text { get; }

    /// <summary>The object's name as written.</summary>
    public string From { get; } = "";

    public int? Limit { get; }

    public int? Offset { get; }

    public bool HasOrder { get; }

    /// <summary>COUNT() alone.</summary>
    public bool IsCount { get; }

    /// <summary>GROUP BY or an aggregate function, COUNT() included.</summary>
    public bool IsGrouped { get; }

    public bool HasChildren { get; }

    /// <exception cref="QueryException">MALFORMED_QUERY, NUMBER_OUTSIDE_VALID_RANGE.</exception>
    public static Query Parse(string soql) => new(soql);
}
