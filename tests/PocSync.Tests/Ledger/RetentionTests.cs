using PocSync.Ledger;
using PocSync.Tests.Jobs;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Ledger;

public sealed class RetentionTestsOnSqlite() : RetentionTests(LedgerProvider.Sqlite);

public sealed class RetentionTestsOnPostgreSql() : RetentionTests(LedgerProvider.PostgreSql);

/// <summary>What is too old goes, and what something that stands or is open rests on stays.</summary>
[Collection(Serving.Collection)]
public abstract class RetentionTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private static readonly string[] Swept = ["runs", "figures", "settings", "pauses", "errands", "job_events", "reverts", "decisions"];

    [Fact]
    public async Task The_clean_up_deletes_what_is_old_once_for_all_that_was_missed_and_leaves_what_is_needed()
    {
        await using var host = await StartAsync(new(), "rules: { in-touch: { enabled: false } }", Accounts(Ana), Rows((0, "Primary", Gone), (0, "Backup", Cy)));
        (host.Settings["Jobs:Full"], host.Settings["Jobs:Delta"], host.Settings["Jobs:Retention"]) = ("never", "never", "weekly Sun 03:00");
        (host.Settings["Ledger:KeepDays"], host.Settings["Ledger:WaitSeconds"]) = ("30", "60");
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await host.RunAsync("pause", "--reason", "a look first")).Status.ShouldBe(0);
        (await host.RunAsync("resume", "--reason", "it is fine")).Status.ShouldBe(0);
        host.Rules("rules: { in-touch: { enabled: true } }");
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        host.Rules("rules: { in-touch: { enabled: false } }");
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        var ledger = await LedgerDatabase.OpenAsync(host.Ledger.Settings);
        var (book, errands) = (new JobBook(ledger, host.Clock), new Errands(ledger, host.Clock));
        await book.AskAsync("delta", "Ana");
        await errands.AppendAsync(ErrandKind.Write, "Ana", "done long ago", new WriteDetails(0));
        await errands.DoneAsync((await errands.NextAsync())!, null, "Done.");
        var before = Count(host);
        before["runs"].ShouldBe(3);

        host.Clock.Advance(TimeSpan.FromDays(45));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        var first = await new RunQueries(ledger).FindAsync(1);
        first.ShouldBeNull("without a worker a run cleans up at its end");
        host.Clock.Advance(TimeSpan.FromDays(45));
        await using (var worker = await Serving.StartAsync(host))
        {
            await SweptAsync(worker);
        }

        await using (var worker = await Serving.StartAsync(host))
        {
            (await worker.Book.EventsAsync("retention", 0, 9)).Count.ShouldBe(1, "what was missed is done once");
        }

        var after = Count(host);
        after.ShouldContainKeyAndValue("runs", 1);
        after.ShouldContainKeyAndValue("figures", 1);
        after.ShouldContainKeyAndValue("pauses", 1);
        after.ShouldContainKeyAndValue("errands", 0);
        host.Ledger.Query("SELECT count(*) FROM settings WHERE \"Key\" = 'rules.in-touch.enabled'").ShouldBe(["1"]);
        host.Ledger.Query("SELECT count(*) FROM settings WHERE \"Key\" = 'rules.in-touch.mode'").ShouldBe(["1"], "it is in force");
        host.Ledger.Query("SELECT count(*) FROM findings WHERE \"ResolvedRun\" IS NULL AND \"OpenedRun\" = 1").ShouldNotBe(["0"], "it is open");
        (await host.JsonAsync(0, "approvals")).GetProperty("corrections").GetArrayLength().ShouldBeGreaterThan(0, "the newest plan stays");
        (await host.RunAsync("sync")).Status.ShouldBe(0);
    }

    private static Dictionary<string, int> Count(RunHost host) => Swept.ToDictionary(t => t, t => int.Parse(host.Ledger.Query($"SELECT count(*) FROM {t}").Single()));

    /// <summary>Waits until the clean-up has come to its end.</summary>
    private static async Task SweptAsync(Serving worker)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await worker.Book.EventsAsync("retention", 0, 9)).Count == 0)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
