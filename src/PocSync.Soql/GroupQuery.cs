namespace PocSync.Soql;

/// <summary>A query whose records are groups of rows, or one record of overall aggregates, or the count of COUNT().</summary>
internal sealed class GroupQuery
{
    private const int MostGroups = 2_000;

    private readonly string text;
    private readonly Select query;
    private readonly Paths paths;
    private readonly Filter filter;
    private readonly List<ResolvedPath> keys = [];
    private readonly List<(string Key, Operand Operand, ResolvedPath? Path)> calls = [];
    private readonly List<(QueryColumn Column, Func<Group, object?> Read)> entries = [];
    private readonly Func<Group, bool>? having;
    private readonly IReadOnlyList<SortKey<Group>> order;
    private int unnamed;

    private sealed record Group(object?[] Keys, Total[] Totals);

    public GroupQuery(string text, Select query, QueryObject @object, IObjectSource source, DateContext dates)
    {
        (this.text, this.query) = (text, query);
        paths = new(text, query.From, @object, source);
        CheckCount();
        foreach (var path in query.GroupBy)
        {
            var key = paths.Resolve(path);
            if (key.Field is { Groupable: false })
                throw Refused(path.Offset, $"field '{key.Name}' can not be grouped in a query call");
            keys.Add(key);
        }
        foreach (var item in query.Items)
            Add(item);
        if (query is { GroupBy.Count: 0, IsCount: false, Limit: { } limit })
            throw Refused(limit.Offset, "Non-grouped query that uses overall aggregate functions cannot also use LIMIT");
        filter = new(text, query, paths, source, dates, innermost: false);
        having = query.Having is { } tree ? new ConditionCompiler<Group>(text, Access, null, dates).Compile(tree) : null;
        order = [.. query.OrderBy.Select(Key)];
    }

    public QueryResult Run()
    {
        if (query.IsCount)
        {
            var rows = Math.Max(0, filter.Rows().Count() - (query.Skip?.Count ?? 0));
            return new(paths.Start, [], [], Math.Min(rows, query.Limit?.Count ?? rows), 0, true, (_, _) => []);
        }
        var groups = Sorting.Page(Sorting.Sort([.. Groups().Where(group => having is null || having(group))], order), query);
        if (groups.Count > MostGroups)
            throw new SoqlException(text, query.Offset, "too many groups",
                new("Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch", "EXCEEDED_ID_LIMIT", Placed: false));
        var columns = entries.ConvertAll(entry => entry.Column);
        return new(paths.Start, columns, [.. columns.Select((column, i) => new QueryCell(column.Name, column.Field, record => record.Values[i]))], groups.Count, groups.Count, true, (from, count) => groups.Skip(from).Take(count)
            .Select(group => new QueryRecord("AggregateResult", null, null, [.. entries.Select(entry => entry.Read(group))])));
    }

    private IEnumerable<Group> Groups()
    {
        var readKeys = keys.Select(key => key.Reader(paths.Start)).ToArray();
        var readCalls = calls.Select(call => call.Path?.Reader(paths.Start) ?? (row => row)).ToArray();
        Dictionary<object?[], Group> groups = new(new KeyEquality([.. keys.Select(key => new ValueOrder(key.Type))]));
        if (keys.Count == 0)
            groups[[]] = NewGroup([]);
        foreach (var row in filter.Rows())
        {
            var key = Array.ConvertAll(readKeys, read => read(row));
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = NewGroup(key);
            for (var i = 0; i < readCalls.Length; i++)
                group.Totals[i].Add(readCalls[i](row));
        }
        return groups.Values;
    }

    private Group NewGroup(object?[] key) =>
        new(key, [.. calls.Select(call => new Total(call.Operand.Function!.Value, call.Path?.Type ?? FieldType.Number, call.Path is null))]);

    private void CheckCount()
    {
        if (query.IsCount && (query.GroupBy.Count > 0 ? query.GroupBy[0].Offset : query.OrderBy.Count > 0 ? query.OrderBy[0].By.Offset : (int?)null) is { } clause)
            throw Refused(clause, "COUNT() cannot be combined with GROUP BY or ORDER BY");
        if (!query.IsCount && query.Items.FirstOrDefault(item => item is AggregateItem { Call.Field: null }) is { } count)
            throw Refused(count.Offset, "COUNT() must be the only element in the SELECT list");
    }

