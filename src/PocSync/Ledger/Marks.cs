using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Which findings of those that the last run saw: by their numbers, or all of an account, of a rule, or of both.</summary>
public sealed record MarkedFindings(IReadOnlyList<long> Numbers, string? Account = null, string? Rule = null);

/// <summary>What people say of findings so that they are silent: snoozed until a day, or false. One holds at a time for a finding; the last one said.</summary>
public sealed class Marks(LedgerDatabase database, TimeProvider time)
{
    /// <summary>Silences findings; gives how many. Throws <see cref="DecisionException"/>.</summary>
    /// <param name="which">Which.</param>
    /// <param name="until">The day from which they count again; null marks them as false.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    public Task<int> SetAsync(MarkedFindings which, DateOnly? until, string by, string reason) => database.InTransactionAsync(async context =>
    {
        if (until is { } day && day <= DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))
        {
            throw new DecisionException($"{day:yyyy-MM-dd} is not after today");
        }

        var found = await Of(context, which).ToListAsync();
        if (which.Numbers.Except(found.Select(f => f.Id)).ToList() is [var missing, ..])
        {
            throw new DecisionException($"There is no finding {missing} any more");
        }

        var kind = until is null ? nameof(LeftAloneKind.FalsePositive) : nameof(LeftAloneKind.Snoozed);
        var now = time.GetUtcNow().UtcTicks;
        foreach (var finding in found)
        {
            await ClearAsync(context, Same(context, finding.Rule, finding.Code, finding.Subject), by, reason, now);
            var mark = new MarkRow
            {
                At = now,
                Kind = kind,
                Rule = finding.Rule,
                Code = finding.Code,
                Subject = finding.Subject,
                Account = finding.Account,
                Sight = finding.Sight,
                Until = until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                By = by,
                Reason = reason,
            };
            context.Add(mark);
            (finding.Silent, finding.SilentWords) = (kind, Words(mark));
        }

        return found.Count;
    });

    /// <summary>Takes back what was said; gives of how many findings.</summary>
    public Task<int> ClearAsync(MarkedFindings which, LeftAloneKind kind, string by, string reason) => database.InTransactionAsync(context =>
    {
        var (name, numbers) = (kind.ToString(), which.Numbers);
        var marks = context.Marks.Where(m => m.ClearedAt == null && m.Kind == name
            && (which.Account == null || m.Account == which.Account) && (which.Rule == null || m.Rule == which.Rule)
            && (numbers.Count == 0 || context.Findings.Any(f => numbers.Contains(f.Id) && f.Rule == m.Rule && f.Code == m.Code && f.Subject == m.Subject)));
        return ClearAsync(context, marks, by, reason, time.GetUtcNow().UtcTicks);
    });

    /// <summary>Whoever approves what puts a silent finding right says that it is one.</summary>
    internal static Task<int> ClearAsync(LedgerContext context, Correction correction, string by, string reason, long now) =>
        ClearAsync(context, Same(context, correction.Rule, correction.Code, correction.Account.ToString()), by, reason, now);

    /// <summary>What was said and not taken back, in order.</summary>
    internal static async Task<IReadOnlyList<Mark>> ReadAsync(LedgerContext context) =>
    [
        .. (await context.Marks.Where(m => m.ClearedAt == null).OrderBy(m => m.Id).ToListAsync()).Select(m => new Mark(
            Enum.Parse<LeftAloneKind>(m.Kind), m.Rule, m.Code, RecordId.Parse(m.Subject), m.Sight,
            m.Until is null ? null : DateOnly.Parse(m.Until, CultureInfo.InvariantCulture), Words(m))),
    ];

    /// <summary>The findings that are silent now, with the kind of the mark and its words.</summary>
    internal static async Task<Dictionary<(string Rule, string Code, RecordId Subject), (string Kind, string Words)>> SilentAsync(LedgerContext context) =>
        (await context.Findings.Where(f => f.ResolvedRun == null && f.Silent != null).Select(f => new { f.Rule, f.Code, f.Subject, f.Silent, f.SilentWords }).ToListAsync())
        .ToDictionary(f => (f.Rule, f.Code, RecordId.Parse(f.Subject)), f => (f.Silent!, f.SilentWords!));

    private static async Task<int> ClearAsync(LedgerContext context, IQueryable<MarkRow> marks, string by, string reason, long now)
    {
        await context.Findings.Where(f => f.ResolvedRun == null && marks.Any(m => m.Rule == f.Rule && m.Code == f.Code && m.Subject == f.Subject))
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.Silent, (string?)null).SetProperty(f => f.SilentWords, (string?)null));
        return await marks.ExecuteUpdateAsync(set => set.SetProperty(m => m.ClearedAt, now).SetProperty(m => m.ClearedBy, by).SetProperty(m => m.ClearedReason, reason));
    }

    private static IQueryable<MarkRow> Same(LedgerContext context, string rule, string code, string subject) =>
        context.Marks.Where(m => m.ClearedAt == null && m.Rule == rule && m.Code == code && m.Subject == subject);

    private static IQueryable<FindingRow> Of(LedgerContext context, MarkedFindings which) => context.Findings.AsTracking().Where(f => f.ResolvedRun == null
        && (which.Numbers.Count == 0 || which.Numbers.Contains(f.Id))
        && (which.Account == null || f.Account == which.Account) && (which.Rule == null || f.Rule == which.Rule)).OrderBy(f => f.Id);

    private static string Words(MarkRow mark) => mark.Until is null ? $"{mark.By} marked it as false: {mark.Reason}" : $"{mark.By} snoozed it until {mark.Until}: {mark.Reason}";
}
