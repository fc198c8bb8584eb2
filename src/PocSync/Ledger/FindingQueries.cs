using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>Which findings are meant.</summary>
public enum FindingState
{
    /// <summary>Those that the last run saw and nobody accepted as the baseline, snoozed or marked as false,</summary>
    Open,

    /// <summary>of these those that are new since an instant;</summary>
    New,

    /// <summary>those that the last run saw and somebody accepted as the baseline;</summary>
    Baseline,

    /// <summary>those that somebody snoozed until a day;</summary>
    Snoozed,

    /// <summary>those that somebody marked as false;</summary>
    FalsePositive,

    /// <summary>all that the last run saw, in the baseline or not;</summary>
    Seen,

    /// <summary>those that are gone.</summary>
    Resolved,
}

/// <summary>In which order findings are shown.</summary>
public enum FindingSort
{
    /// <summary>The most severe first, among these those of the account that is worth most.</summary>
    Worst,

    /// <summary>The newest first.</summary>
    Newest,

    /// <summary>The oldest first.</summary>
    Oldest,

    /// <summary>By the account's name.</summary>
    Account,
}

/// <summary>By what findings are counted together.</summary>
public enum FindingGroup
{
    /// <summary>By rule and code.</summary>
    Rule,

    /// <summary>By account.</summary>
    Account,

    /// <summary>By whom they concern.</summary>
    Person,
}

/// <summary>Which findings, in which order.</summary>
/// <param name="State">Which.</param>
/// <param name="Since">Since when one is new, or of those that were seen was opened.</param>
/// <param name="Rule">Only of a rule.</param>
/// <param name="Code">Only of a code of it.</param>
/// <param name="Severity">Only of a severity.</param>
/// <param name="Person">Only what concerns a user or department, by id.</param>
/// <param name="Account">Only about an account, by id.</param>
/// <param name="Text">Only where the account's name, or that of whom it concerns, has this in it.</param>
/// <param name="Sort">In which order.</param>
public sealed record FindingFilter(
    FindingState State, DateTimeOffset Since, string? Rule = null, string? Code = null, string? Severity = null, string? Person = null,
    string? Account = null, string? Text = null, FindingSort Sort = FindingSort.Worst)
{
    /// <summary>Of those that are gone, since when.</summary>
    public DateTimeOffset ResolvedSince { get; init; }
}

/// <summary>A finding with the account that it is about, where it is about one.</summary>
public sealed record SeenFinding(FindingRow Finding, AccountRow? Account);

/// <summary>Findings that are counted together.</summary>
/// <param name="Key">The rule, account or person.</param>
/// <param name="Code">The rule's code; else null.</param>
/// <param name="Name">The account's or person's name; null for a rule.</param>
/// <param name="Count">How many.</param>
/// <param name="Worth">What the account is worth; null where they are of several.</param>
public sealed record CountedFindings(string Key, string? Code, string? Name, int Count, long? Worth);

/// <summary>Reads findings, a page at a time.</summary>
public sealed class FindingQueries(LedgerDatabase database)
{
    /// <summary>Some findings, and how many there are in all.</summary>
    public Task<(List<SeenFinding> Page, int Count)> PageAsync(FindingFilter filter, int skip, int take) => database.RunAsync(async context =>
    {
        var all = Of(context, filter);
        // What is shown of a finding is long, and is not to be carried through the sorting of all of them.
        var ids = await Sorted(all, filter.Sort).Select(x => x.Finding.Id).Skip(skip).Take(take).ToListAsync();
        var page = (await With(context, context.Findings.Where(f => ids.Contains(f.Id))).Select(Seen).ToListAsync()).ToDictionary(f => f.Finding.Id);
        return (ids.ConvertAll(id => page[id]), await all.CountAsync());
    });

    /// <summary>Gives every finding to a reader, one after the other.</summary>
    public Task<int> ReadAsync(FindingFilter filter, Action<SeenFinding> reader, CancellationToken stop) => database.RunAsync(async context =>
    {
        var count = 0;
        await foreach (var finding in Sorted(Of(context, filter), filter.Sort).Select(Seen).AsAsyncEnumerable().WithCancellation(stop))
        {
            reader(finding);
            count++;
        }

        return count;
    });

    /// <summary>Just before the last run that judged the whole org kept what it found: what is open since is new with it. Null where there was no such run.</summary>
    public Task<DateTimeOffset?> LastAsync() => database.RunAsync(async context =>
        await context.Runs.Where(r => r.IsMeasure).OrderByDescending(r => r.Number).Select(r => (long?)r.StartedAt).FirstOrDefaultAsync() is { } began
            ? new DateTimeOffset(began - 1, TimeSpan.Zero) : (DateTimeOffset?)null);

    /// <summary>Tells of findings that are gone where they may be so only by another setting.</summary>
    public Task<GoneBySettings> GoneBySettingsAsync() => database.RunAsync(GoneBySettings.ReadAsync);

