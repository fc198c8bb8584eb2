using PocSync.Jobs;
using PocSync.Ledger;
using PocSync.Review;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Jobs;

public sealed class ErrandTestsOnSqlite() : ErrandTests(LedgerProvider.Sqlite);

public sealed class ErrandTestsOnPostgreSql() : ErrandTests(LedgerProvider.PostgreSql);

/// <summary>What people ask for in the console is done by a worker: once, in order, and whatever happens to the worker.</summary>
[Collection(Serving.Collection)]
public abstract class ErrandTests(LedgerProvider provider) : OnEachLedger(provider)
{
    /// <summary>Two accounts whose primary contacts have left; nothing corrects by itself.</summary>
    private async Task<(RunHost Host, LedgerDatabase Ledger)> StartAsync()
    {
        var host = await StartAsync(new SimulatorOptions(), "rules: { in-touch: { enabled: false }, customer-primary: { enabled: false } }", Accounts(Gone, Gone),
            Rows((0, "Primary", Gone), (0, "Backup", Ben), (1, "Primary", Gone), (1, "Backup", Cy)));
        (host.Settings["Jobs:Full"], host.Settings["Jobs:Delta"]) = ("never", "never");
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        return (host, await LedgerDatabase.OpenAsync(host.Ledger.Settings));
    }

    private static Task ApproveAsync(RunHost host, LedgerDatabase ledger, int account) => new Decisions(ledger, new ApprovalTerms(), host.Clock)
        .DecideAsync(DecisionKind.Approve, new Selection([], Account: Account(account)), "Ana", "Gone has left");

    [Fact]
    public async Task What_is_asked_for_is_done_once_and_in_order()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var errands = new Errands(ledger, host.Clock);
        await using (var worker = await Serving.StartAsync(host))
        {
            await ApproveAsync(host, ledger, 0);
            await errands.AppendAsync(ErrandKind.Write, "Ana", "Gone has left", new WriteDetails(1));
            await errands.AppendAsync(ErrandKind.Write, "Ben", "me too", new WriteDetails(1));
            await errands.AppendAsync(ErrandKind.Undo, "Ana", "wrong account", new UndoDetails(null, Account(0), null));
            await worker.Worker.Engine.EnqueueAsync(new JobCall(WorkerDesk.Errands, true), host.Clock.GetUtcNow(), default);
            (await worker.RunEndedAsync()).ShouldBe("errands done");
            (await worker.RunEndedAsync()).ShouldBe("errands ", "nothing was left to write");
            await worker.RunEndedAsync();
        }

        var done = await errands.NewestAsync(10);
        done.Select(e => (e.Kind, e.Run, e.DoneAt is not null)).Reverse().ShouldBe([("Write", 2, true), ("Write", null, true), ("Undo", 3, true)]);
        (await host.RowsAsync(0)).ShouldBe(["Backup Ben", "Primary Gone"]);
        await using (var again = await Serving.StartAsync(host))
        {
            (await errands.NextAsync()).ShouldBeNull();
        }

        var runs = await host.JsonAsync(0, "runs");
        runs.GetProperty("runs").EnumerateArray().Select(r => $"{r.GetProperty("kind")} {r.GetProperty("by")}").ShouldBe(["undo Ana", "approve Ana", $"sync {Environment.UserName}"]);
    }

    [Fact]
    public async Task A_worker_that_dies_over_an_errand_leaves_it_to_the_next_and_one_that_dies_after_its_run_leaves_nothing_to_do()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var errands = new Errands(ledger, host.Clock);
        await ApproveAsync(host, ledger, 1);
        await errands.AppendAsync(ErrandKind.Write, "Ana", "Gone has left", new WriteDetails(1));
        await errands.TakeAsync((await errands.NextAsync())!);
        await using (var worker = await Serving.StartAsync(host))
        {
            (await worker.RunEndedAsync()).ShouldBe("errands done");
        }

        (await host.RowsAsync(1)).ShouldContain("Primary Cy");
        await errands.AppendAsync(ErrandKind.Undo, "Ana", "a mistake", new UndoDetails(null, Account(1), null));
        await errands.TakeAsync((await errands.NextAsync())!);
        (await host.RunAsync("undo", "--account", Account(1), "--reason", "a mistake", "--as", "Ana")).Error.ShouldNotContain("failed");
        await errands.AppendAsync(ErrandKind.Write, "Ana", "after it", new WriteDetails(0));
        await using (var worker = await Serving.StartAsync(host))
        {
            (await worker.RunEndedAsync()).ShouldBe("errands ", "the run was found");
            (await worker.RunEndedAsync()).ShouldBe("errands ", "nothing was left to write");
        }

        (await errands.NewestAsync(3)).Select(e => (e.Kind, e.Run)).ShouldBe([("Write", null), ("Undo", 3), ("Write", 2)]);
    }

    [Fact]
    public async Task What_fails_tells_why_and_is_tried_again_and_what_can_never_be_done_is_closed()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var errands = new Errands(ledger, host.Clock);
        await ApproveAsync(host, ledger, 0);
        await errands.AppendAsync(ErrandKind.Undo, "Ana", "no such run", new UndoDetails(99, null, null));
        await errands.AppendAsync(ErrandKind.Give, "Ana", "no such correction", new GiveDetails("0123456789abcdef", "Account 7", Ben, "Ben"));
        await errands.AppendAsync(ErrandKind.Write, "Ana", "Gone has left", new WriteDetails(1));
        await host.Org.FaultsAsync("503");
        await using var worker = await Serving.StartAsync(host);
        await worker.RunEndedAsync();
        await worker.RunEndedAsync();
        (await worker.RunEndedAsync()).ShouldBe("errands failed");

        var all = (await errands.NewestAsync(3)).ToDictionary(e => e.Kind);
        all["Undo"].Sentence.ShouldNotBeNull().ShouldContain("Not done: The ledger has no run 99");
        all["Give"].Sentence.ShouldNotBeNull().ShouldStartWith("Not done: ");
        (all["Write"].DoneAt, all["Write"].Run, all["Write"].Sentence.ShouldNotBeNull().Length > 0).ShouldBe((null, 2, true));
        await host.Org.FaultsAsync("");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await worker.RunEndedAsync()).ShouldBe("errands done");
        (await errands.NextAsync()).ShouldBeNull();
        (await host.RowsAsync(0)).ShouldContain("Primary Ben");
    }
}
