namespace PocSync.Soql;

/// <summary>One ORDER BY term. Nulls come first, also when descending, unless NULLS LAST says otherwise.</summary>
internal sealed record SortKey<TRow>(Func<TRow, object?> Read, ValueOrder Order, bool Descending, bool NullsLast)
{
    public int Compare(object? x, object? y) => x is null || y is null
        ? NullsLast ? Order.Compare(y, x) : Order.Compare(x, y)
        : Descending ? Order.Compare(y, x) : Order.Compare(x, y);
}

internal static class Sorting
{
    /// <summary>Rows that compare equal keep their order.</summary>
    public static List<TRow> Sort<TRow>(List<TRow> rows, IReadOnlyList<SortKey<TRow>> keys)
    {
        if (keys.Count == 0 || rows.Count < 2)
            return rows;
        var values = new object?[keys.Count][];
        for (var k = 0; k < keys.Count; k++)
            values[k] = [.. rows.Select(keys[k].Read)];
        var places = Enumerable.Range(0, rows.Count).ToArray();
        // Deep paging asks for the order in which rows are stored anyway.
        if (Array.TrueForAll(places, i => i == 0 || ByKeys(i - 1, i) <= 0))
            return rows;
        Array.Sort(places, (x, y) => ByKeys(x, y) is not 0 and var order ? order : x.CompareTo(y));
        return [.. places.Select(i => rows[i])];

        int ByKeys(int x, int y)
        {
            for (var k = 0; k < keys.Count; k++)
                if (keys[k].Compare(values[k][x], values[k][y]) is not 0 and var order)
                    return order;
            return 0;
        }
    }

    /// <summary>The part that OFFSET and LIMIT leave.</summary>
    public static List<TRow> Page<TRow>(List<TRow> rows, Select query)
    {
        var skip = Math.Min(query.Skip?.Count ?? 0, rows.Count);
        var take = Math.Min(query.Limit?.Count ?? int.MaxValue, rows.Count - skip);
        return skip == 0 && take == rows.Count ? rows : rows.GetRange(skip, take);
    }
}
