using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PocSync.Core.Records;

namespace PocSync.Ledger;

/// <summary>Which people are meant, of those with a role or an absence.</summary>
public enum PeopleShown
{
    /// <summary>All of them,</summary>
    All,

    /// <summary>those who are primary contact of more accounts than they have capacity for,</summary>
    Over,

    /// <summary>those who cannot act,</summary>
    Unable,

    /// <summary>those who are away today or soon,</summary>
    Away,

    /// <summary>and those of these for whom nobody stands in on some account.</summary>
    Uncovered,
}

/// <summary>In which order people are shown.</summary>
public enum PeopleSort
{
    /// <summary>Those who are fullest as primary contact first.</summary>
    Load,

    /// <summary>By name.</summary>
    Name,

    /// <summary>Those who are backup of the most accounts first.</summary>
    Backup,
}

/// <summary>Accounts that nobody covers while their primary contact is away.</summary>
/// <param name="Person">Who is away.</param>
/// <param name="Name">Their name.</param>
/// <param name="From">The first day of the absence that begins first; null where it began long ago.</param>
/// <param name="To">Its last day; null where it has no end.</param>
/// <param name="Accounts">How many accounts nobody covers.</param>
/// <param name="Worth">What they are worth.</param>
public sealed record CoverageGap(string Person, string Name, string? From, string? To, int Accounts, long Worth);

/// <summary>Somebody's role on an account, now or from a day to come.</summary>
public sealed record RoleOnAccount(RoleRow Role, AccountRow Account);

/// <summary>Reads of people, as the last run saw them. Days are the org's, as text such as 2026-01-31.</summary>
public sealed class PeopleQueries(LedgerDatabase database)
{
    /// <summary>For so many days from today on absences are soon.</summary>
    public const int SoonDays = 14;

    private const string Covers = "backup-covers-absence";

    /// <summary>Some people, and how many there are in all.</summary>
    public Task<(List<PersonRow> Page, int Count)> PageAsync(DateOnly today, PeopleShown shown, string? text, PeopleSort sort, int skip, int take) =>
        database.RunAsync(async context =>
        {
            var all = Of(context, today, shown);
            all = text?.ToLowerInvariant() is { Length: > 0 } part ? all.Where(p => p.Folded.Contains(part)) : all;
            var sorted = sort switch
            {
                PeopleSort.Name => all.OrderBy(p => p.Folded),
                PeopleSort.Backup => all.OrderByDescending(p => p.AsBackup),
                // Who has no room at all is fuller than anybody; who holds nothing is empty whatever the room.
                _ => all.OrderByDescending(p => p.AsPrimary == 0 ? 0 : p.Capacity == 0 ? double.MaxValue : (double)p.AsPrimary / (p.Capacity ?? int.MaxValue))
                    .ThenByDescending(p => p.AsPrimary),
            };
            return (await sorted.ThenBy(p => p.Id).Skip(skip).Take(take).ToListAsync(), await all.CountAsync());
        });

    /// <summary>How many people there are of each kind.</summary>
    public Task<Dictionary<PeopleShown, int>> CountsAsync(DateOnly today) => database.RunAsync(async context =>
    {
        var counts = new Dictionary<PeopleShown, int>();
        foreach (var shown in Enum.GetValues<PeopleShown>())
        {
            counts[shown] = await Of(context, today, shown).CountAsync();
        }

        return counts;
    });

    /// <summary>A user or department; null where the last run saw none.</summary>
    public Task<PersonRow?> PersonAsync(string id) => database.RunAsync(context => context.People.SingleOrDefaultAsync(p => p.Id == id));

    /// <summary>For whom a user speaks: themselves, and the departments for which they are accountable.</summary>
    public Task<IReadOnlyList<string>> SidesOfAsync(string user) => database.RunAsync<IReadOnlyList<string>>(async context =>
        [user, .. await context.People.Where(p => p.Manager == user && p.Capacity == null && p.ManagerName != null).Select(p => p.Id).ToListAsync()]);

    /// <summary>Somebody's absences that are not over, or were not 90 days ago; the first first.</summary>
    public Task<List<AbsenceRow>> AbsencesOfAsync(string person) => database.RunAsync(context =>
        context.Absences.Where(a => a.Person == person).OrderBy(a => a.StartsOn ?? "").ThenBy(a => a.Id).ToListAsync());

    /// <summary>Some people's absences that are not over, the first first.</summary>
    public Task<ILookup<string, AbsenceRow>> AbsencesOfAsync(IReadOnlyCollection<string> people, DateOnly today) => database.RunAsync(async context =>
        (await Between(context, today, DateOnly.MaxValue).Where(a => people.Contains(a.Person)).OrderBy(a => a.StartsOn ?? "").ThenBy(a => a.Id).ToListAsync())
        .ToLookup(a => a.Person));

    /// <summary>The absences of those people at a time, by who; the people by the first day, a page of them, and how many there are in all.</summary>
    public Task<(List<IGrouping<string, AbsenceRow>> Page, int Count)> CalendarAsync(DateOnly from, DateOnly to, int skip, int take) =>
        database.RunAsync(async context =>
        {
            var all = Between(context, from, to);
            var people = all.GroupBy(a => a.Person).Select(g => new { g.Key, First = g.Min(a => a.StartsOn ?? "") });
            var page = await people.OrderBy(p => p.First).ThenBy(p => p.Key).Skip(skip).Take(take).Select(p => p.Key).ToListAsync();
            var rows = (await all.Where(a => page.Contains(a.Person)).OrderBy(a => a.StartsOn ?? "").ToListAsync()).GroupBy(a => a.Person).ToDictionary(g => g.Key);
            return (page.ConvertAll(p => rows[p]), await people.CountAsync());
        });

