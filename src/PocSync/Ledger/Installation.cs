using Microsoft.EntityFrameworkCore;
using PocSync.Core.Guards;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>What runs knew of the installation.</summary>
/// <param name="Org">The org; null before the first run that reached it.</param>
/// <param name="Worker">The name of the user that PocSync is there, where it is known.</param>
/// <param name="Last">The last run that ended.</param>
/// <param name="Measure">What the org showed to the last run that judged it.</param>
/// <param name="Size">The ledger, in bytes.</param>
public sealed record Installed(OrgRow? Org, string? Worker, RunRow? Last, Measure? Measure, long Size);

/// <summary>Keeps and reads what runs knew of the installation.</summary>
public sealed class Installation(LedgerDatabase database)
{
    /// <summary>What keeps the ledger, for people.</summary>
    public string Provider => database.Settings.Provider == LedgerProvider.Sqlite ? "SQLite" : "PostgreSQL";

    /// <summary>What keeps it.</summary>
    public bool IsShared => database.Settings.Provider == LedgerProvider.PostgreSql;

    /// <summary>Its name.</summary>
    public string Name => database.Settings.Name;

    /// <summary>What is left of the budget of API calls at an instant.</summary>
    public Task NoteAsync(CallsLeft left, DateTimeOffset at) => database.RunAsync(context => context.Orgs.ExecuteUpdateAsync(set => set
        .SetProperty(o => o.CallsLeft, left.Calls).SetProperty(o => o.CallsLeftWords, left.Sentence).SetProperty(o => o.CallsAt, at.UtcTicks)));

    /// <summary>What is known.</summary>
    public Task<Installed> ReadAsync() => database.RunAsync(async context =>
    {
        var org = await context.Orgs.FirstOrDefaultAsync();
        var measure = await context.Runs.Where(r => r.IsMeasure && r.Measure != null).OrderByDescending(r => r.Number).Select(r => r.Measure).FirstOrDefaultAsync();
        var size = IsShared ? context.Database.SqlQueryRaw<long>("SELECT pg_database_size(current_database()) AS \"Value\"")
            : context.Database.SqlQueryRaw<long>("SELECT page_count * page_size AS \"Value\" FROM pragma_page_count(), pragma_page_size()");
        return new Installed(
            org, org?.Worker is { } worker ? await context.People.Where(p => p.Id == worker).Select(p => p.Name).FirstOrDefaultAsync() : null,
            await context.Runs.Where(r => r.EndedAt != null).OrderByDescending(r => r.Number).FirstOrDefaultAsync(),
            measure is null ? null : LedgerJson.Read<Measure>(measure), await size.SingleAsync());
    });
}
