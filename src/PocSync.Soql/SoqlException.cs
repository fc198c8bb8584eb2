namespace PocSync.Soql;

/// <summary>SOQL text that cannot be read, or that does not fit the fields it names.</summary>
public sealed class SoqlException : Exception
{
    /// <summary>0-based position in the text, in UTF-16 units.</summary>
    public int Offset { get; }

    /// <summary>1-based.</summary>
    public int Line { get; }

    /// <summary>1-based, in UTF-16 units from the start of the line.</summary>
    public int Column { get; }

    /// <summary>The sentence without the position.</summary>
    public string Problem { get; }

    /// <summary>How an org refuses the same, in Salesforce's words.</summary>
    internal QueryException Refusal { get; }

    internal SoqlException(string text, int offset, string problem, OrgAnswer? answer = null)
        : base($"{TextPosition.Of(text, offset)}: {problem}")
    {
        Offset = offset;
        (Line, Column) = TextPosition.Of(text, offset);
        Problem = problem;
        Refusal = QueryException.Of(text, answer ?? new(problem), offset);
    }
}

/// <summary>Salesforce's words for a problem, and the place where Salesforce sees it if that is another one, or none at all.</summary>
internal sealed record OrgAnswer(string Message, string ErrorCode = "MALFORMED_QUERY", int? Offset = null, bool Placed = true)
{
    /// <summary>A character that begins no token. Salesforce counts its columns from 0 here, so that row, column and caret are one to the left.</summary>
    public static OrgAnswer AtCharacter(string text, int offset, string problem)
    {
        var (line, column) = TextPosition.Of(text, offset);
        return new($"line {line}:{column - 1} {problem}", Offset: column > 1 ? offset - 1 : offset);
    }
}
