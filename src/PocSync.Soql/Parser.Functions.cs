namespace PocSync.Soql;

internal sealed partial class Parser
{
    private const int MostSubtotalKeys = 3;

    /// <summary>The functions that the clause being read offers; none in a rule's condition.</summary>
    [Flags]
    private enum Functions { None = 0, Dates = 1, Labels = 2, Aggregates = 4, InWhere = Dates | Labels, InGroups = Dates | Aggregates }

    private Functions offered;

    /// <summary>A name and “(” stand here.</summary>
    private Operand Call(Functions offered)
    {
        var name = token;
        var written = Slice(name);
        if (offered.HasFlag(Functions.Dates) && DateFunction.IsKnown(written))
            return DateCall();
        if (offered.HasFlag(Functions.Labels) && At("toLabel"))
            return Label();
        if (!offered.HasFlag(Functions.Aggregates) || !Enum.TryParse<Aggregate>(written, ignoreCase: true, out var function))
            throw NotAFunction(name);
        Advance();
        Advance();
        if (function == Aggregate.Count && TakeSymbol(")"))
            return new(function, null, name.Offset);
        var of = function == Aggregate.Grouping ? Groupable() : new(null, Path(), name.Offset);
        ExpectSymbol(")", "“)”");
        return of with { Function = function, Offset = name.Offset };
    }

    /// <summary>toLabel(field): picklist values are their own labels here, so that it is the field.</summary>
    private Operand Label()
    {
        var name = token;
        Advance();
        Advance();
        var field = Path();
        ExpectSymbol(")", "“)”");
        return new(null, field, name.Offset);
    }

    private Operand DateCall()
    {
        var name = token;
        Advance();
        Advance();
        var inZone = At("convertTimezone") && IsSymbol(Peek(), "(");
        if (inZone)
        {
            Advance();
            Advance();
        }
        var field = Path();
        ExpectSymbol(")", "“)”");
        if (inZone)
            ExpectSymbol(")", "“)”");
        return new(null, field, name.Offset, DateFunction.Named(Slice(name), inZone));
    }

    /// <summary>A field or a date function: what can stand in GROUP BY.</summary>
    private Operand Groupable()
    {
        var offset = token.Offset;
        return token.Kind == TokenKind.Name && IsSymbol(Peek(), "(") ? Call(Functions.Dates) : new(null, Path(), offset);
    }

    private GroupClause GroupBy()
    {
        Expect("BY");
        var at = token;
        var subtotals = !IsSymbol(Peek(), "(") ? Subtotals.None : At("ROLLUP") ? Subtotals.Rollup : At("CUBE") ? Subtotals.Cube : Subtotals.None;
        if (subtotals != Subtotals.None)
        {
            Advance();
            Advance();
        }
        List<Operand> keys = [];
        do
            keys.Add(Groupable());
        while (TakeSymbol(","));
        if (subtotals != Subtotals.None)
        {
            if (keys.Count > MostSubtotalKeys)
                throw Error(keys[MostSubtotalKeys].Offset, $"{Slice(at).ToUpperInvariant()} takes at most {MostSubtotalKeys} fields");
            ExpectSymbol(")", "“,” or “)”");
        }
        return new(subtotals, keys, at.Offset);
    }

    private Expression Having()
    {
        (offered, subqueries) = (Functions.InGroups, false);
        var having = Expression();
        (offered, subqueries) = (Functions.InWhere, true);
        return having;
    }

    private SoqlException NotAFunction(Token name) => offered == Functions.None
        ? Error(name.Offset, $"the function {Lexer.Describe(text, name)} cannot stand in a condition, only fields can", new($"unexpected token: '{Slice(name)}'"))
        : IsName(name, "DISTANCE") || IsName(name, "GEOLOCATION")
            ? Error(name.Offset, "DISTANCE() and GEOLOCATION() need a geolocation field, and this org has none")
            : Error(name.Offset, $"{Lexer.Describe(text, name)} is not a function that can stand here", new($"unexpected token: '{Slice(name)}'"));
}
