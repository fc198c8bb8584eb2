using System.Globalization;

namespace PocSync.Soql;

internal sealed partial class Parser
{
    // Five parents and the field.
    private const int DeepestPath = 6;

    private readonly List<FieldPath> fields = [];
    private readonly List<FieldPath> bound = [];
    private bool binds;
    private bool subqueries;

    public static (Expression Tree, IReadOnlyList<FieldPath> Fields, IReadOnlyList<FieldPath> Binds) Condition(string text, bool binds)
    {
        var parser = new Parser(text, "a condition") { binds = binds };
        if (parser.token.Kind == TokenKind.End)
            throw parser.Error(0, "the condition is empty");
        var tree = parser.Expression();
        if (parser.token.Kind != TokenKind.End)
            throw parser.Unexpected("AND, OR or the end");
        if (parser.fields.Find(field => field.Parts.Count > DeepestPath) is { } tooDeep)
            throw parser.Error(tooDeep.Offset, $"a field can be reached over at most {DeepestPath - 1} parents");
        return (tree, parser.fields, parser.bound);
    }

    private Expression Expression()
    {
        Enter();
        var first = Term();
        var joinedBy = At("AND") ? "AND" : At("OR") ? "OR" : null;
        if (joinedBy is null)
        {
            Leave();
            return first;
        }
        List<Expression> terms = [first];
        while (Take(joinedBy))
            terms.Add(Term());
        if (At("AND") || At("OR"))
            throw Error(token.Offset, "AND and OR are mixed here; put parentheses around the part that belongs together", new($"unexpected token: '{Slice(token)}'"));
        Leave();
        return joinedBy == "AND" ? new AllOf(terms) : new AnyOf(terms);
    }

    private Expression Term()
    {
        if (Take("NOT"))
        {
            Enter();
            var term = Term();
            Leave();
            return new Not(term);
        }
        if (!TakeSymbol("("))
            return Comparison();
        if (At("SELECT"))
            throw Error(token.Offset, "a sub-query cannot stand here", new("unexpected token: 'SELECT'"));
        var inner = Expression();
        ExpectSymbol(")", "AND, OR or “)”");
        return inner;
    }

    private Comparison Comparison()
    {
        var left = Operand();
        if (left.Field is { } field)
            fields.Add(field);
        var at = token.Offset;
        var @operator = ReadOperator();
        IReadOnlyList<Value> values = @operator is Operator.In or Operator.NotIn or Operator.Includes or Operator.Excludes
            ? ValueList(@operator)
            : [ReadValue(@operator)];
        return new(left, @operator, at, values);
    }

    private Operand Operand()
    {
        if (token.Kind != TokenKind.Name || (Reserved(token) && !IsSymbol(Peek(), ".")))
            throw Unexpected("a field, NOT or “(”");
        var name = token;
        return IsSymbol(Peek(), "(") ? Call(offered) : new(null, Path(), name.Offset);
    }

    // GROUP and ORDER are objects too.
    private static readonly HashSet<string> NoName = new(StringComparer.OrdinalIgnoreCase)
        { "AND", "ASC", "DESC", "EXCLUDES", "FROM", "IN", "INCLUDES", "LIKE", "LIMIT", "NOT", "NULL", "NULLS", "OR", "SELECT", "USING", "WHERE", "WITH" };

    private FieldPath Path()
    {
        if (token.Kind == TokenKind.Name && NoName.Contains(Slice(token)))
            throw Unexpected("a name");
        var offset = token.Offset;
        List<string> parts = [];
        do
        {
            if (token.Kind != TokenKind.Name)
                throw Unexpected("a name");
            parts.Add(Slice(token));
            Advance();
        }
        while (TakeSymbol("."));
        return new(parts, offset);
    }

