using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Ledger;

/// <summary>Follows who stands in for whom, so that both are told once of its beginning, of each change of its end, and of its end.</summary>
internal static class CoverBook
{
    private const int Together = 500;

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
                began.Add(new CoverRow { Person = cover.Person.ToString(), By = cover.By.ToString(), Since = Text(today)!, Until = Text(cover.Until), Accounts = cover.Accounts, Named = cover.Named });
            }
            else if (row.Until != Text(cover.Until))
            {
                (row.Until, row.Accounts, row.Named, row.Changes) = (Text(cover.Until), cover.Accounts, cover.Named, row.Changes + 1);
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

    /// <summary>The Backups of some accounts who stand in for somebody, first of several of an account the one whom <see cref="Cover.Of"/> takes.</summary>
    /// <param name="context">The ledger.</param>
    /// <param name="accounts">The accounts.</param>
    public static async Task<IReadOnlyList<StandIn>> StandInsAsync(LedgerContext context, IReadOnlyList<string> accounts)
    {
        var lasting = (await context.Covers.Where(c => c.EndedOn == null).ToListAsync()).ToLookup(c => c.By);
        var by = lasting.Select(c => c.Key).ToList();
        var found = new List<StandIn>();
        foreach (var some in by.Count == 0 ? [] : accounts.Chunk(Together))
        {
            var backups = await context.Roles.Where(r => some.Contains(r.Account) && r.Role == nameof(PocRole.Backup) && by.Contains(r.Who)).ToListAsync();
            found.AddRange(backups.SelectMany(r => lasting[r.Who], (r, c) => new StandIn(
                RecordId.Parse(r.Account), RecordId.Parse(c.Person), RecordId.Parse(c.By), Day(r.StartsOn), new[] { Day(r.EndsOn), Day(c.Until) }.Min())));
        }

        return [.. found.OrderBy(s => s.By)];
    }

    private static CoverTold Told(CoverRow row) => new(
        new Cover(RecordId.Parse(row.Person), RecordId.Parse(row.By), Day(row.Until), row.Accounts, row.Named),
        string.Create(CultureInfo.InvariantCulture, $"cover|{row.Id}"), row.Changes);

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
