using PocSync.Core.Rules;

namespace PocSync.Cli;

/// <summary>Writes an audit's findings as CSV, one row each.</summary>
internal static class AuditCsv
{
    public static void Write(AuditResult audit, TextWriter output)
    {
        CsvText.Row(output, "rule", "code", "subject", "account", "severity", "seen", "expected", "sentence");
        foreach (var f in audit.Findings)
        {
            CsvText.Row(output, f.Rule, f.Code, f.Subject.ToString(), f.Account.ToString(), f.Severity.ToString().ToLowerInvariant(), f.Seen, f.Expected, f.Sentence);
        }
    }
}
