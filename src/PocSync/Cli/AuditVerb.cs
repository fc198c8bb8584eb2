using System.CommandLine;
using System.Text;
using PocSync.Cli.Report;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Exports;

namespace PocSync.Cli;

/// <summary><c>audit</c>: judges an export or the live org, and writes nothing to either.</summary>
internal static class AuditVerb
{
    private enum FailOn
    {
        Never,
        Info,
        Warning,
        Error,
    }

    public static Command Create(Surroundings around)
    {
        var export = VerbOptions.Export();
        var asOf = VerbOptions.AsOf();
        var rules = VerbOptions.Rules();
        var format = VerbOptions.Format();
        var report = new Option<string?>("--report") { Description = "Write a page to read and share.", HelpName = "FILE.html" };
        var failOn = VerbOptions.Word("--fail-on", FailOn.Never, "Exit with status 1 where there are findings at or above this severity.");
        var verb = new Command("audit", "Judges a data export, or the live org read-only, by every rule.") { export, asOf, rules, format, report, failOn };
        verb.SetAction(async (parsed, stop) =>
        {
            var page = parsed.GetValue(report);
            CheckReport(page);
            var settings = await VerbOptions.ReadRulesAsync(parsed.GetValue(rules), around, stop);
            var now = parsed.GetValue(asOf) ?? VerbOptions.Now(around);
            var (snapshot, contents) = parsed.GetValue(export) is { } path
                ? ExportReading.Read(path, settings, now, around, stop)
                : (await PullAsync(settings, now, around, stop), (ExportContents?)null);
            var audit = new AuditResult(snapshot, settings);
            if (page is not null)
            {
                WriteReport(page, audit, contents);
                around.Error.WriteLine(PlainText.Line($"The report is in {page}."));
            }

            Write(audit, parsed.GetValue(format), around);
            return (int)(audit.Findings.Any(f => IsAtLeast(f.Severity, parsed.GetValue(failOn))) ? ExitStatus.Findings : ExitStatus.Done);
        });
        return verb;
    }

    private static async Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Surroundings around, CancellationToken stop)
    {
        await using var connection = OrgConnection.Of(around.Settings, around.Time, OrgConnection.OrExport);
        return await connection.Org.PullAsync(settings, now, null, new ProgressDisplay(around), stop);
    }

    private static bool IsAtLeast(Severity severity, FailOn least) => least switch
    {
        FailOn.Never => false,
        FailOn.Info => true,
        FailOn.Warning => severity >= Severity.Warning,
        _ => severity == Severity.Error,
    };

    /// <summary>Before the work begins: the name ends as a page's does, so that no slip overwrites data, and its folder is there.</summary>
    private static void CheckReport(string? page)
    {
        if (page is null)
        {
            return;
        }

        if (!page.EndsWith(".html", StringComparison.OrdinalIgnoreCase) && !page.EndsWith(".htm", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--report writes a page; give a name that ends in .html, not {page}.");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(page)) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"There is no folder {folder} for the report; make it first, or choose another.");
        }
    }

    private static void WriteReport(string page, AuditResult audit, ExportContents? contents)
    {
        try
        {
            using var file = new StreamWriter(page, append: false, new UTF8Encoding(false));
            new ReportPage(audit, contents).Write(file);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The report cannot be written to {page}: {wrong.Message}");
        }
    }

    private static void Write(AuditResult audit, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            AuditJson.Write(audit, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            AuditCsv.Write(audit, text);
        }
        else
        {
            AuditTable.Write(audit, text);
        }
    }
}
