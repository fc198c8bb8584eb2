namespace PocSync.Soql;

/// <summary>What a record of one row holds: its fields, and the levels of the parents selected with it.</summary>
internal sealed class SelectionLevel
{
    private readonly Dictionary<string, SelectionLevel> parents = new(StringComparer.OrdinalIgnoreCase);
    private readonly int place;

    public SelectionLevel(int place = 0) => this.place = place;

    public List<Selection.Entry> Entries { get; } = [];

    public IReadOnlyList<QueryColumn> Columns() => [.. Entries.Select(e => new QueryColumn(e.Name, e.Written, e.Kind, e.Field, e.Below()))];

    public QueryRecord Record(string type, QueryObject @object, object row)
    {
        var values = new object?[Entries.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Entries[i].Read(@object, row);
        return new(type, @object, (string?)@object.IdField.Read(row), values);
    }

    public void Add(ResolvedPath path) =>
        Entries.Add(new(path.Name, string.Join('.', path.Written), ColumnKind.Field, path.Field, () => [], path.ReadLeaf));

    /// <summary>The level of a parent, made with those on the way where they are not there yet, and the places on the way to it.</summary>
    /// <param name="written">The path as written, at least as long as the steps.</param>
    public (SelectionLevel Level, IReadOnlyList<int> Places) Below(IReadOnlyList<ParentStep> steps, IReadOnlyList<string> written)
    {
        var level = this;
        List<int> places = [];
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var relationship = step.Reference.Relationship!;
            if (!level.parents.TryGetValue(relationship, out var parent))
            {
                parent = level.parents[relationship] = new(level.Entries.Count);
                level.Entries.Add(new(relationship, string.Join('.', written.Take(i + 1)), ColumnKind.Parent, step.Reference, parent.Columns,
                    (_, row) => step.Find(row) is var (@object, found) ? parent.Record(step.IsPolymorphic ? "Name" : @object.Name, @object, found) : null));
            }
            places.Add(parent.place);
            level = parent;
        }
        return (level, places);
    }
}
