using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Tests.Ledger;

/// <summary>The ledger's file: what is wrong with it is said in a sentence.</summary>
public sealed class LedgerFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private LedgerSettings Ledger => LedgerSettings.OfFile(Path.Combine(_folder, "ledger.db"));

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await File.WriteAllTextAsync(
            Ledger.Name, "Dear diary, today nothing happened. Dear diary, today nothing happened. Dear diary, today nothing happened.");

        (await Should.ThrowAsync<LedgerException>(() => OpenAsync(Ledger))).Message.ShouldBe(
            $"{Ledger.Name} is damaged or no ledger: put back a good copy, or set Ledger:ConnectionString to another file.");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told()
    {
        var nowhere = LedgerSettings.OfFile(Path.Combine(_folder, "nowhere", "ledger.db"));

        (await Should.ThrowAsync<LedgerException>(() => OpenAsync(nowhere))).Message.ShouldContain("check that its folder is there");
    }

    [Fact]
    public async Task A_ledger_that_another_program_keeps_locked_is_told()
    {
        await OpenAsync(Ledger);
        var impatient = LedgerSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Ledger:ConnectionString", $"Data Source={Ledger.Name};Default Timeout=1")]).Build());
        var database = await OpenAsync(impatient);
        using var other = Open();
        using var hold = other.CreateCommand();
        hold.CommandText = "BEGIN EXCLUSIVE";
        hold.ExecuteNonQuery();

        (await Should.ThrowAsync<LedgerException>(
            () => new RunLedger(database, TimeProvider.System).StartAsync(RunKind.Sync, "me", new Dictionary<string, string>()))).Message.ShouldContain("is locked by another program");
    }

    [Fact]
    public async Task A_full_disk_is_told()
    {
        var database = await OpenAsync(Ledger);
        // The limit stays with the connection, which the pool hands on.
        using (var limited = new SqliteConnection(Ledger.ConnectionString))
        {
            limited.Open();
            using var limit = limited.CreateCommand();
            limit.CommandText = "PRAGMA max_page_count = 1";
            limit.ExecuteNonQuery();
        }

        (await Should.ThrowAsync<LedgerException>(
            () => new RunLedger(database, TimeProvider.System).StartAsync(RunKind.Sync, new string('x', 1_000_000), new Dictionary<string, string>()))).Message
            .ShouldBe($"The disk is full: the ledger {Ledger.Name} cannot be written.");
    }

    [Fact]
    public async Task A_ledger_that_may_not_be_written_is_told()
    {
        await OpenAsync(Ledger);
        var readOnly = LedgerSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Ledger:ConnectionString", $"Data Source={Ledger.Name};Mode=ReadOnly")]).Build());

        (await Should.ThrowAsync<LedgerException>(
            async () => await new RunLedger(await OpenAsync(readOnly), TimeProvider.System).StartAsync(RunKind.Sync, "me", new Dictionary<string, string>()))).Message
            .ShouldContain("may not be written: give this user the right");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_that_was_killed_while_it_made_the_ledger_does_not_block_the_next(bool afterTheHistory)
    {
        if (afterTheHistory)
        {
            Execute("CREATE TABLE \"__EFMigrationsHistory\" (\"MigrationId\" TEXT NOT NULL CONSTRAINT \"PK___EFMigrationsHistory\" PRIMARY KEY, \"ProductVersion\" TEXT NOT NULL)");
        }

        Execute("CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)",
            "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')");

        var database = await OpenAsync(Ledger);

        (await new RunLedger(database, TimeProvider.System).StartAsync(RunKind.Sync, "me", new Dictionary<string, string>())).ShouldBe(1);
    }

    [Theory]
    [InlineData("Data Source=:memory:", "names no file")]
    [InlineData("Server=db;Database=x", "is no connection string of SQLite")]
    public void A_connection_string_that_keeps_nothing_is_refused(string text, string sentence)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:ConnectionString", text)]).Build();

        Should.Throw<LedgerException>(() => LedgerSettings.Read(configuration)).Message.ShouldContain(sentence);
    }

    private static async Task<LedgerDatabase> OpenAsync(LedgerSettings settings)
    {
        await using var taken = await LedgerLock.TakeAsync(settings, TimeProvider.System, _ => { }, CancellationToken.None);
        return await LedgerDatabase.OpenForRunsAsync(taken);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Ledger.Name};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(params string[] statements)
    {
        using var connection = Open();
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }
}
