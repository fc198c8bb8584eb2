namespace PocSync.Soql;

/// <summary>Id IN (SELECT AccountId FROM Contact …), within Salesforce's limits.</summary>
internal sealed class SemiJoin(string text, Paths outer, IObjectSource source, DateContext dates)
{
    private const int Most = 2;

    // The objects that the SOQL reference bars from sub-queries; tags apart, which no org here has.
    private static readonly HashSet<string> Unsupported = new(StringComparer.OrdinalIgnoreCase)
        { "ActivityHistory", "Attachment", "Event", "Note", "OpenActivity", "Task" };

    /// <summary>Refuses semi-joins inside other queries, under OR and NOT, and more than two.</summary>
    public static void Check(string text, Expression where, bool innermost)
    {
        var count = 0;
        Check(where, null);

        void Check(Expression expression, string? under)
        {
            switch (expression)
            {
                case AllOf all:
                    foreach (var term in all.Terms)
                        Check(term, under);
                    break;
                case AnyOf any:
                    foreach (var term in any.Terms)
                        Check(term, under ?? "OR");
                    break;
                case Not not:
                    Check(not.Term, under ?? "NOT");
                    break;
                case Comparison { Values: [SubqueryValue { Offset: var offset }] }:
                    if (innermost)
                        throw Refused(offset, "Nesting of semi join sub-selects is not supported");
                    if (under is not null)
                        throw Refused(offset, $"Semi join sub-selects are not allowed with the '{under}' operator");
                    if (++count > Most)
                        throw Refused(offset, "Maximum 2 semi join sub-selects are allowed");
                    break;
            }
        }

        SoqlException Refused(int offset, string problem) => new(text, offset, problem);
    }

    /// <summary>The ids that the inner query finds, checked to be ids of what the outer field points to.</summary>
    public IEnumerable<string?> Ids(Comparison comparison, Select inner)
    {
        var path = comparison.Left.Field!;
        var left = outer.Resolve(path);
        if (left.Parents.Count > 0)
            throw Refused(path.Offset, $"The left operand '{path}' of a semi join can not use a relationship");
        if (inner.Items is not [FieldItem { Alias: null } column])
            throw Refused(inner.Items is [_, var second, ..] ? second.Offset : inner.Items[0].Offset, "A semi join sub-select must select exactly one field");
        if (inner is not { IsGrouped: false, OrderBy.Count: 0, Limit: null, Skip: null })
            throw Refused(inner.Offset, "GROUP BY, ORDER BY, LIMIT and OFFSET are not allowed in semi join sub-selects");
        var @object = QueryEvaluator.ObjectOf(text, inner, source);
        if (Unsupported.Contains(@object.Name))
            throw Refused(inner.From.Name.Offset, $"Entity '{@object.Name}' is not supported for semi join inner selects");
        if (@object == outer.Start)
            throw Refused(inner.From.Name.Offset, "The inner and outer selects should not be on the same object type");
        var paths = new Paths(text, inner.From, @object, source, dates);
        var selected = paths.Resolve(column.Path);
        if (selected.Parents.Count > 0)
            throw Refused(column.Offset, $"The selected field '{column.Path}' of a semi join sub-select can not use a relationship");
        if (!Targets(left, outer.Start).Intersect(Targets(selected, @object), StringComparer.OrdinalIgnoreCase).Any())
            throw Refused(column.Offset, $"The selected field '{selected.Name}' in the subquery and the left operand field in the where expression in the outer query "
                + $"'{left.Name}' should point to the same object type");
        var read = selected.Reader(@object);
        return new Filter(text, inner, paths, source, dates, innermost: true).Rows().Select(read).OfType<string>();
    }

    private static IEnumerable<string> Targets(ResolvedPath path, QueryObject @object) =>
        path.Field == @object.IdField ? [@object.Name] : path.Field?.References ?? [];

    private SoqlException Refused(int offset, string problem) => new(text, offset, problem);
}
