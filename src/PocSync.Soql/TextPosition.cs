namespace PocSync.Soql;

/// <summary>1-based line and column; a line ends with LF, CR or CRLF.</summary>
internal readonly record struct TextPosition(int Line, int Column)
{
    public static TextPosition Of(string text, int offset)
    {
        int line = 1, start = 0;
        for (var i = 0; i < offset; i++)
            if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n')))
            {
                line++;
                start = i + 1;
            }
        return new(line, offset - start + 1);
    }

    public override string ToString() => $"line {Line}, column {Column}";
}
