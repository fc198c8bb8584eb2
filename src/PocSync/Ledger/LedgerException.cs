using Microsoft.Data.Sqlite;

namespace PocSync.Ledger;

/// <summary>The ledger cannot be used, in one sentence that says what to do.</summary>
public sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner)
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NoDatabase = 26;

    /// <summary>What a database's error means for the ledger, or null where it is none.</summary>
    internal static LedgerException? Of(Exception wrong, string name)
    {
        for (var e = wrong; e is not null; e = e.InnerException)
        {
            if (e is SqliteException sqlite)
            {
                return new LedgerException(Sentence(sqlite, name), wrong);
            }
        }

        return null;
    }

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
}
