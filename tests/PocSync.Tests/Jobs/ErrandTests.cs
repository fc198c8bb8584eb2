using PocSync.Core.Runs;
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
    public async Task Rule_and_account_are_known_of_what_another_run_planned()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var queries = new LedgerQueries(ledger);
        var planned = (await queries.PendingAsync(new ApprovalTerms(), host.Clock.GetUtcNow()))!.Open[0].Correction;

        var known = await queries.PlannedAsync([planned.Id, planned.Id, "0123456789abcdef"]);

        known.ShouldHaveSingleItem().ShouldBe(new(planned.Id, (planned.Rule, planned.Account.ToString())));
    }

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
            await errands.AppendAsync(ErrandKind.Undo, "Ana", "wrong account", new UndoDetails(null, Account(0), null, long.MaxValue));
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
        await errands.AppendAsync(ErrandKind.Undo, "Ana", "a mistake", new UndoDetails(null, Account(1), null, long.MaxValue));
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
        await errands.AppendAsync(ErrandKind.Undo, "Ana", "no such run", new UndoDetails(99, null, null, long.MaxValue));
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

    [Fact]
    public async Task What_an_engine_lost_is_found_and_a_fault_of_the_program_closes_its_errand_alone()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var errands = new Errands(ledger, host.Clock);
        await using var worker = await Serving.StartAsync(host);
        await ApproveAsync(host, ledger, 0);
        await errands.AppendAsync(ErrandKind.Undo, "Ana", "details of another kind", new WriteDetails(1));
        await errands.AppendAsync(ErrandKind.Write, "Ben", "Gone has left", new WriteDetails(1));
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        (await worker.RunEndedAsync()).ShouldBe("errands ", "it was never a run");
        (await worker.RunEndedAsync()).ShouldBe("errands done");
        (await errands.NewestAsync(2)).ConvertAll(Errands.WhyInVain).ShouldBe([null, "A fault of the program keeps it from being done; whoever runs PocSync finds it in the log."]);
        (await host.RowsAsync(0)).ShouldContain("Primary Ben");
    }

    [Fact]
    public async Task While_the_rules_are_wrong_nothing_that_was_asked_for_is_dropped()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var errands = new Errands(ledger, host.Clock);
        await using var worker = await Serving.StartAsync(host);
        await ApproveAsync(host, ledger, 0);
        for (var i = 0; i < 3; i++)
        {
            await errands.AppendAsync(ErrandKind.Undo, "Ana", "never mind", new UndoDetails(1, null, null, long.MaxValue));
        }

        host.Rules("rules: [");
        await worker.Worker.Engine.EnqueueAsync(new JobCall(WorkerDesk.Errands, true), host.Clock.GetUtcNow(), default);
        await worker.RunEndedAsync();
        await worker.RunEndedAsync();
        host.Rules("rules: { in-touch: { enabled: false } }");
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        (await worker.RunEndedAsync()).ShouldBe("errands done", "two in a row were enough: the third is the first now");
        (await worker.RunEndedAsync()).ShouldBe("errands done");
        (await worker.RunEndedAsync()).ShouldBe("errands done");
        (await errands.NewestAsync(3)).Select(e => (e.Run, e.FailedSince is null)).ShouldBe([(2, true), (4, false), (3, false)]);
    }

    [Fact]
    public async Task What_fails_is_tried_later_and_later_for_a_day_and_only_what_is_about_the_same_record_waits_for_it()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var errands = new Errands(ledger, host.Clock);
        var first = await errands.AppendAsync(ErrandKind.Undo, "Ana", "a mistake", new UndoDetails(null, Account(0), null, 1));
        var same = await errands.AppendAsync(ErrandKind.Undo, "Ben", "once more", new UndoDetails(null, Account(0), null, 1));
        var other = await errands.AppendAsync(ErrandKind.Undo, "Ben", "elsewhere", new UndoDetails(null, Account(1), null, 1));
        async Task<long?> FailAsync(TimeSpan after)
        {
            host.Clock.Advance(after);
            var next = await errands.NextAsync();
            await errands.FailAsync(next.ShouldNotBeNull(), null, "The org is down.");
            return next.Id;
        }

        (await FailAsync(TimeSpan.Zero)).ShouldBe(first);
        (await errands.NextAsync())!.Id.ShouldBe(other);
        (await errands.WithdrawAsync(other, "Ana", false)).ShouldBeFalse("it is Ben's");
        (await errands.TakeAsync((await errands.NextAsync())!)).ShouldBeTrue();
        (await errands.WithdrawAsync(other, "Ben", false)).ShouldBeFalse("it is under way");
        await errands.DoneAsync((await errands.NextAsync())!, null, "Done.");
        (await errands.NextAsync()).ShouldBeNull("one waits to be tried again, the other for it");

        (await FailAsync(TimeSpan.FromMinutes(10))).ShouldBe(first);
        host.Clock.Advance(TimeSpan.FromMinutes(9));
        (await errands.NextAsync()).ShouldBeNull();
        (await FailAsync(TimeSpan.FromHours(24))).ShouldBe(first);
        (await errands.NextAsync())!.Id.ShouldBe(same);
        (await errands.WithdrawAsync(same, "Ana", true)).ShouldBeTrue();
        (await errands.TakeAsync((await errands.NewestAsync(9)).Single(e => e.Id == same))).ShouldBeFalse("it is withdrawn");
        (await errands.NewestAsync(3)).ConvertAll(Errands.WhyInVain).ShouldBe([null, "Ana withdrew it.", "It was tried for a day. The org is down."]);
        (await errands.AboutAsync(ErrandKind.Undo, Account(0), 9)).ConvertAll(e => e.Id).ShouldBe([same, first]);
    }

    [Fact]
    public async Task An_undo_takes_back_what_was_shown_and_a_write_that_came_late_names_the_run_that_came_before_it()
    {
        var (host, ledger) = await StartAsync();
        await using var _ = host;
        var errands = new Errands(ledger, host.Clock);
        await ApproveAsync(host, ledger, 0);
        await ApproveAsync(host, ledger, 1);
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        await errands.AppendAsync(ErrandKind.Write, "Ana", "Gone has left", new WriteDetails(2));
        var shown = (await new Writings(ledger).OfAsync(new WritingsOf(2))).GroupBy(w => w.Account).ToDictionary(g => g.Key.ToString(), g => g.Max(w => w.Number));
        var (early, late) = shown[Account(0)] < shown[Account(1)] ? (0, 1) : (1, 0);
        await errands.AppendAsync(ErrandKind.Undo, "Ana", "as it was shown", new UndoDetails(2, null, null, shown[Account(early)]));
        await using (var worker = await Serving.StartAsync(host))
        {
            await worker.RunEndedAsync();
            await worker.RunEndedAsync();
        }

        (await host.RowsAsync(early)).ShouldContain("Primary Gone");
        (await host.RowsAsync(late)).ShouldNotContain("Primary Gone");
        var write = (await errands.NewestAsync(2))[^1];
        (write.Run, write.Sentence).ShouldBe((2, "Nothing of it was left to write: another run took it up."));
    }

    [Fact]
    public async Task A_run_that_a_later_one_ended_gives_nothing_to_anybody()
    {
        var (host, _) = await StartAsync();
        await using var __ = host;
        await using var taken = await LedgerLock.TakeAsync(host.Ledger.Settings, TimeProvider.System, _ => { }, default);
        var approvals = new Approvals(await LedgerDatabase.OpenForRunsAsync(taken), new ApprovalTerms(), host.Clock);

        (await Should.ThrowAsync<LedgerException>(() => approvals.ReplaceAsync(1, null!, null!, null!))).Message.ShouldStartWith("Run 1 has lost the ledger");
    }
}
