namespace PocSync.Simulator.Store;

/// <summary>Rows by the value of one text column, in the order in which they got it. Chains in arrays: a row costs 8 bytes, a move is O(1).</summary>
internal sealed class ValueIndex(StringComparer comparer)
{
    private const int None = -1;
    private readonly Dictionary<string, (int First, int Last)> chains = new(comparer);
    private int[] next = [], previous = [];

    public Chain this[string value] => new(chains.TryGetValue(value, out var chain) ? chain.First : None, next);

    public void Add(string value, int row)
    {
        if (row >= next.Length)
        {
            var size = Math.Max(row + 1, Math.Max(16, next.Length * 2));
            Array.Resize(ref next, size);
            Array.Resize(ref previous, size);
        }
        next[row] = None;
        if (chains.TryGetValue(value, out var chain))
        {
            next[chain.Last] = row;
            previous[row] = chain.Last;
            chains[value] = (chain.First, row);
        }
        else
        {
            previous[row] = None;
            chains[value] = (row, row);
        }
    }

    public void Remove(string value, int row)
    {
        var (before, after) = (previous[row], next[row]);
        if (before != None)
            next[before] = after;
        if (after != None)
            previous[after] = before;
        var (first, last) = chains[value];
        if (first == row && last == row)
            chains.Remove(value);
        else
            chains[value] = (first == row ? after : first, last == row ? before : last);
    }

    /// <summary>The rows of one value; do not change the index while walking it.</summary>
    public readonly struct Chain(int first, int[] next)
    {
        public IEnumerable<int> Rows()
        {
            for (var row = first; row != None; row = next[row])
                yield return row;
        }
    }
}
