using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Handoffs;
using PocSync.Core.Notices;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Keeps what concerns people, in the transaction in which it becomes true.</summary>
public sealed class NewsBook(LedgerDatabase database, TimeProvider time)
{
    private const int Together = 500;

    private static readonly string[] Told = [nameof(MessageState.Sent), nameof(MessageState.Sending), nameof(MessageState.Unknown), nameof(MessageState.Done)];

    /// <summary>By the kind of news, what it takes back of the same thing where that was not told yet.</summary>
    private static readonly Dictionary<string, string[]> Overtaken = new()
    {
        [nameof(NewsKind.HandoffCalledOff)] = [nameof(NewsKind.WillTakeOver), nameof(NewsKind.HandoffToDocument)],
        [nameof(NewsKind.WillTakeOver)] = [nameof(NewsKind.HandoffCalledOff)],
        [nameof(NewsKind.HandoffToDocument)] = [nameof(NewsKind.HandoffCalledOff)],
        [nameof(NewsKind.CoverChanged)] = [nameof(NewsKind.CoverBegan), nameof(NewsKind.CoverChanged)],
        [nameof(NewsKind.CoverEnded)] = [nameof(NewsKind.CoverBegan), nameof(NewsKind.CoverChanged)],
    };

    /// <summary>Keeps news that no correction made; what is known already is not kept twice. Gives how much was new.</summary>
    public Task<int> AddAsync(IReadOnlyCollection<News> news) => database.InTransactionAsync(
        context => AddAsync(context, [.. news.Select(n => Row(n, time.GetUtcNow().UtcTicks))]));

    /// <summary>Which of some keys are known; what was taken back may become true again.</summary>
    public Task<HashSet<string>> KnownAsync(IReadOnlyCollection<string> keys) => database.RunAsync(context => KnownAsync(context, keys));

    /// <summary>What was written concerns people; where it takes something back, they are told so if they know of it, and else never hear of either.</summary>
    /// <param name="context">The ledger, in the transaction that settles them.</param>
    /// <param name="run">The run.</param>
    /// <param name="now">The instant.</param>
    /// <param name="written">The intents of the corrections that were written.</param>
    internal static async Task KeepAsync(LedgerContext context, long run, long now, IReadOnlyCollection<IntentRow> written)
    {
        foreach (var some in written.Chunk(Together))
        {
            var ids = some.Select(i => i.Correction).Distinct().ToList();
            var corrections = (await context.Planned.Where(p => ids.Contains(p.Correction)).OrderBy(p => p.Plan).Select(p => new { p.Correction, p.Json }).ToListAsync())
                .GroupBy(p => p.Correction).ToDictionary(g => g.Key, g => LedgerJson.Read<Correction>(g.Last().Json));
            var documented = corrections.Values.Where(c => c.Code == Planner.Documented).Select(c => c.Writes[0].Id.ToString()).ToList();
            var handoffs = documented.Count == 0 ? [] : await context.Handoffs.Where(h => documented.Contains(h.Id) && h.ToId != "").ToDictionaryAsync(h => RecordId.Parse(h.Id));
            var declined = corrections.Values.Where(c => c.Code == Planner.Declined).Select(c => c.Account.ToString()).ToList();
            var earlier = declined.Count == 0 ? [] : await context.Handoffs.Where(h => declined.Contains(h.Account)).ToListAsync();
            var (rows, takenBack) = (new List<NewsRow>(), new List<long>());
            foreach (var intent in some)
            {
                if (intent.Undoes is { } undone)
                {
                    rows.AddRange(await TakeBackAsync(context, run, now, intent, undone, takenBack));
                }
                else if (corrections.TryGetValue(intent.Correction, out var correction))
                {
                    var begun = new Begun(LedgerJson.Read<Intent>(intent.Json), intent.Created is null ? null : LedgerJson.Read<List<RecordId>>(intent.Created));
                    rows.AddRange(News.Of(correction, begun, intent.Id).Select(n => OfWhoeverHad(n, correction, earlier)).OfType<News>().Select(n => Row(n, now, run, intent.Correction)));
                    if (correction.Code == Planner.Documented && handoffs.TryGetValue(correction.Writes[0].Id, out var handoff))
                    {
                        rows.Add(Row(HandoffAnswers.ToAcknowledge(BookKeeper.Read(handoff)), now, run, intent.Correction));
                    }
                }
            }

            if (takenBack.Count > 0)
            {
                await Mail.FindOverAsync(context, now, context.Enclosures.Where(e => takenBack.Contains(e.News)));
            }

            await AddAsync(context, rows);
        }
    }

