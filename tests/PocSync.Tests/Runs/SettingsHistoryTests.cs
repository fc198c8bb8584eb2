using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

public class SettingsHistoryTests
{
    [Fact]
    public async Task A_run_names_the_settings_that_changed_since_the_run_before_and_the_first_keeps_them_all()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana), Rows((0, "Primary", Ana), (0, "Backup", Cy)));
        var first = await host.JsonAsync(0, "sync");
        var kept = first.GetProperty("settings").EnumerateArray().ToDictionary(s => s.GetProperty("key").GetString()!, s => s.GetProperty("after").GetString());
        kept["rules.one-primary.mode"].ShouldBe("auto");
        kept["rules.backup-present.minimum"].ShouldBe("1");
        kept["Guard:MaxPerPerson"].ShouldBe("not set");
        (await host.JsonAsync(0, "sync")).GetProperty("settings").GetArrayLength().ShouldBe(0);

        host.Rules(Auto.Replace("backup-present: { mode: auto }", "backup-present: { mode: alert, scope: \"Industry = 'Rail'\" }", StringComparison.Ordinal));
        host.Settings["Guard:MaxChanged"] = "7";
        await host.JsonAsync(0, "sync");

        (await host.RunAsync("runs", "show", "3")).Output.Split('\n').Where(l => l.Contains("the setting", StringComparison.Ordinal)).ShouldBe(
        [
            "Since the run before, the setting Guard:MaxChanged changed from 100 to 7.",
            "Since the run before, the setting rules.backup-present.mode changed from auto to alert.",
            "Since the run before, the setting rules.backup-present.scope changed from all accounts to Industry = 'Rail'.",
        ]);
    }
}
