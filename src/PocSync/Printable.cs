using System.Globalization;

namespace PocSync;

/// <summary>Text from an org or a file on its way to a terminal, which must not take it for commands.</summary>
internal static class Printable
{
    /// <summary>The text on one line: control characters become spaces, and marks that turn the direction of writing go.</summary>
    public static string Line(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        return string.Concat(text.Where(c => !IsTurning(c)).Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || IsTurning(c);

    private static bool IsTurning(char c) => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