    /// <summary>After a declined handoff whoever really had the account is asked for notes; nobody where they take it back themselves.</summary>
    private static News? OfWhoeverHad(News news, Correction correction, IReadOnlyList<HandoffRow> earlier)
    {
        if (news.Kind != NewsKind.HandoffToDocument || correction.Code != Planner.Declined)
        {
            return news;
        }

        var had = DeclinedTrail.Before(
            new HandoffStep(null, Text(news.From), Text(news.To), null, null), earlier.Where(h => h.Account == Text(news.Account)),
            h => new HandoffStep(h.Id, h.FromId, h.ToId, h.Status, h.EffectiveOn)).LastOrDefault() is { } first ? Id(first.FromId) : news.From;
        return had.IsNone || had == news.To ? null : news with { Receiver = had };
    }

    private static async Task<IEnumerable<NewsRow>> TakeBackAsync(LedgerContext context, long run, long now, IntentRow intent, long undone, List<long> takenBack)
    {
        var of = string.Create(CultureInfo.InvariantCulture, $"|{undone}|");
        var original = await context.Intents.Where(i => i.Id == undone).Select(i => i.Correction).SingleOrDefaultAsync();
        var news = (await context.News.Where(n => n.Correction == original && n.State != nameof(NewsState.Undone)).ToListAsync())
            .FindAll(n => n.Key.Contains(of, StringComparison.Ordinal) || !n.Key.StartsWith(original!, StringComparison.Ordinal));
        var ids = news.ConvertAll(n => n.Id);
        await context.News.Where(n => ids.Contains(n.Id)).ExecuteUpdateAsync(set => set
            .SetProperty(n => n.State, nameof(NewsState.Undone))
            .SetProperty(n => n.Why, string.Create(CultureInfo.InvariantCulture, $"run {run} took it back")));
        takenBack.AddRange(ids);
        var told = await context.Enclosures.Where(e => ids.Contains(e.News))
            .Join(PerhapsSent(context).Where(m => m.Receiver != ""), e => e.Message, m => m.Id, (e, m) => m.Receiver).Distinct().ToListAsync();
        if (told.Count == 0)
        {
            return [];
        }

        var why = await context.Runs.Where(r => r.Number == run).Select(r => r.Reason).SingleAsync();
        return told.Order(StringComparer.Ordinal).Select(receiver => Row(
            new News(string.Create(CultureInfo.InvariantCulture, $"{intent.Correction}|{intent.Id}|{NewsKind.PutBack}|{receiver}"), NewsKind.PutBack, RecordId.Parse(receiver))
            {
                Account = RecordId.Parse(news[0].Account),
                AccountName = news[0].AccountName,
                Reason = why is { Length: > 0 } ? $"it is as it was before ({why.TrimEnd('.')})." : "it is as it was before.",
            },
            now, run, intent.Correction));
    }

    /// <summary>Messages of which somebody may know. A Task that is tried again may be there: the answer to an attempt may have been lost.</summary>
    internal static IQueryable<MessageRow> PerhapsSent(LedgerContext context) => context.Messages.Where(m => Told.Contains(m.State)
        || (m.Channel == nameof(ChannelKind.Task) && m.Attempts > 0 && (m.State == nameof(MessageState.Waiting) || m.State == nameof(MessageState.Failed))));

