using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Tests.Ledger;

/// <summary>The ledger's file: what is wrong with it is said in a sentence, and two programs never run on one.</summary>
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
            Ledger.File, "Dear diary, today nothing happened. Dear diary, today nothing happened. Dear diary, today nothing happened.");

        (await Should.ThrowAsync<LedgerException>(() => LedgerDatabase.OpenForRunsAsync(Ledger))).Message.ShouldBe(
            $"{Ledger.File} is damaged or no ledger: put back a good copy, or set Ledger:ConnectionString to another file.");
    }

    [Fact]
    public async Task A_database_of_something_else_is_left_as_it_is()
    {
        Execute("CREATE TABLE diary (day TEXT)");

        (await Should.ThrowAsync<LedgerException>(
            () => LedgerDatabase.OpenForRunsAsync(Ledger))).Message.ShouldContain("is a database of something else");
        Tables().ShouldBe(["diary"]);
    }

    [Fact]
    public async Task A_ledger_of_a_newer_version_is_refused()
    {
        await LedgerDatabase.OpenForRunsAsync(Ledger);
        Execute("INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Future', '99.0')");

        (await Should.ThrowAsync<LedgerException>(
            () => LedgerDatabase.OpenForRunsAsync(Ledger))).Message.ShouldContain("was written by a newer PocSync");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told()
    {
        var nowhere = LedgerSettings.OfFile(Path.Combine(_folder, "nowhere", "ledger.db"));

        Should.Throw<LedgerException>(() => LedgerLock.Take(nowhere)).Message.ShouldContain("check that its folder is there");
        (await Should.ThrowAsync<LedgerException>(
            () => LedgerDatabase.OpenForRunsAsync(nowhere))).Message.ShouldContain("check that its folder is there");
    }

    [Fact]
    public async Task A_ledger_that_another_program_keeps_locked_is_told()
    {
        await LedgerDatabase.OpenForRunsAsync(Ledger);
        var impatient = LedgerSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Ledger:ConnectionString", $"Data Source={Ledger.File};Default Timeout=1")]).Build());
        var database = await LedgerDatabase.OpenForRunsAsync(impatient);
        using var other = Open();
        using var hold = other.CreateCommand();
        hold.CommandText = "BEGIN EXCLUSIVE";
        hold.ExecuteNonQuery();

        (await Should.ThrowAsync<LedgerException>(
            () => new RunLedger(database, TimeProvider.System).StartAsync(RunKind.Sync, "me", new Dictionary<string, string>()))).Message.ShouldContain("is locked by another program");
    }

    [Fact]
    public void Two_programs_never_run_on_one_ledger()
    {
        using (LedgerLock.Take(Ledger))
        {
            Should.Throw<LedgerException>(() => LedgerLock.Take(Ledger)).Message.ShouldStartWith("Another PocSync is running on the ledger");
        }

        Should.NotThrow(() => LedgerLock.Take(Ledger).Dispose());
    }

    [Fact]
    public async Task A_program_that_was_killed_while_it_made_the_ledger_does_not_block_the_next()
    {
        Execute("CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)",
            "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')");

        var database = await LedgerDatabase.OpenForRunsAsync(Ledger);

        (await new RunLedger(database, TimeProvider.System).StartAsync(RunKind.Sync, "me", new Dictionary<string, string>())).ShouldBe(1);
    }

    [Fact]
    public async Task A_run_that_ended_without_a_word_is_given_an_end_by_the_next()
    {
        var ledger = new RunLedger(await LedgerDatabase.OpenForRunsAsync(Ledger), TimeProvider.System);
        await ledger.StartAsync(RunKind.Sync, "me", new Dictionary<string, string>());
        await ledger.StartAsync(RunKind.Sync, "me", new Dictionary<string, string>());

        var runs = await new LedgerQueries(await LedgerDatabase.OpenAsync(Ledger)).RunsAsync(10);

        runs.Select(r => r.Status).ShouldBe([nameof(RunStatus.Running), nameof(RunStatus.Stopped)]);
        runs[1].Sentence.ShouldStartWith("It ended without a word");
    }

    [Theory]
    [InlineData("Data Source=:memory:", "names no file")]
    [InlineData("Server=db;Database=x", "is no connection string of SQLite")]
    public void A_connection_string_that_keeps_nothing_is_refused(string text, string sentence)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:ConnectionString", text)]).Build();

        Should.Throw<LedgerException>(() => LedgerSettings.Read(configuration)).Message.ShouldContain(sentence);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Ledger.File};Pooling=False");
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

    private List<string> Tables()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table'";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
