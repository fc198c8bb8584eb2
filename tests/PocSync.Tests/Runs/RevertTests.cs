using static PocSync.Tests.Runs.RunHost;
using static PocSync.Tests.Salesforce.LiveOrgHost;

namespace PocSync.Tests.Runs;

/// <summary>What somebody changes back is not fought over.</summary>
public class RevertTests
{
    [Fact]
    public async Task What_is_changed_back_is_an_alert_and_left_alone_until_it_is_cleared()
    {
        await using var host = await CorrectedAsync();
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Ana });

        var sync = await host.JsonAsync(0, "sync");
        sync.GetProperty("applied").GetInt32().ShouldBe(0);
        sync.GetProperty("sentence").GetString()!.ShouldContain("1 reverted");
        sync.GetProperty("findings").GetInt32().ShouldBe((await host.JsonAsync(0, "runs", "show", "1")).GetProperty("findings").GetInt32() + 1);
        var alone = (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().ShouldHaveSingleItem();
        alone.GetProperty("state").GetString().ShouldBe("reverted");
        alone.GetProperty("reasons")[0].GetString().ShouldBe(
            $"OwnerId of the Account {Account(0)} was changed back from Ben ({Ben}) to Ana ({Ana}) after run 1 had written it; an approval, or clearing the account {Account(0)}, lets PocSync write it again");
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(0);

        (await host.RunAsync("clear", Account(0), "--reason", "Ana agreed", "--as", "Olga")).Status.ShouldBe(0);
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        (await host.RunAsync("clear", Account(0), "--reason", "again")).Status.ShouldBe(2);
    }

    [Fact]
    public async Task An_approval_clears_it_and_writes_it_once_more()
    {
        await using var host = await CorrectedAsync();
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Ana });
        await host.JsonAsync(0, "sync");

        var id = (await host.JsonAsync(0, "approvals")).GetProperty("corrections")[0].GetProperty("id").GetString()!;
        (await host.JsonAsync(0, "approve", id, "--reason", "Ana agreed")).GetProperty("applied").GetInt32().ShouldBe(1);

        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        (await host.JsonAsync(0, "sync")).GetProperty("findings").GetInt32()
            .ShouldBe((await host.JsonAsync(0, "runs", "show", "1")).GetProperty("findings").GetInt32() - 1);
    }

    [Fact]
    public async Task A_row_that_somebody_deletes_is_not_made_again()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana, Ben), Rows((0, "Primary", Ana), (1, "Primary", Ben), (1, "Backup", Cy)));
        await host.JsonAsync(0, "sync");
        var row = (await host.Org.RowsAsync("POC_Assignment__c")).Single(r => Text(r, "Account__c") == Account(0) && Text(r, "Role__c") == "Backup");
        await host.DeleteAsync("POC_Assignment__c", Text(row, "Id")!);
        host.Clock.Advance(TimeSpan.FromDays(1));

        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(0);
        (await host.RowsAsync(0)).ShouldBe(["Primary Ana"]);
    }

    [Fact]
    public async Task What_PocSync_itself_put_back_is_no_revert()
    {
        await using var host = await CorrectedAsync();
        await host.JsonAsync(0, "undo", "1", "--reason", "a mistake");

        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldContain("1 undone");
    }

    [Fact]
    public async Task What_is_changed_back_after_the_window_is_corrected_again()
    {
        await using var host = await CorrectedAsync();
        host.Clock.Advance(TimeSpan.FromDays(8));
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Ana });

        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Another_owner_by_hand_takes_the_team_with_it_and_that_is_no_revert_of_its_rows()
    {
        await using var host = await StartAsync("binding: team\n" + Auto, Accounts(Ana, Ben), Team((0, Dee, "Sales Rep"), (1, Cy, "Backup POC")));
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Dee });
        (await host.TeamAsync(0)).ShouldBeEmpty();

        (await host.JsonAsync(0, "sync")).GetProperty("sentence").GetString()!.ShouldNotContain("reverted");
    }

    /// <summary>The owner followed the Primary in run 1.</summary>
    private static async Task<RunHost> CorrectedAsync()
    {
        var host = await StartAsync(Auto, Accounts(Ana, Cy), Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Cy), (1, "Backup", Ben)));
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
        return host;
    }
}
