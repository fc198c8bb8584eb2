namespace PocSync.Soql;

/// <summary>Equality and order of values of one type: texts ignore case, ids do not; null comes first.</summary>
internal sealed class ValueOrder(FieldType type) : IComparer<object?>, IEqualityComparer<object?>
{
    private readonly StringComparer texts = type == FieldType.Id ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    public int Compare(object? x, object? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string text, string other) => texts.Compare(text, other),
        _ => ((IComparable)x).CompareTo(y),
    };

    public new bool Equals(object? x, object? y) => Compare(x, y) == 0;

    public int GetHashCode(object? value) => value switch
    {
        null => 0,
        string text => texts.GetHashCode(text),
        _ => value.GetHashCode(),
    };
}
