using PocSync.Simulator;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What belongs to an account and to its owner, when the account gets another one.</summary>
public class OwnerChangeTests
{
    private const string Follow = "ownerChange: { openOpportunities: follow, openCases: follow }\n";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_not_to_follow_stays_whatever_the_org_does_by_itself(bool cascade)
    {
        await using var host = await StartAsync(Auto, cascade);

        await host.JsonAsync(0, "sync");

        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        (await OwnersAsync(host)).ShouldBe(["Case Ana", "Contact Ana", "Open Ana", "Others Cy", "Won Ana"]);
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_open_follows_where_the_settings_say_so_and_comes_back_with_an_undo(bool cascade)
    {
        await using var host = await StartAsync(Follow + Auto, cascade);

        await host.JsonAsync(0, "sync");

        (await OwnersAsync(host)).ShouldBe(["Case Ben", "Contact Ana", "Open Ben", "Others Cy", "Won Ana"]);
        (await host.RunAsync("runs", "show", "1")).Output.ShouldContain($"~ Opportunity 0065f0000000001AAA OwnerId Ana ({Ana}) → Ben ({Ben})");
        await host.JsonAsync(0, "undo", "1", "--reason", "a mistake", "--as", "Olga");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ana);
        (await OwnersAsync(host)).ShouldBe(["Case Ana", "Contact Ana", "Open Ana", "Others Cy", "Won Ana"]);
    }

    [Fact]
    public async Task A_wrong_word_is_refused()
    {
        await using var host = await StartAsync("ownerChange: { openOpportunities: both }", false);

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain("ownerChange.openOpportunities must be keep or follow, not 'both'");
    }

    private static Task<RunHost> StartAsync(string rules, bool cascade) => RunHost.StartAsync(
        new SimulatorOptions { CascadeChildren = cascade }, rules, Accounts(Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy)),
        Team((0, Dee, "Sales Rep")),
        new OrgTable("Contact", ["Id", "AccountId", "LastName", "OwnerId"], [["0035f0000000001AAA", Account(0), "Contact", Ana]]),
        new OrgTable("Opportunity", ["Id", "AccountId", "Name", "StageName", "CloseDate", "IsClosed", "OwnerId"],
        [
            ["0065f0000000001AAA", Account(0), "Open", "Prospecting", "2027-06-30", "false", Ana],
            ["0065f0000000002AAA", Account(0), "Others", "Prospecting", "2027-06-30", "false", Cy],
            ["0065f0000000003AAA", Account(0), "Won", "Closed Won", "2026-06-30", "true", Ana],
        ]),
        new OrgTable("Case", ["Id", "AccountId", "Subject", "Status", "IsClosed", "OwnerId"],
            [["5005f0000000001AAA", Account(0), "Case", "New", "false", Ana]]));

    private static async Task<string[]> OwnersAsync(RunHost host) =>
    [
        .. (await host.Org.RowsAsync("Contact")).Select(r => (LiveOrgHost.Text(r, "LastName"), r))
            .Concat((await host.Org.RowsAsync("Opportunity")).Select(r => (LiveOrgHost.Text(r, "Name"), r)))
            .Concat((await host.Org.RowsAsync("Case")).Select(r => (LiveOrgHost.Text(r, "Subject"), r)))
            .Select(r => $"{r.Item1} {Name(LiveOrgHost.Text(r.r, "OwnerId"))}").Order(StringComparer.Ordinal),
    ];
}
