namespace PocSync.Simulator.Generation;

/// <summary>
/// Numbers that look random and depend on (seed, purpose, index) alone: SplitMix64. A row can be made without the rows before it, and is the same
/// on every machine and in every version of the runtime.
/// </summary>
internal struct Draw
{
    private ulong state;

    public Draw(int seed, Purpose purpose, long index) =>
        state = Mix(Mix(Mix((uint)seed + 0x9E3779B97F4A7C15) ^ (uint)purpose) ^ (ulong)index);

    /// <summary>0 ≤ result &lt; bound.</summary>
    public int Below(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        return (int)(((Mix(state) >> 32) * (ulong)bound) >> 32);
    }

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool Percent(int chance) => Below(100) < chance;

    public T Of<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

internal enum Purpose
{
    Person, Book, Absence, Account, AccountDetails, Contact, SecondContact, Opportunity, PastOpportunity, Case, Team,
}