    /// <summary>Findings counted together, the most first, and how many groups there are.</summary>
    public Task<(List<CountedFindings> Page, int Count)> GroupsAsync(FindingFilter filter, FindingGroup by, int skip, int take) =>
        database.RunAsync(async context =>
        {
            var all = Of(context, filter);
            if (by == FindingGroup.Account)
            {
                // Counted without the accounts, which are many, and named afterwards.
                var counted = all.Where(x => x.Finding.Account != null && x.Finding.Account != "").GroupBy(x => x.Finding.Account!).Select(g => new { Key = g.Key, Count = g.Count() });
                var some = await counted.OrderByDescending(g => g.Count).ThenBy(g => g.Key).Skip(skip).Take(take).ToListAsync();
                var ids = some.ConvertAll(g => g.Key);
                var named = await context.Accounts.Where(a => ids.Contains(a.Id)).Select(a => new { a.Id, a.Name, a.Worth }).ToDictionaryAsync(a => a.Id);
                return (some.ConvertAll(g => new CountedFindings(g.Key, null, named.GetValueOrDefault(g.Key)?.Name ?? g.Key, g.Count, named.GetValueOrDefault(g.Key)?.Worth)),
                    await counted.CountAsync());
            }

            var groups = by switch
            {
                FindingGroup.Rule => all.GroupBy(x => new { x.Finding.Rule, x.Finding.Code })
                    .Select(g => new { Key = g.Key.Rule, Code = (string?)g.Key.Code, Name = (string?)null, Count = g.Count(), Worth = (long?)null }),
                _ => all.Where(x => x.Account != null).GroupBy(x => new { x.Account!.Person, x.Account.PersonName })
                    .Select(g => new { Key = g.Key.Person, Code = (string?)null, Name = (string?)g.Key.PersonName, Count = g.Count(), Worth = (long?)null }),
            };
            var page = await groups.OrderByDescending(g => g.Count).ThenBy(g => g.Key).ThenBy(g => g.Code).Skip(skip).Take(take).ToListAsync();
            return (page.ConvertAll(g => new CountedFindings(g.Key, g.Code, g.Name, g.Count, g.Worth)), await groups.CountAsync());
        });

    /// <summary>How many findings there are of each rule and severity, in a state.</summary>
    public Task<List<(string Rule, string Severity, int Count)>> CountsAsync(FindingState state, DateTimeOffset since) => database.RunAsync(async context =>
        (await Of(context, state, since).GroupBy(f => new { f.Rule, f.Severity }).Select(g => new { g.Key.Rule, g.Key.Severity, Count = g.Count() })
            .ToListAsync()).ConvertAll(g => (g.Rule, g.Severity, g.Count)));

    /// <summary>The name of a user or department; null where the last run saw none.</summary>
    public Task<string?> NameOfAsync(string person) => database.RunAsync(async context =>
        await context.People.Where(p => p.Id == person).Select(p => p.Name).FirstOrDefaultAsync()
        ?? await context.Accounts.Where(a => a.Person == person).Select(a => a.PersonName).FirstOrDefaultAsync());

    private static IQueryable<FindingRow> Of(LedgerContext context, FindingState state, DateTimeOffset since)
    {
        var start = since.UtcTicks;
        return state switch
        {
            FindingState.Open => context.Findings.Where(f => f.ResolvedRun == null && f.BaselineAt == null && f.Silent == null),
            FindingState.New => context.Findings.Where(f => f.ResolvedRun == null && f.BaselineAt == null && f.Silent == null && f.OpenedAt > start),
            FindingState.Baseline => context.Findings.Where(f => f.ResolvedRun == null && f.BaselineAt != null),
            FindingState.Snoozed or FindingState.FalsePositive => context.Findings.Where(f => f.ResolvedRun == null && f.BaselineAt == null && f.Silent == state.ToString()),
            FindingState.Seen => context.Findings.Where(f => f.ResolvedRun == null && f.OpenedAt >= start),
            _ => context.Findings.Where(f => f.ResolvedRun != null),
        };
    }

    private static IQueryable<Joined> Of(LedgerContext context, FindingFilter filter)
    {
        var findings = Of(context, filter.State, filter.Since);
        var resolved = filter.ResolvedSince.UtcTicks;
        findings = filter.State == FindingState.Resolved && resolved > 0 ? findings.Where(f => f.ResolvedAt >= resolved) : findings;
        findings = filter.Rule is { } rule ? findings.Where(f => f.Rule == rule) : findings;
        findings = filter.Code is { } code ? findings.Where(f => f.Code == code) : findings;
        findings = filter.Severity is { } severity ? findings.Where(f => f.Severity == severity) : findings;
        findings = filter.Account is { } account ? findings.Where(f => f.Account == account) : findings;
        var joined = With(context, findings);
        joined = filter.Person is { } person ? joined.Where(x => x.Finding.Subject == person || x.Account!.Person == person) : joined;
        return filter.Text?.ToLowerInvariant() is { Length: > 0 } text
            ? joined.Where(x => x.Account!.Folded.Contains(text) || (x.Account == null && x.Finding.Sentence.ToLower().Contains(text))) : joined;
    }

    private static IQueryable<Joined> With(LedgerContext context, IQueryable<FindingRow> findings) =>
        findings.LeftJoin(context.Accounts, f => f.Account, a => a.Id, (f, a) => new Joined { Finding = f, Account = a });

    private static IQueryable<Joined> Sorted(IQueryable<Joined> all, FindingSort sort) => sort switch
    {
        FindingSort.Newest => all.OrderByDescending(x => x.Finding.OpenedAt).ThenBy(x => x.Finding.Id),
        FindingSort.Oldest => all.OrderBy(x => x.Finding.OpenedAt).ThenBy(x => x.Finding.Id),
        FindingSort.Account => all.OrderBy(x => x.Account!.Folded ?? "").ThenBy(x => x.Finding.Id),
        _ => all.OrderBy(x => x.Finding.Severity == "Error" ? 0 : x.Finding.Severity == "Warning" ? 1 : 2)
            .ThenByDescending(x => x.Account!.Worth ?? -1).ThenBy(x => x.Finding.Id),
    };

    private static readonly Expression<Func<Joined, SeenFinding>> Seen = x => new SeenFinding(x.Finding, x.Account);

    private sealed class Joined
    {
        public required FindingRow Finding { get; init; }
        public AccountRow? Account { get; init; }
    }
}
