using Microsoft.Extensions.Configuration;
using PocSync.Core.Calls;
using PocSync.Ledger;
using PocSync.Simulator;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>API calls: said before a run, counted with everyone who shares the ledger, and never beyond the budget.</summary>
public abstract class BudgetTests(LedgerProvider provider) : OnEachLedger(provider)
{
    [Fact]
    public async Task A_run_says_beforehand_how_many_calls_it_needs_and_keeps_how_many_it_sent()
    {
        await using var host = await WithOwnersToWriteAsync(new SimulatorOptions { DailyApiLimit = 15_000 }, 3);

        var run = await host.RunAsync("sync");

        run.Error.ShouldMatch(@"This run needs about \d+ API calls \(to read; what writing takes is said before it begins\); 11,99\d are left \(80 % of 15,000 a day, \d used\)\.");
        var writing = System.Text.RegularExpressions.Regex.Match(run.Error, @"Writing 3 corrections needs about (\d+) API calls; 11,9\d\d are left");
        writing.Success.ShouldBeTrue(run.Error);
        var calls = (await host.JsonAsync(0, "runs", "show", "1")).GetProperty("calls");
        calls.GetProperty("used").GetInt32().ShouldBe(await host.Org.CallsAsync("/services/data/"));
        calls.GetProperty("needed").GetInt32().ShouldBeInRange(10, 2 * calls.GetProperty("used").GetInt32());
        calls.GetProperty("used").GetInt32().ShouldBeLessThanOrEqualTo(
            calls.GetProperty("needed").GetInt32() + int.Parse(writing.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        (await host.RunAsync("sync")).Error.ShouldMatch(@"to read, [1-9]\d* to write if it is as the last time");
    }

    [Fact]
    public async Task Where_reading_alone_does_not_fit_nothing_is_read()
    {
        await using var host = await WithOwnersToWriteAsync(new SimulatorOptions { DailyApiLimit = 25 }, 1);

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(3);
        run.Output.ShouldMatch(@"Reading the org needs about \d+ API calls, and \d+ are left \(80 % of 25 a day, \d used\): nothing was read");
        (await host.Org.CallsAsync("FROM%20Account")).ShouldBe(0);
    }

    [Fact]
    public async Task Where_writing_does_not_fit_it_goes_as_far_as_the_calls_reach_and_the_next_run_goes_on()
    {
        await using var host = await WithOwnersToWriteAsync(new SimulatorOptions { DailyApiLimit = 60 }, 120);
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxChangedShare"]) = ("1000", "1");

        var first = await host.JsonAsync(3, "sync");

        var applied = first.GetProperty("applied").GetInt32();
        applied.ShouldBeInRange(1, 119);
        first.GetProperty("sentence").GetString()!.ShouldContain($"The budget of API calls reaches for {applied} of 120 corrections, in the order of the plan: ");
        first.GetProperty("outcomes").EnumerateArray().ShouldAllBe(o => o.GetProperty("outcome").GetString() == "written");
        (await host.Org.CallsAsync("/services/data/")).ShouldBeLessThanOrEqualTo(48);
        await host.Org.SetAsync(new { dailyApiLimit = 15_000 });
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(120 - applied);
    }

    [Fact]
    public async Task The_calls_of_an_hour_are_shared_by_successive_processes_and_come_back()
    {
        await using var host = await WithOwnersToWriteAsync(new SimulatorOptions(), 1);
        host.Settings["Salesforce:MaxCallsPerHour"] = "60";
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
        var (sent, runs) = (await host.Org.CallsAsync("/services/data/"), 1);
        PocSync.Tests.Cli.Shell.Run run;
        while ((run = await host.RunAsync("sync")).Status == 0)
        {
            runs++;
            runs.ShouldBeLessThan(10);
        }

        run.Status.ShouldBe(3);
        run.Output.ShouldContain("of the 60 calls an hour that Salesforce:MaxCallsPerHour allows");
        (await host.Org.CallsAsync("/services/data/")).ShouldBeInRange(sent, 60);
        host.Clock.Advance(TimeSpan.FromMinutes(65));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
    }

    [Fact]
    public async Task However_many_take_at_once_no_more_is_granted_than_the_limit()
    {
        await using var host = await WithOwnersToWriteAsync(new SimulatorOptions(), 1);
        await host.JsonAsync(0, "sync");
        var limits = new CallLimits(500, null);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(host.Ledger.Named).Build();
        async Task<CallCount> Worker() => new(await LedgerDatabase.OpenAsync(LedgerSettings.Read(settings)), host.Clock);

        var granted = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () => await (await Worker()).TakeAsync(25, limits))));

        granted.Sum(g => g.Calls).ShouldBe(500);
        await (await Worker()).GiveBackAsync(granted[0].Slot, 7);
        (await (await Worker()).TakeAsync(25, limits)).Calls.ShouldBe(7);
    }

    private async Task<RunHost> WithOwnersToWriteAsync(SimulatorOptions options, int accounts) => await StartAsync(
        options, Auto, Accounts([.. Enumerable.Repeat(Ana, accounts)]),
        Rows([.. Enumerable.Range(0, accounts).SelectMany(i => new[] { (i, "Primary", Ben), (i, "Backup", Cy) })]));
}

public sealed class BudgetTestsOnSqlite() : BudgetTests(LedgerProvider.Sqlite);

public sealed class BudgetTestsOnPostgreSql() : BudgetTests(LedgerProvider.PostgreSql);
