namespace PocSync.Soql;

/// <summary>Turns a condition's tree into a test of rows. = and != are IN and NOT IN of one value.</summary>
internal sealed class ConditionCompiler<TRow>(
    string text, Func<Operand, FieldAccess<TRow>?> resolve, Func<FieldPath, FieldAccess<TRow>?>? bind, DateContext dates,
    Func<Comparison, Select, IEnumerable<string?>>? subquery = null)
{
    private static readonly object No = false;

    /// <summary>What a comparison's right side is for a row; Value is null where it cannot be read as the field's type, or is null.</summary>
    private readonly record struct Right(bool Readable, object? Value);

    public Func<TRow, bool> Compile(Expression expression)
    {
        switch (expression)
        {
            case AllOf all:
                var every = all.Terms.Select(Compile).ToArray();
                return row => Array.TrueForAll(every, term => term(row));
            case AnyOf any:
                var some = any.Terms.Select(Compile).ToArray();
                return row => Array.Exists(some, term => term(row));
            case Not not:
                var inner = Compile(not.Term);
                return row => !inner(row);
            default:
                return Compile((Comparison)expression);
        }
    }

    private Func<TRow, bool> Compile(Comparison comparison)
    {
        var field = resolve(comparison.Left) ?? throw Error(comparison.Left.Offset, $"{comparison.Left} is not a known field");
        if (comparison.Values[0] is SubqueryValue inner)
            return Listed(Left(field, FieldType.Id), subquery!(comparison, inner.Query), FieldType.Id, comparison.Operator == Operator.NotIn);
        var type = field.Type == FieldType.Untyped ? TypeOf(comparison) : field.Type;
        CheckOperator(comparison, type);
        var rights = Values(comparison, field.Type, type).Select(value => Compile(comparison, value, field.Type, type)).ToArray();
        var left = Left(field, type);
        switch (comparison.Operator)
        {
            case Operator.Equal or Operator.In or Operator.NotEqual or Operator.NotIn:
                var negative = comparison.Operator is Operator.NotEqual or Operator.NotIn;
                return type is FieldType.Text or FieldType.Id && !comparison.Values.Any(value => value is BindValue)
                    ? Listed(left, [.. rights.Select(right => (string?)right(default!).Value)], type, negative)
                    : Matches(left, rights, type, negative);
            case Operator.Includes:
                return row => left(row) is (true, var value) && Includes(rights, (string?)value, row);
            case Operator.Excludes:
                return row => left(row) is (true, var value) && !Includes(rights, (string?)value, row);
            case Operator.Like when comparison.Values[0] is TextValue pattern:
                var constant = new LikePattern(pattern.Text);
                return pattern.Text.Length == 0 ? _ => false : row => left(row).Value is string value && constant.IsMatch(value);
            case Operator.Like:
                return row => left(row).Value is string value && rights[0](row).Value is string pattern && new LikePattern(pattern).IsMatch(value);
            default:
                var right = rights[0];
                Predicate<int> holds = comparison.Operator switch
                {
                    Operator.Less => place => place < 0,
                    Operator.LessOrEqual => place => place <= 0,
                    Operator.Greater => place => place > 0,
                    _ => place => place >= 0,
                };
                return row => left(row).Value is { } value && right(row).Value is { } other && holds(Place(value, other, type));
        }
    }

    /// <summary>What an untyped field is read as: the type of the first value that has one.</summary>
    private FieldType TypeOf(Comparison comparison) => comparison.Operator switch
    {
        Operator.Includes or Operator.Excludes => FieldType.MultiPicklist,
        Operator.Like => FieldType.Text,
        _ => comparison.Values.Select(TypeOf).FirstOrDefault(type => type is not (null or FieldType.Untyped))
            ?? (comparison.Values.Any(value => value is DateWordValue) ? FieldType.Untyped : FieldType.Text),
    };

    private FieldType? TypeOf(Value value) => value switch
    {
        TextValue => FieldType.Text,
        BooleanValue => FieldType.Boolean,
        NumberValue => FieldType.Number,
        DateValue => FieldType.Date,
        DateTimeValue => FieldType.DateTime,
        TimeValue => FieldType.Time,
        BindValue behindColon => Resolve(behindColon).Type,
        _ => null,
    };

    private FieldAccess<TRow> Resolve(BindValue value) =>
        bind?.Invoke(value.Path) ?? throw Error(value.Offset, $":{value.Path} is not a known field");

    // An export may hold ids of 15 or 18 characters in a field whose type is not known.
    private static IEnumerable<Value> Values(Comparison comparison, FieldType declared, FieldType type) =>
        declared != FieldType.Untyped || type != FieldType.Text || comparison.Operator is not (Operator.Equal or Operator.NotEqual or Operator.In or Operator.NotIn)
            ? comparison.Values
            : comparison.Values.SelectMany(value => value is TextValue { Text: var id } && RecordId.TryNormalize(id, out var id18)
                ? [value, new TextValue(id.Length == 15 ? id18 : id[..15], value.Offset)]
                : new[] { value });

    private void CheckOperator(Comparison comparison, FieldType type)
    {
        if (type == FieldType.LongText)
            throw Error(comparison.Left.Offset, $"{comparison.Left} is a long text; long texts cannot be filtered", CannotBe("filtered", comparison.Left));
        var fits = comparison.Operator switch
        {
            Operator.Equal or Operator.NotEqual => true,
            Operator.In or Operator.NotIn => type != FieldType.Boolean,
            Operator.Like => type == FieldType.Text,
            Operator.Includes or Operator.Excludes => type == FieldType.MultiPicklist,
            _ => type is not (FieldType.Boolean or FieldType.MultiPicklist),
        };
        if (!fits)
            throw Error(comparison.OperatorOffset, $"{Written(comparison.Operator)} does not go with {comparison.Left}, which is {Named(type)}",
                new($"invalid operator on {OrgName(type)} field", "INVALID_QUERY_FILTER_OPERATOR", comparison.Left.Offset));
        if (comparison.Operator is not (Operator.Equal or Operator.NotEqual or Operator.In or Operator.NotIn or Operator.Includes or Operator.Excludes)
            && comparison.Values[0] is NullValue nothing)
            throw Error(nothing.Offset, $"null goes with = and != only, not with {Written(comparison.Operator)}", new("unexpected token: 'null'"));
    }

    private Func<TRow, Right> Compile(Comparison comparison, Value value, FieldType declared, FieldType type)
    {
        if (value is BindValue behindColon)
        {
            var access = Resolve(behindColon);
            if (access.Type != type && access.Type != FieldType.Untyped && type != FieldType.Untyped && (access.Type, type) is not (FieldType.Text, FieldType.MultiPicklist))
                throw Mismatch(comparison, declared, type, access.Type, value.Offset);
            return Left(access, type);
        }
        object? constant = (value, type) switch
        {
            (TextValue { Text.Length: 0 }, FieldType.Text or FieldType.MultiPicklist or FieldType.Id) => null,
            (TextValue { Text: var id }, FieldType.Id) => RecordId.TryNormalize(id, out var id18)
                ? id18
                : throw Error(value.Offset, $"{comparison.Left} is compared with “{id}”, which is not an id of 15 or 18 letters and digits",
                    new($"invalid ID field: {id}", "INVALID_QUERY_FILTER_OPERATOR", comparison.Left.Offset)),
            (TextValue written, FieldType.Text or FieldType.MultiPicklist) => written.Text,
            (BooleanValue written, FieldType.Boolean) => written.Truth,
            (NumberValue written, FieldType.Number) => written.Number,
            (DateValue written, FieldType.Date) => written.Day,
            (DateTimeValue written, FieldType.DateTime) => written.Instant,
            (TimeValue written, FieldType.Time) => written.Time,
            (DateWordValue written, FieldType.Date or FieldType.DateTime or FieldType.Untyped) when comparison.Left.Date is null => written.Word.Range(dates.Today, written.Count),
            (NullValue, FieldType.Boolean) => No,
            (NullValue, _) => null,
            _ => throw Mismatch(comparison, declared, type, TypeOf(value), value.Offset),
        };
        var right = new Right(true, constant);
        return _ => right;
    }

    /// <summary>A field's value as the type it is compared as: not readable where an untyped cell holds something else.</summary>
    private static Func<TRow, Right> Left(FieldAccess<TRow> field, FieldType type)
    {
        var read = field.Read;
        return field.Type switch
        {
            FieldType.Boolean => row => new(true, read(row) ?? No),
            FieldType.Untyped => row => ReadCell((string?)read(row), type),
            _ => row => new(true, read(row)),
        };
    }

    private static Right ReadCell(string? cell, FieldType type)
    {
        if (string.IsNullOrWhiteSpace(cell))
            return new(true, type == FieldType.Boolean ? No : null);
        if (type is FieldType.Text or FieldType.MultiPicklist or FieldType.LongText)
            return new(true, cell);
        var trimmed = cell.AsSpan().Trim();
        object? value = type switch
        {
            FieldType.Id => RecordId.TryNormalize(trimmed.ToString(), out var id) ? id : null,
            FieldType.Boolean => trimmed is "1" || trimmed.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
                : trimmed is "0" || trimmed.Equals("false", StringComparison.OrdinalIgnoreCase) ? false : null,
            FieldType.Number => Literals.TryNumber(trimmed, out var number) ? number : null,
            FieldType.Date => Literals.TryDate(trimmed, out var day) ? day : null,
            FieldType.DateTime => Literals.TryCellDateTime(trimmed, out var instant) ? instant : null,
            FieldType.Time => Literals.TryTime(trimmed, out var time) ? time : null,
            // Compared with date words alone: a date or a datetime.
            _ => Literals.TryDate(trimmed, out var day) ? day : Literals.TryCellDateTime(trimmed, out var instant) ? instant : null,
        };
        return new(value is not null, value);
    }

    // Long lists of ids are common.
    private static Func<TRow, bool> Listed(Func<TRow, Right> left, IEnumerable<string?> values, FieldType type, bool negative)
    {
        var listed = values.ToHashSet(type == FieldType.Id ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        return row => listed.Contains((string?)left(row).Value) != negative;
    }

    // A value that cannot be read is no match, for != and NOT IN too.
    private Func<TRow, bool> Matches(Func<TRow, Right> left, Func<TRow, Right>[] rights, FieldType type, bool negative) => row =>
    {
        var (readable, value) = left(row);
        if (!readable)
            return false;
        foreach (var right in rights)
        {
            var (rightReadable, other) = right(row);
            if (!rightReadable && negative)
                return false;
            if (rightReadable && (value is null || other is null ? value is null && other is null : Place(value, other, type) == 0))
                return !negative;
        }
        return negative;
    };

    private static bool Includes(Func<TRow, Right>[] rights, string? value, TRow row)
    {
        var chosen = Choices(value);
        return Array.Exists(rights, right => Choices((string?)right(row).Value) is { Count: > 0 } wanted ? wanted.IsSubsetOf(chosen) : chosen.Count == 0);
    }

    private static HashSet<string> Choices(string? value) =>
        new(value?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [], StringComparer.OrdinalIgnoreCase);

    /// <summary>Negative: before the other value; zero: the same, or within; positive: after.</summary>
    private int Place(object value, object other, FieldType type) => (value, other) switch
    {
        (string text, string with) when type == FieldType.MultiPicklist => Choices(text).SetEquals(Choices(with)) ? 0 : 1,
        (string text, string with) => string.Compare(text, with, type == FieldType.Id ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
        (DateOnly day, DateRange range) => range.Place(day),
        (DateTimeOffset instant, DateRange range) => range.Place(dates.DayOf(instant)),
        (IComparable comparable, _) => comparable.CompareTo(other),
        _ => throw new InvalidOperationException($"A field of type {type} was read as {value.GetType()}."),
    };

    private SoqlException Mismatch(Comparison comparison, FieldType declared, FieldType type, FieldType? other, int offset) => Error(offset,
        declared == FieldType.Untyped
            ? $"{comparison.Left} is compared with {Named(type)} and with {Named(other)}; the values of one list have one type"
            : $"{comparison.Left} is {Named(type)} and cannot be compared with {Named(other)}",
        new($"value of filter criterion for field '{comparison.Left.Field?.Parts[^1]}' must be of type {OrgName(type)} and should "
            + (type is FieldType.Id or FieldType.Text or FieldType.MultiPicklist ? "be enclosed in quotes" : "not be enclosed in quotes"),
            "INVALID_FIELD", comparison.Left.Offset));

    private SoqlException Error(int offset, string problem, OrgAnswer? answer = null) => new(text, offset, problem, answer);

    private static OrgAnswer CannotBe(string done, Operand field) => new($"field '{field.Field?.Parts[^1]}' can not be {done} in a query call", "INVALID_FIELD");

    private static string OrgName(FieldType type) => type switch
    {
        FieldType.Id => "id",
        FieldType.Boolean => "boolean",
        FieldType.Number => "double",
        FieldType.Date => "date",
        FieldType.DateTime => "dateTime",
        FieldType.Time => "time",
        FieldType.MultiPicklist => "multipicklist",
        _ => "string",
    };

    private static string Named(FieldType? type) => type switch
    {
        FieldType.Id => "an id",
        FieldType.Text => "a text",
        FieldType.Boolean => "a checkbox (true or false)",
        FieldType.Number => "a number",
        FieldType.Date => "a date",
        FieldType.DateTime => "a datetime",
        FieldType.Time => "a time",
        FieldType.MultiPicklist => "a multi-picklist",
        FieldType.LongText => "a long text",
        _ => "a date word",
    };

    private static string Written(Operator @operator) => @operator switch
    {
        Operator.Equal => "=",
        Operator.NotEqual => "!=",
        Operator.Less => "<",
        Operator.LessOrEqual => "<=",
        Operator.Greater => ">",
        Operator.GreaterOrEqual => ">=",
        Operator.NotIn => "NOT IN",
        _ => @operator.ToString().ToUpperInvariant(),
    };
}
