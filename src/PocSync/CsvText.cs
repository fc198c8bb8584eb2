namespace PocSync;

/// <summary>Rows of RFC 4180 that are safe to open in a spreadsheet.</summary>
internal static class CsvText
{
    /// <summary>Writes one row.</summary>
    public static void Row(TextWriter output, params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            output.Write(i == 0 ? "" : ",");
            output.Write(Cell(cells[i] ?? ""));
        }

        output.Write("\r\n");
    }

    /// <summary>Quoted where needed; what a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    private static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
