using System.Globalization;

namespace PocSync.Soql;

internal sealed partial class Parser
{
    private const int LargestOffset = 2_000;

    // SOQL's words that cannot be an alias, and those that can follow FROM.
    private static readonly HashSet<string> NoAlias = new(StringComparer.OrdinalIgnoreCase)
    {
        "AND", "ASC", "DESC", "EXCLUDES", "FIRST", "FROM", "GROUP", "HAVING", "IN", "INCLUDES", "LAST", "LIKE", "LIMIT", "NOT", "NULL", "NULLS", "OR", "SELECT",
        "USING", "WHERE", "WITH", "ORDER", "OFFSET", "FOR", "UPDATE", "ALL",
    };

    public static Select Query(string text)
    {
        var parser = new Parser(text, "a query") { subqueries = true, offered = Functions.InWhere };
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
        var scope = Take("USING") ? Scope() : null;
        var where = Take("WHERE") ? Expression() : null;
        var dataCategory = Take("WITH") ? With() : null;
        var groupBy = Take("GROUP") ? GroupBy() : null;
        var having = groupBy is not null && Take("HAVING") ? Having() : null;
        IReadOnlyList<OrderItem> orderBy = Take("ORDER") ? OrderBy() : [];
        var limit = At("LIMIT") ? ReadClause() : default(Clause?);
        var skip = At("OFFSET") ? ReadClause() : default(Clause?);
        if (skip is { Count: > LargestOffset } tooFar)
            throw Error(tooFar.Offset, "OFFSET can be at most 2,000", new("Maximum SOQL offset allowed is 2000", "NUMBER_OUTSIDE_VALID_RANGE"));
        Tracking();
        Leave();
        return new(offset, items, from, scope, where, dataCategory, groupBy, having, orderBy, limit, skip);
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
            return TypeOf();
        if (!IsSymbol(Peek(), "("))
            return new FieldItem(Path(), Alias());
        if (At("toLabel"))
            return new FieldItem(Label().Field!, Alias(), Label: true);
        if (!At("FIELDS"))
            return new CallItem(Call(Functions.InGroups), Alias());
        Advance();
        Advance();
        var set = At("ALL") ? FieldSet.All : At("STANDARD") ? FieldSet.Standard : At("CUSTOM") ? FieldSet.Custom : throw Unexpected("ALL, STANDARD or CUSTOM");
        Advance();
        ExpectSymbol(")", "“)”");
        return new FieldsItem(set, offset);
    }

    private string? Alias()
    {
        if (token.Kind != TokenKind.Name || NoAlias.Contains(Slice(token)))
            return null;
        var alias = Slice(token);
        Advance();
        return alias;
    }

    private FromClause From()
    {
        var name = Path();
        var alias = Alias();
        List<(string, FieldPath)> further = [];
        while (TakeSymbol(","))
        {
            var path = Path();
            further.Add((Alias() ?? path.Parts[^1], path));
        }
        return new(name, alias, further);
    }

    private List<OrderItem> OrderBy()
    {
        Expect("BY");
        List<OrderItem> items = [];
        do
        {
            var by = token.Kind == TokenKind.Name && IsSymbol(Peek(), "(") ? Call(Functions.InGroups) : Groupable();
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
}
