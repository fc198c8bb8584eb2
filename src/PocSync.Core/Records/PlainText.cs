using System.Globalization;

namespace PocSync.Core.Records;

/// <summary>Text of an org on its way to people. Anybody may have written it, and what they see must be what is there: no mark that shows nothing, and none that turns the direction of writing.</summary>
public static class PlainText
{
    /// <summary>On one line: control characters and ends of lines become spaces.</summary>
    public static string Line(string text) => Of(text, keepsLines: false);

    /// <summary>With its lines.</summary>
    public static string Lines(string text) => Of(text, keepsLines: true);

    private static string Of(string text, bool keepsLines) =>
        text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 || text.All(c => Shown(c, keepsLines) == c) ? text
            : string.Concat(text.Select(c => Shown(c, keepsLines)).OfType<char>());

    /// <summary>The joiners stay: scripts and emoji need them.</summary>
    private static char? Shown(char c, bool keepsLines) => CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.Format when c is not ('\u200C' or '\u200D') => null,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => keepsLines ? '\n' : ' ',
        UnicodeCategory.Control when !(keepsLines && (c is '\n' or '\r' or '\t')) => ' ',
        _ => c,
    };
}
