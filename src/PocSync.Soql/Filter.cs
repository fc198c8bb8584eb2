namespace PocSync.Soql;

/// <summary>Which rows a query sees: WHERE, and where a look-up can stand for a scan.</summary>
internal sealed class Filter
{
    private readonly Select query;
    private readonly Paths paths;
    private readonly IObjectSource source;
    private readonly Func<object, bool>? test;

    /// <param name="innermost">The query stands inside another one: no semi-joins.</param>
    public Filter(string text, Select query, Paths paths, IObjectSource source, DateContext dates, bool innermost)
    {
        (this.query, this.paths, this.source) = (query, paths, source);
        if (query.Where is not { } where)
            return;
        SemiJoin.Check(text, where, innermost);
        var semiJoin = new SemiJoin(text, paths, source, dates);
        test = new ConditionCompiler<object>(text, operand => Access(operand.Field!), null, dates, semiJoin.Ids).Compile(where);

        FieldAccess<object> Access(FieldPath path)
        {
            var resolved = paths.Resolve(path);
            if (resolved.Field is { Filterable: false })
                throw new SoqlException(text, path.Offset, $"{path} cannot be filtered", new($"field '{resolved.Name}' can not be filtered in a query call", "INVALID_FIELD"));
            return new(resolved.Type, resolved.Reader(paths.Start));
        }
    }

    public IEnumerable<object> Rows() => Matching(Candidates());

    public IEnumerable<object> Matching(IEnumerable<object> rows) => test is null ? rows : rows.Where(test);

    private IEnumerable<object> Candidates()
    {
        var @object = paths.Start;
        var terms = query.Where is AllOf all ? all.Terms : query.Where is { } one ? [one] : [];
        foreach (var (field, ids) in terms.Select(Ids).OfType<(QueryField, HashSet<string>)>().OrderBy(known => known.Item1 != @object.IdField))
        {
            if (field == @object.IdField)
                return ids.Order(StringComparer.Ordinal).Select(id => source.Row(@object, id)).OfType<object>();
            if (source.Lookup(@object, field, ids) is { } found)
                return found;
        }
        return source.Rows(@object);
    }

    /// <summary>The ids that a term allows for a field of the object itself, or null.</summary>
    private (QueryField, HashSet<string>)? Ids(Expression term)
    {
        if (term is not Comparison { Operator: Operator.Equal or Operator.In, Left.Field: { } path } comparison
            || paths.Resolve(path) is not { Parents.Count: 0, Type: FieldType.Id, Field: { } field })
            return null;
        HashSet<string> ids = [];
        foreach (var value in comparison.Values)
            if (value is not TextValue text || !RecordId.TryNormalize(text.Text, out var id))
                return null;
            else
                ids.Add(id);
        return (field, ids);
    }
}
