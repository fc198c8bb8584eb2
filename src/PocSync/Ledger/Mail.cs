using Microsoft.EntityFrameworkCore;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps messages, for whoever holds the ledger's lock.</summary>
public sealed class Mail(LedgerDatabase database, TimeProvider time) : IMail
{
    private const int Together = 500;

    private static readonly string[] Open = [nameof(MessageState.Waiting), nameof(MessageState.Failed)];

    private static readonly string[] Gone = [nameof(MessageState.Sent), nameof(MessageState.Sending), nameof(MessageState.Unknown), nameof(MessageState.Done)];

    private static readonly string[] Answered = ["Acknowledged", "Declined", "Cancelled"];

    private static readonly string[] Reminders = [nameof(NewsKind.HandoffDueSoon), nameof(NewsKind.HandoffOverdue), nameof(NewsKind.HandoffEscalated)];

    private long Now => time.GetUtcNow().UtcTicks;

    /// <summary>Whether there is anything to send at an instant.</summary>
    public Task<bool> IsDueAsync(DateTimeOffset now) => database.RunAsync(async context =>
        await context.News.AnyAsync(n => n.State == nameof(NewsState.New)) || await DueAt(context, now).AnyAsync()
        || await context.Messages.AnyAsync(m => m.State == nameof(MessageState.Sending)) || await OverAt(context, now).AnyAsync());

    /// <inheritdoc/>
    public async Task<Post> ReadAsync(DateTimeOffset now)
    {
        await database.EnsureHeldAsync();
        return await database.InTransactionAsync(async context =>
        {
            // Whoever sends holds the ledger's lock: what still seems to be on its way was left by a program that died over it.
            var left = context.Messages.Where(m => m.State == nameof(MessageState.Sending));
            await left.Where(m => m.Channel == nameof(ChannelKind.Task)).ExecuteUpdateAsync(set => set.SetProperty(m => m.State, nameof(MessageState.Waiting)));
            await left.ExecuteUpdateAsync(set => set.SetProperty(m => m.State, nameof(MessageState.Unknown))
                .SetProperty(m => m.Reason, "the program ended while it was being sent; it is not sent again").SetProperty(m => m.NotBefore, (long?)null));

            var news = await context.News.Where(n => n.State == nameof(NewsState.New)).OrderBy(n => n.Id).ToListAsync();
            var due = await DueAt(context, now).OrderBy(m => m.Id).ToListAsync();
            var over = await OverAt(context, now).OrderBy(m => m.Id).ToListAsync();
            var (told, keys) = (new Dictionary<long, List<Told>>(), new Dictionary<long, List<string>>());
            foreach (var some in due.Concat(over).Select(m => m.Id).Chunk(Together))
            {
                var rows = await context.Enclosures.Where(e => some.Contains(e.Message))
                    .Join(context.News, e => e.News, n => n.Id, (e, n) => new { e.Message, e.For, News = n })
                    .OrderBy(x => x.News.Id)
                    .Select(x => new { x.Message, x.For, x.News, Worth = context.Accounts.Where(a => a.Id == x.News.Account).Select(a => a.Worth).FirstOrDefault() })
                    .ToListAsync();
                foreach (var row in rows)
                {
                    (keys.TryGetValue(row.Message, out var all) ? all : keys[row.Message] = []).Add(row.News.Key);
                    if (row.News.State == nameof(NewsState.Addressed))
                    {
                        (told.TryGetValue(row.Message, out var list) ? list : told[row.Message] = []).Add(new Told(NewsBook.Read(row.News), row.For, row.Worth));
                    }
                }
            }

            return new Post(
                [.. news.Select(n => new Item(n.Id, NewsBook.Read(n)))],
                [.. due.Select(EnvelopeOf)], [.. over.Select(EnvelopeOf)], await CoverBook.StandInsAsync(context, [.. news.Select(n => n.Account).Where(a => a.Length > 0).Distinct()]));

            Envelope EnvelopeOf(MessageRow m) => new(
                m.Id, m.Receiver.Length == 0 ? default : RecordId.Parse(m.Receiver), Enum.Parse<ChannelKind>(m.Channel), m.Attempts, new DateTimeOffset(m.At, TimeSpan.Zero),
                told.GetValueOrDefault(m.Id, []), keys.GetValueOrDefault(m.Id, []));
        });
    }

