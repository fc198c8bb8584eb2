using Microsoft.EntityFrameworkCore;
using PocSync.Core.Records;

namespace PocSync.Ledger;

/// <summary>What a person accepts as it is: open findings that are no news and whose corrections are left alone, until they are gone.</summary>
public sealed class Baseline(LedgerDatabase database, TimeProvider time)
{
    /// <summary>Accepts the open findings of the last full run, of a rule or all, but those that are snoozed or marked as false; gives how many. Throws <see cref="DecisionException"/>.</summary>
    /// <param name="rule">The rule; null for all.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="seenRun">The last run of which they saw the findings; null for the last that there is.</param>
    public Task<int> AcceptAsync(string? rule, string by, string reason, long? seenRun = null) => ChangeAsync(rule, by, reason, false, seenRun);

    /// <summary>Takes findings back out, of a rule or all; gives how many. Throws <see cref="DecisionException"/>.</summary>
    public Task<int> ClearAsync(string? rule, string by, string reason) => ChangeAsync(rule, by, reason, true);

    /// <summary>The open findings in the baseline, by rule, code and subject, with who and why.</summary>
    internal static async Task<Dictionary<(string Rule, string Code, RecordId Subject), string>> ReadAsync(LedgerContext context) =>
        (await context.Findings.Where(f => f.ResolvedRun == null && f.BaselineAt != null).OrderBy(f => f.Id).ToListAsync())
        .GroupBy(f => (f.Rule, f.Code, RecordId.Parse(f.Subject)))
        .ToDictionary(
            g => g.Key,
            g => $"{g.First().BaselineBy} accepted it as the baseline on {new DateTime(g.First().BaselineAt!.Value, DateTimeKind.Utc):yyyy-MM-dd}: {g.First().BaselineReason}");

    private Task<int> ChangeAsync(string? rule, string by, string reason, bool isCleared, long? seenRun = null) => database.InTransactionAsync(async context =>
    {
        if (!await context.Runs.AnyAsync(r => r.IsMeasure))
        {
            throw new DecisionException("No run has judged the whole org yet", "`pocsync sync` does");
        }

        var now = time.GetUtcNow().UtcTicks;
        var findings = context.Findings.Where(f => f.ResolvedRun == null && (rule == null || f.Rule == rule) && (seenRun == null || f.OpenedRun <= seenRun));
        var count = isCleared
            ? await findings.Where(f => f.BaselineAt != null).ExecuteUpdateAsync(set => set
                .SetProperty(f => f.BaselineAt, (long?)null).SetProperty(f => f.BaselineBy, (string?)null).SetProperty(f => f.BaselineReason, (string?)null))
            : await findings.Where(f => f.BaselineAt == null && f.Silent == null).ExecuteUpdateAsync(set => set
                .SetProperty(f => f.BaselineAt, now).SetProperty(f => f.BaselineBy, by).SetProperty(f => f.BaselineReason, reason));
        context.Add(new BaselineRow { At = now, By = by, Reason = reason, Rule = rule, IsCleared = isCleared, Findings = count });
        return count;
    });
}
