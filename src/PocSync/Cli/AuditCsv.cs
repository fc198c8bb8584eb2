using PocSync.Core.Rules;

namespace PocSync.Cli;

/// <summary>Writes an audit's findings as CSV, one row each.</summary>
internal static class AuditCsv
{
    public static void Write(AuditResult audit, TextWriter output)
    {
        Row(output, "rule", "code", "subject", "account", "severity", "seen", "expected", "sentence");
        foreach (var f in audit.Findings)
        {
            Row(output, f.Rule, f.Code, f.Subject.ToString(), f.Account.ToString(), f.Severity.ToString().ToLowerInvariant(), f.Seen, f.Expected, f.Sentence);
        }
    }

    private static void Row(TextWriter output, params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            output.Write(i == 0 ? "" : ",");
            output.Write(Cell(cells[i]));
        }

        output.Write("\r\n");
    }

    /// <summary>Quoted where RFC 4180 asks for it; what a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    private static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
