using System.Text;

namespace PocSync.Soql;

/// <summary>
/// A LIKE pattern: % is any number of characters, _ exactly one (of Unicode), \%, \_ and \\ are themselves; case is ignored. Every place in
/// the pattern is a bit and one pass over the text moves them all, so the time is bounded by text × pattern / 64 whatever the pattern.
/// </summary>
internal sealed class LikePattern
{
    private readonly Dictionary<Rune, ulong[]> steps = [];
    private readonly ulong[] anyStep;
    private readonly ulong[] stays;
    private readonly int length;

    public LikePattern(string pattern)
    {
        List<Rune?> characters = [];
        List<bool> percents = [false];
        var runes = pattern.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            if (runes[i].Value == '%')
            {
                percents[^1] = true;
                continue;
            }
            var escaped = runes[i].Value == '\\' && i + 1 < runes.Length && runes[i + 1].Value is '%' or '_' or '\\';
            if (escaped)
                i++;
            characters.Add(!escaped && runes[i].Value == '_' ? null : Rune.ToUpperInvariant(runes[i]));
            percents.Add(false);
        }

        length = characters.Count;
        var words = length / 64 + 1;
        (anyStep, stays) = (new ulong[words], new ulong[words]);
        for (var i = 0; i <= length; i++)
        {
            if (percents[i])
                Set(stays, i);
            if (i == length)
                break;
            if (characters[i] is not { } character)
                Set(anyStep, i + 1);
            else
                Set(steps.TryGetValue(character, out var step) ? step : steps[character] = new ulong[words], i + 1);
        }
    }

    public bool IsMatch(string text)
    {
        // Bit i: the first i characters of the pattern are matched by what was read so far.
        var words = stays.Length;
        Span<ulong> at = words <= 64 ? stackalloc ulong[words] : new ulong[words];
        at.Clear();
        at[0] = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            var step = steps.GetValueOrDefault(Rune.ToUpperInvariant(rune));
            ulong carry = 0, alive = 0;
            for (var w = 0; w < words; w++)
            {
                var moved = at[w] << 1 | carry;
                carry = at[w] >> 63;
                at[w] = moved & (anyStep[w] | (step is null ? 0 : step[w])) | at[w] & stays[w];
                alive |= at[w];
            }
            if (alive == 0)
                return false;
        }
        return (at[length / 64] >> (length % 64) & 1) == 1;
    }

    private static void Set(ulong[] bits, int i) => bits[i / 64] |= 1UL << (i % 64);
}
