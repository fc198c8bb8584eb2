using Microsoft.EntityFrameworkCore;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>The names of those of whom records say only the id: users, departments and accounts.</summary>
internal static class KnownNames
{
    /// <summary>By id: as the plans had them, else as the last run saw them.</summary>
    public static async Task<Dictionary<string, string>> OfAsync(LedgerContext context, IReadOnlyCollection<(Correction? Correction, Intent? Intent)> done)
    {
        var names = new Dictionary<string, string>();
        foreach (var (correction, intent) in done)
        {
            foreach (var (id, name) in (correction is null ? [] : OfPlan(correction)).Concat((intent?.TeamBefore ?? []).Select(t => (t.UserId.ToString(), t.UserName))))
            {
                names.TryAdd(id, name);
            }
        }

        var others = done.SelectMany(d => d.Intent?.Bundle.Writes ?? []).SelectMany(w => w.Before.Values.Concat(w.After.Values)).OfType<string>()
            .Where(v => !names.ContainsKey(v) && RecordId.TryParse(v, out _)).Distinct().ToList();
        foreach (var some in others.Chunk(500))
        {
            foreach (var person in await context.People.Where(p => some.Contains(p.Id)).Select(p => new { p.Id, p.Name }).ToListAsync())
            {
                names[person.Id] = person.Name;
            }
        }

        return names;
    }

    /// <summary>Those whom a correction itself knows, by id.</summary>
    public static IEnumerable<(string Id, string Name)> OfPlan(Correction correction) =>
        correction.People.Select(p => (p.Id.ToString(), p.Name)).Prepend((correction.Account.ToString(), correction.AccountName));

    /// <summary>A value as people read it.</summary>
    public static string Words(IReadOnlyDictionary<string, string> names, string? value) =>
        value is null ? "blank" : names.TryGetValue(value, out var name) ? $"{name} ({value})" : value;
}
