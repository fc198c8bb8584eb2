using PocSync.Simulator;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>Where something else assigns owners, PocSync writes none without a person.</summary>
public class StandBackTests
{
    private static Task<RunHost> StartAsync(string settings, params OrgTable[] more) => RunHost.StartAsync(
        settings + Auto, [Accounts(Gone), Rows((0, "Primary", Gone), (0, "Backup", Ben)), .. more]);

    [Fact]
    public async Task Owners_wait_where_the_settings_name_another_assigner_until_a_person_approves()
    {
        await using var host = await StartAsync("ownerAssignedBy: other\n");
        var planned = (await host.JsonAsync(0, "plan")).GetProperty("corrections").EnumerateArray().First();
        (planned.GetProperty("state").GetString(), planned.GetProperty("reasons")[0].GetString())
            .ShouldBe(("waits", "ownerAssignedBy in the settings says that PocSync does not assign owners: a person approves"));

        await host.JsonAsync(0, "sync");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Gone);
        (await host.RowsAsync(0)).ShouldBe(["Backup Ben", "Primary Gone"]);

        await host.RunAsync("approve", planned.GetProperty("id").GetString()!, "--reason", "the router knows", "--as", "Olga");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
    }

    [Theory]
    [InlineData("", "Active", Gone)]
    [InlineData("", "Archived", Ben)]
    [InlineData("ownerAssignedBy: pocsync\n", "Active", Ben)]
    public async Task Owners_wait_while_a_territory_model_is_active(string settings, string state, string owner)
    {
        await using var host = await StartAsync(settings, new OrgTable("Territory2Model", ["Id", "Name", "State"], [["0MA5f0000000001AAA", "World", state]]));
        var plan = await host.JsonAsync(0, "plan");
        await host.JsonAsync(0, "sync");

        (await host.Org.OwnerAsync(Account(0))).ShouldBe(owner);
        var switched = plan.GetProperty("corrections").EnumerateArray().First();
        switched.GetProperty("state").GetString().ShouldBe(owner == Gone ? "waits" : "ready");
        switched.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()).ShouldBe(owner == Ben ? [] :
            ["the territory model World is active in the org and may assign owners: a person approves; ownerAssignedBy: pocsync in the settings lets PocSync write owners by itself"]);
        (await host.JsonAsync(0, "approvals")).GetRawText().Contains("territory model World", StringComparison.Ordinal).ShouldBe(owner == Gone);
    }

    [Fact]
    public async Task Owners_wait_once_those_of_ten_accounts_were_changed_back()
    {
        await using var host = await RunHost.StartAsync(Auto, Accounts([.. Enumerable.Repeat(Gone, 10), Ana]),
            Rows([.. Enumerable.Range(0, 10).SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", Ben) }), (10, "Primary", Ana), (10, "Backup", Cy)]));
        host.Settings["Guard:MaxChangedShare"] = "1";
        await host.JsonAsync(0, "sync");
        for (var i = 0; i < 10; i++)
        {
            (await host.Org.OwnerAsync(Account(i))).ShouldBe(Ben);
        }

        await host.ChangeAsync("User", Gone, new { IsActive = true });
        for (var i = 0; i < 10; i++)
        {
            await host.ChangeAsync("Account", Account(i), new { OwnerId = Gone });
        }

        await host.ChangeAsync("User", Ana, new { IsActive = false });
        await host.JsonAsync(0, "sync");

        (await host.Org.OwnerAsync(Account(10))).ShouldBe(Ana);
        (await host.JsonAsync(0, "approvals")).GetRawText().ShouldContain("the owners of 10 accounts were changed back after PocSync had written them");
    }
}
