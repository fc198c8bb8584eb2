using System.Collections;

namespace PocSync.Simulator.Generation;

/// <summary>Rows that exist, followed by rows made whenever they are read.</summary>
internal sealed class Rows : IReadOnlyList<string?[]>
{
    private readonly IReadOnlyList<string?[]> first;
    private readonly (int Count, Func<int, string?[]> Make)[] made;

    public Rows(IReadOnlyList<string?[]> first, params (int Count, Func<int, string?[]> Make)[] made)
    {
        this.first = first;
        this.made = made;
        Count = first.Count + made.Sum(part => part.Count);
    }

    public int Count { get; }

    public string?[] this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            if (index < first.Count)
                return first[index];
            index -= first.Count;
            foreach (var (count, make) in made)
            {
                if (index < count)
                    return make(index);
                index -= count;
            }
            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    public IEnumerator<string?[]> GetEnumerator()
    {
        foreach (var row in first)
            yield return row;
        foreach (var (count, make) in made)
            for (var i = 0; i < count; i++)
                yield return make(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
