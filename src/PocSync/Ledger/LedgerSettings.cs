using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace PocSync.Ledger;

/// <summary>What keeps the ledger.</summary>
public enum LedgerProvider
{
    /// <summary>A file.</summary>
    Sqlite,

    /// <summary>A database of a PostgreSQL server.</summary>
    PostgreSql,
}

/// <summary>Where the ledger is and how it is kept, from the section <c>Ledger</c> of the program's settings.</summary>
/// <param name="Provider">What keeps it.</param>
/// <param name="ConnectionString">The provider's; it may hold a password, so it is never shown.</param>
/// <param name="Name">For sentences: SQLite's file as the connection string names it, or <c>host/database</c>.</param>
public sealed record LedgerSettings(LedgerProvider Provider, string ConnectionString, string Name)
{
    /// <summary>Seconds that a statement waits for another program to let go of SQLite's file.</summary>
    private const int SqlitePatience = 10;

    /// <summary>Seconds that a statement may take on PostgreSQL: findings of a big org are a few statements.</summary>
    private const int PostgreSqlPatience = 120;

    /// <summary>The section's keys.</summary>
    public static IReadOnlyList<string> Known { get; } = ["Provider", "ConnectionString", "PasswordFile", "WaitSeconds", "KeepDays", "KeepPlansDays"];

    /// <summary>How long a run waits for another one on the same ledger to end.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long runs and what they did are kept, in days.</summary>
    public int KeepDays { get; init; } = 1100;

    /// <summary>How long plans that nobody acted upon are kept, in days.</summary>
    public int KeepPlansDays { get; init; } = 14;

    /// <summary>The ledger that the settings name; by default a file in the current folder. Throws <see cref="LedgerException"/>.</summary>
    public static LedgerSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Ledger");
        var connection = section["ConnectionString"] is { Length: > 0 } text ? text : null;
        var defaults = OfFile("pocsync-ledger.db");
        var settings = section["Provider"]?.ToLowerInvariant() switch
        {
            null or "" or "sqlite" when section["PasswordFile"] is { Length: > 0 } =>
                throw new LedgerException("Ledger:PasswordFile is for PostgreSQL: leave it out, or set Ledger:Provider to PostgreSql."),
            null or "" or "sqlite" => connection is null ? defaults : OfSqlite(connection),
            "postgresql" => OfPostgreSql(connection, section["PasswordFile"]),
            _ => throw new LedgerException($"Ledger:Provider is '{section["Provider"]}': set it to Sqlite or PostgreSql."),
        };
        return settings with
        {
            Wait = TimeSpan.FromSeconds(Whole("WaitSeconds", 0) ?? (int)defaults.Wait.TotalSeconds),
            KeepDays = Whole("KeepDays", 1) ?? defaults.KeepDays,
            KeepPlansDays = Whole("KeepPlansDays", 1) ?? defaults.KeepPlansDays,
        };

        int? Whole(string name, int least) => string.IsNullOrWhiteSpace(section[name]) ? null
            : int.TryParse(section[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= 100_000 ? value
            : throw new LedgerException($"Ledger:{name} must be a whole number from {least} to 100000, not '{section[name]}'.");
    }

    /// <summary>The ledger in a file.</summary>
    public static LedgerSettings OfFile(string file) => OfSqlite(new SqliteConnectionStringBuilder { DataSource = file }.ToString());

    /// <summary>Its name: never what opens it.</summary>
    public override string ToString() => Name;

    private static LedgerSettings OfSqlite(string text)
    {
        var builder = Parse(() => new SqliteConnectionStringBuilder(text),
            "Ledger:ConnectionString is no connection string of SQLite: give one such as 'Data Source=/var/lib/pocsync/ledger.db', or set Ledger:Provider to PostgreSql.");
        if (string.IsNullOrWhiteSpace(builder.DataSource) || builder.DataSource.StartsWith(":memory:", StringComparison.Ordinal)
            || builder.Mode == SqliteOpenMode.Memory)
        {
            throw new LedgerException("Ledger:ConnectionString names no file: what a run writes must outlive it; give a Data Source.");
        }

        if (!builder.ShouldSerialize("Default Timeout"))
        {
            builder.DefaultTimeout = SqlitePatience;
        }

        return new LedgerSettings(LedgerProvider.Sqlite, builder.ToString(), builder.DataSource);
    }

    private static LedgerSettings OfPostgreSql(string? text, string? passwordFile)
    {
        const string Example = "such as 'Host=db.example.com;Database=pocsync;Username=pocsync'";
        var builder = Parse(
            () => new NpgsqlConnectionStringBuilder(text), $"Ledger:ConnectionString is no connection string of PostgreSQL: give one {Example}.");
        if (string.IsNullOrWhiteSpace(builder.Host) || string.IsNullOrWhiteSpace(builder.Database))
        {
            throw new LedgerException($"Ledger:ConnectionString must name PostgreSQL's host and database: give one {Example}.");
        }

        if (!string.IsNullOrWhiteSpace(passwordFile))
        {
            if (builder.Password is not null)
            {
                throw new LedgerException("A password is given by Ledger:PasswordFile and in Ledger:ConnectionString: give it once.");
            }

            try
            {
                builder.Password = File.ReadAllText(passwordFile).TrimEnd('\r', '\n');
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                throw new LedgerException($"The password's file {passwordFile} (Ledger:PasswordFile) cannot be read: {wrong.Message}", wrong);
            }
        }

        builder.ApplicationName ??= "PocSync";
        builder.PersistSecurityInfo = false;
        if (!builder.ContainsKey("Command Timeout"))
        {
            builder.CommandTimeout = PostgreSqlPatience;
        }

        return new LedgerSettings(LedgerProvider.PostgreSql, builder.ToString(), $"{builder.Host}/{builder.Database}");
    }

    private static T Parse<T>(Func<T> builder, string otherwise) where T : DbConnectionStringBuilder
    {
        try
        {
            return builder();
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new LedgerException(otherwise);
        }
    }
}
