using System.Text.Json;
using PocSync.Simulator;
using PocSync.Tests.Cli;
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
        await host.SetupAsync("primary_able", "Mode__c", "auto");
        await host.SetupAsync("primary_able", "Parameters__c", "# at once\ngraceHours: 0");
        await host.SetupAsync("backup_present", "Scope__c", "Name = 'Account 1'");
        await host.SetupAsync("backup_present", "Severity__c", "error");
        await host.SetupAsync("reachable", "Enabled__c", "false");
        await host.SetupAsync("Freeze_Close_Days", "Value__c", "3", "POC_Setting__mdt");
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

        await host.SetupAsync("primary_able", "Mode__c", "auto");
        await host.SetupAsync("primary_able", "Parameters__c", "graceHours: 0");
        var second = await host.JsonAsync(0, "sync");

        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        second.GetProperty("settings").EnumerateArray().Select(s => $"{s.GetProperty("key")} {s.GetProperty("before")} {s.GetProperty("after")}")
            .ShouldBe(["rules.primary-able.graceHours 24 0", "rules.primary-able.mode propose auto"]);
    }

    [Fact]
    public async Task A_broken_record_is_refused_with_its_place_and_a_file_that_is_named_wins_over_the_home()
    {
        await using var host = await StartAsync();
        await host.SetupAsync("in_touch", "Parameters__c", "maxSilentDays: often");

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

    [Theory]
    [InlineData("in_touch", "Parameters__c", "maxSilentDays: 10", "rules: { in-touch: { maxSilentDays: 10 } }")]
    [InlineData("backup_present", "Parameters__c", "minimum: 2", "rules: { backup-present: { minimum: 2 } }")]
    [InlineData("load_within_capacity", "Parameters__c", "capacity: 2\ntiers: [ { when: \"Type = 'Big'\", capacity: 1 } ]",
        "rules: { load-within-capacity: { capacity: 2, tiers: [ { when: \"Type = 'Big'\", capacity: 1 } ] } }")]
    [InlineData("one_primary", "Enabled__c", "false", "rules: { one-primary: { enabled: false } }")]
    [InlineData("backup_present", "Scope__c", "Type = 'Big'", "rules: { backup-present: { scope: \"Type = 'Big'\" } }")]
    [InlineData("backup_present", "Severity__c", "error", "rules: { backup-present: { severity: error } }")]
    [InlineData("primary_able", "Mode__c", "alert", "rules: { primary-able: { mode: alert } }")]
    [InlineData("Pool", "Value__c", "Name = 'Cy'", "pool: \"Name = 'Cy'\"", "POC_Setting__mdt")]
    public async Task A_parameter_that_changes_between_two_runs_changes_what_preview_had_said(string record, string field, string value, string file, string type = "POC_Rule__mdt")
    {
        await using var host = await RunHost.StartAsync("",
            new OrgTable("Account", ["Id", "Name", "OwnerId", "Type", "LastActivityDate"], [.. Enumerable.Range(0, 10).Select(i =>
                (string?[])[Account(i), $"Account {i}", i < 3 ? Gone : i < 7 ? Ana : Ben, i % 2 == 0 ? "Big" : "Small", $"2026-11-{1 + (i * 2):00}"])]),
            Rows([.. Enumerable.Range(0, 9).Select(i => (i, "Primary", i < 3 ? Gone : i < 7 ? Ana : Ben)), (0, "Backup", Cy), (2, "Backup", Cy), (4, "Backup", Dee), (6, "Backup", Cy)]));
        host.Settings["Rules:File"] = null;
        host.Settings["Rules:Home"] = "Org";
        File.WriteAllText(host.At("after.yaml"), file);
        await host.JsonAsync(0, "sync");
        var (audit, plan) = (await host.JsonAsync(0, "audit"), await host.JsonAsync(0, "plan"));
        var preview = await host.JsonAsync(0, "rules", "preview", "--with", host.At("after.yaml"));

        await host.SetupAsync(record, field, value, type);

        PreviewOf(preview).ShouldNotBeEmpty();
        RulesPreviewTests.ShouldBeTheDifference(preview, audit, await host.JsonAsync(0, "audit"), plan, await host.JsonAsync(0, "plan"));
        var run = await host.JsonAsync(0, "sync");
        run.GetProperty("rules").EnumerateArray().Where(r => r.GetProperty("new").GetInt32() + r.GetProperty("resolved").GetInt32() > 0)
            .Select(r => $"{r.GetProperty("rule")} +{r.GetProperty("new")} -{r.GetProperty("resolved")}").Order(StringComparer.Ordinal)
            .ShouldBe(preview.GetProperty("rules").EnumerateArray().Select(r => (Rule: r.GetProperty("id").GetString(), Findings: r.GetProperty("findings").EnumerateArray().ToList()))
                .Select(r => (r.Rule, New: r.Findings.Count(f => f.GetProperty("change").GetString() == "appears"), Resolved: r.Findings.Count(f => f.GetProperty("change").GetString() == "disappears")))
                .Where(r => r.New + r.Resolved > 0).Select(r => $"{r.Rule} +{r.New} -{r.Resolved}").Order(StringComparer.Ordinal));
    }

    /// <summary>What differs, findings and corrections alike.</summary>
    private static List<JsonElement> PreviewOf(JsonElement preview) =>
        [.. preview.GetProperty("rules").EnumerateArray().SelectMany(r => r.GetProperty("findings").EnumerateArray().Concat(r.GetProperty("corrections").EnumerateArray()))];
}
