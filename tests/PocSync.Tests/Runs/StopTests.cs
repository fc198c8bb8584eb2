using System.Diagnostics;
using PocSync.Core.Runs;
using PocSync.Ledger;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>A run that is told to stop ends soon, says where, and loses nothing.</summary>
public class StopTests
{
    [Fact]
    public async Task What_is_on_the_way_is_ended_and_nothing_more_is_begun()
    {
        await using var host = await ManyAsync();
        using var stop = new CancellationTokenSource();

        var report = await KillTests.SyncAsync(host, org => new KillTests.Faltering(org, async write =>
        {
            var results = await write();
            await stop.CancelAsync();
            return results;
        }), stop.Token);

        report.Status.ShouldBe(RunStatus.Stopped);
        report.Applied.ShouldBe(100);
        report.Sentence.ShouldContain($"{report.Asked - 100} corrections were ready and not begun. Stopped after 100 of {report.Asked} corrections; the next run goes on.");
        (await KillTests.SyncAsync(host)).Status.ShouldBe(RunStatus.Done);
    }

    [Fact]
    public async Task Told_between_the_calls_of_a_batch_the_rest_is_not_sent()
    {
        await using var host = await ManyAsync();
        using var stop = new CancellationTokenSource();
        // Fifty accounts are a call.
        await host.Org.FaultsAsync("hang:count=1@/composite");

        var run = KillTests.SyncAsync(host, stop: stop.Token, abandon: stop.Token);
        await host.Org.HangsAsync();
        await stop.CancelAsync();
        var report = await run;

        report.Status.ShouldBe(RunStatus.Stopped);
        report.Unknown.ShouldBe(50);
        report.Outcomes.Count(o => o.Kind == OutcomeKind.NotWritten).ShouldBe(50);
        report.Sentence.ShouldContain($"Stopped after 0 of {report.Asked} corrections");
        await host.Org.FaultsAsync("");
        var next = await KillTests.SyncAsync(host);
        (next.Status, next.Unknown, next.Applied).ShouldBe((RunStatus.Done, 0, report.Asked), next.Sentence);
        (await host.Org.RowsAsync("POC_Handoff__c")).Count.ShouldBe(150);
    }

    [Fact]
    public async Task SIGTERM_ends_a_process_whose_call_is_not_answered()
    {
        await using var host = await ManyAsync();
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxChangedShare"]) = ("1000", "1");
        await host.Org.FaultsAsync("hang:count=1@/composite");
        using var process = host.Start("sync");

        await host.Org.HangsAsync();
        Process.Start("kill", ["-TERM", process.Id.ToString()])!.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);

        process.ExitCode.ShouldBe(143);
        var run = (await new LedgerQueries(await LedgerDatabase.OpenAsync(host.Ledger.Settings)).RunsAsync(1)).Single();
        run.Status.ShouldBe("Stopped", run.Sentence);
        run.Sentence.ShouldContain("the next run goes on");
    }

    private static Task<RunHost> ManyAsync() => RunHost.StartAsync(Auto,
        Accounts([.. Enumerable.Repeat(Gone, 150)]),
        Rows([.. Enumerable.Range(0, 150).SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", new[] { Ben, Cy, Dee }[i % 3]) })]));
}
