namespace PocSync.Soql;

/// <summary>A query, or a child sub-query, whose records are rows.</summary>
internal sealed class RowQuery
{
    private const int DeepestLevel = 5;

    private readonly string text;
    private readonly Select query;
    private readonly IObjectSource source;
    private readonly DateContext dates;
    private readonly int level;
    private readonly QueryObject @object;
    private readonly Filter filter;
    private readonly Selection selection;
    private readonly IReadOnlyList<SortKey<object>> order;

    /// <param name="level">1 for the outermost query.</param>
    public RowQuery(string text, Select query, QueryObject @object, IObjectSource source, DateContext dates, int level = 1)
    {
        (this.text, this.query, this.@object, this.source, this.dates, this.level) = (text, query, @object, source, dates, level);
        var paths = new Paths(text, query.From, @object, source, dates);
        selection = new(text, query, paths, source, dates, Children);
        filter = new(text, query, paths, source, dates, innermost: level > 1);
        order = [.. query.OrderBy.Select(item => Key(item, paths))];
    }

    public QueryResult Run() => Result(filter.Rows());

    private QueryResult Result(IEnumerable<object> matching)
    {
        // Without an order the first rows are as good as any.
        if (order.Count == 0 && query.Limit is { } limit)
            matching = matching.Take((int)Math.Min(int.MaxValue, (query.Skip?.Count ?? 0L) + limit.Count));
        var rows = Sorting.Page(Sorting.Sort([.. matching], order), query);
        return new(@object, selection.Columns, selection.Cells, rows.Count, rows.Count, false, (from, count) => rows.Skip(from).Take(count).Select(selection.Record));
    }

    private SortKey<object> Key(OrderItem item, Paths paths)
    {
        if (item.By is not { Field: { } path, Function: null, Date: null })
            throw new SoqlException(text, item.By.Offset, $"Ordered field must be grouped or aggregated: {item.By}");
        var resolved = paths.Resolve(path);
        if (resolved.Field is { Sortable: false })
            throw new SoqlException(text, path.Offset, $"field '{resolved.Name}' can not be sorted in a query call");
        return new(resolved.Reader(@object), new(resolved.Type), item.Descending, item.NullsLast);
    }

    private Selection.Entry Children(ChildItem item)
    {
        var name = item.Query.From.Name;
        var found = @object.Child(name.Parts[^1]) is { } relationship && source.Object(relationship.Object) is { } of && of.Field(relationship.Field) is { } by
            ? (Relationship: relationship, Object: of, By: by)
            : throw new SoqlException(text, name.Offset, $"{name} is not a known child relationship of {@object.Name}", new(
                $"Didn't understand relationship '{name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the "
                + "'__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", "INVALID_TYPE"));
        if (level == DeepestLevel)
            throw new SoqlException(text, item.Offset, $"child sub-queries may be nested over at most {DeepestLevel} levels");
        if (item.Query.IsGrouped)
            throw new SoqlException(text, item.Query.Items[0].Offset, "a child sub-query may not group or aggregate", new("only root queries support aggregate expressions"));
        if (item.Query.Skip is { } skip && query.Limit is not { Count: 1 })
            throw new SoqlException(text, skip.Offset, "OFFSET can stand in a child sub-query only where the outer query has LIMIT 1");

        var children = new RowQuery(text, item.Query, found.Object, source, dates, level + 1);
        Lazy<ILookup<string, object>> all = new(() => source.Rows(found.Object).Where(row => found.By.Read(row) is not null).ToLookup(row => (string)found.By.Read(row)!));
        return new(found.Relationship.Name, name.ToString(), ColumnKind.Children, null, () => children.selection.Columns, (_, row) =>
        {
            var id = (string)@object.IdField.Read(row)!;
            var result = children.Result(children.filter.Matching((source.Lookup(found.Object, found.By, [id]) ?? all.Value[id]).Where(child => id.Equals(found.By.Read(child)))));
            return result.Count == 0 ? null : result;
        });
    }
}
