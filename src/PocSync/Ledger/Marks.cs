using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Alerts;
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
        if (until is { } last && last <= DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))
        {
            throw new DecisionException($"{last:yyyy-MM-dd} is not after today");
        }

        var chosen = Of(context, which);
        var found = await chosen.ToListAsync();
        if (which.Numbers.Except(found.Select(f => f.Id)).ToList() is [var missing, ..])
        {
            throw new DecisionException($"There is no finding {missing} any more");
        }

        var kind = until is null ? nameof(LeftAloneKind.FalsePositive) : nameof(LeftAloneKind.Snoozed);
        var (now, day, words) = (time.GetUtcNow().UtcTicks, until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Words(by, reason, until));
        await ClearAsync(
            context, context.Marks.Where(m => m.ClearedAt == null && chosen.Any(f => f.Rule == m.Rule && f.Code == m.Code && f.Subject == m.Subject)), by, reason, now);
        await chosen.ExecuteUpdateAsync(set => set.SetProperty(f => f.Silent, kind).SetProperty(f => f.SilentWords, words));
        context.AddRange(found.Select(f => new MarkRow
        {
            At = now,
            Kind = kind,
            Rule = f.Rule,
            Code = f.Code,
            Subject = f.Subject,
            Account = f.Account,
            Sight = f.Sight,
            Until = day,
            By = by,
            Reason = reason,
        }));
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
        ClearAsync(context, Of(context, correction.Rule, correction.Code, correction.Account.ToString()), by, reason, now);

    /// <summary>The same for what a person did to an alert row.</summary>
    internal static Task<int> ClearAsync(LedgerContext context, AlertKey key, string by, string reason, long now) =>
        ClearAsync(context, Of(context, key.Rule, key.Code, key.Subject.ToString()), by, reason, now);

    /// <summary>What was said and not taken back, in order.</summary>
    internal static async Task<IReadOnlyList<Mark>> ReadAsync(LedgerContext context) =>
    [
        .. (await context.Marks.Where(m => m.ClearedAt == null).OrderBy(m => m.Id).ToListAsync())
            .Select(m => (Row: m, Until: m.Until is null ? (DateOnly?)null : DateOnly.Parse(m.Until, CultureInfo.InvariantCulture)))
            .Select(m => new Mark(
                Enum.Parse<LeftAloneKind>(m.Row.Kind), m.Row.Rule, m.Row.Code, RecordId.Parse(m.Row.Subject), m.Row.Sight, m.Until, Words(m.Row.By, m.Row.Reason, m.Until))),
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

    private static IQueryable<MarkRow> Of(LedgerContext context, string rule, string code, string subject) =>
        context.Marks.Where(m => m.ClearedAt == null && m.Rule == rule && m.Code == code && m.Subject == subject);

    private static IQueryable<FindingRow> Of(LedgerContext context, MarkedFindings which) => context.Findings.Where(f => f.ResolvedRun == null
        && (which.Numbers.Count == 0 || which.Numbers.Contains(f.Id))
        && (which.Account == null || f.Account == which.Account) && (which.Rule == null || f.Rule == which.Rule));

    private static string Words(string by, string reason, DateOnly? until) => until is { } day ? $"{by} snoozed it until {day:yyyy-MM-dd}: {reason}" : $"{by} marked it as false: {reason}";
}
