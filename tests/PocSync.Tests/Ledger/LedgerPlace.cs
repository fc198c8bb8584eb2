using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Npgsql;
using PocSync.Ledger;

namespace PocSync.Tests.Ledger;

/// <summary>A place for one test's ledger: a file in a folder of its own, or a database of the tests' PostgreSQL.</summary>
internal sealed class LedgerPlace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;
    private readonly PostgreSqlCluster? _cluster;
    private readonly bool _isShared;

    /// <param name="provider">What keeps it.</param>
    /// <param name="cluster">A server of the test's own, where it is to be killed.</param>
    public LedgerPlace(LedgerProvider provider, PostgreSqlCluster? cluster = null)
    {
        Provider = provider;
        _isShared = provider == LedgerProvider.PostgreSql && cluster is null;
        _cluster = provider == LedgerProvider.PostgreSql ? cluster ?? PostgreSqlCluster.Shared : null;
        ConnectionString = _cluster?.CreateDatabase() ?? $"Data Source={Path.Combine(_folder, "ledger.db")};Pooling=False";
    }

    public LedgerProvider Provider { get; }

    public string ConnectionString { get; }

    /// <summary>The settings of the program that name it.</summary>
    public Dictionary<string, string?> Named =>
        new() { ["Ledger:Provider"] = Provider.ToString(), ["Ledger:ConnectionString"] = ConnectionString, ["Ledger:WaitSeconds"] = "0" };

    public LedgerSettings Settings => LedgerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(Named).Build());

    /// <summary>Takes the ledger's lock, at once or not at all.</summary>
    public Task<LedgerLock> TakeAsync() => LedgerLock.TakeAsync(Settings, TimeProvider.System, _ => { }, CancellationToken.None);

    public void Execute(params string[] statements)
    {
        using var connection = Open();
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Rows, each with its values between bars; nothing for null.</summary>
    public List<string> Query(string statement)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    /// <summary>Copies the ledger as docs/operations.md says; gives the copy's file.</summary>
    public string BackUp()
    {
        var copy = Path.Combine(_folder, "copy");
        if (_cluster is not null)
        {
            _cluster.Run("pg_dump", "--format=custom", $"--file={copy}", $"--dbname={Database}");
        }
        else
        {
            Execute($"VACUUM INTO '{copy}'");
        }

        return copy;
    }

    /// <summary>Puts a copy back as docs/operations.md says.</summary>
    public void Restore(string copy)
    {
        if (_cluster is not null)
        {
            _cluster.Run("pg_restore", "--clean", "--if-exists", "--single-transaction", $"--dbname={Database}", copy);
            return;
        }

        var file = Settings.Name;
        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
        File.Copy(copy, file, overwrite: true);
    }

    public void Dispose()
    {
        if (_isShared)
        {
            _cluster!.Drop(ConnectionString);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Database => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    private DbConnection Open()
    {
        DbConnection connection = _cluster is null ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }
}
