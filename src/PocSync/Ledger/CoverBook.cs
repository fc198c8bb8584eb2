using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Ledger;

/// <summary>Follows who stands in for whom, so that both are told once of its beginning, of each change of its end, and of its end.</summary>
internal static class CoverBook
{
    /// <summary>Keeps what a run saw, within its transaction.</summary>
    /// <param name="context">The ledger.</param>
    /// <param name="run">The run.</param>
    /// <param name="now">The instant.</param>
    /// <param name="today">The org's date.</param>
    /// <param name="covers">Who stands in for whom today; null where that is not known, which concludes nothing.</param>
    public static async Task FollowAsync(LedgerContext context, long run, long now, DateOnly today, IReadOnlyList<Cover>? covers)
    {
        if (covers is null)
        {
            return;
        }

        var lasting = (await context.Covers.Where(c => c.EndedOn == null).ToListAsync()).ToDictionary(c => (c.Person, c.By));
        var (began, changed, news) = (new List<CoverRow>(), new List<CoverRow>(), new List<News>());
        foreach (var cover in covers)
        {
            if (!lasting.Remove((cover.Person.ToString(), cover.By.ToString()), out var row))
            {
                began.Add(new CoverRow { Person = cover.Person.ToString(), By = cover.By.ToString(), Since = Text(today)!, Until = Text(cover.Until), Accounts = cover.Accounts });
            }
            else if (row.Until != Text(cover.Until))
            {
                (row.Until, row.Accounts, row.Changes) = (Text(cover.Until), cover.Accounts, row.Changes + 1);
                changed.Add(row);
                news.AddRange(Told(row).Changed);
            }
        }

        foreach (var row in lasting.Values)
        {
            row.EndedOn = Text(today);
            news.AddRange(Told(row).Ended);
        }

        context.AddRange(began);
        context.UpdateRange(changed.Concat(lasting.Values));
        // Their numbers are what tells one from another.
        await context.SaveChangesAsync();
        await NewsBook.AddAsync(context, run, now, news.Concat(began.SelectMany(c => Told(c).Began)));
    }

    private static CoverTold Told(CoverRow row) => new(
        new Cover(RecordId.Parse(row.Person), RecordId.Parse(row.By), row.Until is { } until ? DateOnly.ParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null, row.Accounts),
        string.Create(CultureInfo.InvariantCulture, $"cover|{row.Id}"), row.Changes);

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
