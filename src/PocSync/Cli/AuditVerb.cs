using System.CommandLine;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Cli;

/// <summary>Pulls a snapshot from the org that the program's settings name.</summary>
public delegate Task<Snapshot> LivePull(Settings settings, DateTimeOffset asOf, CancellationToken stop);

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

    public static Command Create(Surroundings around, LivePull? live)
    {
        var export = CommonOptions.Export();
        var asOf = CommonOptions.AsOf();
        var rules = CommonOptions.Rules();
        var format = CommonOptions.Format();
        var failOn = CommonOptions.Word("--fail-on", FailOn.Never, "Exit with status 1 where there are findings at or above this severity.");
        var verb = new Command("audit", "Judges a data export, or the live org read-only, by every rule.") { export, asOf, rules, format, failOn };
        verb.SetAction(async (parsed, stop) =>
        {
            var settings = CommonOptions.ReadRules(parsed.GetValue(rules), around);
            var now = parsed.GetValue(asOf) ?? CommonOptions.Now(around);
            var snapshot = parsed.GetValue(export) is { } path ? ExportReading.Read(path, settings, now, around, stop)
                : live is not null ? await live(settings, now, stop)
                : throw new UsageException("This version audits exports only; give one with --export DIR-or-ZIP.");
            var audit = new AuditResult(snapshot, settings);
            Write(audit, parsed.GetValue(format), around);
            return (int)(audit.Findings.Any(f => IsAtLeast(f.Severity, parsed.GetValue(failOn))) ? ExitStatus.Findings : ExitStatus.Done);
        });
        return verb;
    }

    private static bool IsAtLeast(Severity severity, FailOn least) => least switch
    {
        FailOn.Never => false,
        FailOn.Info => true,
        FailOn.Warning => severity >= Severity.Warning,
        _ => severity == Severity.Error,
    };

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
