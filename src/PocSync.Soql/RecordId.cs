using System.Diagnostics.CodeAnalysis;

namespace PocSync.Soql;

/// <summary>Record ids: 15 case-sensitive characters, or 18 where the last three say which of the 15 are capitals.</summary>
public static class RecordId
{
    private const string Checks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    /// <summary>
    /// The 18-character form of 15 or 18 letters and digits. An 18-character id that lost its case gets it back; one whose last three
    /// characters contradict the others is taken as it is.
    /// </summary>
    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? id18)
    {
        id18 = null;
        if (text.Length is not (15 or 18) || !text.All(char.IsAsciiLetterOrDigit))
            return false;
        Span<char> id = stackalloc char[18];
        text.CopyTo(id);
        if (text.Length == 15)
            WriteChecks(id);
        else if (!TryRestoreCase(id))
            text.CopyTo(id);
        id18 = id.SequenceEqual(text) ? text : new string(id);
        return true;
    }

    private static void WriteChecks(Span<char> id)
    {
        for (var group = 0; group < 3; group++)
        {
            var capitals = 0;
            for (var i = 0; i < 5; i++)
                if (char.IsAsciiLetterUpper(id[group * 5 + i]))
                    capitals |= 1 << i;
            id[15 + group] = Checks[capitals];
        }
    }

    private static bool TryRestoreCase(Span<char> id)
    {
        for (var group = 0; group < 3; group++)
        {
            id[15 + group] = char.ToUpperInvariant(id[15 + group]);
            var capitals = Checks.IndexOf(id[15 + group]);
            if (capitals < 0)
                return false;
            for (var i = 0; i < 5; i++)
            {
                ref var c = ref id[group * 5 + i];
                var capital = (capitals >> i & 1) == 1;
                if (capital && !char.IsAsciiLetter(c))
                    return false;
                c = capital ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c);
            }
        }
        return true;
    }
}
