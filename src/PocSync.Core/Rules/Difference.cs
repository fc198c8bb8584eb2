namespace PocSync.Core.Rules;

/// <summary>One thing that is otherwise: only after (it appears), only before (it disappears), or both (it changes).</summary>
public sealed record Difference<T>(T? Before, T? After) where T : class;

/// <summary>What differs between two lists of things.</summary>
public static class Difference
{
    /// <summary>
    /// Things of one key belong together: those that are the same are left out, of the rest those that are near are paired, then whatever is left in order. Equal input gives an equal answer.
    /// </summary>
    /// <param name="before">The one list.</param>
    /// <param name="after">The other.</param>
    /// <param name="key">What things have in common that can be one thing before and after.</param>
    /// <param name="same">What says that nothing about it is otherwise.</param>
    /// <param name="near">What says that it is the same thing for certain.</param>
    public static IReadOnlyList<Difference<T>> Of<T, TKey>(
        IEnumerable<T> before, IEnumerable<T> after, Func<T, TKey> key, Func<T, T, bool> same, Func<T, T, bool> near)
        where T : class
        where TKey : notnull
    {
        var (were, are) = (before.ToLookup(key), after.ToLookup(key));
        var differences = new List<Difference<T>>();
        foreach (var one in were.Select(g => g.Key).Union(are.Select(g => g.Key)))
        {
            var (old, now) = (were[one].ToList(), are[one].ToList());
            Pair(old, now, same);
            differences.AddRange(Pair(old, now, near));
            differences.AddRange(Pair(old, now, (_, _) => true));
            differences.AddRange(old.Select(x => new Difference<T>(x, null)));
            differences.AddRange(now.Select(x => new Difference<T>(null, x)));
        }

        return differences;
    }

    private static List<Difference<T>> Pair<T>(List<T> old, List<T> now, Func<T, T, bool> belong) where T : class
    {
        var pairs = new List<Difference<T>>();
        foreach (var was in old.ToList())
        {
            if (now.FirstOrDefault(x => belong(was, x)) is { } found)
            {
                pairs.Add(new Difference<T>(was, found));
                old.Remove(was);
                now.Remove(found);
            }
        }

        return pairs;
    }
}
