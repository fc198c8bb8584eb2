using System.Net.Http.Json;
using PocSync.Core.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>Whoever may, stops all writing: by the ledger, a file or the org.</summary>
public class PauseTests
{
    private static Task<RunHost> StartAsync(int accounts = 1) => RunHost.StartAsync(Auto,
        Accounts([.. Enumerable.Repeat(Gone, accounts)]), Rows([.. Enumerable.Range(0, accounts).SelectMany(
            i => new[] { (i, "Primary", Gone), (i, "Backup", new[] { Ben, Cy, Dee }[i % 3]) })]));

    [Fact]
    public async Task A_paused_run_judges_and_records_and_writes_nothing_until_somebody_resumes()
    {
        await using var host = await StartAsync();
        host.Rules("paused: true");
        (await host.JsonAsync(4, "sync")).GetProperty("status").GetString().ShouldBe("paused");
        host.Rules(Auto);
        (await host.RunAsync("pause", "--reason", "quarter close", "--as", "Ana")).Status.ShouldBe(0);

        var paused = await host.JsonAsync(4, "sync");

        paused.GetProperty("status").GetString().ShouldBe("paused");
        paused.GetProperty("sentence").GetString()!.ShouldContain("1 correction was ready and not begun. Writing is paused: Ana paused it on 2026-11-22 08:00 UTC: quarter close");
        paused.GetProperty("findings").GetInt32().ShouldBeGreaterThan(0);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Gone);
        (await host.RunAsync("resume", "--as", "Ana")).Status.ShouldBe(0);
        await host.JsonAsync(0, "sync");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
    }

    [Theory]
    [InlineData("true", "says so")]
    [InlineData("Data load until Friday", "says: Data load until Friday")]
    public async Task The_orgs_own_switch_pauses(string value, string words)
    {
        await using var host = await StartAsync();
        await SwitchAsync(host, value);

        var paused = await host.JsonAsync(4, "sync");

        paused.GetProperty("sentence").GetString()!.ShouldContain($"the record Paused of POC_Setting__mdt in the org {words}");
        await SwitchAsync(host, "false");
        await host.JsonAsync(0, "sync");
    }

    [Theory]
    [InlineData("true", 4)]
    [InlineData("quarter close", 4)]
    [InlineData("no", 0)]
    [InlineData("", 0)]
    public async Task The_programs_settings_pause(string value, int status)
    {
        await using var host = await StartAsync();
        host.Settings["Paused"] = value;

        await host.JsonAsync(status, "sync");
    }

    [Fact]
    public async Task A_run_under_way_writes_no_more_after_the_batch_in_which_it_is_paused()
    {
        await using var host = await StartAsync(150);

        var report = await KillTests.SyncAsync(host, org => new KillTests.Faltering(org, async write =>
        {
            (await host.RunAsync("pause", "--reason", "the migration", "--as", "Ana")).Error.ShouldBe("Nothing is written to the org until `pocsync resume`.\n");
            return await write();
        }));

        report.Status.ShouldBe(RunStatus.Paused, report.Sentence);
        report.Applied.ShouldBe(100);
        report.NotBegun.ShouldBe(report.Asked - 100);
        report.Sentence.ShouldContain("Ana paused it on 2026-11-22 08:00 UTC: the migration");
        await host.RunAsync("resume");
        (await KillTests.SyncAsync(host)).Status.ShouldBe(RunStatus.Done);
    }

    private static async Task SwitchAsync(RunHost host, string value)
    {
        using var http = new HttpClient { BaseAddress = host.Org.Simulator.Url };
        (await http.PostAsJsonAsync("/_control/metadata", new { type = "POC_Setting__mdt", record = "Paused", field = "Value__c", value }))
            .EnsureSuccessStatusCode();
    }
}
