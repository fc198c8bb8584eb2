using PocSync.Core.Records;

namespace PocSync;

/// <summary>Text from an org or a file on its way to a terminal, which must not take it for commands.</summary>
internal static class Printable
{
    /// <summary>The text on one line.</summary>
    public static string Line(string text) => PlainText.Line(text);
}
