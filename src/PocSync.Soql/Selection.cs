namespace PocSync.Soql;

/// <summary>The select list of a query without groups: its columns, and how to make a record of a row.</summary>
internal sealed class Selection
{
    private const int MostChildQueries = 20, FieldsLimit = 200;

    private readonly string text;
    private readonly Select query;
    private readonly Paths paths;
    private readonly IObjectSource source;
    private readonly DateContext dates;
    private readonly SelectionLevel root = new();
    private readonly List<QueryCell> cells = [];
    private readonly HashSet<string> selected = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> typesOf = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="children">Makes the column of a child query and the reader of its records.</param>
    public Selection(string text, Select query, Paths paths, IObjectSource source, DateContext dates, Func<ChildItem, Entry> children)
    {
        (this.text, this.query, this.paths, this.source, this.dates) = (text, query, paths, source, dates);
        var childQueries = 0;
        foreach (var item in query.Items)
            switch (item)
            {
                case FieldItem { Alias: not null, Label: false }:
                    throw Refused(item.Offset, "only aggregate expressions use field aliasing");
                case FieldItem field:
                    var path = paths.Resolve(field.Path);
                    Add(field.Alias is { } alias ? path with { Name = alias } : path, item.Offset);
                    break;
                case FieldsItem fields:
                    foreach (var each in FieldsOf(fields, query, paths, text))
                        Add(paths.Resolve(new FieldPath([each.Name], fields.Offset)), fields.Offset);
                    break;
                case TypeOfItem typeOf:
                    Add(typeOf);
                    break;
                case ChildItem child:
                    if (++childQueries > MostChildQueries)
                        throw Refused(item.Offset, $"a query may have at most {MostChildQueries} child sub-queries");
                    root.Entries.Add(children(child));
                    break;
            }
        Columns = root.Columns();
        if (Columns.Count == 0)
            throw new SoqlException(text, query.Items[0].Offset, "no field is selected",
                new("'FIELDS(...)' expansion function must result in at least one field being selected.", Placed: false));
    }

    /// <summary>One value of a record and how to read it from a row of an object.</summary>
    public sealed record Entry(string Name, string Written, ColumnKind Kind, QueryField? Field, Func<IReadOnlyList<QueryColumn>> Below, Func<QueryObject, object, object?> Read);

    public IReadOnlyList<QueryColumn> Columns { get; }

    public IReadOnlyList<QueryCell> Cells => cells;

    public QueryRecord Record(object row) => root.Record(paths.Start.Name, paths.Start, row);

    private void Add(ResolvedPath path, int offset)
    {
        if (!selected.Add(path.Key))
            throw new SoqlException(text, offset, $"{path.Key} is selected twice", new($"duplicate field selected: {path.Key}", "INVALID_FIELD", Placed: false));
        if (path.Parents.Count > 0 && typesOf.Contains(path.Key[..path.Key.LastIndexOf('.')]))
            throw TwoWays(offset, path.Key);
        var (level, parents) = root.Below(path.Parents, path.Written);
        int[] places = [.. parents, level.Entries.Count];
        cells.Add(new(string.Join('.', path.Written), path.Field, record => places.Aggregate((object?)record, (at, place) => (at as QueryRecord)?.Values[place])));
        level.Add(path);
    }

    private void Add(TypeOfItem item)
    {
        var relationship = paths.ResolveParent(item.Relationship);
        var key = string.Join('.', relationship.Select(parent => parent.Reference.Relationship));
        if (!typesOf.Add(key) || selected.Any(field => field.StartsWith(key + ".", StringComparison.OrdinalIgnoreCase)))
            throw TwoWays(item.Offset, key);
        var (level, _) = root.Below([.. relationship.SkipLast(1)], item.Relationship.Parts);
        level.Entries.Add(TypeOf.Entry(text, item, relationship[^1], paths, source, dates));
    }

    private SoqlException TwoWays(int offset, string key) => Refused(offset, $"a relationship in TYPEOF cannot be selected in another way too: {key}");

    /// <summary>What FIELDS() stands for.</summary>
    public static IEnumerable<QueryField> FieldsOf(FieldsItem fields, Select query, Paths paths, string text)
    {
        if (fields.Set != FieldSet.Standard && query.Limit is not { Count: <= FieldsLimit } && !FewIds(query.Where))
            throw new SoqlException(text, fields.Offset, $"FIELDS() needs a LIMIT of at most {FieldsLimit}",
                new("The SOQL FIELDS function must have a LIMIT of at most 200", Placed: false));
        return paths.Start.Fields.Where(field => fields.Set == FieldSet.All || field.Custom == (fields.Set == FieldSet.Custom));
    }

    /// <summary>The condition names at most 200 ids, as Id IN (…) or Id = … OR Id = ….</summary>
    private static bool FewIds(Expression? where) => where switch
    {
        AnyOf any => any.Terms.Count <= FieldsLimit && any.Terms.All(term => term is Comparison { Operator: Operator.Equal } && FewIds(term)),
        Comparison { Left: { Function: null, Field.Parts: [var field] }, Operator: Operator.Equal or Operator.In, Values: { Count: <= FieldsLimit } values } =>
            field.Equals("Id", StringComparison.OrdinalIgnoreCase) && values[0] is not SubqueryValue,
        _ => false,
    };

    private SoqlException Refused(int offset, string problem) => new(text, offset, problem);
}