    /// <inheritdoc/>
    public Task AddressAsync(IReadOnlyList<Enclosure> enclosures, IReadOnlyList<(long News, string Why)> dropped) => database.InTransactionAsync(async context =>
    {
        foreach (var one in enclosures.GroupBy(e => (Receiver: e.Receiver.IsNone ? "" : e.Receiver.ToString(), e.Channel)))
        {
            var channel = one.Key.Channel.ToString();
            var fresh = new List<Enclosure>();
            foreach (var some in one.DistinctBy(e => e.News).Chunk(Together))
            {
                var news = some.Select(e => e.News).ToList();
                // What was addressed to somebody who has gone since may be there already.
                var known = (await context.Enclosures.Where(e => news.Contains(e.News)).Join(
                        context.Messages.Where(m => m.Receiver == one.Key.Receiver && m.Channel == channel && m.State != nameof(MessageState.Returned)), e => e.Message, m => m.Id, (e, m) => e.News)
                    .ToListAsync()).ToHashSet();
                fresh.AddRange(some.Where(e => !known.Contains(e.News)));
            }

            if (fresh.Count == 0)
            {
                continue;
            }

            // What waits goes with what came since.
            var message = await context.Messages.Where(m => m.Receiver == one.Key.Receiver && m.Channel == channel && m.State == nameof(MessageState.Waiting) && m.Attempts == 0)
                .Select(m => (long?)m.Id).FirstOrDefaultAsync();
            if (message is null)
            {
                var row = new MessageRow
                {
                    Receiver = one.Key.Receiver,
                    ReceiverName = fresh[0].ReceiverName,
                    Channel = channel,
                    State = nameof(MessageState.Waiting),
                    At = Now,
                    NotBefore = fresh.Min(e => e.NotBefore).UtcTicks,
                };
                context.Add(row);
                await context.SaveChangesAsync();
                message = row.Id;
            }

            context.AddRange(fresh.Select(e => new EnclosureRow { Message = message.Value, News = e.News, For = e.For }));
        }

        await context.SaveChangesAsync();
        foreach (var some in enclosures.Select(e => e.News).Distinct().Chunk(Together))
        {
            await context.News.Where(n => some.Contains(n.Id)).ExecuteUpdateAsync(set => set.SetProperty(n => n.State, nameof(NewsState.Addressed)));
        }

        foreach (var some in dropped.GroupBy(d => d.Why).SelectMany(g => g.Select(d => d.News).Chunk(Together).Select(c => (Why: g.Key, News: c))))
        {
            await context.News.Where(n => some.News.Contains(n.Id)).ExecuteUpdateAsync(set => set
                .SetProperty(n => n.State, nameof(NewsState.Dropped)).SetProperty(n => n.Why, some.Why));
        }

        return 0;
    });

