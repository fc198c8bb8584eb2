using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace PocSync.Ledger;

/// <summary>Where the ledger is, from the section <c>Ledger</c> of the program's settings.</summary>
/// <param name="ConnectionString">SQLite's.</param>
/// <param name="File">The file, as the connection string names it.</param>
public sealed record LedgerSettings(string ConnectionString, string File)
{
    /// <summary>Seconds that a statement waits for another program to let go of the file.</summary>
    private const int Patience = 10;

    /// <summary>The ledger that the settings name; by default a file in the current folder. Throws <see cref="LedgerException"/>.</summary>
    public static LedgerSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Ledger");
        if (section["Provider"] is { Length: > 0 } provider && !provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw new LedgerException(
                $"Ledger:Provider is '{provider}'; this version keeps its ledger in a file of SQLite: leave the setting out, or set it to Sqlite.");
        }

        return OfConnection(section["ConnectionString"] is { Length: > 0 } text ? text : "Data Source=pocsync-ledger.db");
    }

    /// <summary>The ledger in a file.</summary>
    public static LedgerSettings OfFile(string file) => OfConnection(new SqliteConnectionStringBuilder { DataSource = file }.ToString());

    private static LedgerSettings OfConnection(string text)
    {
        SqliteConnectionStringBuilder builder;
        try
        {
            builder = new SqliteConnectionStringBuilder(text);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new LedgerException("Ledger:ConnectionString is no connection string of SQLite: give one such as 'Data Source=/var/lib/pocsync/ledger.db'.");
        }

        if (string.IsNullOrWhiteSpace(builder.DataSource) || builder.DataSource.StartsWith(":memory:", StringComparison.Ordinal)
            || builder.Mode == SqliteOpenMode.Memory)
        {
            throw new LedgerException("Ledger:ConnectionString names no file: what a run writes must outlive it; give a Data Source.");
        }

        if (!builder.ShouldSerialize("Default Timeout"))
        {
            builder.DefaultTimeout = Patience;
        }

        return new LedgerSettings(builder.ToString(), builder.DataSource);
    }
}
