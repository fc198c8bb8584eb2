using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Health;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Finds handoffs of which somebody is to be reminded; the reminder goes with everything else that there is to tell.</summary>
internal sealed class ChaserJob(DueTimes due, Surroundings around, RulesInForce rules, NoticeSettings notices, WorkerHealth health) : DueJob("chaser", due, around, health)
{
    /// <inheritdoc/>
    protected override async Task<Work> DoAsync(RunDesk desk, string? asked, Telemetry.RunTrace? trace, CancellationToken stop)
    {
        var settings = await rules.ReadAsync(desk.Org, stop);
        var rule = settings.Of(RuleBook.All.Single(r => r.Info.Id == "handoff-acknowledged").Info);
        if (!rule.Enabled)
        {
            return new Work("Nobody is reminded of handoffs: the rule handoff-acknowledged is off.");
        }

        var (book, now) = (new NewsBook(desk.Ledger, Around.Time), Around.Time.GetUtcNow());
        IEnumerable<News> Of(OpenHandoff handoff, DateOnly today) => Chaser.Of(handoff, notices.Hours, today);
        var known = await new HandoffQueries(desk.Ledger).OpenAsync(notices.Hours.After(DateOnly.FromDateTime(now.UtcDateTime).AddDays(1), 1));
        // A day early and a day late, since the day where people are may be another than that of UTC.
        var fresh = await FreshAsync(book, known.SelectMany(h => new[] { -1, 0, 1 }.SelectMany(d => Of(h, DateOnly.FromDateTime(now.UtcDateTime).AddDays(d)))));
        if (fresh.Count == 0)
        {
            return new Work("There is no handoff to remind anybody of.");
        }

        var zone = (await desk.Org.IdentifyAsync(stop)).Zone;
        var about = fresh.Select(n => n.About).ToHashSet();
        var asks = known.Where(h => about.Contains(h.Id.ToString())).ToList();
        var standing = await desk.Org.ReadAsync(settings, [.. asks.Select(h => h.Read)], stop);
        var open = asks.Select(h => h.In(standing)).OfType<OpenHandoff>().ToList();
        var people = await desk.Directory.ColleaguesAsync([.. open.Select(h => h.Asked).Where(a => a.IsUser).Distinct()], stop);
        var added = await book.AddAsync([.. open.SelectMany(h => Of(h, new AsOf(now, people.GetValueOrDefault(h.Asked)?.Zone ?? zone).Today))]);
        return new Work($"{NumberText.Count(added, "reminder")} of handoffs.");
    }

    private static async Task<List<News>> FreshAsync(NewsBook book, IEnumerable<News> news)
    {
        var all = news.DistinctBy(n => n.Key).ToList();
        var known = await book.KnownAsync([.. all.Select(n => n.Key)]);
        return all.FindAll(n => !known.Contains(n.Key));
    }
}
