using System.Text.Json;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Ledger;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>A run that corrects thousands of rows, one an account, has the org do it by a job.</summary>
public abstract class ManyRowsTests(LedgerProvider provider) : OnEachLedger(provider)
{
    private const int Many = Batches.Many + 50;

    [Fact]
    public async Task Thousands_of_rows_are_written_in_a_few_calls_and_the_next_run_finds_nothing()
    {
        await using var host = await DoubledAsync();
        var before = await host.Org.CallsAsync("/services/data/");

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(0, run.Error);
        run.Output.ShouldContain($"{Many:N0}");
        (await host.Org.CallsAsync("/batches")).ShouldBe(1);
        (await host.Org.CallsAsync("/services/data/") - before - await host.Org.LooksAsync()).ShouldBeLessThan(50);
        await ShouldBeDoneAsync(host);
    }

    [Fact]
    public async Task A_job_that_a_dead_process_left_is_waited_for_and_never_doubled()
    {
        await using var host = await DoubledAsync();
        // Held jobs are no way to read then.
        host.Settings["Salesforce:BulkReadThreshold"] = "100000";
        await host.Org.SetAsync(new { holdBulkJobs = true });
        using (var process = host.Start("sync"))
        {
            while ((await JobStatesAsync(host)).SingleOrDefault() != "UploadComplete")
            {
                process.HasExited.ShouldBeFalse();
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        var looks = await host.Org.CallsAsync("/jobs/ingest/");
        var next = host.RunAsync("sync");
        while (!next.IsCompleted && await host.Org.CallsAsync("/jobs/ingest/") < looks + 3)
        {
            await Task.Yield();
        }

        next.IsCompleted.ShouldBeFalse();

        await host.Org.SetAsync(new { holdBulkJobs = false });
        var run = await next;

        run.Status.ShouldBe(0, run.Error);
        run.Error.ShouldContain("in the org: waiting for its end.");
        (await JobStatesAsync(host)).ShouldBe(["JobComplete"]);
        await ShouldBeDoneAsync(host);
    }

    private static async Task<IReadOnlyList<string?>> JobStatesAsync(RunHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Org.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", host.Org.Simulator.AccessToken);
        var jobs = JsonDocument.Parse(await http.GetStringAsync("/services/data/v66.0/jobs/ingest")).RootElement.GetProperty("records");
        return [.. jobs.EnumerateArray().Select(j => LiveOrgHost.Text(j, "state"))];
    }

    private async Task<RunHost> DoubledAsync()
    {
        var host = await StartAsync(new SimulatorOptions(), "rules: { one-primary: { mode: auto }, backup-present: { enabled: false } }",
            Accounts([.. Enumerable.Repeat(Ana, Many)]),
            Rows([.. Enumerable.Range(0, Many).SelectMany(i => new[] { (i, "Primary", Ana), (i, "Primary", Cy) })]));
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxChangedShare"]) = ("100000", "1");
        return host;
    }

    private static async Task ShouldBeDoneAsync(RunHost host)
    {
        var rows = (await host.Org.RowsAsync("POC_Assignment__c")).Select(r => $"{Name(LiveOrgHost.Text(r, "User__c"))} {LiveOrgHost.Text(r, "Ends_On__c")}".Trim());
        rows.CountBy(r => r).ToDictionary().ShouldBe(new Dictionary<string, int> { ["Ana"] = Many, ["Cy 2026-11-21"] = Many }, ignoreOrder: true);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }
}

public sealed class ManyRowsTestsOnSqlite() : ManyRowsTests(LedgerProvider.Sqlite);

public sealed class ManyRowsTestsOnPostgreSql() : ManyRowsTests(LedgerProvider.PostgreSql);
