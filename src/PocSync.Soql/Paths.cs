namespace PocSync.Soql;

/// <summary>A way from a row to a parent; more than one target: polymorphic.</summary>
internal sealed record ParentStep(QueryField Reference, IReadOnlyList<QueryObject> Targets, IObjectSource Source)
{
    public bool IsPolymorphic => Reference.References.Count > 1;

    public (QueryObject Object, object Row)? Find(object row)
    {
        if (Reference.Read(row) is string id)
            foreach (var target in Targets)
                if (Source.Row(target, id) is { } parent)
                    return (target, parent);
        return null;
    }
}

/// <summary>A path held against the objects: the parents on the way, then a field.</summary>
/// <param name="Field">Null for Type behind a polymorphic relationship.</param>
/// <param name="Written">The parts as written, without the object's name or alias in front.</param>
/// <param name="ReadLeaf">Reads the field from the last row on the way.</param>
/// <param name="Date">The date function that ReadLeaf applies; Name and Type are then the function's.</param>
internal sealed record ResolvedPath(
    IReadOnlyList<ParentStep> Parents, QueryField? Field, string Name, FieldType Type, IReadOnlyList<string> Written, Func<QueryObject, object, object?> ReadLeaf,
    DateFunction? Date = null)
{
    /// <summary>The canonical path, by which two ways of writing it are the same.</summary>
    public string Key => string.Join('.', Parents.Select(parent => parent.Reference.Relationship).Append(Name));

    /// <summary>The field as conditions compare it: a date function's int as a decimal.</summary>
    public FieldAccess<object> Access(QueryObject start)
    {
        var read = Reader(start);
        return new(Type, Date is null ? read : row => read(row) is var value && value is int number ? (decimal)number : value);
    }

    /// <summary>Reads the field from a row of the object in FROM; null where a parent is missing.</summary>
    public Func<object, object?> Reader(QueryObject start)
    {
        var read = ReadLeaf;
        if (Parents.Count == 0)
            return row => read(start, row);
        var parents = Parents.ToArray();
        return row =>
        {
            var at = (Object: start, Row: row);
            foreach (var parent in parents)
            {
                if (parent.Find(at.Row) is not { } found)
                    return null;
                at = found;
            }
            return read(at.Object, at.Row);
        };
    }
}

/// <summary>Resolves the paths of one SELECT.</summary>
internal sealed class Paths(string text, FromClause from, QueryObject start, IObjectSource source, DateContext dates)
{
    private const int DeepestPath = 5, MostRelationships = 55;

