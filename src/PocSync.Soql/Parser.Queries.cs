using System.Globalization;

namespace PocSync.Soql;

internal sealed partial class Parser
{
    private const int LargestOffset = 2_000;

    private static readonly HashSet<string> AfterFrom = new(StringComparer.OrdinalIgnoreCase)
        { "USING", "WHERE", "WITH", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "UPDATE", "ALL" };

    public static Select Query(string text)
    {
        var parser = new Parser(text, "a query") { subqueries = true };
        if (!parser.At("SELECT"))
            throw parser.Unexpected("SELECT");
        var query = parser.SelectStatement();
        if (parser.token.Kind != TokenKind.End)
            throw parser.Unexpected("the end");
        return query;
    }

    private Select Subselect()
    {
        var query = SelectStatement();
        ExpectSymbol(")", "“)”");
        return query;
    }

    private Select SelectStatement()
    {
        Enter();
        var offset = token.Offset;
        Advance();
        List<SelectItem> items = [];
        do
            items.Add(Item());
        while (TakeSymbol(","));
        if (!Take("FROM"))
            throw Unexpected("“,” or FROM");
        var from = From();
        if (Take("USING"))
        {
            Expect("SCOPE");
            Path();
        }
        var where = Take("WHERE") ? Expression() : null;
        if (Take("WITH") && !(Take("SECURITY_ENFORCED") || Take("USER_MODE") || Take("SYSTEM_MODE")))
            throw Unexpected("SECURITY_ENFORCED");
        IReadOnlyList<FieldPath> groupBy = Take("GROUP") ? GroupBy() : [];
        var having = Take("HAVING") ? Having() : null;
        IReadOnlyList<OrderItem> orderBy = Take("ORDER") ? OrderBy() : [];
        var limit = At("LIMIT") ? ReadClause() : default(Clause?);
        var skip = At("OFFSET") ? ReadClause() : default(Clause?);
        if (skip is { Count: > LargestOffset } tooFar)
            throw Error(tooFar.Offset, "OFFSET can be at most 2,000", new("Maximum SOQL offset allowed is 2000", "NUMBER_OUTSIDE_VALID_RANGE"));
        Tracking();
        Leave();
        return new(offset, items, from, where, groupBy, having, orderBy, limit, skip);
    }

    private SelectItem Item()
    {
        var offset = token.Offset;
        if (TakeSymbol("("))
        {
            if (!At("SELECT"))
                throw Unexpected("SELECT");
            return new ChildItem(Subselect(), offset);
        }
        if (token.Kind != TokenKind.Name || At("FROM"))
            throw Unexpected("a field");
        if (At("TYPEOF") && Peek().Kind == TokenKind.Name && !IsName(Peek(), "FROM"))
            throw NotOffered("TYPEOF");
        if (!IsSymbol(Peek(), "("))
            return new FieldItem(Path(), Alias());
        if (!At("FIELDS"))
            return new AggregateItem(AggregateCall(), Alias());
        Advance();
        Advance();
        var set = At("ALL") ? FieldSet.All : At("STANDARD") ? FieldSet.Standard : At("CUSTOM") ? FieldSet.Custom : throw Unexpected("ALL, STANDARD or CUSTOM");
        Advance();
        ExpectSymbol(")", "“)”");
        return new FieldsItem(set, offset);
    }

    private string? Alias()
    {
        if (token.Kind != TokenKind.Name || At("FROM"))
            return null;
        var alias = Slice(token);
        Advance();
        return alias;
    }

    private Operand AggregateCall()
    {
        var name = token;
        if (!Enum.TryParse<Aggregate>(Slice(name), ignoreCase: true, out var function))
            throw NotOffered($"the function {Slice(name)}");
        Advance();
        Advance();
        if (function == Aggregate.Count && TakeSymbol(")"))
            return new(function, null, name.Offset);
        var field = Path();
        ExpectSymbol(")", "“)”");
        return new(function, field, name.Offset);
    }

    private FromClause From()
    {
        var name = Path();
        var alias = FromAlias();
        List<(string, FieldPath)> further = [];
        while (TakeSymbol(","))
        {
            var path = Path();
            further.Add((FromAlias() ?? path.Parts[^1], path));
        }
        return new(name, alias, further);
    }

    private string? FromAlias()
    {
        if (token.Kind != TokenKind.Name || AfterFrom.Contains(Slice(token)))
            return null;
        var alias = Slice(token);
        Advance();
        return alias;
    }

    private List<FieldPath> GroupBy()
    {
        Expect("BY");
        List<FieldPath> paths = [];
        do
        {
            if (token.Kind == TokenKind.Name && IsSymbol(Peek(), "("))
                throw NotOffered($"{Slice(token)} in GROUP BY");
            paths.Add(Path());
        }
        while (TakeSymbol(","));
        return paths;
    }

    private Expression Having()
    {
        (aggregates, subqueries) = (true, false);
        var having = Expression();
        (aggregates, subqueries) = (false, true);
        return having;
    }

    private List<OrderItem> OrderBy()
    {
        Expect("BY");
        List<OrderItem> items = [];
        do
        {
            var at = token.Offset;
            var by = token.Kind == TokenKind.Name && IsSymbol(Peek(), "(") ? AggregateCall() : new Operand(null, Path(), at);
            var descending = !Take("ASC") && Take("DESC");
            var nullsLast = false;
            if (Take("NULLS") && !Take("FIRST"))
            {
                Expect("LAST");
                nullsLast = true;
            }
            items.Add(new(by, descending, nullsLast));
        }
        while (TakeSymbol(","));
        return items;
    }

    private Clause ReadClause()
    {
        var (keyword, offset) = (Slice(token), token.Offset);
        Advance();
        if (token.Kind != TokenKind.Literal || !int.TryParse(text.AsSpan(token.Offset, token.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw Unexpected($"a whole number after {keyword}");
        Advance();
        return new(count, offset);
    }

    /// <summary>FOR VIEW, FOR REFERENCE, FOR UPDATE, UPDATE TRACKING and UPDATE VIEWSTAT change nothing in the answer.</summary>
    private void Tracking()
    {
        while (Take("FOR"))
            do
                if (!(Take("VIEW") || Take("REFERENCE") || Take("UPDATE")))
                    throw Unexpected("VIEW, REFERENCE or UPDATE");
            while (TakeSymbol(","));
        if (Take("UPDATE"))
            do
                if (!(Take("TRACKING") || Take("VIEWSTAT")))
                    throw Unexpected("TRACKING or VIEWSTAT");
            while (TakeSymbol(","));
    }

    private void Expect(string keyword)
    {
        if (!Take(keyword))
            throw Unexpected(keyword);
    }

    private SoqlException NotOffered(string what) => Error(token.Offset, $"{what} is not offered here");
}
