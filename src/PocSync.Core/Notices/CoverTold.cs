using System.Globalization;
using PocSync.Core.Records;

namespace PocSync.Core.Notices;

/// <summary>A cover that has begun, as its people know it.</summary>
/// <param name="Cover">The cover.</param>
/// <param name="Key">The same for as long as it lasts, and another's never.</param>
/// <param name="Changes">How often its end has changed since it began.</param>
public sealed record CoverTold(Cover Cover, string Key, int Changes)
{
    /// <summary>What both learn at its beginning.</summary>
    public IEnumerable<News> Began => Of(NewsKind.CoverBegan);

    /// <summary>What both learn where it ends on another day than they were told.</summary>
    public IEnumerable<News> Changed => Of(NewsKind.CoverChanged);

    /// <summary>What both learn on the first day after it.</summary>
    public IEnumerable<News> Ended => Of(NewsKind.CoverEnded);

    private IEnumerable<News> Of(NewsKind kind)
    {
        // Each is named the other.
        yield return News(Cover.By) with { From = Cover.Person };
        yield return News(Cover.Person) with { To = Cover.By };

        News News(RecordId receiver) => new(string.Create(CultureInfo.InvariantCulture, $"{Key}|{Changes}|{kind}|{receiver}"), kind, receiver)
        {
            Reason = (Cover.Accounts == 1 ? "1 account" : string.Create(CultureInfo.InvariantCulture, $"{Cover.Accounts:N0} accounts"))
                + (kind == NewsKind.CoverChanged && Cover.Until is null ? ", with no end known" : ""),
            AccountName = Cover.Named,
            About = Key,
            Due = kind == NewsKind.CoverEnded ? null : Cover.Until,
        };
    }
}
