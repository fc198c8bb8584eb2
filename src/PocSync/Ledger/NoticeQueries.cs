using Microsoft.EntityFrameworkCore;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>A message in a list.</summary>
/// <param name="Message">The message.</param>
/// <param name="News">How many pieces of news it holds.</param>
public sealed record ListedMessage(MessageRow Message, int News);

/// <summary>Reads what people were told, for people.</summary>
public sealed class NoticeQueries(LedgerDatabase database)
{
    private static readonly string[] Open = [nameof(MessageState.Waiting), nameof(MessageState.Sending)];

    /// <summary>Messages: those that wait first, then the newest.</summary>
    public Task<List<ListedMessage>> PageAsync(int skip, int take) => ListAsync(context => context.Messages, skip, take);

    /// <summary>Messages with what a run made news.</summary>
    public Task<List<ListedMessage>> OfRunAsync(long run, int take) => ListAsync(
        context => context.Messages.Where(m => context.Enclosures.Any(e => e.Message == m.Id && context.News.Any(n => n.Id == e.News && n.Run == run))), 0, take);

    /// <summary>Messages to somebody.</summary>
    public Task<List<ListedMessage>> OfPersonAsync(string user, int take) => ListAsync(
        context => context.Messages.Where(m => m.Receiver == user && m.State != nameof(MessageState.Returned)), 0, take);

    /// <summary>News that reached nobody, the newest first.</summary>
    /// <param name="run">Only what this run made; null for all.</param>
    /// <param name="take">How many.</param>
    public Task<List<NewsRow>> DroppedAsync(long? run, int take) => database.RunAsync(context => context.News
        .Where(n => n.State == nameof(NewsState.Dropped) && (run == null || n.Run == run)).OrderByDescending(n => n.Id).Take(take).ToListAsync());

    /// <summary>How many messages there are in each state, by channel, since an instant or still open.</summary>
    public Task<List<(string Channel, string State, int Count)>> CountsAsync(DateTimeOffset since) => database.RunAsync(async context =>
    {
        var from = since.UtcTicks;
        return (await context.Messages.Where(m => m.At >= from || Open.Contains(m.State)).GroupBy(m => new { m.Channel, m.State })
            .Select(g => new { g.Key.Channel, g.Key.State, Count = g.Count() }).ToListAsync()).ConvertAll(g => (g.Channel, g.State, g.Count));
    });

    private Task<List<ListedMessage>> ListAsync(Func<LedgerContext, IQueryable<MessageRow>> which, int skip, int take) => database.RunAsync(async context =>
    {
        var messages = await which(context).OrderBy(m => Open.Contains(m.State) ? 0 : 1).ThenByDescending(m => m.SentAt ?? m.At).ThenByDescending(m => m.Id).Skip(skip).Take(take).ToListAsync();
        var ids = messages.ConvertAll(m => m.Id);
        var counts = await context.Enclosures.Where(e => ids.Contains(e.Message)).GroupBy(e => e.Message).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        return messages.ConvertAll(m => new ListedMessage(m, counts.GetValueOrDefault(m.Id)));
    });
}

/// <summary>A message in words.</summary>
public static class NoticeWords
{
    /// <summary>What became of it, without when.</summary>
    public static string StateOf(MessageRow message) => Enum.Parse<MessageState>(message.State) switch
    {
        MessageState.Waiting => "waits",
        MessageState.Sending => "is being sent",
        MessageState.Sent => "sent",
        MessageState.Done => "sent, and done",
        MessageState.Failed => message.NotBefore is null ? "not sent" : "not sent yet",
        MessageState.Unknown => "perhaps sent",
        MessageState.Returned => "given to others",
        _ => "not sent",
    };

    /// <summary>What it said; before it is sent, how much it will tell.</summary>
    public static string TitleOf(ListedMessage message) => message.Message.Title ?? NumberText.Count(message.News, "piece") + " of news";
}
