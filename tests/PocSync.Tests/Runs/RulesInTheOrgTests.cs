using System.Net.Http.Json;
using System.Text.Json;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary><c>Rules:Home=Org</c>: administrators keep the settings in the org's custom metadata.</summary>
public class RulesInTheOrgTests
{
    private static async Task<RunHost> StartAsync()
    {
        var host = await RunHost.StartAsync("paused: true", Accounts(Gone, Ana), Rows((0, "Primary", Gone), (0, "Backup", Ben), (1, "Primary", Ana)));
        host.Settings["Rules:File"] = null;
        host.Settings["Rules:Home"] = "Org";
        return host;
    }

    [Fact]
    public async Task The_same_settings_in_a_file_and_in_the_org_give_the_same_findings_and_the_same_plan()
    {
        await using var host = await StartAsync();
        await SetAsync(host, "primary_able", "Mode__c", "auto");
        await SetAsync(host, "primary_able", "Parameters__c", "# at once\ngraceHours: 0");
        await SetAsync(host, "backup_present", "Scope__c", "Name = 'Account 1'");
        await SetAsync(host, "backup_present", "Severity__c", "error");
        await SetAsync(host, "reachable", "Enabled__c", "false");
        await SetAsync(host, "Freeze_Close_Days", "Value__c", "3", "POC_Setting__mdt");
        var file = host.At("same.yaml");
        File.WriteAllText(file, """
            rules:
              primary-able: { mode: auto, graceHours: 0 }
              backup-present: { scope: "Name = 'Account 1'", severity: error }
              reachable: { enabled: false }
            freeze: { closeDays: 3 }
            """);

        foreach (var verb in (string[])["audit", "plan"])
        {
            var (org, text) = (await host.RunAsync(verb, "--format", "json"), await host.RunAsync(verb, "--format", "json", "--rules", file));
            (org.Status, org.Output).ShouldBe((text.Status, text.Output), org.Error);
        }

        (await host.JsonAsync(0, "audit")).GetProperty("findings").EnumerateArray().Select(f => $"{f.GetProperty("rule")} {f.GetProperty("severity")}")
            .ShouldContain("backup-present error");
        (await host.RunAsync("rules", "check")).Output.ShouldContain("Nothing is wrong with the org's records.");
        (await host.RunAsync("rules", "show")).Output.ShouldContain("POC Rule 'primary-able', field Parameters, line 2");
        File.WriteAllText(file, (await host.RunAsync("rules", "export")).Output);
        (await host.RunAsync("audit", "--format", "json", "--rules", file)).Output.ShouldBe((await host.RunAsync("audit", "--format", "json")).Output);
    }

    [Fact]
    public async Task A_record_that_changes_between_two_runs_takes_effect_at_the_next_and_stands_in_the_history()
    {
        await using var host = await StartAsync();
        await host.JsonAsync(0, "sync");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Gone);

        await SetAsync(host, "primary_able", "Mode__c", "auto");
        await SetAsync(host, "primary_able", "Parameters__c", "graceHours: 0");
        var second = await host.JsonAsync(0, "sync");

        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        second.GetProperty("settings").EnumerateArray().Select(s => $"{s.GetProperty("key")} {s.GetProperty("before")} {s.GetProperty("after")}")
            .ShouldBe(["rules.primary-able.graceHours 24 0", "rules.primary-able.mode propose auto"]);
    }

    [Fact]
    public async Task A_broken_record_is_refused_with_its_place_and_a_file_that_is_named_wins_over_the_home()
    {
        await using var host = await StartAsync();
        await SetAsync(host, "in_touch", "Parameters__c", "maxSilentDays: often");

        var run = await host.RunAsync("sync");
        run.Status.ShouldBe(2);
        run.Error.ShouldContain("POC Rule 'in-touch', field Parameters, line 1, column 16: rules.in-touch.maxSilentDays must be a whole number from 0 to 1000000, not 'often'.");
        (await host.RunAsync("rules", "check")).Status.ShouldBe(2);

        var file = host.At("other.yaml");
        File.WriteAllText(file, "rules: { in-touch: { maxSilentDays: 5 } }");
        (await host.JsonAsync(0, "sync", "--rules", file)).GetProperty("settings").EnumerateArray()
            .Single(s => s.GetProperty("key").GetString() == "rules.in-touch.maxSilentDays").GetProperty("after").GetString().ShouldBe("5");
        (await host.RunAsync("rules", "show", "--rules", file)).Output.ShouldContain("Settings of other.yaml.");
    }

    [Fact]
    public async Task A_home_that_is_none_or_two_homes_at_once_are_refused()
    {
        await using var host = await StartAsync();
        host.Settings["Rules:File"] = "rules.yaml";
        (await host.RunAsync("sync")).ShouldBe(new(2, "", "Rules:Home is Org, so that nobody would read Rules:File (rules.yaml): take one of the two out of the settings.\n"));
        host.Settings["Rules:Home"] = "Ork";
        (await host.RunAsync("sync")).ShouldBe(new(2, "", "Rules:Home must be File or Org, not 'Ork'.\n"));
    }

    [Fact]
    public async Task The_records_that_export_writes_can_be_deployed_and_say_the_same()
    {
        await using var host = await StartAsync();
        var file = host.At("mine.yaml");
        File.WriteAllText(file, "rules: { in-touch: { maxSilentDays: 5, mode: alert } }");

        (await host.RunAsync("rules", "export", "--to", "sfdx", host.At("org"), "--rules", file)).Status.ShouldBe(0);

        File.ReadAllText(Path.Combine(host.At("org"), "customMetadata", "POC_Rule.in_touch.md-meta.xml")).ShouldContain("\nmaxSilentDays: 5</value>");
        (await host.RunAsync("rules", "export", "--to", "sfdx")).Error.ShouldContain("say into which folder");
    }

    private static async Task SetAsync(RunHost host, string record, string field, string? value, string type = "POC_Rule__mdt")
    {
        using var http = new HttpClient { BaseAddress = host.Org.Simulator.Url };
        (await http.PostAsJsonAsync("/_control/metadata", new { type, record, field, value })).EnsureSuccessStatusCode();
    }
}
