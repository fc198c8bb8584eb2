using Microsoft.Extensions.Configuration;
using Npgsql;
using PocSync.Ledger;

namespace PocSync.Tests.Ledger;

/// <summary>What can be wrong with PostgreSQL is said in a sentence, without the password.</summary>
public class PostgreSqlTests
{
    private const string Secret = "hunter2";

    [Fact]
    public async Task A_server_that_is_not_there_is_told() =>
        (await SentenceAsync("Host=/nowhere;Database=pocsync;Username=x;Password=" + Secret)).ShouldStartWith("PostgreSQL cannot be reached for the ledger /nowhere/pocsync");

    [Fact]
    public async Task A_database_that_is_not_there_is_told_and_not_made()
    {
        var sentence = await SentenceAsync(PostgreSqlCluster.Shared.Connection("missing"));

        sentence.ShouldBe($"There is no database {PostgreSqlCluster.Shared.Folder}/missing: make it with `createdb`, or set Ledger:ConnectionString to another.");
        await SentenceAsync(PostgreSqlCluster.Shared.Connection("missing"));
    }

    [Theory]
    [InlineData(Secret + "\n", null)]
    [InlineData("wrong", "PostgreSQL refuses the login to the ledger")]
    public async Task A_password_may_come_from_a_file(string password, string? sentence)
    {
        var connection = PostgreSqlCluster.Shared.CreateDatabase();
        PostgreSqlCluster.Execute(connection, "DROP ROLE IF EXISTS locked", $"CREATE ROLE locked LOGIN SUPERUSER PASSWORD '{Secret}'");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, password);
        try
        {
            var said = await SentenceAsync(new NpgsqlConnectionStringBuilder(connection) { Username = "locked" }.ToString(), file);

            (said is null).ShouldBe(sentence is null, said);
            said?.ShouldStartWith(sentence!);
        }
        finally
        {
            File.Delete(file);
            PostgreSqlCluster.Shared.Drop(connection);
        }
    }

    [Theory]
    [InlineData("postgres://db/pocsync?password=" + Secret, "is no connection string of PostgreSQL")]
    [InlineData("Host=db", "must name PostgreSQL's host and database")]
    public void A_connection_string_that_names_no_database_is_refused(string text, string sentence)
    {
        var said = Should.Throw<LedgerException>(() => Settings(text)).Message;

        said.ShouldContain(sentence);
        said.ShouldNotContain(Secret);
    }

    [Fact]
    public void A_ledger_is_never_shown_with_its_password() =>
        $"{Settings("Host=db;Database=pocsync;Password=" + Secret)}".ShouldBe("db/pocsync");

    private static LedgerSettings Settings(string connection, string? passwordFile = null) => LedgerSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection([
            new("Ledger:Provider", "PostgreSql"), new("Ledger:ConnectionString", connection), new("Ledger:PasswordFile", passwordFile)]).Build());

    /// <summary>What is wrong with a ledger, however it is used; null where nothing is.</summary>
    private static async Task<string?> SentenceAsync(string connection, string? passwordFile = null)
    {
        var settings = Settings(connection, passwordFile);
        try
        {
            await LedgerDatabase.OpenIfThereAsync(settings);
            await (await LedgerLock.TakeAsync(settings, TimeProvider.System, _ => { }, CancellationToken.None)).DisposeAsync();
            return null;
        }
        catch (LedgerException told)
        {
            told.Message.ShouldNotContain(Secret);
            return told.Message;
        }
    }
}
