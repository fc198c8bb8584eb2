using System.Globalization;
using System.Text;
using PocSync.Core.Records;

namespace PocSync.Core.Notices;

/// <summary>News as somebody is told it.</summary>
/// <param name="News">What.</param>
/// <param name="For">Whom it was meant for and why it comes here instead, such as <c>Ann, who is gone</c>; null where it is the receiver's own.</param>
/// <param name="Worth">What the account is worth; null where that is not known.</param>
public sealed record Told(News News, string? For, decimal? Worth);

/// <summary>Where people look further.</summary>
/// <param name="Org">The org's address.</param>
/// <param name="Console">The console's address; null where people do not reach it.</param>
public sealed record NoticeLinks(Uri Org, Uri? Console)
{
    /// <summary>A record in Salesforce.</summary>
    public string To(string record) => new Uri(Org, "/" + record).ToString();

    /// <summary>A person, in the console with their accounts.</summary>
    public string Of(RecordId person) => Console is { } console ? new Uri(console, $"/people/{person}").ToString() : To(person.ToString());

    /// <summary>All accounts of whoever looks.</summary>
    public string All => Console is { } console ? new Uri(console, "/my").ToString() : new Uri(Org, "/lightning/o/Account/list?filterName=MyAccounts").ToString();
}

/// <summary>One message to one person about all that is news to them: plain text.</summary>
/// <param name="Title">On one line.</param>
/// <param name="Body">Lines.</param>
public sealed record Letter(string Title, string Body)
{
    /// <summary>How many accounts are named; the others are counted.</summary>
    public const int MostLines = 20;

    /// <summary>Writes what is news to somebody, the accounts that are worth most first.</summary>
    /// <param name="news">The news, at least one.</param>
    /// <param name="templates">The words.</param>
    /// <param name="links">Where people look further.</param>
    /// <param name="nameOf">The names of users and departments.</param>
    /// <param name="openOf">What is open on an account; blank where nothing is, or it is not told.</param>
    public static Letter Of(IReadOnlyCollection<Told> news, Templates templates, NoticeLinks links, Func<RecordId, string> nameOf, Func<RecordId, string> openOf)
    {
        var parts = news.GroupBy(n => (n.News.Kind, n.For)).OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.For, StringComparer.Ordinal).ToList();
        var titles = parts.ConvertAll(p => (p.Key.For is { } other ? $"For {PlainText.Line(other)}: " : "") + TitleOf([.. p], templates));
        var body = new StringBuilder();
        var (left, unnamed) = (MostLines, 0);
        foreach (var (part, title) in parts.Zip(titles))
        {
            if (parts.Count > 1)
            {
                body.Append(body.Length > 0 ? "\n" : "").Append(title).Append('\n');
            }

            var lines = InOrder(part).ToList();
            foreach (var line in lines.Take(left))
            {
                foreach (var text in LinesOf(line.News, templates, links, nameOf, openOf))
                {
                    body.Append(text).Append('\n');
                }
            }

            unnamed += Math.Max(0, lines.Count - left);
            left = Math.Max(0, left - lines.Count);
        }

        if (unnamed > 0)
        {
            body.Append(CultureInfo.InvariantCulture, $"And {unnamed:N0} more: {links.All}\n");
        }

        var more = titles.Count - 1;
        return new Letter(titles[0] + (more == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", and {more} {(more == 1 ? "other thing" : "other things")}")), body.ToString().TrimEnd('\n'));
    }

    /// <summary>News in the order in which it is told: what is worth most first.</summary>
    public static IOrderedEnumerable<Told> InOrder(IEnumerable<Told> news) =>
        news.OrderByDescending(n => n.Worth ?? -1).ThenBy(n => n.News.AccountName, StringComparer.Ordinal).ThenBy(n => n.News.Key, StringComparer.Ordinal);

    private static string TitleOf(IReadOnlyList<Told> news, Templates templates)
    {
        // What is about a user or a department has no account, and counts by itself.
        var accounts = news.Select(n => n.News.Account.IsNone ? n.News.About : n.News.Account.ToString()).Distinct().Count();
        return templates[news[0].News.Kind].Title.With(new Dictionary<string, string>
        {
            ["accounts"] = accounts == 1 ? PlainText.Line(news[0].News.AccountName) : string.Create(CultureInfo.InvariantCulture, $"{accounts:N0} accounts"),
            ["count"] = accounts.ToString("N0", CultureInfo.InvariantCulture),
        });
    }

    private static IEnumerable<string> LinesOf(News news, Templates templates, NoticeLinks links, Func<RecordId, string> nameOf, Func<RecordId, string> openOf) =>
        news.Reason.Split('\n').Select(reason => templates[news.Kind].Line.With(new Dictionary<string, string>
        {
            ["account"] = PlainText.Line(news.AccountName),
            ["from"] = news.From.IsNone ? "" : PlainText.Line(nameOf(news.From)),
            ["to"] = news.To.IsNone ? "" : PlainText.Line(nameOf(news.To)),
            ["reason"] = PlainText.Line(reason),
            ["open"] = openOf(news.Account),
            ["due"] = news.Due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            ["link"] = LinkOf(news, links),
        }));

    /// <summary>Handoffs lead to their record, where it is known; cover to the accounts of who is away.</summary>
    private static string LinkOf(News news, NoticeLinks links) =>
        news.Kind is NewsKind.CoverBegan or NewsKind.CoverChanged or NewsKind.CoverEnded ? news.From.IsNone ? links.All : links.Of(news.From) :
        news.Kind is NewsKind.HandoffToDocument or NewsKind.HandoffDueSoon or NewsKind.HandoffOverdue or NewsKind.HandoffEscalated
                or NewsKind.HandoffToAcknowledge or NewsKind.HandoffDeclined or NewsKind.ReceiverDeclined
            && RecordId.TryParse(news.About, out var handoff) ? links.To(handoff.ToString())
        : !news.Account.IsNone ? links.To(news.Account.ToString())
        : news.Kind is NewsKind.AlertAssigned or NewsKind.AlertEscalated && news.About is { } subject ? links.To(subject) : "";
}
