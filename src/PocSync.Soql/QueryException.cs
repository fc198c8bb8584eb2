namespace PocSync.Soql;

/// <summary>A query that an org refuses: Salesforce's error code and, as the message, Salesforce's text with the place marked.</summary>
public sealed class QueryException : Exception
{
    private const int ShownBefore = 32, ShownAfter = 45;

    public string ErrorCode { get; }

    private QueryException(string errorCode, string message) : base(message) => ErrorCode = errorCode;

    internal static QueryException Of(string text, OrgAnswer answer, int offset) =>
        new(answer.ErrorCode, answer.Placed ? Mark(text, answer.Offset ?? offset) + answer.Message : answer.Message);

    /// <summary>The part of the line around the place, a caret below it, row and column.</summary>
    private static string Mark(string text, int offset)
    {
        var at = TextPosition.Of(text, offset);
        var lineStart = offset - at.Column + 1;
        var lineEnd = text.AsSpan(lineStart).IndexOfAny('\r', '\n') is >= 0 and var length ? lineStart + length : text.Length;
        var start = lineStart;
        if (offset - lineStart > ShownBefore)
            for (start = offset - ShownBefore; start < offset && !(IsBreak(text[start - 1]) && !char.IsWhiteSpace(text[start]));)
                start++;
        var end = lineEnd;
        if (lineEnd - offset > ShownAfter)
            for (end = offset + ShownAfter; end > offset + 1 && !IsBreak(text[end]);)
                end--;
        return $"\n{text[start..end]}\n{new string(' ', offset - start)}^\nERROR at Row:{at.Line}:Column:{at.Column}\n";
    }

    private static bool IsBreak(char c) => char.IsWhiteSpace(c) || c is ',' or '(' or ')';
}
