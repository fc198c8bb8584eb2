namespace PocSync.Soql;

/// <summary>Which rows a query sees: WHERE, and where a look-up can stand for a scan.</summary>
internal sealed class Filter
{
    private readonly Select query;
    private readonly Paths paths;
    private readonly IObjectSource source;
    private readonly Func<object, bool>? test, scope;

    /// <param name="innermost">The query stands inside another one: no semi-joins.</param>
    public Filter(string text, Select query, Paths paths, IObjectSource source, DateContext dates, bool innermost)
    {
        (this.query, this.paths, this.source) = (query, paths, source);
        paths.CheckFrom();
        if (query.DataCategory is { } category)
            throw new SoqlException(text, category, $"WITH DATA CATEGORY goes with Knowledge articles and Questions only, not with {paths.Start.Name}");
        if (query.Scope is { } wanted)
            scope = source.Scope(paths.Start, wanted.Name)
                ?? throw new SoqlException(text, wanted.Offset, $"{wanted.Name} is not a scope of {paths.Start.Name}", new($"Invalid scope '{wanted.Name}' for entity '{paths.Start.Name}'"));
        if (query.Where is not { } where)
            return;
        SemiJoin.Check(text, where, innermost);
        var semiJoin = new SemiJoin(text, paths, source, dates);
        test = new ConditionCompiler<object>(text, Access, null, dates, semiJoin.Ids).Compile(where);

        FieldAccess<object> Access(Operand operand)
        {
            var resolved = paths.Resolve(operand);
            if (resolved.Field is { Filterable: false })
                throw new SoqlException(text, operand.Offset, $"{operand} cannot be filtered", new($"field '{resolved.Name}' can not be filtered in a query call", "INVALID_FIELD"));
            return resolved.Access(paths.Start);
        }
    }

    public IEnumerable<object> Rows() => Matching(Candidates());

    public IEnumerable<object> Matching(IEnumerable<object> rows)
    {
        var scoped = scope is null ? rows : rows.Where(scope);
        return test is null ? scoped : scoped.Where(test);
    }

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
        if (term is not Comparison { Operator: Operator.Equal or Operator.In, Left: { Field: { } path, Date: null } } comparison
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
