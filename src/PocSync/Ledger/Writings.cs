using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Reads what PocSync wrote.</summary>
public sealed class Writings(LedgerDatabase database)
{
    /// <summary>What a person means by the words for an undo. Throws <see cref="DecisionException"/> where the ledger knows no such thing.</summary>
    public Task<WritingsOf> TargetAsync(long? run, string? account, string? correction) => database.RunAsync(async context =>
    {
        if (run is { } number)
        {
            return await context.Runs.AnyAsync(r => r.Number == number) ? new WritingsOf(number)
                : throw new DecisionException($"The ledger has no run {number}", "`pocsync runs` shows those that it has");
        }

        if (account is not null)
        {
            return RecordId.TryParse(account, out var id) ? new WritingsOf(Account: id)
                : throw new DecisionException($"'{account}' is no id of an account", "give its 15 or 18 characters");
        }

        var name = correction!.ToLowerInvariant();
        var found = name.Length < Selection.ShortestName ? []
            : await Written(context).Where(i => i.Correction.StartsWith(name)).Select(i => i.Correction).Distinct().Take(2).ToListAsync();
        return found.Count switch
        {
            1 => new WritingsOf(Correction: found[0]),
            0 => throw new DecisionException($"PocSync wrote no correction '{correction}'", $"give {Selection.ShortestName} or more digits of an id that `pocsync runs show N` shows"),
            _ => throw new DecisionException($"'{correction}' names several corrections", "give more digits"),
        };
    });

    /// <summary>
    /// Everything that was ever written on the accounts that a target touches, in the order of writing; what the target itself names is marked. Of a
    /// period only what was written in it.
    /// </summary>
    public Task<IReadOnlyList<Writing>> OfAsync(WritingsOf target) => database.RunAsync<IReadOnlyList<Writing>>(async context =>
    {
        var account = target.Account.ToString();
        var since = target.Since?.UtcTicks;
        var named = Written(context).Where(i => since != null ? i.At >= since : target.Run != null ? i.Run == target.Run
            : target.Correction != null ? i.Correction == target.Correction : i.Account == account && i.Undoes == null);
        named = target.UpTo is { } last ? named.Where(i => i.Id <= last) : named;
        var marked = (await named.Select(i => i.Id).ToListAsync()).ToHashSet();
        var rows = await (since != null ? named : Written(context).Where(i => named.Any(n => n.Account == i.Account))).OrderBy(i => i.Id).ToListAsync();
        var planned = new Dictionary<string, PlannedRow>();
        foreach (var some in rows.Select(r => r.Correction).Distinct().Chunk(500))
        {
            foreach (var row in await context.Planned.Where(p => some.Contains(p.Correction)).OrderBy(p => p.Plan).ToListAsync())
            {
                planned[row.Correction] = row;
            }
        }

        var plans = planned.Values.Select(p => p.Plan).Distinct().ToList();
        var bindings = await context.Plans.Where(p => plans.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => Enum.Parse<Binding>(p.Binding));
        return
        [
            .. rows.Where(r => planned.ContainsKey(r.Correction)).Select(r => new Writing(
                r.Id, r.Run, bindings[planned[r.Correction].Plan], LedgerJson.Read<Correction>(planned[r.Correction].Json),
                LedgerJson.Read<Intent>(r.Json), r.Created is null ? [] : LedgerJson.Read<List<RecordId>>(r.Created), marked.Contains(r.Id))),
        ];
    });

