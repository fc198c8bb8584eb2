using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Ledger;

/// <summary>Which handoffs are meant.</summary>
/// <param name="Today">The day on which one is overdue or not.</param>
/// <param name="Person">Only those from or to somebody, by id.</param>
/// <param name="Text">Only where the account's name or that of one side has this in it.</param>
/// <param name="IsOverdue">Only those that are overdue.</param>
public sealed record HandoffFilter(DateOnly Today, string? Person = null, string? Text = null, bool IsOverdue = false);

/// <summary>Reads handoffs, as the last run saw them.</summary>
public sealed class HandoffQueries(LedgerDatabase database)
{
    /// <summary>The package's states, in the order in which a handoff goes through them.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["Proposed", "Documenting", "Awaiting Acknowledgement", "Acknowledged", "Declined", "Cancelled"];

    /// <summary>The states in which a handoff waits for somebody: past its due date it is overdue, as the rule has it.</summary>
    private static readonly string[] Waiting = ["Documenting", "Awaiting Acknowledgement"];

    /// <summary>Whether nothing more is to be done in a state.</summary>
    public static bool IsOver(string? status) => status is "Acknowledged" or "Declined" or "Cancelled";

    /// <summary>Whether a handoff is overdue on a day.</summary>
    public static bool IsOverdue(HandoffRow handoff, DateOnly today) =>
        Waiting.Contains(handoff.Status) && handoff.DueOn is { } due && string.CompareOrdinal(due, Day(today)) < 0;

    /// <summary>How many handoffs are in each state; an empty state is none.</summary>
    public Task<Dictionary<string, int>> CountsAsync(HandoffFilter filter) => database.RunAsync(context =>
        Of(context, filter).GroupBy(h => h.Status ?? "").Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count));

    /// <summary>
    /// The handoffs in a state (an empty one is none), those that are overdue first, then by the day on which they are due; of those that are over the newest first.
    /// </summary>
    public Task<List<HandoffRow>> PageAsync(HandoffFilter filter, string status, int skip, int take) => database.RunAsync(context =>
    {
        var all = Of(context, filter).Where(h => (h.Status ?? "") == status);
        return (IsOver(status) ? all.OrderByDescending(h => h.EffectiveOn ?? "").ThenBy(h => h.Id) : Sorted(all, filter.Today)).Skip(skip).Take(take).ToListAsync();
    });

    /// <summary>Somebody's handoffs that wait for somebody, in any state that does.</summary>
    public Task<List<HandoffRow>> OpenOfAsync(string person, DateOnly today, int limit) => database.RunAsync(context =>
        Sorted(context.Handoffs.Where(h => (h.FromId == person || h.ToId == person) && h.Status != "Acknowledged" && h.Status != "Declined" && h.Status != "Cancelled"), today)
            .Take(limit).ToListAsync());

    /// <summary>Handoffs to somebody that they neither acknowledged nor declined.</summary>
    public Task<List<HandoffRow>> ToAcknowledgeAsync(IReadOnlyCollection<string> sides, DateOnly today) => database.RunAsync(context => Sorted(
        context.Handoffs.Where(h => sides.Contains(h.ToId) && h.Status != "Acknowledged" && h.Status != "Declined" && h.Status != "Cancelled"), today)
        .ToListAsync());

    /// <summary>Handoffs from somebody of which the notes are not written.</summary>
    public Task<List<HandoffRow>> WithoutNotesAsync(IReadOnlyCollection<string> sides, DateOnly today) => database.RunAsync(context => Sorted(
        context.Handoffs.Where(h => sides.Contains(h.FromId) && h.Notes == null && h.Status != "Declined" && h.Status != "Cancelled"), today)
        .ToListAsync());

    /// <summary>A handoff; null where the last run saw none.</summary>
    public Task<HandoffRow?> HandoffAsync(string id) => database.RunAsync(context => context.Handoffs.SingleOrDefaultAsync(h => h.Id == id));

    /// <summary>
    /// Handoffs that wait for somebody and are due on a day up to one, where the rule about them looks at the account. Found are those of an account that the rule about them finds, where
    /// nobody accepted the finding as the baseline or silenced it.
    /// </summary>
    public Task<List<OpenHandoff>> OpenAsync(DateOnly until) => database.RunAsync(async context =>
    {
        var last = Day(until);
        var rows = await context.Handoffs.Where(h => (h.Status == "Proposed" || Waiting.Contains(h.Status)) && h.DueOn != null && string.Compare(h.DueOn, last) <= 0)
            .Where(h => h.EscalateDays != null)
            .Select(h => new
            {
                Handoff = h,
                IsFound = context.Findings.Any(f => f.Rule == "handoff-acknowledged" && f.Subject == h.Account && f.ResolvedRun == null && f.BaselineAt == null && f.Silent == null),
            })
            .ToListAsync();
        return rows.ConvertAll(r => new OpenHandoff(
            RecordId.Parse(r.Handoff.Id), RecordId.Parse(r.Handoff.Account), r.Handoff.AccountName, Id(r.Handoff.FromId), Id(r.Handoff.ToId), r.Handoff.Status ?? "",
            DateOnly.ParseExact(r.Handoff.DueOn!, "yyyy-MM-dd", CultureInfo.InvariantCulture), r.IsFound, r.Handoff.EscalateDays!.Value));
    });

    private static RecordId Id(string text) => text.Length == 0 ? default : RecordId.Parse(text);

    private static IQueryable<HandoffRow> Of(LedgerContext context, HandoffFilter filter)
    {
        var today = Day(filter.Today);
        var all = filter.Person is { } person ? context.Handoffs.Where(h => h.FromId == person || h.ToId == person) : context.Handoffs;
        all = filter.Text?.ToLowerInvariant() is { Length: > 0 } text ? all.Where(h => h.Folded.Contains(text)) : all;
        return filter.IsOverdue ? all.Where(h => Waiting.Contains(h.Status) && string.Compare(h.DueOn, today) < 0) : all;
    }

    private static IQueryable<HandoffRow> Sorted(IQueryable<HandoffRow> all, DateOnly day)
    {
        var today = Day(day);
        return all.OrderBy(h => Waiting.Contains(h.Status) && string.Compare(h.DueOn, today) < 0 ? 0 : 1).ThenBy(h => h.DueOn == null ? 1 : 0).ThenBy(h => h.DueOn)
            .ThenByDescending(h => h.EffectiveOn ?? "").ThenBy(h => h.Id);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
