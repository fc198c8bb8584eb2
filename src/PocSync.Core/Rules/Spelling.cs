namespace PocSync.Core.Rules;

/// <summary>Finds what a name that does not exist was probably meant to be.</summary>
public static class Spelling
{
    /// <summary>The nearest of some names, where it is near enough to be a slip of the pen; else null.</summary>
    public static string? Nearest(string? text, IEnumerable<string> known)
    {
        var near = known.Select(k => (Name: k, Distance: Distance(k, text ?? ""))).OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return near.Name is not null && near.Distance <= 1 + near.Name.Length / 4 ? near.Name : null;
    }

    /// <summary>The end of a sentence about an unknown name: asks for the nearest known one, where there is one.</summary>
    public static string Suggestion(string? text, IEnumerable<string> known) => Nearest(text, known) is { } near ? $"; did you mean '{near}'?" : ".";

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 8)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, left) = (row[j], row[j] = Math.Min(Math.Min(row[j] + 1, left + 1), diagonal + cost));
            }
        }

        return row[^1];
    }
}
