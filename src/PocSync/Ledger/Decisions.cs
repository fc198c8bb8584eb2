using Microsoft.EntityFrameworkCore;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>A person's word on a correction.</summary>
public enum DecisionKind
{
    /// <summary>It may be written.</summary>
    Approve,

    /// <summary>It is not proposed again until what it starts from changes.</summary>
    Reject,

    /// <summary>It is not proposed again until a day.</summary>
    Defer,

    /// <summary>Another one takes its place, which was given to somebody else.</summary>
    Replace,
}

/// <summary>How long a person's yes holds, and when it takes two.</summary>
/// <param name="ExpireDays">Days after which a plan can be approved no more, and an approval be written no more.</param>
/// <param name="TwoPersonsAbove">One person's yes to more accounts of a plan than that needs another person's; null where it never does.</param>
public sealed record ApprovalTerms(int ExpireDays = 14, int? TwoPersonsAbove = null);

/// <summary>Which corrections a person speaks of cannot be told, or they cannot be decided on, in one sentence.</summary>
/// <param name="plain">What is wrong.</param>
/// <param name="byVerb">What to do about it on the command line.</param>
public sealed class DecisionException(string plain, string? byVerb = null) : Exception($"{plain}{(byVerb is null ? "" : $": {byVerb}")}.")
{
    /// <summary>What is wrong, without the command line's words.</summary>
    public string Plain => $"{plain}.";
}

/// <summary>Notes what people decide. They speak of the newest plan only: an older one is not what would be written.</summary>
public sealed class Decisions(LedgerDatabase database, ApprovalTerms terms, TimeProvider time)
{
    /// <summary>
    /// Notes a decision on corrections of the newest plan, and gives those that it covers, as they stand after it. Throws <see
    /// cref="DecisionException"/>.
    /// </summary>
    /// <param name="kind">What is decided.</param>
    /// <param name="selection">On what.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="until">For a deferral, the day on which it is proposed again.</param>
    public async Task<IReadOnlyList<PlannedCorrection>> DecideAsync(DecisionKind kind, Selection selection, string by, string reason, DateOnly? until = null)
    {
        var pending = await PendingAsync(kind);
        return await NoteAsync(kind, pending, await SelectAsync(selection, pending), by, reason, until);
    }

    /// <summary>
    /// The same for corrections that a person ticked, by their ids: refused as a whole where another plan came since they were shown, or one of them is
    /// done. Throws <see cref="DecisionException"/>.
    /// </summary>
    /// <param name="kind">What is decided.</param>
    /// <param name="digest">The digest of the plan that was shown.</param>
    /// <param name="corrections">On what.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="until">For a deferral, the day on which it is proposed again.</param>
    public async Task<IReadOnlyList<PlannedCorrection>> DecideAsync(
        DecisionKind kind, string digest, IReadOnlySet<string> corrections, string by, string reason, DateOnly? until = null)
    {
        var pending = await PendingAsync(kind);
        var covered = pending.Digest != digest ? throw new DecisionException($"Run {pending.Run} made another plan since this one was shown")
            : pending.Open.Where(o => corrections.Contains(o.Correction.Id)).ToList();
        return covered.Count == corrections.Count && covered.Count > 0 ? await NoteAsync(kind, pending, covered, by, reason, until)
            : throw new DecisionException($"{NumberText.Count(corrections.Count - covered.Count, "correction")} of those that were chosen {(corrections.Count - covered.Count == 1 ? "is" : "are")} written or settled already");
    }

