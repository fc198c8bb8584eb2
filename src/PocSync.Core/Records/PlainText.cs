using System.Globalization;
using System.Text;

namespace PocSync.Core.Records;

/// <summary>Text of an org on its way to people. Anybody may have written it, and what they see must be what is there: no mark that shows nothing, and none that turns the direction of writing.</summary>
public static class PlainText
{
    /// <summary>On one line: control characters and ends of lines become spaces.</summary>
    public static string Line(string text) => Of(text, keepsLines: false);

    /// <summary>With its lines.</summary>
    public static string Lines(string text) => Of(text, keepsLines: true);

    /// <summary>A text of at most so many characters, cut between words where it is longer.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var space = text.LastIndexOfAny([' ', '\n'], length - 2);
        // A word that alone is longer is cut in the middle, but never a character.
        var at = space > length / 2 ? space : char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..at].TrimEnd() + "…";
    }

    private static string Of(string text, bool keepsLines) =>
        text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : string.Concat(text.EnumerateRunes().Select(r => Shown(r, keepsLines)));

    /// <summary>The joiners stay: scripts and emoji need them.</summary>
    private static string Shown(Rune rune, bool keepsLines) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format when rune.Value is not ('\u200C' or '\u200D') => "",
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => keepsLines ? "\n" : " ",
        UnicodeCategory.Control when !(keepsLines && (rune.Value is '\n' or '\r' or '\t')) => " ",
        _ => rune.ToString(),
    };
}
