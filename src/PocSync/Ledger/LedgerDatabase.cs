using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using PocSync.Core.Runs;

namespace PocSync.Ledger;

/// <summary>Opens the ledger's database, brings its schema up to date, and says in a sentence what is wrong with it.</summary>
public sealed class LedgerDatabase
{
    private readonly DbContextOptions<LedgerContext> _options;
    private readonly LedgerLock? _held;

    private LedgerDatabase(LedgerSettings settings, LedgerLock? held)
    {
        (Settings, _held) = (settings, held);
        var options = new DbContextOptionsBuilder<LedgerContext>();
        _options = (settings.Provider == LedgerProvider.Sqlite
                ? options.UseSqlite(settings.ConnectionString) : options.UseNpgsql(settings.ConnectionString))
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            // Migrations are written by hand, without the snapshot of the model that the tool would keep to compare with.
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
    }

    internal LedgerSettings Settings { get; }

    /// <summary>
    /// Opens a ledger to read it, and to note decisions; null where there is none. Throws <see cref="LedgerException"/> where it cannot be used.
    /// </summary>
    public static async Task<LedgerDatabase?> OpenIfThereAsync(LedgerSettings settings)
    {
        if (settings.Provider == LedgerProvider.Sqlite && !File.Exists(settings.Name))
        {
            return null;
        }

        var database = new LedgerDatabase(settings, null);
        return await database.RunAsync(async context =>
        {
            if (!await CheckAsync(context, settings) && settings.Provider == LedgerProvider.PostgreSql)
            {
                return false;
            }

            return !(await context.Database.GetPendingMigrationsAsync()).Any() ? true : throw new LedgerException(
                $"The ledger {settings.Name} was made by an earlier PocSync, or is not complete: `pocsync sync` brings it up to date.");
        }) ? database : null;
    }

    /// <summary>Opens a ledger to read it, and to note decisions. Throws <see cref="LedgerException"/> where there is none.</summary>
    public static async Task<LedgerDatabase> OpenAsync(LedgerSettings settings) => await OpenIfThereAsync(settings)
        ?? throw new LedgerException($"There is no ledger {settings.Name} yet: `pocsync sync` begins one, or Ledger:ConnectionString names another.");

    /// <summary>Opens a ledger for runs, and makes it or brings it up to date where needed, for whoever holds its lock.</summary>
    public static async Task<LedgerDatabase> OpenForRunsAsync(LedgerLock held)
    {
        var database = new LedgerDatabase(held.Ledger, held);
        await database.RunAsync(async context =>
        {
            await CheckAsync(context, held.Ledger);
            if ((await context.Database.GetPendingMigrationsAsync()).Any())
            {
                if (held.Ledger.Provider == LedgerProvider.Sqlite)
                {
                    // Readers go on while a run writes. What is committed must be on the disk, since an intent that is lost is a write that nobody
                    // knows of.
                    await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
                    // A program that was killed while it migrated leaves its mark, on which every later one would wait for ever; nobody else migrates
                    // under the ledger's lock.
                    await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
                }

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
        catch (Exception wrong) when (wrong is not LedgerException && LedgerException.Of(wrong, Settings) is { } known)
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

    /// <summary>
    /// All of it or nothing, on behalf of a run: refused where the run lost the ledger's lock, or where a later run has ended it, since that one has
    /// taken over what this one began.
    /// </summary>
    internal async Task<T> InRunAsync<T>(long run, Func<LedgerContext, Task<T>> work)
    {
        await EnsureHeldAsync();
        return await InTransactionAsync(async context =>
        {
            // The update keeps a later run from ending this one before the transaction is over.
            return await context.Runs.Where(r => r.Number == run && r.Status == nameof(RunStatus.Running))
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, r => r.Status)) == 1
                ? await work(context)
                : throw new LedgerException(
                    $"Run {run} has lost the ledger {Settings.Name}: a later run took it for ended and goes on with what it began, so this one writes nothing more.");
        });
    }

    /// <summary>Throws where the ledger's lock is not held any more.</summary>
    internal Task EnsureHeldAsync() => _held?.EnsureAsync() ?? throw new InvalidOperationException("The ledger was not opened for runs.");

    /// <summary>Whether the database holds a ledger. Throws where it holds something else, or a ledger of a newer version.</summary>
    private static async Task<bool> CheckAsync(LedgerContext context, LedgerSettings settings)
    {
        var applied = (await context.Database.GetAppliedMigrationsAsync()).ToList();
        if (applied.Except(context.Database.GetMigrations()).Any())
        {
            throw new LedgerException($"The ledger {settings.Name} was written by a newer PocSync: use that one.");
        }

        const string Sqlite = "SELECT count(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\'";
        const string PostgreSql = "SELECT count(*) AS \"Value\" FROM information_schema.tables WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_\\_EF%' ESCAPE '\\'";
        if (applied.Count == 0
            && await context.Database.SqlQueryRaw<long>(settings.Provider == LedgerProvider.Sqlite ? Sqlite : PostgreSql).SingleAsync() > 0)
        {
            throw new LedgerException($"{settings.Name} is a database of something else: set Ledger:ConnectionString to one of PocSync's own.");
        }

        return applied.Count > 0;
    }
}
