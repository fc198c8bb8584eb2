namespace PocSync.Soql;

/// <summary>An aggregate function while it runs over the rows of a group. Nulls are passed over, except by COUNT().</summary>
internal sealed class Total(Aggregate function, FieldType type, bool ofRows)
{
    private readonly ValueOrder order = new(type);
    private readonly HashSet<object?>? distinct = function == Aggregate.Count_Distinct ? new(new ValueOrder(type)) : null;
    private int count;
    private decimal sum;
    private object? extreme;

    /// <summary>What the result compares as.</summary>
    public static FieldType TypeOf(Aggregate function, FieldType type) => function is Aggregate.Min or Aggregate.Max ? type : FieldType.Number;

    public void Add(object? value)
    {
        if (value is null && !ofRows)
            return;
        count++;
        switch (function)
        {
            case Aggregate.Count_Distinct:
                distinct!.Add(value);
                break;
            case Aggregate.Sum or Aggregate.Avg:
                sum += (decimal)value!;
                break;
            case Aggregate.Min when extreme is null || order.Compare(value, extreme) < 0:
            case Aggregate.Max when extreme is null || order.Compare(value, extreme) > 0:
                extreme = value;
                break;
        }
    }

    /// <summary>Counts are int, sums and averages decimal; null where there was no value.</summary>
    public object? Result => function switch
    {
        Aggregate.Count => count,
        Aggregate.Count_Distinct => distinct!.Count,
        Aggregate.Sum => count == 0 ? null : sum,
        Aggregate.Avg => count == 0 ? null : sum / count,
        _ => extreme,
    };
}
