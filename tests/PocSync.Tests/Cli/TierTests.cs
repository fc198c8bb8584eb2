using System.Text.Json;
using PocSync.Simulator;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Cli;

/// <summary>Any parameter of a rule, its mode and its severity may differ by a condition over the account.</summary>
public sealed class TierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string[]> SilentAsync(string rules)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Account.csv"), """
            Id,Name,Type,AnnualRevenue,LastActivityDate
            001000000000001,A,Strategic,9,2026-11-12
            001000000000002,B,Strategic,1,2026-11-12
            001000000000003,C,Small,9,2026-11-12
            001000000000004,D,,,2026-11-12
            001000000000005,E,,,2026-09-01

            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "rules.yaml"), rules);
        var run = await Shell.PocSync("audit", "--export", _folder, "--rules", Path.Combine(_folder, "rules.yaml"), "--format", "json");
        run.Status.ShouldBe(0, run.Error);
        return
        [
            .. JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("rule").GetString() == "in-touch")
                .Select(f => f.GetProperty("sentence").GetString()![..1] + " " + f.GetProperty("severity").GetString() + " " + f.GetProperty("expected").GetString()),
        ];
    }

    [Fact]
    public async Task The_first_tier_that_matches_holds_and_otherwise_the_rule()
    {
        (await SilentAsync("rules: { in-touch: { maxSilentDays: 30, tiers: [ { when: \"AnnualRevenue > 5\", maxSilentDays: 5 }, { when: \"Type = 'Strategic'\", maxSilentDays: 7, severity: error } ] } }"))
            .ShouldBe(["A warning at most 5 days", "B error at most 7 days", "C warning at most 5 days", "E warning at most 30 days"]);
        (await SilentAsync("rules: { in-touch: { maxSilentDays: 5, scope: \"Type != 'Small'\", tiers: [ { when: \"Type = null\", maxSilentDays: 100 } ] } }"))
            .ShouldBe(["A warning at most 5 days", "B warning at most 5 days"]);
        (await SilentAsync("rules: { in-touch: { tiers: [] } }")).ShouldBe(["E warning at most 30 days"]);
    }

    [Fact]
    public async Task Mode_and_parameters_of_a_tier_decide_what_is_written()
    {
        await using var org = await RunHost.StartAsync("""
            rules:
              primary-able: { mode: alert }
              owner-is-primary: { mode: alert }
              one-primary:
                mode: alert
                tiers: [ { when: "Name = 'Account 1'", mode: auto }, { when: "Name = 'Account 2'", mode: propose } ]
              backup-present:
                mode: alert
                tiers: [ { when: "Name = 'Account 3'", mode: auto, minimum: 2 } ]
            pool: "IsActive = true AND Name != 'Ana'"
            """,
            RunHost.Accounts(RunHost.Ana, RunHost.Ana, RunHost.Ana, RunHost.Ana), RunHost.Rows((3, "Primary", RunHost.Ana)));
        var plan = await org.JsonAsync(0, "plan");
        plan.GetProperty("corrections").EnumerateArray().Select(c => $"{c.GetProperty("accountName").GetString()} {c.GetProperty("rule").GetString()} {c.GetProperty("mode").GetString()} {c.GetProperty("state").GetString()}")
            .ShouldBe(["Account 1 one-primary auto ready", "Account 2 one-primary propose waits", "Account 3 backup-present auto ready"]);
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        (await org.RowsAsync(1)).ShouldContain("Primary Ana");
        (await org.RowsAsync(3)).Count(r => r.StartsWith("Backup", StringComparison.Ordinal)).ShouldBe(2);
        (await org.RowsAsync(0)).ShouldBeEmpty();
    }
}
