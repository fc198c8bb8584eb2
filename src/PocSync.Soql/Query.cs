namespace PocSync.Soql;

/// <summary>A SOQL query, read but not yet held against an org.</summary>
public sealed class Query
{
    private Query(string text, Select tree) => (Text, Tree) = (text, tree);

    public string Text { get; }

    /// <summary>The object's name as written.</summary>
    public string From => Tree.From.Name.ToString();

    public int? Limit => Tree.Limit?.Count;

    public int? Offset => Tree.Skip?.Count;

    public bool HasOrder => Tree.OrderBy.Count > 0;

    /// <summary>COUNT() alone.</summary>
    public bool IsCount => Tree.IsCount;

    /// <summary>GROUP BY or an aggregate function, COUNT() included.</summary>
    public bool IsGrouped => Tree.IsGrouped;

    public bool HasTypeOf => Tree.Items.Any(item => item is TypeOfItem);

    /// <summary>FIELDS(ALL) or FIELDS(CUSTOM): which fields they are, the query does not tell.</summary>
    public bool IsUnbounded => Tree.Items.Any(item => item is FieldsItem { Set: not FieldSet.Standard });

    public bool HasChildren => Tree.Items.Any(item => item is ChildItem);

    internal Select Tree { get; }

    /// <exception cref="QueryException">MALFORMED_QUERY, NUMBER_OUTSIDE_VALID_RANGE.</exception>
    public static Query Parse(string soql)
    {
        try
        {
            return new(soql, Parser.Query(soql));
        }
        catch (SoqlException wrong)
        {
            throw wrong.Refusal;
        }
    }
}