    /// <summary>
    /// What a person undid and nothing wrote again since, by rule, code and account, with who and why: also where the undo left something as it was (the
    /// org takes no inactive owner), so that a like correction would now start from something else. Forgotten once its finding was gone after the undo.
    /// </summary>
    internal static async Task<Dictionary<(string Rule, string Code, RecordId Account), string>> UndoneAsync(LedgerContext context)
    {
        var undos = await Written(context).Where(i => i.Undoes != null)
            .Join(context.Runs, i => i.Run, r => r.Number, (i, r) => new { i.Id, Undoes = i.Undoes!.Value, Run = r.Number, r.By, r.Reason })
            .OrderBy(i => i.Id).ToListAsync();
        var by = undos.ToDictionary(u => u.Id);
        var undoneBy = undos.GroupBy(u => u.Undoes).ToDictionary(g => g.Key, g => g.Last().Id);
        var open = new Dictionary<long, long>();
        foreach (var root in undoneBy.Keys.Where(k => !by.ContainsKey(k)))
        {
            var last = root;
            var isUndone = false;
            while (undoneBy.TryGetValue(last, out var next))
            {
                (last, isUndone) = (next, !isUndone);
            }

            if (isUndone)
            {
                open[root] = last;
            }
        }

        var undone = new Dictionary<(string, string, RecordId), string>();
        foreach (var some in open.Keys.Chunk(500))
        {
            var rows = await Written(context).Where(i => some.Contains(i.Id))
                .Join(context.Planned, i => i.Correction, p => p.Correction, (i, p) => new { i.Id, p.Rule, p.Code, p.Account }).Distinct().ToListAsync();
            var accounts = rows.Select(r => r.Account).Distinct().ToList();
            var again = (await Written(context).Where(i => i.Undoes == null && accounts.Contains(i.Account))
                    .Join(context.Planned, i => i.Correction, p => p.Correction, (i, p) => new { i.Id, p.Rule, p.Code, p.Account }).Distinct().ToListAsync())
                .GroupBy(i => (i.Rule, i.Code, i.Account)).ToDictionary(g => g.Key, g => g.Max(i => i.Id));
            var gone = (await context.Findings.Where(f => f.ResolvedRun != null && accounts.Contains(f.Subject))
                    .GroupBy(f => new { f.Rule, f.Code, f.Subject }).Select(g => new { g.Key.Rule, g.Key.Code, g.Key.Subject, Run = g.Max(f => f.ResolvedRun) }).ToListAsync())
                .ToDictionary(g => (g.Rule, g.Code, g.Subject), g => g.Run);
            foreach (var row in rows)
            {
                var undo = by[open[row.Id]];
                var key = (row.Rule, row.Code, row.Account);
                if (again[key] < undo.Id && !(gone.GetValueOrDefault(key) > undo.Run))
                {
                    undone[(row.Rule, row.Code, RecordId.Parse(row.Account))] = $"{undo.By} undid it: {undo.Reason}";
                }
            }
        }

        return undone;
    }

    /// <summary>See <see cref="Memory.OwnersPutBack"/>.</summary>
    internal static async Task<Dictionary<RecordId, (IReadOnlySet<RecordId>, string)>> OwnersPutBackAsync(LedgerContext context)
    {
        var undos = await Written(context).Where(i => i.Undoes != null).OrderBy(i => i.Id)
            .Join(context.Runs, i => i.Run, r => r.Number, (i, r) => new { i.Id, i.Json, r.By, r.Reason }).ToListAsync();
        var back = new Dictionary<RecordId, (IReadOnlySet<RecordId> Owners, string)>();
        foreach (var undo in undos.OrderBy(u => u.Id))
        {
            foreach (var write in LedgerJson.Read<Intent>(undo.Json).Bundle.Writes.Where(w => w.Object == "Account" && w.After.ContainsKey("OwnerId")))
            {
                var owners = new[] { write.Before["OwnerId"], write.After["OwnerId"] }.Select(o => RecordId.TryParse(o, out var id) ? id : default);
                back[write.Id] = (owners.Concat(back.GetValueOrDefault(write.Id).Owners ?? new HashSet<RecordId>()).ToHashSet(), $"{undo.By} undid it: {undo.Reason}");
            }
        }

        return back;
    }

    private static IQueryable<IntentRow> Written(LedgerContext context) =>
        context.Intents.Where(i => context.Outcomes.Any(o => o.Intent == i.Id && o.Kind == nameof(OutcomeKind.Written)));
}
