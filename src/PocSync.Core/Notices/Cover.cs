using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Notices;

/// <summary>Somebody stands in for a primary contact who is away. Nobody's ownership moves.</summary>
/// <param name="Person">Who is away.</param>
/// <param name="By">The user or department that stands in.</param>
/// <param name="Until">The last day, absences that follow each other without a day between taken together; null where there is no end.</param>
/// <param name="Accounts">Accounts of which the one is Primary and for which the other stands in.</param>
/// <param name="Named">Those of them that are worth most by name, and how many more there are.</param>
public sealed record Cover(RecordId Person, RecordId By, DateOnly? Until, int Accounts, string Named)
{
    private const int MostNamed = 5, LongestName = 60;

    /// <summary>
    /// Who stands in for whom today, by person: whom the absence names where they are there, else an able Backup of the account who is. Where there is neither,
    /// <c>backup-covers-absence</c> says so.
    /// </summary>
    /// <param name="snapshot">The org.</param>
    /// <param name="ability">Who is able, and who is away.</param>
    /// <param name="accounts">Accounts in scope.</param>
    public static IReadOnlyList<Cover> Of(Snapshot snapshot, Ability ability, IEnumerable<Account> accounts)
    {
        var today = snapshot.AsOf.Today;
        var covers = new Dictionary<(RecordId Person, RecordId By), List<Account>>();
        var away = snapshot.Absences.Keys.Where(u => ability.IsAbsent(u, today) && ability.IsAbleUser(u)).ToHashSet();
        foreach (var account in away.Count == 0 ? [] : accounts)
        {
            var rows = snapshot.Rows[account.Index].ToArray();
            foreach (var person in rows.Where(r => r.Role == PocRole.Primary && r.IsInForce(today) && away.Contains(r.Assignee.Id)).Select(r => r.Assignee.Id).Distinct())
            {
                if (ByWhom(person, rows, ability, today) is { IsNone: false } by)
                {
                    (covers.TryGetValue((person, by), out var all) ? all : covers[(person, by)] = []).Add(account);
                }
            }
        }

        return [.. covers.Select(c => new Cover(c.Key.Person, c.Key.By, UntilOf(c.Key.Person), c.Value.Count, NamesOf(c.Value))).OrderBy(c => c.Person).ThenBy(c => c.By)];

        DateOnly? UntilOf(RecordId person)
        {
            DateOnly? until = today;
            foreach (var absence in ability.AbsencesOf(person).OrderBy(a => a.StartsOn ?? DateOnly.MinValue))
            {
                if (until is { } day && (absence.StartsOn is null || absence.StartsOn <= day.AddDays(1)) && (absence.EndsOn is null || absence.EndsOn > day))
                {
                    until = absence.EndsOn;
                }
            }

            return until;
        }
    }

    private static string NamesOf(List<Account> accounts)
    {
        var names = accounts.OrderByDescending(a => a.AnnualRevenue ?? -1).ThenBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.Id).Take(MostNamed).Select(a => PlainText.Cut(a.Name, LongestName)).ToList();
        return accounts.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names)} and {accounts.Count - MostNamed:N0} more")
            : names.Count > 1 ? $"{string.Join(", ", names[..^1])} and {names[^1]}" : names[0];
    }

    /// <summary>Who stands in for a person on an account; none where the person is there, or nobody is.</summary>
    /// <param name="person">A user.</param>
    /// <param name="rows">The account's rows.</param>
    /// <param name="ability">Who is able, and who is away.</param>
    /// <param name="today">The org's date.</param>
    internal static RecordId ByWhom(RecordId person, IEnumerable<PocRow> rows, Ability ability, DateOnly today)
    {
        if (!ability.IsAbsent(person, today))
        {
            return default;
        }

        var named = ability.AbsencesOf(person).Where(a => a.Overlaps(today, today) && IsThere(Assignee.User(a.CoverId)))
            .OrderBy(a => a.Id).Select(a => a.CoverId).FirstOrDefault();
        return !named.IsNone ? named
            : rows.Where(r => r.Role == PocRole.Backup && r.IsInForce(today) && IsThere(r.Assignee)).Select(r => r.Assignee.Id).Order().FirstOrDefault();

        bool IsThere(Assignee who) => !who.Id.IsNone && ability.IsAble(who) && (who.IsDepartment || !ability.IsAbsent(who.Id, today));
    }
}