    private bool Reserved(Token name) => IsName(name, "AND") || IsName(name, "OR") || IsName(name, "NULL") || IsName(name, "TRUE")
        || IsName(name, "FALSE") || IsName(name, "IN") || IsName(name, "LIKE") || IsName(name, "INCLUDES") || IsName(name, "EXCLUDES");

    private Operator ReadOperator()
    {
        Operator? found = token.Kind switch
        {
            TokenKind.Symbol => text.AsSpan(token.Offset, token.Length) switch
            {
                "=" => Operator.Equal,
                "!=" or "<>" => Operator.NotEqual,
                "<" => Operator.Less,
                "<=" => Operator.LessOrEqual,
                ">" => Operator.Greater,
                ">=" => Operator.GreaterOrEqual,
                _ => null,
            },
            TokenKind.Name when At("LIKE") => Operator.Like,
            TokenKind.Name when At("IN") => Operator.In,
            TokenKind.Name when At("NOT") && IsName(Peek(), "IN") => Operator.NotIn,
            TokenKind.Name when At("INCLUDES") => Operator.Includes,
            TokenKind.Name when At("EXCLUDES") => Operator.Excludes,
            _ => null,
        };
        if (found is not { } @operator)
            throw Unexpected("an operator (= != < <= > >= LIKE, IN, NOT IN, INCLUDES, EXCLUDES)");
        if (@operator == Operator.NotIn)
            Advance();
        Advance();
        return @operator;
    }

    private List<Value> ValueList(Operator @operator)
    {
        ExpectSymbol("(", "“(” and a list of values");
        List<Value> values = [];
        if (At("SELECT"))
        {
            if (!subqueries || @operator is not (Operator.In or Operator.NotIn))
                throw Error(token.Offset, "a sub-query cannot stand here", new("unexpected token: 'SELECT'"));
            var at = token.Offset;
            values.Add(new SubqueryValue(Subselect(), at));
            return values;
        }
        do
            values.Add(ReadValue(Operator.In));
        while (TakeSymbol(","));
        ExpectSymbol(")", "“,” or “)”");
        return values;
    }

    private Value ReadValue(Operator @operator)
    {
        var at = token;
        Value? value = at.Kind switch
        {
            TokenKind.Text => new TextValue(Literals.Unescape(text, at, @operator == Operator.Like), at.Offset),
            TokenKind.Literal => Literals.Read(text.AsSpan(at.Offset, at.Length), at.Offset)
                ?? throw Error(at.Offset, $"{Lexer.Describe(text, at)} is neither a number nor a date (2026-01-31) nor a datetime with a zone (2026-01-31T08:00:00Z)"),
            TokenKind.Name when At("NULL") => new NullValue(at.Offset),
            TokenKind.Name when At("TRUE") => new BooleanValue(true, at.Offset),
            TokenKind.Name when At("FALSE") => new BooleanValue(false, at.Offset),
            TokenKind.Name when DateWord.Find(Slice(at)) is { } word => new DateWordValue(word, 0, at.Offset),
            TokenKind.Symbol when AtSymbol(":") => Bind(),
            _ => null,
        };
        switch (value)
        {
            case null:
                throw Unexpected("a value (a text in single quotes, a number, a date, a date word, true, false or null)");
            case BindValue:
                return value;
            case DateWordValue { Word.Counted: true } counted:
                Advance();
                return counted with { Count = Count(counted.Word) };
            default:
                Advance();
                return value;
        }
    }

    private int Count(DateWord word)
    {
        ExpectSymbol(":", $"“:” and a whole number after {word.Name}");
        if (token.Kind != TokenKind.Literal || !int.TryParse(text.AsSpan(token.Offset, token.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw Unexpected($"a whole number after {word.Name}:");
        Advance();
        return count;
    }

    private BindValue Bind()
    {
        if (!binds)
            throw Error(token.Offset, "a field of another row (“:”) cannot stand here", new("Bind variables only allowed in Apex code"));
        Advance();
        var path = Path();
        bound.Add(path);
        return new(path);
    }
}