    // What Salesforce's Name object, to which polymorphic relationships lead, lets through.
    private static readonly HashSet<string> NameFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "Id", "Name", "FirstName", "LastName", "MiddleName", "Suffix", "Alias", "Username", "Email", "Phone", "Title", "IsActive", "ProfileId",
        "UserRoleId", "LastViewedDate", "LastReferencedDate",
    };

    private readonly HashSet<string> relationships = new(StringComparer.OrdinalIgnoreCase);

    public QueryObject Start => start;

    /// <summary>Refuses what stands after the first object in FROM and is not a way to a parent of it.</summary>
    public void CheckFrom()
    {
        foreach (var (_, path) in from.Further)
        {
            var at = start;
            foreach (var part in WithoutStart(path.Parts))
                at = Step(at, part)?.Targets[0] ?? throw Error(path, "MALFORMED_QUERY", "A driving SObject type has already been set, all other entity types in the FROM clause "
                    + $"must be relationships to the initial object. The driving object is {start.Name}.");
        }
    }

    /// <summary>The field of an operand, under its date function.</summary>
    public ResolvedPath Resolve(Operand operand)
    {
        var path = Resolve(operand.Field!);
        if (operand.Date is not { } function)
            return path;
        if (!function.GoesWith(path.Type))
            throw new SoqlException(text, operand.Offset, $"{function.Of(path.Name)} needs a {(function.GoesWith(FieldType.Date) ? "date or dateTime" : "dateTime")} field",
                new($"field {path.Name} does not support date function {function.Name}"));
        var read = path.ReadLeaf;
        return path with { Name = function.Of(path.Name), Type = function.Type, Date = function, ReadLeaf = (@object, row) => function.Apply(read(@object, row), dates) };
    }

    /// <summary>A parent by its path, e.g. What or Account.Owner; polymorphic or not.</summary>
    public IReadOnlyList<ParentStep> ResolveParent(FieldPath relationship) => Resolve(relationship with { Parts = [.. relationship.Parts, "Id"] }).Parents;

    public ResolvedPath Resolve(FieldPath path)
    {
        var parts = WithoutPrefix(path.Parts);
        if (parts.Count - 1 > DeepestPath)
            throw Error(path, "MALFORMED_QUERY", $"a path may lead over at most {DeepestPath} parents");
        List<ParentStep> parents = [];
        var at = start;
        for (var i = 0; i < parts.Count - 1; i++)
        {
            var step = parents is [.., { IsPolymorphic: true }] ? null : Step(at, parts[i]);
            if (step is null)
                throw Error(path, "INVALID_FIELD", $"Didn't understand relationship '{parts[i]}' in field path. If you are attempting to use a custom relationship, "
                    + "be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.");
            parents.Add(step);
            at = step.Targets[0];
            relationships.Add(string.Join('.', parts.Take(i + 1)));
        }
        if (relationships.Count > MostRelationships)
            throw Error(path, "MALFORMED_QUERY", $"a query may use at most {MostRelationships} child-to-parent relationships");
        return Leaf(path, parts, parents, at);
    }

    private ResolvedPath Leaf(FieldPath path, IReadOnlyList<string> parts, List<ParentStep> parents, QueryObject at)
    {
        var name = parts[^1];
        if (parents is not [.., { IsPolymorphic: true } polymorphic])
        {
            var field = at.Field(name) ?? throw NoColumn(path, name, at.Name);
            var readField = field.Read;
            return new(parents, field, field.Name, field.Type, parts, (_, row) => readField(row));
        }
        if (name.Equals("Type", StringComparison.OrdinalIgnoreCase))
            return new(parents, null, "Type", FieldType.Text, parts, (target, _) => target.Name);
        var known = NameFields.Contains(name) ? polymorphic.Targets.Select(target => target.Field(name)).FirstOrDefault(field => field is not null) : null;
        if (known is null)
            throw NoColumn(path, name, "Name");
        return new(parents, known, known.Name, known.Type, parts, (target, row) => target.Field(name)?.Read(row));
    }

    private ParentStep? Step(QueryObject at, string relationship)
    {
        if (at.Parent(relationship) is not { } reference)
            return null;
        var targets = reference.References.Select(source.Object).OfType<QueryObject>().ToArray();
        return targets.Length == 0 ? null : new(reference, targets, source);
    }

    private IReadOnlyList<string> WithoutPrefix(IReadOnlyList<string> parts)
    {
        if (parts.Count == 1)
            return parts;
        foreach (var (alias, path) in from.Further)
            if (alias.Equals(parts[0], StringComparison.OrdinalIgnoreCase))
                return [.. WithoutStart(path.Parts), .. parts.Skip(1)];
        return WithoutStart(parts);
    }

    private IReadOnlyList<string> WithoutStart(IReadOnlyList<string> parts) =>
        parts[0].Equals(from.Alias, StringComparison.OrdinalIgnoreCase)
        || (start.Parent(parts[0]) is null && parts[0].Equals(start.Name, StringComparison.OrdinalIgnoreCase))
            ? [.. parts.Skip(1)]
            : parts;

    public SoqlException NoColumn(FieldPath path, string name, string entity) => Error(path, "INVALID_FIELD",
        $"No such column '{name}' on entity '{entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. "
        + "Please reference your WSDL or the describe call for the appropriate names.");

    private SoqlException Error(FieldPath path, string errorCode, string message) => new(text, path.Offset, message, new(message, errorCode));
}