    private async Task<IReadOnlyList<PlannedCorrection>> NoteAsync(
        DecisionKind kind, Pending pending, IReadOnlyList<PlannedCorrection> covered, string by, string reason, DateOnly? until)
    {
        var ids = covered.Select(c => c.Correction.Id).ToHashSet();
        var now = time.GetUtcNow().UtcTicks;
        await database.InTransactionAsync(async context =>
        {
            context.AddRange(covered.Select(c => Row(kind, c.Correction, c.Plan, c.Since.UtcTicks, by, reason, now, until)));
            foreach (var one in covered.Where(c => kind == DecisionKind.Approve && c.State == nameof(LeftAloneKind.Baseline)).Select(c => c.Correction))
            {
                var account = one.Account.ToString();
                await context.Findings.Where(f => f.Rule == one.Rule && f.Code == one.Code && f.Subject == account && f.ResolvedRun == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(f => f.BaselineAt, (long?)null));
            }

            if (kind == DecisionKind.Approve)
            {
                foreach (var one in covered.Where(c => c.State is nameof(LeftAloneKind.Snoozed) or nameof(LeftAloneKind.FalsePositive)).Select(c => c.Correction))
                {
                    await Marks.ClearAsync(context, one, by, reason, now);
                }

                // Whoever approves what was changed back says that it is to be written all the same.
                foreach (var account in covered.Where(c => c.State == nameof(LeftAloneKind.Reverted)).Select(c => c.Correction.Account).Distinct())
                {
                    await RevertLog.ClearAsync(context, account, by, reason, now);
                }
            }

            if (kind == DecisionKind.Approve && pending.Open.All(o => o.IsLeftAlone || o.Plan != pending.Plan || ids.Contains(o.Correction.Id))
                && pending.Refusals.Any(Losses.IsLoss))
            {
                // Whoever approves a plan although records were missing says that they are gone: from now on that is the measure.
                await context.Runs.Where(r => r.Number == pending.Run && r.Measure != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.IsMeasure, true));
            }

            return 0;
        });
        return [.. (await PendingAsync(kind)).Open.Where(o => ids.Contains(o.Correction.Id))];
    }

    /// <summary>The one correction of the newest plan that is named, to be given to somebody else. Throws <see cref="DecisionException"/>.</summary>
    public async Task<Correction> FindAsync(Selection selection) =>
        await SelectAsync(selection, await PendingAsync(DecisionKind.Approve)) is [var one] ? one.Correction
            : throw new DecisionException("Only one correction at a time can be given to somebody else", "--give-to takes its id, as `pocsync approvals` shows it");

    internal static DecisionRow Row(
        DecisionKind kind, Correction correction, long plan, long since, string by, string reason, long at, DateOnly? until = null) => new()
        {
            At = at,
            Plan = plan,
            Correction = correction.Id,
            Rule = correction.Rule,
            Code = correction.Code,
            Account = correction.Account.ToString(),
            Starting = Proposal.StartingPoint(correction),
            Since = since,
            Kind = kind.ToString(),
            Until = until?.ToString("O"),
            HoldsFrom = Math.Max(at, correction.NotBefore?.ToDateTime(default, DateTimeKind.Utc).Ticks ?? 0),
            By = by,
            Reason = reason,
        };

    private async Task<Pending> PendingAsync(DecisionKind kind)
    {
        var now = time.GetUtcNow();
        var pending = await new LedgerQueries(database).PendingAsync(terms, now)
            ?? throw new DecisionException("There is no plan yet", "`pocsync sync` makes one");
        return kind != DecisionKind.Approve || now < pending.Expires ? pending : throw new DecisionException(
            $"The plan {pending.Digest[..12]} of run {pending.Run} is of {pending.MadeAt:yyyy-MM-dd}, and a plan can be approved for {terms.ExpireDays} days (Approvals:ExpireDays)", "make a new one with `pocsync sync`");
    }

    private async Task<IReadOnlyList<PlannedCorrection>> SelectAsync(Selection selection, Pending pending)
    {
        // What is to be taken back is meant only by its name: by a rule or a person, what that rule proposes.
        IEnumerable<PlannedCorrection> found = pending.Open.Where(o => !o.IsLeftAlone && o.Plan == pending.Plan);
        if (selection.Named.Count > 0)
        {
            var named = new List<PlannedCorrection>();
            foreach (var name in selection.Named)
            {
                named.AddRange(await OfNameAsync(name, pending));
            }

            found = named.DistinctBy(c => c.Correction.Id);
        }

        var covered = selection.Narrow(found, pending.Open).OrderBy(c => c.Position).ToList();
        return covered.Count > 0 ? covered
            : throw new DecisionException($"Nothing that waits or is held is {selection.Words}", "`pocsync approvals` shows what does");
    }

    private async Task<IEnumerable<PlannedCorrection>> OfNameAsync(string name, Pending pending)
    {
        if (name.Length < Selection.ShortestName || !name.All(char.IsAsciiHexDigit))
        {
            throw new DecisionException(
                $"'{name}' names no plan and no correction", $"give {Selection.ShortestName} or more digits of a digest or an id that `pocsync approvals` shows");
        }

        name = name.ToLowerInvariant();
        // A plan of one correction is named like it.
        var found = pending.Open.Where(o => o.Correction.Id.StartsWith(name, StringComparison.Ordinal)).ToList();
        if (found.Count > 0)
        {
            return found.Count == 1 ? found : throw new DecisionException($"'{name}' names {found.Count} corrections", "give more digits");
        }

        if (pending.Open.Select(o => o.Digest).Prepend(pending.Digest).FirstOrDefault(d => d.StartsWith(name, StringComparison.Ordinal)) is { } digest)
        {
            var open = pending.Open.Where(o => o.Digest == digest && !o.IsLeftAlone).ToList();
            return open.Count > 0 ? open : throw new DecisionException($"Nothing of the plan {digest[..12]} waits or is held any more");
        }

        throw new DecisionException(await database.RunAsync(async context =>
            await context.Plans.Where(p => p.Digest.StartsWith(name)).OrderByDescending(p => p.Id).FirstOrDefaultAsync() is { } old
                ? $"The plan {old.Digest[..12]} of run {old.Run} was superseded by run {pending.Run} (digest {pending.Digest[..12]})"
            : await context.Planned.AnyAsync(p => p.Correction.StartsWith(name))
                ? $"The correction {name} is done, or no part of the newest plan (run {pending.Run}) any more"
            : $"No plan or correction is named {name}"), "`pocsync approvals` shows what waits now");
    }
}
