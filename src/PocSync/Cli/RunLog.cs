using System.Globalization;
using Microsoft.Extensions.Logging;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>What a run of the worker did, for its log: ids and no names.</summary>
internal static partial class RunLog
{
    /// <summary>How a run ended. What the org said, and who paused it and why, stands in the ledger alone.</summary>
    public static string Sentence(RunReport report) => string.Create(CultureInfo.InvariantCulture,
        $"Run {report.Run}: {report.Status.ToString().ToLowerInvariant()}{(report.FailureCode is { } code ? $" ({code})" : "")}; {report.Accounts} accounts judged, {report.Judged?.Findings?.Count ?? 0} findings, {report.Corrections} corrections planned, {report.Applied} written, {report.NotApplied + report.Unknown} not, {report.Held} held, {report.Waiting} waiting, {report.CallsUsed} API calls.");

    /// <summary>A line for each outcome. What was approved, or begun by an earlier run, is of another plan than the run's own.</summary>
    public static async Task OutcomesAsync(ILogger log, RunReport report, LedgerDatabase ledger)
    {
        var planned = await new LedgerQueries(ledger).PlannedAsync([.. report.Outcomes.Select(o => o.CorrectionId)]);
        foreach (var outcome in report.Outcomes)
        {
            var (rule, account) = planned.GetValueOrDefault(outcome.CorrectionId, ("no known rule", "unknown"));
            Outcome(log, report.Run, outcome.CorrectionId, rule, account, outcome.Kind, outcome.Code is null ? "" : $" ({outcome.Code})");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run}: correction {Correction} of {Rule} on account {Account}: {Outcome}{Code}")]
    private static partial void Outcome(ILogger log, long run, string correction, string rule, string account, OutcomeKind outcome, string code);
}
