namespace PocSync.Soql;

/// <summary>Answers queries from the rows of a source.</summary>
public static class QueryEvaluator
{
    /// <exception cref="QueryException">INVALID_TYPE, INVALID_FIELD, MALFORMED_QUERY, INVALID_QUERY_FILTER_OPERATOR, EXCEEDED_ID_LIMIT.</exception>
    public static QueryResult Run(Query query, IObjectSource source, DateContext dates)
    {
        try
        {
            var @object = ObjectOf(query.Text, query.Tree, source);
            return query.IsGrouped
                ? new GroupQuery(query.Text, query.Tree, @object, source, dates).Run()
                : new RowQuery(query.Text, query.Tree, @object, source, dates).Run();
        }
        catch (SoqlException wrong)
        {
            throw wrong.Refusal;
        }
    }

    internal static OrgAnswer UnknownObject(string name) => new(
        $"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. "
        + "Please reference your WSDL or the describe call for the appropriate names.", "INVALID_TYPE");

    internal static QueryObject ObjectOf(string text, Select query, IObjectSource source)
    {
        var name = query.From.Name;
        return source.Object(name.ToString()) ?? throw new SoqlException(text, name.Offset, $"{name} is not a known object", UnknownObject(name.ToString()));
    }
}
