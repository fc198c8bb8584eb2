using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Tests.Ledger;

/// <summary>A program waits for another one on its ledger, and one that lost the ledger writes nothing more.</summary>
public abstract class WaitTests(LedgerProvider provider) : IDisposable
{
    private readonly LedgerPlace _place = new(provider);

    public void Dispose()
    {
        _place.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Who_waits_says_for_whom_and_goes_on_when_the_other_has_ended()
    {
        var holder = await _place.TakeAsync();
        await new RunLedger(await LedgerDatabase.OpenForRunsAsync(holder), TimeProvider.System).StartAsync(RunKind.Sync, "Olga", new Dictionary<string, string>());
        var told = new TaskCompletionSource<string>();
        var waiting = LedgerLock.TakeAsync(
            _place.Settings with { Wait = TimeSpan.FromMinutes(10) }, TimeProvider.System, told.SetResult, CancellationToken.None);

        (await told.Task).ShouldStartWith($"Another PocSync is running on the ledger {_place.Settings.Name} (run 1, sync, by Olga, since 20");
        waiting.IsCompleted.ShouldBeFalse();
        await holder.DisposeAsync();

        await (await waiting).DisposeAsync();
    }

    [Fact]
    public async Task Who_waits_ends_at_once_when_told_to_stop()
    {
        await using var holder = await _place.TakeAsync();
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => LedgerLock.TakeAsync(
            _place.Settings with { Wait = TimeSpan.FromMinutes(10) }, TimeProvider.System, _ => stop.Cancel(), stop.Token));
    }

    [Fact]
    public async Task A_run_that_a_later_one_took_for_ended_writes_nothing_more()
    {
        await using var taken = await _place.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        var ledger = new RunLedger(database, TimeProvider.System);
        var journal = new Journal(database, TimeProvider.System);
        var lost = await ledger.StartAsync(RunKind.Sync, "me", new Dictionary<string, string>());
        await journal.IntendAsync(lost, []);
        await ledger.StartAsync(RunKind.Sync, "me", new Dictionary<string, string>());

        (await Should.ThrowAsync<LedgerException>(() => journal.IntendAsync(lost, []))).Message.ShouldContain("Run 1 has lost the ledger");
        await Should.ThrowAsync<LedgerException>(() => ledger.EndAsync(new RunReport { Run = lost, Status = RunStatus.Done }));
    }
}

public sealed class WaitTestsOnSqlite() : WaitTests(LedgerProvider.Sqlite);

public sealed class WaitTestsOnPostgreSql() : WaitTests(LedgerProvider.PostgreSql);
