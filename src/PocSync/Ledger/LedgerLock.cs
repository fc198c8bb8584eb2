using System.Globalization;
using Npgsql;

namespace PocSync.Ledger;

/// <summary>
/// Keeps two programs from running on one ledger. It goes with whoever held it, also when that one is killed. For SQLite it is the operating system's
/// on a file beside the ledger (the file stays, which means nothing), for PostgreSQL one of a session of its own.
/// </summary>
public sealed class LedgerLock : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IAsyncDisposable _hold;

    private LedgerLock(LedgerSettings ledger, IAsyncDisposable hold) => (Ledger, _hold) = (ledger, hold);

    /// <summary>The ledger that is locked.</summary>
    public LedgerSettings Ledger { get; }

    /// <summary>
    /// Takes the lock; where another program has it, waits for it as long as the ledger's settings say. Throws <see cref="LedgerException"/> where it
    /// does not come free by then, <see cref="OperationCanceledException"/> where it is told to stop.
    /// </summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="time">The clock to wait by.</param>
    /// <param name="tell">Takes one sentence when the waiting begins.</param>
    /// <param name="stop">Ends the waiting.</param>
    public static async Task<LedgerLock> TakeAsync(LedgerSettings ledger, TimeProvider time, Action<string> tell, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            stop.ThrowIfCancellationRequested();
            if (await TryAsync(ledger, stop) is { } hold)
            {
                return new LedgerLock(ledger, hold);
            }

            if (time.GetElapsedTime(began) >= ledger.Wait)
            {
                throw new LedgerException($"Another PocSync is running on the ledger {ledger.Name}{await WhoAsync(ledger)}: wait until it has ended.")
                {
                    ForLogs = $"Another PocSync is running on the ledger {ledger.Name}.",
                };
            }

            if (isFirst)
            {
                tell($"Another PocSync is running on the ledger {ledger.Name}{await WhoAsync(ledger)}: waiting for it to end.");
            }

            await Task.Delay(Pause, time, stop);
        }
    }

    /// <summary>Throws <see cref="LedgerException"/> where the lock is lost.</summary>
    internal async Task EnsureAsync()
    {
        if (_hold is NpgsqlConnection session)
        {
            try
            {
                await using var ask = new NpgsqlCommand("SELECT 1", session);
                await ask.ExecuteScalarAsync();
            }
            catch (Exception wrong) when (wrong is NpgsqlException or InvalidOperationException)
            {
                throw new LedgerException(
                    $"The connection that kept the ledger {Ledger.Name} for this run is gone (PostgreSQL was restarted, or the network failed): another run may have begun, so this one writes nothing more.", wrong);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_hold is NpgsqlConnection session)
        {
            try
            {
                // The server lets go of a session only some time after it is closed, and whoever comes next would find the ledger taken.
                await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", session);
                await release.ExecuteScalarAsync();
            }
            catch (Exception wrong) when (wrong is NpgsqlException or InvalidOperationException)
            {
                // The session is gone, and the lock with it.
            }
        }

        await _hold.DisposeAsync();
    }

    private static async Task<IAsyncDisposable?> TryAsync(LedgerSettings ledger, CancellationToken stop) =>
        ledger.Provider == LedgerProvider.Sqlite ? TryFile(ledger) : await TrySessionAsync(ledger, stop);

    private static FileStream? TryFile(LedgerSettings ledger)
    {
        try
        {
            return new FileStream(ledger.Name + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException wrong) when (IsBusy(wrong))
        {
            return null;
        }
        catch (Exception wrong) when (wrong is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new LedgerException($"The ledger {ledger.Name} cannot be opened: check that its folder is there and may be written.", wrong);
        }
        catch (IOException wrong)
        {
            throw new LedgerException($"The ledger {ledger.Name} cannot be locked: {wrong.Message}", wrong);
        }
    }

    /// <summary>Whether somebody else holds the file: EWOULDBLOCK of Linux and macOS, a sharing violation of Windows.</summary>
    private static bool IsBusy(IOException wrong) => (wrong.HResult & 0xFFFF) is 11 or 35 or 32;

    private static async Task<NpgsqlConnection?> TrySessionAsync(LedgerSettings ledger, CancellationToken stop)
    {
        // Not of the pool, which would hand the session on; kept alive, so that neither side takes the other for there when it is not.
        var builder = new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Pooling = false, KeepAlive = 15, Multiplexing = false };
        var session = new NpgsqlConnection(builder.ToString());
        try
        {
            await session.OpenAsync(stop);
            // Such locks are one database's own; several ledgers in it are told apart by their schema.
            await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended('PocSync ' || coalesce(current_schema(), ''), 0))", session);
            if (await take.ExecuteScalarAsync(stop) is true)
            {
                // Connections of the pool may be older than a restart of the server, and the first use of each would fail.
                await using var pooled = new NpgsqlConnection(ledger.ConnectionString);
                NpgsqlConnection.ClearPool(pooled);
                return session;
            }
        }
        catch (Exception wrong)
        {
            await session.DisposeAsync();
            if (LedgerException.Of(wrong, ledger) is { } known)
            {
                throw known;
            }

            throw;
        }

        await session.DisposeAsync();
        return null;
    }

    /// <summary>Who has it, in brackets; nothing where the ledger does not tell.</summary>
    private static async Task<string> WhoAsync(LedgerSettings ledger)
    {
        try
        {
            return await LedgerDatabase.OpenIfThereAsync(ledger) is { } database && await new LedgerQueries(database).RunningAsync() is { } run
                ? string.Create(CultureInfo.InvariantCulture, $" (run {run.Number}, {run.Kind.ToLowerInvariant()}, by {run.By}, since {new DateTime(run.StartedAt, DateTimeKind.Utc):yyyy-MM-dd HH:mm:ss} UTC)")
                : "";
        }
        catch (LedgerException)
        {
            return "";
        }
    }
}
