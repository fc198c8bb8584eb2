using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Cli;

/// <summary>Prints an audit for people: each rule's count, and the worst findings.</summary>
internal static class AuditTable
{
    private const int Worst = 20;

    public static void Write(AuditResult audit, TextWriter output)
    {
        var snapshot = audit.Snapshot;
        output.WriteLine(PlainText.Line(string.Create(CultureInfo.InvariantCulture,
            $"{snapshot.Org.Name ?? "Audit"} as of {snapshot.AsOf.Now.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {snapshot.Accounts.Count:N0} accounts ({audit.Exempt:N0} exempt), {snapshot.Users.Count:N0} users, binding {snapshot.Binding.ToString().ToLowerInvariant()}")));
        output.WriteLine();
        foreach (var rule in audit.Rules.Where(r => r.Reason is null))
        {
            var severity = rule.Findings.Count == 0 ? "" : audit.Settings.Of(rule.Rule).Severity.ToString().ToLowerInvariant();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rule.Rule.Id,-22} {rule.Findings.Count,9:N0}  {severity,-8} {rule.Rule.Meaning}"));
        }

        WriteNotEvaluated(audit, output);
        WriteWorst(audit, output);
    }

    private static void WriteNotEvaluated(AuditResult audit, TextWriter output)
    {
        var skipped = audit.Rules.Where(r => r.Reason is not null).ToList();
        if (skipped.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("Not evaluated");
        foreach (var rule in skipped)
        {
            output.WriteLine(PlainText.Line($"  {rule.Rule.Id,-22} {rule.Reason}"));
        }
    }

    private static void WriteWorst(AuditResult audit, TextWriter output)
    {
        output.WriteLine();
        if (audit.Findings.Count == 0)
        {
            output.WriteLine("No findings.");
            return;
        }

        var worst = audit.Findings.OrderByDescending(f => f.Severity).ThenByDescending(f => WorthOf(f, audit.Snapshot)).Take(Worst).ToList();
        output.WriteLine(worst.Count == audit.Findings.Count
            ? "Findings, worst first"
            : string.Create(CultureInfo.InvariantCulture, $"The worst {worst.Count} of {audit.Findings.Count:N0} findings, by severity and annual revenue"));
        foreach (var finding in worst)
        {
            output.WriteLine(PlainText.Line($"  {finding.Severity.ToString().ToLowerInvariant(),-8} {finding.Subject}  {finding.Sentence}"));
        }

        if (worst.Count < audit.Findings.Count)
        {
            output.WriteLine("All of them: --format csv or --format json. A page to read and share: --report FILE.html.");
        }
    }

    private static decimal WorthOf(Finding finding, Snapshot snapshot) => snapshot.FindAccount(finding.Account)?.AnnualRevenue ?? -1;
}
