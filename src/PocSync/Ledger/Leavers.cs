using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Who was announced to leave. Nothing of it is deleted: an announcement is taken back, or another takes its place.</summary>
public sealed class Leavers(LedgerDatabase database, TimeProvider time)
{
    private long Now => time.GetUtcNow().UtcTicks;

    /// <summary>Announces that somebody leaves, in place of what was announced of them before.</summary>
    public Task AnnounceAsync((RecordId Id, string Name) user, DateOnly on, (RecordId Id, string Name)? to, string by, string reason) => database.InTransactionAsync(async context =>
    {
        var id = user.Id.ToString();
        var (day, receiver) = (on.ToString("O", CultureInfo.InvariantCulture), to?.Id.ToString());
        if (await Standing(context).AnyAsync(l => l.User == id && l.On == day && l.To == receiver && l.Reason == reason))
        {
            return 0;
        }

        await WithdrawAsync(context, id, by, $"announced anew for {day}");
        context.Add(new LeaverRow
        {
            User = id,
            Name = user.Name,
            On = day,
            To = receiver,
            ToName = to?.Name,
            By = by,
            Reason = reason,
            At = Now,
        });
        return 0;
    });

    /// <summary>Takes back that somebody leaves; false where nobody had announced it.</summary>
    public Task<bool> WithdrawAsync(RecordId user, string by, string reason) =>
        database.InTransactionAsync(async context => await WithdrawAsync(context, user.ToString(), by, reason) > 0);

    /// <summary>What holds now, by the day; with <paramref name="user"/> that of one user.</summary>
    public Task<List<LeaverRow>> StandingAsync(RecordId user = default) => database.RunAsync(context =>
    {
        var id = user.ToString();
        return Standing(context).Where(l => user.IsNone || l.User == id).OrderBy(l => l.On).ThenBy(l => l.Name).ThenBy(l => l.Id).ToListAsync();
    });

    /// <summary>What was ever announced, in order.</summary>
    internal static async Task<IReadOnlyList<Leaver>> ReadAsync(LedgerContext context) =>
    [
        .. (await context.Leavers.OrderBy(l => l.Id).ToListAsync()).Select(l => new Leaver(
            RecordId.Parse(l.User), DateOnly.ParseExact(l.On, "O", CultureInfo.InvariantCulture), l.To is null ? default : RecordId.Parse(l.To), l.By, l.Reason,
            l.WithdrawnAt is null ? null : $"{l.WithdrawnBy} withdrew it: {l.WithdrawnReason}", l.EndedAt is not null)),
    ];

    /// <summary>Ends what came true: the day is past, and who was to leave is gone.</summary>
    internal static async Task EndAsync(LedgerContext context, Book book, long now)
    {
        var today = book.Today.ToString("O", CultureInfo.InvariantCulture);
        foreach (var user in (await Standing(context).ToListAsync()).Where(l => string.CompareOrdinal(l.On, today) < 0 && !book.IsActive(RecordId.Parse(l.User))).Select(l => l.User))
        {
            await Standing(context).Where(l => l.User == user).ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, now));
        }
    }

    private static IQueryable<LeaverRow> Standing(LedgerContext context) => context.Leavers.Where(l => l.WithdrawnAt == null && l.EndedAt == null);

    private Task<int> WithdrawAsync(LedgerContext context, string user, string by, string reason)
    {
        var now = Now;
        return Standing(context).Where(l => l.User == user).ExecuteUpdateAsync(set => set
            .SetProperty(l => l.WithdrawnAt, now).SetProperty(l => l.WithdrawnBy, by).SetProperty(l => l.WithdrawnReason, reason));
    }
}