    /// <summary>Who is away soon with accounts that nobody covers meanwhile; those with what is worth most first.</summary>
    public Task<List<CoverageGap>> GapsAsync(DateOnly today) => database.RunAsync<List<CoverageGap>>(async context =>
    {
        var (soon, last) = (Between(context, today, today.AddDays(SoonDays)), Day(today.AddDays(SoonDays)));
        var accounts = Uncovered(context, soon, last).Distinct().Join(context.Accounts, u => u.Account, a => a.Id, (u, a) => new { u.Who, a.Worth });
        var counts = await accounts.GroupBy(a => a.Who).Select(g => new { Who = g.Key, Count = g.Count(), Worth = g.Sum(a => a.Worth ?? 0) }).ToListAsync();
        var who = counts.ConvertAll(c => c.Who);
        var first = (await soon.Where(a => who.Contains(a.Person)).ToListAsync()).GroupBy(a => a.Person)
            .ToDictionary(g => g.Key, g => g.MinBy(a => a.StartsOn, StringComparer.Ordinal)!);
        return
        [
            .. counts.OrderByDescending(c => c.Worth).ThenByDescending(c => c.Count).ThenBy(c => c.Who, StringComparer.Ordinal)
                .Select(c => new CoverageGap(c.Who, first[c.Who].PersonName, first[c.Who].StartsOn, first[c.Who].EndsOn, c.Count, c.Worth)),
        ];
    });

    /// <summary>In which roles somebody is on how many accounts, now or later.</summary>
    public Task<Dictionary<string, int>> RolesOfAsync(string person) => database.RunAsync(context =>
        context.Roles.Where(r => r.Who == person).GroupBy(r => r.Role).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count));

    /// <summary>Somebody's accounts, in one role or all, those that are worth most first.</summary>
    public Task<List<RoleOnAccount>> AccountsOfAsync(string person, PocRole? role, int skip, int take) => database.RunAsync(context =>
    {
        var roles = context.Roles.Where(r => r.Who == person);
        var word = role?.ToString();
        return (word is null ? roles : roles.Where(r => r.Role == word)).Join(context.Accounts, r => r.Account, a => a.Id, (r, a) => new { r, a })
            .OrderByDescending(x => x.a.Worth ?? -1).ThenBy(x => x.a.Id).ThenBy(x => x.r.Position).Skip(skip).Take(take)
            .Select(x => new RoleOnAccount(x.r, x.a)).ToListAsync();
    });

    /// <summary>Open findings about somebody themselves.</summary>
    public Task<List<FindingRow>> FindingsOfAsync(string person) => database.RunAsync(context =>
        context.Findings.Where(f => f.ResolvedRun == null && f.Subject == person).OrderBy(f => f.OpenedAt).ThenBy(f => f.Id).ToListAsync());

    /// <summary>Open findings about some accounts, the worst first.</summary>
    public Task<ILookup<string, FindingRow>> OpenAsync(IReadOnlyCollection<string> accounts) => database.RunAsync(async context =>
        (await context.Findings.Where(f => f.ResolvedRun == null && accounts.Contains(f.Account))
            .OrderBy(f => f.Severity == "Error" ? 0 : f.Severity == "Warning" ? 1 : 2).ThenBy(f => f.OpenedAt).ToListAsync()).ToLookup(f => f.Account));

    private static IQueryable<PersonRow> Of(LedgerContext context, DateOnly today, PeopleShown shown)
    {
        var (soon, day) = (Between(context, today, today.AddDays(SoonDays)), Day(today));
        var uncovered = Uncovered(context, soon, Day(today.AddDays(SoonDays)));
        return shown switch
        {
            PeopleShown.Over => context.People.Where(p => p.AsPrimary > p.Capacity),
            PeopleShown.Unable => context.People.Where(p => p.WhyNotAble != null && context.Roles.Any(r => r.Who == p.Id)),
            PeopleShown.Away => context.People.Where(p => soon.Any(a => a.Person == p.Id)),
            PeopleShown.Uncovered => context.People.Where(p => uncovered.Any(u => u.Who == p.Id)),
            _ => context.People.Where(p => context.Roles.Any(r => r.Who == p.Id)
                || context.Absences.Any(a => a.Person == p.Id && (a.EndsOn == null || string.Compare(a.EndsOn, day) >= 0))),
        };
    }

    /// <summary>Primary contacts who are away with an account of theirs that the rule finds uncovered.</summary>
    private static IQueryable<Uncover> Uncovered(LedgerContext context, IQueryable<AbsenceRow> absences, string last) =>
        context.Findings.Where(f => f.ResolvedRun == null && f.Rule == Covers)
            .Join(context.Roles, f => f.Account, r => r.Account, (f, r) => r)
            .Where(r => r.Role == nameof(PocRole.Primary) && (r.StartsOn == null || string.Compare(r.StartsOn, last) <= 0) && absences.Any(a => a.Person == r.Who))
            .Select(r => new Uncover { Who = r.Who, Account = r.Account });

    private static IQueryable<AbsenceRow> Between(LedgerContext context, DateOnly from, DateOnly to)
    {
        var (first, last) = (Day(from), Day(to));
        return context.Absences.Where(a =>
            (a.EndsOn == null || string.Compare(a.EndsOn, first) >= 0) && (a.StartsOn == null || string.Compare(a.StartsOn, last) <= 0));
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed class Uncover
    {
        public required string Who { get; init; }
        public required string Account { get; init; }
    }
}
