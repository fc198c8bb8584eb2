namespace PocSync.Soql;

/// <summary>Answers queries from the rows of a source.</summary>
public static class QueryEvaluator
{
    /// <exception cref="QueryException">INVALID_TYPE, INVALID_FIELD, MALFORMED_QUERY, INVALID_QUERY_FILTER_OPERATOR …</exception>
    public static QueryResult Run(Query query, IObjectSource source, DateContext dates) => throw new NotSupportedException($"{query.Text}{source}{dates}");
}
