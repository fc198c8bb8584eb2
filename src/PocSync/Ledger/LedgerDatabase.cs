using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PocSync.Ledger;

/// <summary>Opens the ledger's database, brings its schema up to date, and says in a sentence what is wrong with it.</summary>
public sealed class LedgerDatabase
{
    private readonly LedgerSettings _settings;
    private readonly DbContextOptions<LedgerContext> _options;

    private LedgerDatabase(LedgerSettings settings)
    {
        _settings = settings;
        _options = new DbContextOptionsBuilder<LedgerContext>()
            .UseSqlite(settings.ConnectionString)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            // Migrations are written by hand, without the snapshot of the model that the tool would keep to compare with.
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
    }

    /// <summary>Whether there is a ledger at all.</summary>
    public static bool Exists(LedgerSettings settings) => File.Exists(settings.File);

    /// <summary>Opens a ledger to read it, and to note decisions. Throws <see cref="LedgerException"/> where there is none.</summary>
    public static async Task<LedgerDatabase> OpenAsync(LedgerSettings settings)
    {
        if (!Exists(settings))
        {
            throw new LedgerException(
                $"There is no ledger {settings.File} yet: `pocsync sync` begins one, or Ledger:ConnectionString names another.");
        }

        var database = new LedgerDatabase(settings);
        await database.RunAsync(async context =>
        {
            await CheckAsync(context, settings);
            if ((await context.Database.GetPendingMigrationsAsync()).Any())
            {
                throw new LedgerException(
                    $"The ledger {settings.File} was made by an earlier PocSync, or is not complete: `pocsync sync` brings it up to date.");
            }

            return 0;
        });
        return database;
    }

    /// <summary>
    /// Opens a ledger for runs, and makes it or brings it up to date where needed. Whoever calls it holds the <see cref="LedgerLock"/>.
    /// </summary>
    public static async Task<LedgerDatabase> OpenForRunsAsync(LedgerSettings settings)
    {
        var database = new LedgerDatabase(settings);
        await database.RunAsync(async context =>
        {
            await CheckAsync(context, settings);
            if ((await context.Database.GetPendingMigrationsAsync()).Any())
            {
                // Readers go on while a run writes. What is committed must be on the disk, since an intent that is lost is a write that nobody knows
                // of.
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
                // A program that was killed while it migrated leaves its mark, on which every later one would wait for ever; nobody else migrates
                // under the ledger's lock.
                await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
                await context.Database.MigrateAsync();
            }

            return 0;
        });
        return database;
    }

    /// <summary>Does something in one context, and turns a database's errors into sentences.</summary>
    internal async Task<T> RunAsync<T>(Func<LedgerContext, Task<T>> work)
    {
        try
        {
            await using var context = new LedgerContext(_options);
            context.ChangeTracker.AutoDetectChangesEnabled = false;
            return await work(context);
        }
        catch (Exception wrong) when (
            wrong is DbException or DbUpdateException or InvalidOperationException && LedgerException.Of(wrong, _settings.File) is { } known)
        {
            throw known;
        }
    }

    /// <summary>All of it or nothing.</summary>
    internal Task<T> InTransactionAsync<T>(Func<LedgerContext, Task<T>> work) => RunAsync(async context =>
    {
        await using var transaction = await context.Database.BeginTransactionAsync();
        var result = await work(context);
        await context.SaveChangesAsync();
        await transaction.CommitAsync();
        return result;
    });

    private static async Task CheckAsync(LedgerContext context, LedgerSettings settings)
    {
        var applied = (await context.Database.GetAppliedMigrationsAsync()).ToList();
        if (applied.Except(context.Database.GetMigrations()).Any())
        {
            throw new LedgerException($"The ledger {settings.File} was written by a newer PocSync: use that one.");
        }

        if (applied.Count == 0 && await context.Database.SqlQueryRaw<int>("SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name NOT LIKE '\\_\\_EF%' ESCAPE '\\'").SingleAsync() > 0)
        {
            throw new LedgerException($"{settings.File} is a database of something else: set Ledger:ConnectionString to a file of PocSync's own.");
        }
    }
}