    private void Add(SelectItem item)
    {
        switch (item)
        {
            case FieldItem field:
                var path = paths.Resolve(field.Path);
                var key = KeyOf(path, field.Offset, "Field");
                Add(new(field.Alias ?? path.Name, string.Join('.', path.Written), ColumnKind.Field, path.Field, []), field.Offset, group => group.Keys[key]);
                break;
            case AggregateItem { Call: var call } aggregate:
                var index = Call(call);
                var name = aggregate.Alias ?? $"expr{unnamed++}";
                Add(new(name, name, ColumnKind.Aggregate, calls[index].Path?.Field, []), aggregate.Offset, group => group.Totals[index].Result);
                break;
            default:
                throw Refused(item.Offset, "a query that groups or aggregates selects fields and aggregates only");
        }
    }

    private void Add(QueryColumn column, int offset, Func<Group, object?> read)
    {
        if (entries.Exists(entry => entry.Column.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)))
            throw Refused(offset, $"duplicate alias: {column.Name}");
        entries.Add((column, read));
    }

    private int KeyOf(ResolvedPath path, int offset, string what) =>
        keys.FindIndex(key => key.Key == path.Key) is >= 0 and var index ? index : throw Refused(offset, $"{what} must be grouped or aggregated: {path.Key}");

    /// <summary>The place of a call among the totals; equal calls share one.</summary>
    private int Call(Operand operand)
    {
        var path = operand.Field is { } field ? paths.Resolve(field) : null;
        var supported = operand.Function switch
        {
            Aggregate.Sum or Aggregate.Avg => path!.Type == FieldType.Number,
            Aggregate.Min or Aggregate.Max => path!.Type is not (FieldType.Boolean or FieldType.LongText or FieldType.MultiPicklist),
            _ => path is null || path.Type != FieldType.LongText,
        };
        if (!supported)
            throw Refused(operand.Offset, $"field {path!.Name} does not support aggregate operator {operand.Function.ToString()!.ToUpperInvariant()}");
        var key = $"{operand.Function}({path?.Key})";
        if (calls.FindIndex(call => call.Key == key) is >= 0 and var index)
            return index;
        calls.Add((key, operand, path));
        return calls.Count - 1;
    }

    private FieldAccess<Group> Access(Operand operand)
    {
        if (operand.Function is { } function)
        {
            var index = Call(operand);
            return new(Total.TypeOf(function, calls[index].Path?.Type ?? FieldType.Number),
                group => group.Totals[index].Result is int count ? (decimal)count : group.Totals[index].Result);
        }
        var path = paths.Resolve(operand.Field!);
        var key = KeyOf(path, operand.Offset, "Field");
        return new(path.Type, group => group.Keys[key]);
    }

    private SortKey<Group> Key(OrderItem item)
    {
        if (item.By is { Function: null, Field.Parts: [var alias] } && query.Items.Any(selected => alias.Equals(AliasOf(selected), StringComparison.OrdinalIgnoreCase)))
        {
            var (column, read) = entries.Find(entry => alias.Equals(entry.Column.Name, StringComparison.OrdinalIgnoreCase));
            return new(read, new(column.Field?.Type ?? FieldType.Number), item.Descending, item.NullsLast);
        }
        if (item.By.Function is { } function)
        {
            var index = Call(item.By);
            return new(group => group.Totals[index].Result, new(Total.TypeOf(function, calls[index].Path?.Type ?? FieldType.Number)), item.Descending, item.NullsLast);
        }
        var path = paths.Resolve(item.By.Field!);
        var key = KeyOf(path, item.By.Offset, "Ordered field");
        return new(group => group.Keys[key], new(path.Type), item.Descending, item.NullsLast);
    }

    private static string? AliasOf(SelectItem item) => item switch
    {
        FieldItem field => field.Alias,
        AggregateItem aggregate => aggregate.Alias,
        _ => null,
    };

    private SoqlException Refused(int offset, string problem) => new(text, offset, problem);

    private sealed class KeyEquality(ValueOrder[] orders) : IEqualityComparer<object?[]>
    {
        public bool Equals(object?[]? x, object?[]? y) => orders.Index().All(order => order.Item.Equals(x![order.Index], y![order.Index]));

        public int GetHashCode(object?[] key)
        {
            var hash = new HashCode();
            for (var i = 0; i < orders.Length; i++)
                hash.Add(orders[i].GetHashCode(key[i]));
            return hash.ToHashCode();
        }
    }
}
