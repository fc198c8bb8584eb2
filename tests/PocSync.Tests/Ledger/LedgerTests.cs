using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Tests.Ledger;

/// <summary>What holds on whatever keeps the ledger: what is wrong with it is said in a sentence, and two programs never run on one.</summary>
public abstract class LedgerTests(LedgerProvider provider) : IDisposable
{
    private readonly LedgerPlace _place = new(provider);

    public void Dispose()
    {
        _place.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_database_of_something_else_is_left_as_it_is()
    {
        _place.Execute("CREATE TABLE diary (day TEXT)");

        (await Should.ThrowAsync<LedgerException>(OpenAsync)).Message.ShouldContain("is a database of something else");
        Should.Throw<Exception>(() => _place.Execute("SELECT * FROM runs"));
    }

    [Fact]
    public async Task A_ledger_of_a_newer_version_is_refused()
    {
        await OpenAsync();
        _place.Execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Future', '99.0')");

        (await Should.ThrowAsync<LedgerException>(OpenAsync)).Message.ShouldContain("was written by a newer PocSync");
    }

    [Fact]
    public async Task Who_only_reads_makes_no_ledger()
    {
        (await LedgerDatabase.OpenIfThereAsync(_place.Settings)).ShouldBeNull();
        (await Should.ThrowAsync<LedgerException>(
            () => LedgerDatabase.OpenAsync(_place.Settings))).Message.ShouldStartWith($"There is no ledger {_place.Settings.Name} yet");
    }

    [Fact]
    public async Task Two_programs_never_run_on_one_ledger()
    {
        await using (await _place.TakeAsync())
        {
            (await Should.ThrowAsync<LedgerException>(_place.TakeAsync)).Message
                .ShouldBe($"Another PocSync is running on the ledger {_place.Settings.Name}: wait until it has ended.");
        }

        await (await _place.TakeAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_run_that_ended_without_a_word_is_given_an_end_by_the_next()
    {
        await using var taken = await _place.TakeAsync();
        var ledger = new RunLedger(await LedgerDatabase.OpenForRunsAsync(taken), TimeProvider.System);
        await ledger.StartAsync(RunKind.Sync, "me", new Dictionary<string, string>());
        await ledger.StartAsync(RunKind.Sync, "me", new Dictionary<string, string>());

        var runs = await new LedgerQueries(await LedgerDatabase.OpenAsync(_place.Settings)).RunsAsync(10);

        runs.Select(r => r.Status).ShouldBe([nameof(RunStatus.Running), nameof(RunStatus.Stopped)]);
        runs[1].Sentence.ShouldStartWith("It ended without a word");
    }

    private async Task<LedgerDatabase> OpenAsync()
    {
        await using var taken = await _place.TakeAsync();
        return await LedgerDatabase.OpenForRunsAsync(taken);
    }
}

public sealed class LedgerTestsOnSqlite() : LedgerTests(LedgerProvider.Sqlite);

public sealed class LedgerTestsOnPostgreSql() : LedgerTests(LedgerProvider.PostgreSql);
