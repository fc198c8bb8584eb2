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

    internal SoqlException(string text, int offset, string problem) : this(TextPosition.Of(text, offset), offset, problem) { }

    private SoqlException(TextPosition at, int offset, string problem) : base($"line {at.Line}, column {at.Column}: {problem}")
    {
        Offset = offset;
        Line = at.Line;
        Column = at.Column;
        Problem = problem;
    }
}
