using Microsoft.EntityFrameworkCore;
using PocSync.Core.Guards;

namespace PocSync.Ledger;

/// <summary>Which corrections a person speaks of cannot be told, in one sentence.</summary>
public sealed class DecisionException(string message) : Exception(message);

/// <summary>Notes a person's yes and no. Both speak of the newest plan only: an older one is not what would be written.</summary>
public sealed class Decisions(LedgerDatabase database, TimeProvider time)
{
    /// <summary>So many hexadecimal digits name a plan or a correction.</summary>
    public const int ShortestName = 8;

    /// <summary>
    /// Notes a decision on corrections of the newest plan: those named by id, all of the plan named by its digest, or all of a rule. Gives the
    /// corrections that it covers. Throws <see cref="DecisionException"/>.
    /// </summary>
    public async Task<IReadOnlyList<PlannedCorrection>> DecideAsync(bool isYes, IReadOnlyList<string> named, string? rule, string by, string reason)
    {
        var pending = await new LedgerQueries(database).PendingAsync()
            ?? throw new DecisionException("There is no plan yet: `pocsync sync` makes one.");
        var covered = new List<PlannedCorrection>();
        foreach (var name in named)
        {
            covered.AddRange(await OfNameAsync(name, pending));
        }

        if (rule is not null)
        {
            covered.AddRange(pending.Open.Where(o => o.Correction.Rule == rule && !o.IsLeftAlone));
            if (covered.Count == 0)
            {
                throw new DecisionException($"Nothing of the rule '{rule}' waits or is held: `pocsync approvals` shows what does.");
            }
        }

        covered = [.. covered.DistinctBy(c => c.Correction.Id).OrderBy(c => c.Position)];
        var now = time.GetUtcNow().UtcTicks;
        return await database.InTransactionAsync<IReadOnlyList<PlannedCorrection>>(async context =>
        {
            var plan = await context.Runs.Where(r => r.Number == pending.Run).Select(r => r.Plan!.Value).SingleAsync();
            context.AddRange(covered.Select(
                c => new DecisionRow { At = now, Plan = plan, Correction = c.Correction.Id, IsYes = isYes, By = by, Reason = reason }));
            if (isYes && covered.Count == pending.Open.Count && pending.Refusals.Any(Losses.IsLoss))
            {
                // Whoever approves a plan although records were missing says that they are gone: from now on that is the measure.
                await context.Runs.Where(r => r.Number == pending.Run).ExecuteUpdateAsync(set => set.SetProperty(r => r.IsMeasure, true));
            }

            return covered;
        });
    }

    private async Task<IEnumerable<PlannedCorrection>> OfNameAsync(string name, Pending pending)
    {
        if (name.Length < ShortestName || !name.All(char.IsAsciiHexDigit))
        {
            throw new DecisionException(
                $"'{name}' names no plan and no correction: give {ShortestName} or more digits of a digest or an id that `pocsync approvals` shows.");
        }

        name = name.ToLowerInvariant();
        if (pending.Digest.StartsWith(name, StringComparison.Ordinal))
        {
            var open = pending.Open.Where(o => !o.IsLeftAlone).ToList();
            return open.Count > 0 ? open : throw new DecisionException($"Nothing of the plan {pending.Digest[..12]} waits or is held any more.");
        }

        var found = pending.Open.Where(o => o.Correction.Id.StartsWith(name, StringComparison.Ordinal)).ToList();
        if (found.Count > 0)
        {
            return found.Count == 1 ? found : throw new DecisionException($"'{name}' names {found.Count} corrections: give more digits.");
        }

        throw new DecisionException(await database.RunAsync(async context =>
            await context.Plans.Where(p => p.Digest.StartsWith(name)).OrderByDescending(p => p.Id).FirstOrDefaultAsync() is { } old
                ? $"The plan {old.Digest[..12]} of run {old.Run} was superseded by run {pending.Run} (digest {pending.Digest[..12]}): `pocsync approvals` shows what waits now."
            : await context.Planned.AnyAsync(p => p.Correction.StartsWith(name))
                ? $"The correction {name} is done, or no part of the newest plan (run {pending.Run}) any more: `pocsync approvals` shows what waits now."
            : $"No plan or correction is named {name}: `pocsync approvals` shows what waits."));
    }
}
