using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Alerts;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps what is known of the org's alert rows, and what was written of them.</summary>
public sealed class AlertLog(LedgerDatabase database, TimeProvider time) : IAlertLog
{
    private const int Together = 500;
    private const string Unknown = "Unknown", Written = "Written";

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<AlertKey, KnownAlert>> KnownAsync() => database.RunAsync<IReadOnlyDictionary<AlertKey, KnownAlert>>(async context =>
    {
        var known = new Dictionary<AlertKey, KnownAlert>();
        foreach (var row in await context.Alerts.ToListAsync())
        {
            if (AlertKey.TryParse(row.Key, out var key))
            {
                known[key] = new KnownAlert(
                    key, Enum.Parse<AlertStatus>(row.Status), row.SnoozedUntil is { } until ? DateOnly.Parse(until, CultureInfo.InvariantCulture) : null,
                    row.Assigned is null ? null : row.Assigned.Length == 0 ? default(RecordId) : RecordId.Parse(row.Assigned), row.Refused);
            }
        }

        return known;
    });

    /// <inheritdoc/>
    public Task HearAsync(long run, AlertNews news) => database.InRunAsync(run, async context =>
    {
        var now = time.GetUtcNow().UtcTicks;
        foreach (var (key, by) in news.Woken.Concat(news.Snoozed.Select(s => (s.Key, s.By))))
        {
            await Marks.ClearAsync(context, key, by, AlertNews.Reason, now);
        }

        context.AddRange(news.Snoozed.Select(s => new MarkRow
        {
            At = now,
            Kind = nameof(LeftAloneKind.Snoozed),
            Rule = s.Key.Rule,
            Code = s.Key.Code,
            Subject = s.Key.Subject.ToString(),
            Account = s.Account.ToString(),
            Sight = "",
            Until = Day(s.Until),
            By = s.By,
            Reason = AlertNews.Reason,
        }));
        await KeepAsync(context, news.Known);
        return 0;
    });

    /// <inheritdoc/>
    public Task ResolveAsync(long run, IReadOnlyList<AlertRow> rows) => database.InRunAsync(run, async context =>
    {
        var open = await context.AlertWrites.Where(w => w.Outcome == null && w.Run != run).OrderBy(w => w.Id).ToListAsync();
        var now = rows.ToLookup(r => r.Key.ToString());
        var written = open.FindAll(w => w.Deed == nameof(AlertDeed.Closed) ? !now.Contains(w.Key) : now[w.Key].Any(r => Says(r, w)));
        foreach (var (outcome, some) in new[] { (Unknown, open.Except(written)), (Written, written) })
        {
            foreach (var ids in some.Select(w => w.Id).Chunk(Together))
            {
                await context.AlertWrites.Where(w => ids.Contains(w.Id)).ExecuteUpdateAsync(set => set.SetProperty(w => w.Outcome, outcome));
            }
        }

        await NewsBook.AddAsync(context, run, time.GetUtcNow().UtcTicks, written.Where(w => w.Assigned.Length > 0).Select(NewsOf));
        return 0;

        // That only a sentence or a count was written nothing tells.
        static bool Says(AlertRow row, AlertWriteRow write) => write.Assigned.Length > 0 ? row.AssignedTo.ToString() == write.Assigned : write.Deed switch
        {
            nameof(AlertDeed.Opened) => true,
            nameof(AlertDeed.Reopened) => row.Status == AlertStatus.Open,
            nameof(AlertDeed.Snoozed) => row.Status == AlertStatus.Snoozed,
            _ => false,
        };
    });

    /// <inheritdoc/>
    public Task IntendAsync(long run, IReadOnlyList<AlertWrite> writes) => database.InRunAsync(run, async context =>
    {
        context.AddRange(writes.Select(w => RowOf(run, w)));
        return 0;
    });

    /// <inheritdoc/>
    public Task SettleAsync(long run, IReadOnlyList<(AlertWrite Write, RowTaken Result)> results) => database.InRunAsync(run, async context =>
    {
        foreach (var same in results.GroupBy(r => (Outcome: r.Result.IsWritten switch { true => Written, false => "Refused", null => null }, r.Result.Why)))
        {
            foreach (var keys in same.Select(r => r.Write.Key.ToString()).Chunk(Together))
            {
                await context.AlertWrites.Where(w => w.Run == run && w.Outcome == null && keys.Contains(w.Key))
                    .ExecuteUpdateAsync(set => set.SetProperty(w => w.Outcome, same.Key.Outcome).SetProperty(w => w.Reason, same.Key.Why));
            }
        }

        await NewsBook.AddAsync(context, run, time.GetUtcNow().UtcTicks, results.Where(r => r.Result.IsWritten == true && !r.Write.Assigned.IsNone).Select(r => NewsOf(RowOf(run, r.Write))));
        var known = await KnownAsync();
        await KeepAsync(context,
        [
            .. results.Where(r => r.Result.IsWritten == true).Select(r => r.Write.After),
            .. results.Where(r => r.Result is { IsWritten: false, MayPass: false }).Select(r => (known.GetValueOrDefault(r.Write.Key) ?? r.Write.After with { Status = AlertStatus.Closed }) with
            {
                Refused = r.Write.Print + r.Result.Why,
            }),
        ]);
        return 0;
    });

    private AlertWriteRow RowOf(long run, AlertWrite write) => new()
    {
        Run = run,
        At = time.GetUtcNow().UtcTicks,
        Key = write.Key.ToString(),
        Account = write.Account.ToString(),
        Deed = write.Deed.ToString(),
        Name = write.Name,
        Sentence = write.Sentence,
        Assigned = write.Assigned.ToString(),
    };

    /// <summary>What whoever gets a row is told.</summary>
    private static News NewsOf(AlertWriteRow write)
    {
        var kind = write.Deed == nameof(AlertDeed.Escalated) ? NewsKind.AlertEscalated : NewsKind.AlertAssigned;
        return new News(string.Create(CultureInfo.InvariantCulture, $"{write.Key}|{write.Run}|{kind}|{write.Assigned}"), kind, RecordId.Parse(write.Assigned))
        {
            Account = write.Account.Length == 0 ? default : RecordId.Parse(write.Account),
            AccountName = write.Name,
            About = AlertKey.TryParse(write.Key, out var key) ? key.Subject.ToString() : null,
            Reason = write.Sentence,
        };
    }

    private static async Task KeepAsync(LedgerContext context, IReadOnlyList<KnownAlert> known)
    {
        foreach (var keys in known.Select(k => k.Key.ToString()).Chunk(Together))
        {
            await context.Alerts.Where(a => keys.Contains(a.Key)).ExecuteDeleteAsync();
        }

        await BulkRows.InsertAsync(context, known.Where(k => k.Status != AlertStatus.Closed || k.Refused is not null).Select(k => new AlertStateRow
        {
            Key = k.Key.ToString(),
            Status = k.Status.ToString(),
            SnoozedUntil = Day(k.SnoozedUntil),
            Assigned = k.Assigned is not { } assigned ? null : assigned.IsNone ? "" : assigned.ToString(),
            Refused = k.Refused,
        }));
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
