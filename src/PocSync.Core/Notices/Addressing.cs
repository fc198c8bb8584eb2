using System.Globalization;
using PocSync.Core.Records;

namespace PocSync.Core.Notices;

/// <summary>A user as notices need to know them.</summary>
/// <param name="Id">The user.</param>
/// <param name="Name">The name.</param>
/// <param name="IsActive">Whether the user can be told anything.</param>
/// <param name="Manager">The manager, if any.</param>
/// <param name="Email">The e-mail address, if any.</param>
/// <param name="Zone">The time zone; null where it is not known.</param>
/// <param name="OptOut">The channels by which the user wants nothing.</param>
public sealed record Colleague(RecordId Id, string Name, bool IsActive, RecordId Manager, string? Email, TimeZoneInfo? Zone, IReadOnlySet<ChannelKind> OptOut);

/// <summary>Whom news reaches.</summary>
/// <param name="News">The news.</param>
/// <param name="To">Who is told, each with whom it was meant for (see <see cref="Told.For"/>); nobody where it is dropped.</param>
/// <param name="WhyNobody">Why nobody is told; null where somebody is.</param>
public sealed record Addressed(News News, IReadOnlyList<(RecordId Who, string? For)> To, string? WhyNobody = null);

/// <summary>A Backup who stands in on an account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Person">Who is away.</param>
/// <param name="By">The Backup: a user or department.</param>
/// <param name="From">The first day; null where it began long ago.</param>
/// <param name="Until">The last day; null where there is no end.</param>
public sealed record StandIn(RecordId Account, RecordId Person, RecordId By, DateOnly? From, DateOnly? Until);

/// <summary>Decides whom news reaches: in place of who is gone the first active manager above, beside who is away their cover: whom the absence names, else the account's Backup.</summary>
/// <param name="people">Users by id.</param>
/// <param name="accountable">Who answers for each department.</param>
/// <param name="absences">Absences that include today.</param>
/// <param name="standIns">Backups who stand in today.</param>
/// <param name="worker">PocSync's own user, who is never told.</param>
public sealed class Addressing(
    IReadOnlyDictionary<RecordId, Colleague> people, IReadOnlyDictionary<RecordId, RecordId> accountable, IReadOnlyList<Absence> absences, IReadOnlyList<StandIn> standIns,
    RecordId worker)
{
    private readonly ILookup<(RecordId, RecordId), StandIn> _standIns = standIns.ToLookup(s => (s.Account, s.Person));

    /// <summary>What whoever stands in is told anyway.</summary>
    private static readonly HashSet<NewsKind> Cover = [NewsKind.CoverBegan, NewsKind.CoverChanged, NewsKind.CoverEnded];

    /// <summary>What somebody who is gone need not know, and nobody in their place.</summary>
    private static readonly HashSet<NewsKind> OnlyOneself = [NewsKind.HandoffDeclined, NewsKind.WasPrimary, NewsKind.WasBackup, NewsKind.PutBack, NewsKind.HandoffCalledOff, NewsKind.Digest, .. Cover];

    private static readonly HashSet<NewsKind> ToManagers = [NewsKind.TookOver, NewsKind.HandoffEscalated, NewsKind.ReceiverDeclined];

    /// <summary>Whom it reaches.</summary>
    public Addressed Of(News news)
    {
        var about = accountable.GetValueOrDefault(news.Receiver, news.Receiver);
        // Where who has to act is gone, the manager was asked in their place.
        var asked = news.Kind == NewsKind.HandoffEscalated && !Able(about) && ManagerOf(about) is { IsNone: false } instead ? instead : about;
        var meant = ToManagers.Contains(news.Kind) ? ManagerOf(asked) : about;
        if (meant.IsNone)
        {
            return new Addressed(news, [], $"{NameOf(asked)} has no manager who could be told");
        }

        var isOwn = OnlyOneself.Contains(news.Kind);
        var who = Able(meant) ? meant : isOwn ? default : ManagerOf(meant);
        if (who.IsNone)
        {
            return new Addressed(news, [], $"{NameOf(meant)} is gone, and {(isOwn ? "it concerned nobody else" : "nobody above is there to be told")}");
        }

        if (who == worker)
        {
            return new Addressed(news, [], "it would be told to PocSync itself");
        }

        var to = new List<(RecordId, string?)> { (who, who == meant ? null : $"{NameOf(meant)}, who is gone") };
        if (!Cover.Contains(news.Kind) && CoverOf(who, news.Account) is (var cover, var until))
        {
            to.Add((cover, $"{NameOf(who)}, who is away{(until is { } end ? string.Create(CultureInfo.InvariantCulture, $" until {end:yyyy-MM-dd}") : "")}"));
        }

        return new Addressed(news, to);
    }

    private (RecordId By, DateOnly? Until)? CoverOf(RecordId who, RecordId account) => absences.Where(a => a.UserId == who).Select(a => (a.CoverId, a.EndsOn))
        .Concat(_standIns[(account, who)].Select(s => (accountable.GetValueOrDefault(s.By, s.By), s.Until)))
        .Where(c => Able(c.Item1) && c.Item1 != worker).Select(c => ((RecordId, DateOnly?)?)c).FirstOrDefault();

    /// <summary>The first active one upward; none where there is none, or the line turns back on itself.</summary>
    private RecordId ManagerOf(RecordId user)
    {
        var met = new HashSet<RecordId> { user };
        for (var above = people.GetValueOrDefault(user)?.Manager ?? default; !above.IsNone && met.Add(above); above = people.GetValueOrDefault(above)?.Manager ?? default)
        {
            if (Able(above) && above != worker)
            {
                return above;
            }
        }

        return default;
    }

    private bool Able(RecordId user) => people.TryGetValue(user, out var known) && known.IsActive;

    private string NameOf(RecordId user) => user.IsNone ? "Nobody" : people.GetValueOrDefault(user)?.Name ?? user.ToString();
}
