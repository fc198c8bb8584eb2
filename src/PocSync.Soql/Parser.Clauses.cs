namespace PocSync.Soql;

internal sealed partial class Parser
{
    private const int MostCategories = 3;

    private TypeOfItem TypeOf()
    {
        var offset = token.Offset;
        Advance();
        var relationship = Path();
        List<WhenBranch> whens = [];
        if (!At("WHEN"))
            throw Unexpected("WHEN");
        while (Take("WHEN"))
        {
            var type = Path();
            Expect("THEN");
            whens.Add(new(type, Paths()));
        }
        var otherwise = Take("ELSE") ? Paths() : null;
        Expect("END");
        return new(relationship, whens, otherwise, offset);
    }

    private List<FieldPath> Paths()
    {
        List<FieldPath> paths = [];
        do
        {
            if (At("TYPEOF") || IsSymbol(Peek(), "("))
                throw Unexpected("a field: neither functions nor TYPEOF can stand inside TYPEOF");
            paths.Add(Path());
        }
        while (TakeSymbol(","));
        return paths;
    }

    private ScopeClause Scope()
    {
        Expect("SCOPE");
        if (token.Kind != TokenKind.Name)
            throw Unexpected("a scope");
        var scope = new ScopeClause(Slice(token), token.Offset);
        Advance();
        return scope;
    }

    /// <summary>Where DATA CATEGORY stands; null for SECURITY_ENFORCED and the modes, which change nothing for whom all may be seen.</summary>
    private int? With()
    {
        if (Take("SECURITY_ENFORCED") || Take("USER_MODE") || Take("SYSTEM_MODE"))
            return null;
        var offset = token.Offset;
        if (!Take("DATA"))
            throw Unexpected("SECURITY_ENFORCED, USER_MODE or DATA CATEGORY");
        Expect("CATEGORY");
        HashSet<string> groups = new(StringComparer.OrdinalIgnoreCase);
        do
        {
            var group = token;
            if (!groups.Add(Path().ToString()))
                throw Error(group.Offset, $"the data category group {Slice(group)} can stand in a query only once");
            if (groups.Count > MostCategories)
                throw Error(group.Offset, $"a query can have at most {MostCategories} data category conditions");
            if (!(Take("AT") || Take("ABOVE") || Take("BELOW") || Take("ABOVE_OR_BELOW")))
                throw Unexpected("AT, ABOVE, BELOW or ABOVE_OR_BELOW");
            var several = TakeSymbol("(");
            do
                Path();
            while (several && TakeSymbol(","));
            if (several)
                ExpectSymbol(")", "“,” or “)”");
        }
        while (Take("AND"));
        return offset;
    }
}
