namespace PocSync.Soql;

/// <summary>TYPEOF in a select list: a parent whose fields depend on its object. Null where no branch is for it.</summary>
internal static class TypeOf
{
    /// <param name="paths">Those of the query, for the fields of ELSE, which are Name's.</param>
    public static Selection.Entry Entry(string text, TypeOfItem item, ParentStep step, Paths paths, IObjectSource source, DateContext dates)
    {
        var relationship = item.Relationship;
        if (!step.IsPolymorphic)
            throw new SoqlException(text, relationship.Offset, $"TYPEOF needs a relationship to several objects, {relationship} has one");
        var branches = new Dictionary<string, Branch>(StringComparer.OrdinalIgnoreCase);
        foreach (var when in item.Whens)
        {
            var name = when.Type.ToString();
            var target = step.Targets.FirstOrDefault(target => target.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new SoqlException(text, when.Type.Offset, $"{name} is not an object that {relationship} leads to", source.Object(name) is null ? QueryEvaluator.UnknownObject(name) : null);
            if (branches.ContainsKey(name))
                throw new SoqlException(text, when.Type.Offset, $"TYPEOF can have one WHEN for {name} only");
            var own = new Paths(text, new(when.Type, null, []), target, source, dates);
            branches[name] = new(text, target.Name, when.Fields.Select(field => (own.Resolve(field), field.Offset)));
        }
        // Of ELSE the paths begin at the relationship, which is left out again.
        var otherwise = item.Else is not { } fields ? null : new Branch(text, "Name", fields.Select(field =>
            (paths.Resolve(new FieldPath([.. relationship.Parts, .. field.Parts], field.Offset)) is var path ? path with { Parents = [], Written = field.Parts } : path, field.Offset)));
        IReadOnlyList<QueryColumn> columns = [.. branches.Values.Append(otherwise).OfType<Branch>().SelectMany(branch => branch.Columns).DistinctBy(column => column.Name)];
        return new(step.Reference.Relationship!, relationship.ToString(), ColumnKind.Parent, step.Reference, () => columns, (_, row) =>
            step.Find(row) is var (@object, found) ? (branches.GetValueOrDefault(@object.Name) ?? otherwise)?.Record(@object, found) : null);
    }

    /// <summary>The fields of one WHEN, or of ELSE.</summary>
    private sealed class Branch
    {
        private readonly string type;
        private readonly SelectionLevel level = new();

        public Branch(string text, string type, IEnumerable<(ResolvedPath Path, int Offset)> fields)
        {
            this.type = type;
            HashSet<string> selected = new(StringComparer.OrdinalIgnoreCase);
            foreach (var (path, offset) in fields)
            {
                if (!selected.Add(path.Key))
                    throw new SoqlException(text, offset, $"{path.Key} is selected twice", new($"duplicate field selected: {path.Key}", "INVALID_FIELD", Placed: false));
                level.Below(path.Parents, path.Written).Level.Add(path);
            }
            Columns = level.Columns();
        }

        public IReadOnlyList<QueryColumn> Columns { get; }

        public QueryRecord Record(QueryObject @object, object row) => level.Record(type, @object, row) with { Columns = Columns };
    }
}
