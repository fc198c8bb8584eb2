namespace PocSync.Soql;

internal enum Operator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Like, In, NotIn, Includes, Excludes }

/// <summary>A condition as a tree. Offsets are where a part starts in the text.</summary>
internal abstract record Expression;

internal sealed record AllOf(IReadOnlyList<Expression> Terms) : Expression;

internal sealed record AnyOf(IReadOnlyList<Expression> Terms) : Expression;

internal sealed record Not(Expression Term) : Expression;

/// <summary>Values holds one value, except for IN, NOT IN, INCLUDES and EXCLUDES.</summary>
internal sealed record Comparison(Operand Left, Operator Operator, int OperatorOffset, IReadOnlyList<Value> Values) : Expression;

/// <summary>A field, a date function of one, or an aggregate function of either. COUNT() has no field; of a date function there is GROUPING alone.</summary>
internal sealed record Operand(Aggregate? Function, FieldPath? Field, int Offset, DateFunction? Date = null)
{
    public override string ToString()
    {
        var of = Date?.Of($"{Field}") ?? $"{Field}";
        return Function is { } function ? $"{function.ToString().ToUpperInvariant()}({of})" : of;
    }
}

/// <summary>GROUPING is 1 in the subtotal rows over all values of its field.</summary>
internal enum Aggregate { Count, Count_Distinct, Sum, Avg, Min, Max, Grouping }

internal abstract record Value(int Offset);

internal sealed record NullValue(int Offset) : Value(Offset);

/// <summary>Text without its quotes and escapes; a LIKE pattern keeps \%, \_ and \\.</summary>
internal sealed record TextValue(string Text, int Offset) : Value(Offset);

internal sealed record BooleanValue(bool Truth, int Offset) : Value(Offset);

internal sealed record NumberValue(decimal Number, int Offset) : Value(Offset);

internal sealed record DateValue(DateOnly Day, int Offset) : Value(Offset);

internal sealed record DateTimeValue(DateTimeOffset Instant, int Offset) : Value(Offset);

internal sealed record TimeValue(TimeOnly Time, int Offset) : Value(Offset);

internal sealed record DateWordValue(DateWord Word, int Count, int Offset) : Value(Offset);

/// <summary>`:Account.Industry`: a field of another row, known when the condition is evaluated.</summary>
internal sealed record BindValue(FieldPath Path) : Value(Path.Offset);

/// <summary>A semi-join's inner query; alone after IN or NOT IN.</summary>
internal sealed record SubqueryValue(Select Query, int Offset) : Value(Offset);
