namespace PocSync.Soql;

/// <summary>The select list of a query without groups: its columns, and how to make a record of a row.</summary>
internal sealed class Selection
{
    private const int MostChildQueries = 20, FieldsLimit = 200;

    private readonly string text;
    private readonly Select query;
    private readonly Paths paths;
    private readonly Level root = new();
    private readonly List<QueryCell> cells = [];
    private readonly HashSet<string> selected = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="children">Makes the column of a child query and the reader of its records.</param>
    public Selection(string text, Select query, Paths paths, Func<ChildItem, Entry> children)
    {
        (this.text, this.query, this.paths) = (text, query, paths);
        var childQueries = 0;
        foreach (var item in query.Items)
            switch (item)
            {
                case FieldItem { Alias: not null }:
                    throw Refused(item.Offset, "only aggregate expressions use field aliasing");
                case FieldItem field:
                    Add(paths.Resolve(field.Path), item.Offset);
                    break;
                case FieldsItem fields:
                    AddAll(fields);
                    break;
                case ChildItem child:
                    if (++childQueries > MostChildQueries)
                        throw Refused(item.Offset, $"a query may have at most {MostChildQueries} child sub-queries");
                    root.Entries.Add(children(child));
                    break;
            }
        Columns = root.Columns();
    }

    /// <summary>One value of a record and how to read it from a row of an object.</summary>
    public sealed record Entry(string Name, string Written, ColumnKind Kind, QueryField? Field, Func<IReadOnlyList<QueryColumn>> Below, Func<QueryObject, object, object?> Read);

    private sealed class Level
    {
        public List<Entry> Entries { get; } = [];

        /// <summary>Among the entries of the level above.</summary>
        public int Place { get; init; }

        public Dictionary<string, Level> Parents { get; } = new(StringComparer.OrdinalIgnoreCase);

        public IReadOnlyList<QueryColumn> Columns() => [.. Entries.Select(e => new QueryColumn(e.Name, e.Written, e.Kind, e.Field, e.Below()))];

        public QueryRecord Record(string type, QueryObject @object, object row)
        {
            var values = new object?[Entries.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = Entries[i].Read(@object, row);
            return new(type, @object, (string?)@object.IdField.Read(row), values);
        }
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    public IReadOnlyList<QueryCell> Cells => cells;

    public QueryRecord Record(object row) => root.Record(paths.Start.Name, paths.Start, row);

    private void Add(ResolvedPath path, int offset)
    {
        if (!selected.Add(path.Key))
            throw new SoqlException(text, offset, $"{path.Key} is selected twice", new($"duplicate field selected: {path.Key}", "INVALID_FIELD", Placed: false));
        var level = root;
        var places = new int[path.Parents.Count + 1];
        for (var i = 0; i < path.Parents.Count; i++)
        {
            var step = path.Parents[i];
            var relationship = step.Reference.Relationship!;
            if (!level.Parents.TryGetValue(relationship, out var parent))
            {
                parent = level.Parents[relationship] = new() { Place = level.Entries.Count };
                level.Entries.Add(new(relationship, string.Join('.', path.Written.Take(i + 1)), ColumnKind.Parent, step.Reference, parent.Columns,
                    (_, row) => step.Find(row) is var (@object, found) ? parent.Record(step.IsPolymorphic ? "Name" : @object.Name, @object, found) : null));
            }
            places[i] = parent.Place;
            level = parent;
        }
        places[^1] = level.Entries.Count;
        cells.Add(new(string.Join('.', path.Written), path.Field, record => places.Aggregate((object?)record, (at, place) => (at as QueryRecord)?.Values[place])));
        level.Entries.Add(new(path.Name, string.Join('.', path.Written), ColumnKind.Field, path.Field, () => [], path.ReadLeaf));
    }

    private void AddAll(FieldsItem fields)
    {
        if (fields.Set != FieldSet.Standard && query.Limit is not { Count: <= FieldsLimit })
            throw new SoqlException(text, fields.Offset, $"FIELDS() needs a LIMIT of at most {FieldsLimit}",
                new("The SOQL FIELDS function must have a LIMIT of at most 200", Placed: false));
        foreach (var field in paths.Start.Fields)
            if (fields.Set == FieldSet.All || field.Custom == (fields.Set == FieldSet.Custom))
                Add(paths.Resolve(new([field.Name], fields.Offset)), fields.Offset);
    }

    private SoqlException Refused(int offset, string problem) => new(text, offset, problem);
}