    /// <inheritdoc/>
    public async Task BeginAsync(IReadOnlyList<long> messages)
    {
        await database.EnsureHeldAsync();
        await database.InTransactionAsync(context => context.Messages.Where(m => messages.Contains(m.Id)).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.State, nameof(MessageState.Sending)).SetProperty(m => m.SentAt, Now).SetProperty(m => m.Attempts, m => m.Attempts + 1)));
    }

    /// <inheritdoc/>
    public Task EndAsync(IReadOnlyList<MessageEnd> ends) => database.InTransactionAsync(async context =>
    {
        foreach (var end in ends)
        {
            var isGone = Gone.Contains(end.State.ToString());
            await context.Messages.Where(m => m.Id == end.Message).ExecuteUpdateAsync(set => set
                .SetProperty(m => m.State, end.State.ToString())
                .SetProperty(m => m.Reason, end.Reason)
                .SetProperty(m => m.NotBefore, end.NotBefore == null ? (long?)null : end.NotBefore.Value.UtcTicks)
                .SetProperty(m => m.SentAt, m => isGone ? m.SentAt : null)
                .SetProperty(m => m.Title, m => end.Title ?? m.Title));
            if (end.State == MessageState.Returned)
            {
                await context.News.Where(n => n.State == nameof(NewsState.Addressed) && context.Enclosures.Any(e => e.Message == end.Message && e.News == n.Id))
                    .ExecuteUpdateAsync(set => set.SetProperty(n => n.State, nameof(NewsState.New)));
            }
        }

        return 0;
    });

    /// <inheritdoc/>
    public Task<(int Count, DateTimeOffset? First)> SentAsync(ChannelKind channel, DateTimeOffset since) => database.RunAsync(async context =>
    {
        var (kind, from) = (channel.ToString(), since.UtcTicks);
        var sent = context.Messages.Where(m => m.Channel == kind && m.SentAt > from && Gone.Contains(m.State));
        var first = await sent.MinAsync(m => m.SentAt);
        return (await sent.CountAsync(), first is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : (DateTimeOffset?)null);
    });

    /// <summary>
    /// Tasks of which nothing is left to be done are to be closed: whoever had the accounts has written their notes, whoever takes over has answered, or it was taken back. Of a
    /// handoff that no run has seen yet nothing is known. Looked for where what decides it changes, rather than at each poll.
    /// </summary>
    /// <param name="context">The ledger.</param>
    /// <param name="now">The instant.</param>
    /// <param name="among">News in the messages to look at.</param>
    internal static async Task FindOverAsync(LedgerContext context, long now, IQueryable<EnclosureRow> among)
    {
        var left = context.Enclosures.Join(context.News, e => e.News, n => n.Id, (e, n) => new { e.Message, News = n })
            .Where(x => x.News.State != nameof(NewsState.Undone) && !context.Handoffs.Any(h => h.Account == x.News.Account
                && (h.Id == x.News.About || x.News.About == "handoff|" + h.Account + "|" + h.FromId + "|" + h.ToId + "|" + (h.EffectiveOn ?? "-"))
                && (Answered.Contains(h.Status) || (h.Status == "Awaiting Acknowledgement"
                    && (x.News.Kind == nameof(NewsKind.HandoffToDocument) || (x.News.Kind == nameof(NewsKind.HandoffOverdue) && x.News.Receiver == h.FromId))))));
        var sent = context.Messages.Where(m => m.Channel == nameof(ChannelKind.Task) && m.State == nameof(MessageState.Sent) && among.Select(e => e.Message).Contains(m.Id));
        await sent.Where(m => m.NotBefore == null && !left.Any(x => x.Message == m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, now));
        // What could not be closed yet may have something to do again.
        await sent.Where(m => m.NotBefore != null && left.Any(x => x.Message == m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, (long?)null));
    }

    /// <summary>
    /// Reminders that nobody has got yet are taken back where their handoff is due on another day now, or nothing is left for their receiver to do. By what a run has just seen: the
    /// chaser, who looks at the org itself, may know more than the ledger.
    /// </summary>
    internal static Task DropStaleAsync(LedgerContext context)
    {
        var sent = NewsBook.PerhapsSent(context);
        return context.News
            .Where(n => Reminders.Contains(n.Kind) && (n.State == nameof(NewsState.New) || (n.State == nameof(NewsState.Addressed)
                && !context.Enclosures.Any(e => e.News == n.Id && sent.Any(m => m.Id == e.Message)))))
            .Where(n => !context.Handoffs.Any(h => h.Id == n.About
                && h.DueOn == n.Due && !Answered.Contains(h.Status) && (h.Status != "Awaiting Acknowledgement" || n.Receiver == h.ToId)))
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.State, nameof(NewsState.Undone)).SetProperty(n => n.Why, "the handoff was moved on before it was told"));
    }

    private static IQueryable<MessageRow> OverAt(LedgerContext context, DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        return context.Messages.Where(m => m.State == nameof(MessageState.Sent) && m.NotBefore <= ticks);
    }

    private static IQueryable<MessageRow> DueAt(LedgerContext context, DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        return context.Messages.Where(m => Open.Contains(m.State) && m.NotBefore <= ticks);
    }
}