    /// <summary>
    /// Of news about the same thing that was not told yet the later holds: what it takes back is told to nobody, and where it only says that something is over of which its receiver
    /// has not heard, neither is it. Gives what is left to tell.
    /// </summary>
    private static async Task<List<NewsRow>> OvertakeAsync(LedgerContext context, List<NewsRow> fresh)
    {
        var needless = new HashSet<NewsRow>();
        foreach (var later in fresh.Where(n => n.About is not null && Overtaken.ContainsKey(n.Kind)).Chunk(Together))
        {
            // Where the answer to its making was lost, what was said of a handoff knows it by its key.
            var about = later.Select(n => n.About!).Distinct().ToList();
            // Two records of one handoff, such as a copy that somebody made, have one key.
            var keys = (await context.Handoffs.Where(h => about.Contains(h.Id)).ToListAsync())
                .GroupBy(h => $"handoff|{h.Account}|{h.FromId}|{h.ToId}|{h.EffectiveOn ?? "-"}").ToDictionary(g => g.Key, g => g.First().Id);
            about.AddRange(keys.Keys);
            var sent = PerhapsSent(context);
            var untold = (await context.News.Where(n => n.About != null && about.Contains(n.About) && (n.State == nameof(NewsState.New) || n.State == nameof(NewsState.Addressed))
                    && !context.Enclosures.Any(e => e.News == n.Id && sent.Any(m => m.Id == e.Message)))
                .Select(n => new { n.Id, n.Kind, n.Receiver, n.About }).ToListAsync()).ToLookup(n => keys.GetValueOrDefault(n.About!, n.About!));
            var gone = new HashSet<long>();
            foreach (var news in later)
            {
                var over = untold[news.About!].Where(n => Overtaken[news.Kind].Contains(n.Kind)).ToList();
                gone.UnionWith(over.Select(n => n.Id));
                var begun = over.Exists(n => n.Receiver == news.Receiver && n.Kind is not (nameof(NewsKind.CoverChanged) or nameof(NewsKind.HandoffCalledOff)));
                if (begun && news.Kind == nameof(NewsKind.CoverChanged))
                {
                    news.Kind = nameof(NewsKind.CoverBegan);
                }
                else if (begun && news.Kind is (nameof(NewsKind.CoverEnded) or nameof(NewsKind.HandoffCalledOff)))
                {
                    needless.Add(news);
                }
            }

            await context.News.Where(n => gone.Contains(n.Id)).ExecuteUpdateAsync(set => set
                .SetProperty(n => n.State, nameof(NewsState.Undone)).SetProperty(n => n.Why, "it was taken back before it was told"));
        }

        return fresh.FindAll(n => !needless.Contains(n));
    }

    /// <summary>Keeps news of a run, within its transaction.</summary>
    internal static Task<int> AddAsync(LedgerContext context, long run, long now, IEnumerable<News> news) => AddAsync(context, [.. news.Select(n => Row(n, now, run))]);

    private static async Task<int> AddAsync(LedgerContext context, IReadOnlyCollection<NewsRow> rows)
    {
        var known = await KnownAsync(context, [.. rows.Select(r => r.Key)]);
        var fresh = await OvertakeAsync(context, [.. rows.Where(r => known.Add(r.Key))]);
        context.AddRange(fresh);
        return fresh.Count;
    }

    private static async Task<HashSet<string>> KnownAsync(LedgerContext context, IReadOnlyCollection<string> keys)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in keys.Chunk(Together))
        {
            known.UnionWith(await context.News.Where(n => some.Contains(n.Key) && n.State != nameof(NewsState.Undone)).Select(n => n.Key).ToListAsync());
        }

        return known;
    }

    private static NewsRow Row(News news, long now, long? run = null, string? correction = null) => new()
    {
        Key = news.Key,
        Kind = news.Kind.ToString(),
        Receiver = Text(news.Receiver),
        Account = Text(news.Account),
        AccountName = news.AccountName,
        FromId = Text(news.From),
        ToId = Text(news.To),
        Reason = news.Reason,
        About = news.About,
        Due = news.Due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        HasTask = news.HasTask,
        Correction = correction,
        Run = run,
        At = now,
        State = nameof(NewsState.New),
    };

    internal static News Read(NewsRow row) => new(row.Key, Enum.Parse<NewsKind>(row.Kind), Id(row.Receiver))
    {
        Account = Id(row.Account),
        AccountName = row.AccountName,
        From = Id(row.FromId),
        To = Id(row.ToId),
        Reason = row.Reason,
        About = row.About,
        Due = row.Due is { } due ? DateOnly.ParseExact(due, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        HasTask = row.HasTask,
    };

    private static RecordId Id(string text) => text.Length == 0 ? default : RecordId.Parse(text);

    private static string Text(RecordId id) => id.IsNone ? "" : id.ToString();
}
