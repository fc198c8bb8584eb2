using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>One field of one record that PocSync changed. Objects and fields by package or standard name.</summary>
/// <param name="At">When the org took it; where that is not known, when it was found to be written.</param>
/// <param name="Run">The run, what it was for, and who ran it.</param>
/// <param name="Correction">What was done and why.</param>
/// <param name="Outcome">A word of <see cref="OutcomeKind"/>; null where it is not known yet.</param>
/// <param name="Object">The object.</param>
/// <param name="Record">The record; none where the id of a record that was made is not known.</param>
/// <param name="Action">insert, update or delete; of a member of a team whom an owner change drops: restore, or lose where the org takes nobody inactive.</param>
/// <param name="Field">The field.</param>
/// <param name="Before">What it said.</param>
/// <param name="After">What it says.</param>
/// <param name="ApprovedBy">Who approved it; null where nobody had to.</param>
/// <param name="Reason">Why they approved it, or why the run was made; null where no person gave a reason.</param>
/// <param name="UndoneBy">The last run that took it back; null where none did.</param>
public sealed record Change(
    DateTimeOffset At, RunRow Run, PlannedRow Correction, string? Outcome, string Object, RecordId Record, string Action, string Field, string? Before,
    string? After, string? ApprovedBy, string? Reason, long? UndoneBy)
{
    /// <summary>The name of the user, department or account that it said.</summary>
    public string? BeforeName { get; init; }

    /// <summary>The name of the user, department or account that it says.</summary>
    public string? AfterName { get; init; }
}

/// <summary>Everything that PocSync changed, for auditors.</summary>
public sealed class ChangeLog(LedgerDatabase database)
{
    /// <summary>
    /// What was changed from one instant until before another, on one account or on all, in the order of writing. What was taken by the org counts, also
    /// where a correction came only half through.
    /// </summary>
    public Task<List<Change>> ReadAsync(DateTimeOffset? since, DateTimeOffset? until, RecordId account) => database.RunAsync(async context =>
    {
        var (from, to, id) = (since?.UtcTicks ?? 0, until?.UtcTicks ?? long.MaxValue, account.IsNone ? null : account.ToString());
        var taken = await context.Intents
            .Where(i => id == null || i.Account == id)
            .GroupJoin(context.Outcomes, i => i.Id, o => o.Intent, (i, outcomes) => new { Intent = i, Outcomes = outcomes })
            .SelectMany(x => x.Outcomes.DefaultIfEmpty(), (x, o) => new { x.Intent, Outcome = o!.Kind, At = x.Intent.TakenAt ?? o!.At })
            .Where(x => (x.Intent.TakenAt != null || x.Outcome == nameof(OutcomeKind.Written)) && x.At >= from && x.At < to)
            .OrderBy(x => x.Intent.Id)
            .ToListAsync();
        var runs = await context.Runs.ToDictionaryAsync(r => r.Number);
        var undone = (await context.Intents.Where(i => i.Undoes != null
                && context.Outcomes.Any(o => o.Intent == i.Id && o.Kind == nameof(OutcomeKind.Written)))
            .Select(i => new { i.Undoes, i.Run }).ToListAsync()).GroupBy(u => u.Undoes!.Value).ToDictionary(g => g.Key, g => g.Max(u => u.Run));
        var planned = new Dictionary<string, PlannedRow>();
        var approvals = new List<DecisionRow>();
        foreach (var some in taken.Select(t => t.Intent.Correction).Distinct().Chunk(500))
        {
            foreach (var row in await context.Planned.Where(p => some.Contains(p.Correction)).OrderBy(p => p.Plan).ToListAsync())
            {
                planned[row.Correction] = row;
            }

            approvals.AddRange(await context.Decisions
                .Where(d => d.Kind == nameof(DecisionKind.Approve) && d.Settled != null && some.Contains(d.Correction)).OrderBy(d => d.Id).ToListAsync());
        }

        var said = approvals.ToLookup(d => (d.Correction, d.Settled));
        var known = await KnownNames.OfAsync(context, [.. taken.Select(t => (
            planned.TryGetValue(t.Intent.Correction, out var row) ? LedgerJson.Read<Correction>(row.Json) : null, (Intent?)LedgerJson.Read<Intent>(t.Intent.Json)))]);
        var changes = new List<Change>();
        foreach (var one in taken.Where(t => planned.ContainsKey(t.Intent.Correction)))
        {
            var intent = LedgerJson.Read<Intent>(one.Intent.Json);
            var made = one.Intent.Created is { } ids ? LedgerJson.Read<List<RecordId>>(ids) : [];
            var run = runs[one.Intent.Run];
            var yes = said[(one.Intent.Correction, one.Intent.Settled)].ToList();
            Change Of(string @object, RecordId record, string action, string field, string? before, string? after) => new(
                new DateTimeOffset(one.At, TimeSpan.Zero), run, planned[one.Intent.Correction], one.Outcome, @object, record, action, field, before, after,
                yes.Count > 0 ? string.Join(", ", yes.Select(d => d.By).Distinct()) : null,
                yes.Count > 0 ? string.Join("; ", yes.Select(d => d.Reason).Distinct()) : run.Reason,
                undone.TryGetValue(one.Intent.Id, out var by) ? by : null)
            {
                BeforeName = before is null ? null : known.GetValueOrDefault(before),
                AfterName = after is null ? null : known.GetValueOrDefault(after),
            };

            foreach (var (write, i) in intent.Bundle.Writes.Select((w, i) => (w, i)))
            {
                var record = write.Id.IsNone && i < made.Count ? made[i] : write.Id;
                changes.AddRange(write.Before.Keys.Union(write.After.Keys).Select(field => Of(
                    write.Object, record, write.Action.ToString().ToLowerInvariant(), field, write.Before.GetValueOrDefault(field), write.After.GetValueOrDefault(field))));
            }

            changes.AddRange(intent.Bundle.Team.Select(t => Of("AccountTeamMember", default, "restore", "UserId", t.UserId.ToString(), t.UserId.ToString())));
            changes.AddRange(intent.Lost.Select(t => Of("AccountTeamMember", t.Id, "lose", "UserId", t.UserId.ToString(), null)));
        }

        return changes;
    });
}
