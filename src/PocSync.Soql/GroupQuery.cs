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
    private readonly List<(QueryColumn Column, FieldType Type, Func<Group, object?> Read)> entries = [];
    private readonly Func<Group, bool>? having;
    private readonly IReadOnlyList<SortKey<Group>> order;
    private readonly DateContext dates;
    private int unnamed;

    /// <param name="Summed">A bit for each key, set where the group is a subtotal over all its values; the key is null then.</param>
    private sealed record Group(object?[] Keys, Total[] Totals, int Summed);

    public GroupQuery(string text, Select query, QueryObject @object, IObjectSource source, DateContext dates)
    {
        (this.text, this.query, this.dates) = (text, query, dates);
        paths = new(text, query.From, @object, source, dates);
        CheckCount();
        foreach (var operand in query.GroupBy?.Keys ?? [])
        {
            var key = paths.Resolve(operand);
            if (key.Date is null && key.Field is { Groupable: false })
                throw Refused(operand.Offset, $"field '{key.Name}' can not be grouped in a query call");
            keys.Add(key);
        }
        foreach (var item in query.Items)
            Add(item);
        if (query is { GroupBy: null, IsCount: false, Limit: { } limit })
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

    /// <summary>The groups, then the subtotals, the grand total last.</summary>
    private IEnumerable<Group> Groups()
    {
        var readKeys = keys.Select(key => key.Reader(paths.Start)).ToArray();
        var readCalls = calls.Select(call => call.Path?.Reader(paths.Start) ?? (row => row)).ToArray();
        KeyEquality equality = new([.. keys.Select(key => new ValueOrder(key.Type))]);
        var levels = Levels().Select(summed => (Summed: summed, Groups: new Dictionary<object?[], Group>(equality))).ToArray();
        var (all, overall) = levels[^1];
        if (all == (1 << keys.Count) - 1)
            overall[new object?[keys.Count]] = NewGroup(new object?[keys.Count], all);
        foreach (var row in filter.Rows())
        {
            var detail = Array.ConvertAll(readKeys, read => read(row));
            foreach (var (summed, groups) in levels)
            {
                var key = summed == 0 ? detail : Subtotal(detail, summed);
                if (!groups.TryGetValue(key, out var group))
                    groups[key] = group = NewGroup(key, summed);
                for (var i = 0; i < readCalls.Length; i++)
                    group.Totals[i].Add(readCalls[i](row));
            }
        }
        return levels.SelectMany(level => level.Groups.Values);
    }

    private static object?[] Subtotal(object?[] key, int summed) => [.. key.Select((value, i) => (summed >> i & 1) == 1 ? null : value)];

    /// <summary>Which keys each level of groups sums over, as bits: ROLLUP takes them away from the right, CUBE in every combination.</summary>
    private IEnumerable<int> Levels()
    {
        var all = (1 << keys.Count) - 1;
        return query.GroupBy?.Subtotals switch
        {
            Subtotals.Rollup => Enumerable.Range(0, keys.Count + 1).Select(taken => all & ~(all >> taken)),
            Subtotals.Cube => Enumerable.Range(0, all + 1).OrderBy(int.PopCount),
            _ => [0],
        };
    }

    private Group NewGroup(object?[] key, int summed) =>
        new(key, [.. calls.Select(call => new Total(call.Operand.Function!.Value, call.Path?.Type ?? FieldType.Number, call.Path is null))], summed);

    private void CheckCount()
    {
        if (query.IsCount && (query.GroupBy?.Offset ?? (query.OrderBy.Count > 0 ? query.OrderBy[0].By.Offset : (int?)null)) is { } clause)
            throw Refused(clause, "COUNT() cannot be combined with GROUP BY or ORDER BY");
        if (!query.IsCount && query.Items.FirstOrDefault(item => item is CallItem { Call.Field: null }) is { } count)
            throw Refused(count.Offset, "COUNT() must be the only element in the SELECT list");
    }

    private void Add(SelectItem item)
    {
        switch (item)
        {
            case FieldItem field:
                var path = paths.Resolve(field.Path);
                Add(new(field.Alias ?? path.Name, string.Join('.', path.Written), ColumnKind.Field, path.Field, []), path.Type, field.Offset, KeyReader(path, field.Offset, "Field"));
                break;
            case FieldsItem fields:
                foreach (var each in Selection.FieldsOf(fields, query, paths, text))
                    Add(new FieldItem(new([each.Name], fields.Offset), null));
                break;
            case CallItem { Call: var call } aggregate:
                var (type, of, read) = Value(call, "Field");
                var name = aggregate.Alias ?? $"expr{unnamed++}";
                Add(new(name, name, ColumnKind.Aggregate, of, []), type, aggregate.Offset, read);
                break;
            case TypeOfItem:
                throw Refused(item.Offset, "TYPEOF cannot be used in queries that group or aggregate");
            default:
                throw Refused(item.Offset, "a query that groups or aggregates selects fields and aggregates only");
        }
    }

    private void Add(QueryColumn column, FieldType type, int offset, Func<Group, object?> read)
    {
        if (entries.Exists(entry => entry.Column.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)))
            throw Refused(offset, $"duplicate alias: {column.Name}");
        entries.Add((column, type, read));
    }

    /// <summary>Reads a field from a group; a date function also of a grouped date.</summary>
    private Func<Group, object?> KeyReader(ResolvedPath path, int offset, string what)
    {
        var key = KeyOf(path);
        if (key >= 0)
            return group => group.Keys[key];
        var date = path.Date is null ? -1 : KeyOf(paths.Resolve(new FieldPath(path.Written, offset)));
        return date >= 0 && keys[date].Type == FieldType.Date
            ? group => path.Date!.Apply(group.Keys[date], dates)
            : throw Refused(offset, $"{what} must be grouped or aggregated: {path.Key}");
    }

    private int KeyOf(ResolvedPath path) => keys.FindIndex(key => key.Key == path.Key);

    /// <summary>The place of a call among the totals; equal calls share one.</summary>
    private int Call(Operand operand)
    {
        var path = operand.Field is { } field ? paths.Resolve(field) : null;
        // The reference's table of field types.
        var supported = operand.Function switch
        {
            Aggregate.Sum or Aggregate.Avg => path!.Type == FieldType.Number,
            _ => path?.Type is not (FieldType.Boolean or FieldType.Time or FieldType.LongText or FieldType.MultiPicklist),
        };
        if (!supported)
            throw Refused(operand.Offset, $"field {path!.Name} does not support aggregate operator {operand.Function.ToString()!.ToUpperInvariant()}");
        var key = $"{operand.Function}({path?.Key})";
        if (calls.FindIndex(call => call.Key == key) is >= 0 and var index)
            return index;
        calls.Add((key, operand, path));
        return calls.Count - 1;
    }

    private (FieldType Type, QueryField? Field, Func<Group, object?> Read) Value(Operand operand, string what)
    {
        switch (operand.Function)
        {
            case null:
                var path = paths.Resolve(operand);
                return (path.Type, path.Date is null ? path.Field : null, KeyReader(path, operand.Offset, what));
            case Aggregate.Grouping:
                var of = paths.Resolve(operand);
                var key = query.GroupBy is null or { Subtotals: Subtotals.None } ? -1 : KeyOf(of);
                return key >= 0 ? (FieldType.Number, null, group => group.Summed >> key & 1)
                    : throw Refused(operand.Offset, $"GROUPING needs a field in GROUP BY ROLLUP or GROUP BY CUBE: {of.Key}");
            case { } function:
                var index = Call(operand);
                var total = calls[index].Path;
                return (Total.TypeOf(function, total?.Type ?? FieldType.Number), function is Aggregate.Min or Aggregate.Max ? total!.Field : null, group => group.Totals[index].Result);
        }
    }

    private FieldAccess<Group> Access(Operand operand)
    {
        var (type, _, read) = Value(operand, "Field");
        return new(type, group => read(group) is var value && value is int number ? (decimal)number : value);
    }

    private SortKey<Group> Key(OrderItem item)
    {
        if (item.By is { Function: null, Date: null, Field.Parts: [var alias] } && query.Items.Any(selected => alias.Equals(AliasOf(selected), StringComparison.OrdinalIgnoreCase)))
        {
            var entry = entries.Find(entry => alias.Equals(entry.Column.Name, StringComparison.OrdinalIgnoreCase));
            return new(entry.Read, new(entry.Type), item.Descending, item.NullsLast);
        }
        var (type, _, read) = Value(item.By, "Ordered field");
        return new(read, new(type), item.Descending, item.NullsLast);
    }

    private static string? AliasOf(SelectItem item) => item switch
    {
        FieldItem field => field.Alias,
        CallItem call => call.Alias,
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
