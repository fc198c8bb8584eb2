using Microsoft.Data.Sqlite;
using Npgsql;

namespace PocSync.Ledger;

/// <summary>The ledger cannot be used, in one sentence that says what to do.</summary>
public sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The same without anybody's name.</summary>
    public string ForLogs { get => field ?? Message; init; }

    // https://www.sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NoDatabase = 26;

    /// <summary>What a database's error means for the ledger, or null where it is none.</summary>
    internal static LedgerException? Of(Exception wrong, LedgerSettings ledger)
    {
        for (var e = wrong; e is not null; e = e.InnerException)
        {
            if (Sentence(e, ledger) is { } sentence)
            {
                return new LedgerException(sentence, wrong);
            }
        }

        return null;
    }

    private static string? Sentence(Exception wrong, LedgerSettings ledger) => wrong switch
    {
        SqliteException sqlite => Sentence(sqlite, ledger.Name),
        PostgresException postgres => Sentence(postgres, ledger),
        NpgsqlException { InnerException: TimeoutException } => $"PostgreSQL did not answer in time for the ledger {ledger.Name}: see whether the server is up and not overloaded.",
        // A refusal of the server is inside, and said above.
        NpgsqlException { InnerException: not (PostgresException or NpgsqlException) } => $"PostgreSQL cannot be reached for the ledger {ledger.Name}, or the connection was cut ({wrong.Message.TrimEnd('.')}): see whether the server is up, then start again.",
        _ => null,
    };

    private static string Sentence(SqliteException wrong, string name) => wrong.SqliteErrorCode switch
    {
        Busy or Locked => $"The ledger {name} is locked by another program: end that program, or try again later.",
        ReadOnly => $"The ledger {name} may not be written: give this user the right to write the file and its folder.",
        InputOutput => $"The ledger {name} cannot be read or written ({wrong.Message}): check the disk.",
        Corrupt or NoDatabase => $"{name} is damaged or no ledger: put back a good copy, or set Ledger:ConnectionString to another file.",
        Full => $"The disk is full: the ledger {name} cannot be written.",
        CannotOpen => $"The ledger {name} cannot be opened: check that its folder is there and may be written.",
        _ => $"The ledger {name} cannot be used: {wrong.Message}",
    };

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static string Sentence(PostgresException wrong, LedgerSettings ledger) => wrong.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"PostgreSQL refuses the login to the ledger {ledger.Name} ({wrong.MessageText}): check the user name in Ledger:ConnectionString, and the password there or in Ledger:PasswordFile.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"There is no database {ledger.Name}: make it with `createdb`, or set Ledger:ConnectionString to another.",
        PostgresErrorCodes.DiskFull => $"The disk of PostgreSQL is full: the ledger {ledger.Name} cannot be written.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"PostgreSQL does not allow it on the ledger {ledger.Name} ({wrong.MessageText}): make its user the owner of the database.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"The ledger {ledger.Name} may not be written: the server is a read-only copy, so name the main one in Ledger:ConnectionString.",
        PostgresErrorCodes.TooManyConnections => $"PostgreSQL has no connection left for the ledger {ledger.Name}: raise max_connections, or try again later.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            $"PostgreSQL is stopping or starting: the ledger {ledger.Name} cannot be used until it is up; then start again.",
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected =>
            $"The ledger {ledger.Name} is kept busy by another program ({wrong.MessageText}): end that program, or try again later.",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            $"The ledger {ledger.Name} is damaged ({wrong.MessageText}): put back a good copy.",
        _ => $"The ledger {ledger.Name} cannot be used: {wrong.MessageText}",
    };
}
