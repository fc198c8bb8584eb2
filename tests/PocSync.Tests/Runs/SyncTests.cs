using System.Text.Json;
using PocSync.Ledger;
using PocSync.Simulator;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>Whole runs against a simulated org: what is written, what is not, and that a second run finds nothing left.</summary>
public abstract class SyncTests(LedgerProvider provider) : OnEachLedger(provider)
{
    [Fact]
    public async Task In_binding_package_a_second_run_finds_nothing_to_correct()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana, Gone, Ben, Dee),
            Rows((3, "Primary", Dee), (0, "Primary", Ana), (0, "Primary", Ben), (0, "Backup", Ana), (0, "Backup", Cy), (1, "Primary", Gone),
                (1, "Backup", Cy), (2, "Primary", Cy), (2, "Backup", Dee), (2, "Backup", Dee)));

        var first = await host.JsonAsync(0, "sync");
        var second = await host.JsonAsync(0, "sync");

        first.GetProperty("applied").GetInt32().ShouldBe(first.GetProperty("corrections").GetInt32());
        Rules(first).ShouldBe(["backup-present", "one-primary", "one-role-each", "owner-is-primary", "primary-able"], ignoreOrder: true);
        second.GetProperty("corrections").GetInt32().ShouldBe(0);
        (await host.RowsAsync(0)).ShouldBe(["Backup Cy", "Primary Ana"]);
        (await host.RowsAsync(1)).ShouldContain("Primary Cy");
        (await host.Org.OwnerAsync(Account(1))).ShouldBe(Cy);
        (await host.Org.OwnerAsync(Account(2))).ShouldBe(Cy);
        (await host.Org.RowsAsync("POC_Handoff__c")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task In_binding_team_a_second_run_finds_nothing_to_correct()
    {
        await using var host = await StartAsync("binding: team\nteamRoles: { Backup POC: Backup, Lead: Primary }\n" + Auto, Accounts(Ana, Gone, Ben),
            Team((0, Cy, "Lead"), (1, Cy, "Backup POC"), (1, Ben, "Sales Rep"), (2, Dee, "Backup POC")));

        var first = await host.JsonAsync(0, "sync");
        var second = await host.JsonAsync(0, "sync");

        Rules(first).ShouldBe(["backup-present", "one-primary", "primary-able"], ignoreOrder: true);
        second.GetProperty("corrections").GetInt32().ShouldBe(0);
        (await host.Org.OwnerAsync(Account(1))).ShouldBe(Cy);
        (await host.TeamAsync(1)).ShouldContain(m => m.StartsWith("Ben", StringComparison.Ordinal));
        (await host.TeamAsync(0)).ShouldNotContain(m => m.StartsWith("Cy Lead", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_binding_owner_a_second_run_finds_nothing_to_correct()
    {
        await using var host = await StartAsync("binding: owner\n" + Auto, Accounts(Gone, Ben, Cy));

        Rules(await host.JsonAsync(0, "sync")).ShouldBe(["primary-able"]);

        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_owner_change_keeps_the_team_and_names_beforehand_who_leaves_it(bool cascade)
    {
        await using var host = await StartAsync(
            new SimulatorOptions { CascadeChildren = cascade }, Auto, Accounts(Ana), Rows((0, "Primary", Ben), (0, "Backup", Dee)),
            Team((0, Ben, "Sales Rep"), (0, Cy, "Sales Rep"), (0, Dee, "Account Manager"), (0, Gone, "Executive Sponsor")));
        var before = await host.TeamAsync(0);

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(0, run.Error);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        (await host.TeamAsync(0)).ShouldBe(
            before.Where(m => !m.StartsWith("Ben", StringComparison.Ordinal) && !m.StartsWith("Gone", StringComparison.Ordinal)));
        run.Error.ShouldContain("Account 0 (0015f0000000000AAA): Gone, Executive Sponsor, leaves the account team");
        (await host.RunAsync("runs", "show", "1")).Output.ShouldContain($"Gone ({Gone}, Executive Sponsor) left the account team");
    }

    [Fact]
    public async Task What_the_org_refuses_is_told_in_its_words_and_left_alone_until_a_person_or_the_record_says_otherwise()
    {
        await using var host = await StartAsync(
            new SimulatorOptions { ValidationRules = [new("Account", "Site = null", "Give the site first.", "Site")] }, Auto, Accounts(Ana, Ana),
                Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Ana), (1, "Backup", Cy)));

        var first = await host.JsonAsync(5, "sync");
        var outcome = first.GetProperty("outcomes").EnumerateArray().ShouldHaveSingleItem();
        outcome.GetProperty("outcome").GetString().ShouldBe("refused");
        outcome.GetProperty("reason").GetString().ShouldBe("Give the site first.");

        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        var alone = (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().ShouldHaveSingleItem();
        alone.GetProperty("state").GetString().ShouldBe("refused");

        var id = alone.GetProperty("id").GetString()!;
        (await host.JsonAsync(5, "approve", id, "--reason", "try")).GetProperty("outcomes")[0].GetProperty("outcome").GetString().ShouldBe("refused");
        await host.ChangeAsync("Account", Account(0), new { Site = "Leeds" });
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
        (await host.JsonAsync(0, "approve", id, "--reason", "the site is there")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
    }

    [Fact]
    public async Task A_refusal_is_forgotten_once_the_finding_came_anew()
    {
        await using var host = await StartAsync(
            new SimulatorOptions { ValidationRules = [new("Account", "Site = null", "Give the site first.")] }, Auto, Accounts(Ana),
                Rows((0, "Primary", Ben), (0, "Backup", Cy)));
        await host.JsonAsync(5, "sync");
        await host.ChangeAsync("Account", Account(0), new { Site = "Leeds", OwnerId = Ben });
        await host.JsonAsync(0, "sync");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Ana });

        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_ledger_refuses_another_org()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana), Rows((0, "Primary", Ana), (0, "Backup", Cy)));
        await host.JsonAsync(0, "sync");
        await using var other = await StartAsync(Auto, new OrgTable("Organization", ["Id", "Name"], [["00D5f0000000002EAA", "Wren"]]), Accounts(Ana));
        other.Settings["Ledger:ConnectionString"] = host.Ledger.ConnectionString;

        var run = await other.RunAsync("sync");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain("This ledger belongs to the org Lark (00D5f0000000001EAA), and the login reaches Wren (00D5f0000000002EAA)");
    }

    [Fact]
    public async Task An_org_that_does_not_answer_leaves_a_line_in_the_ledger()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana));
        await host.Org.StopAsync();

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(3);
        run.Error.ShouldNotContain("   at ");
        var line = (await host.JsonAsync(0, "runs")).GetProperty("runs")[0];
        line.GetProperty("status").GetString().ShouldBe("failed");
        line.GetProperty("ended").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task A_scope_that_names_an_unknown_field_is_wrong_settings()
    {
        await using var host = await StartAsync("rules: { one-primary: { scope: \"Planet = 'Mars'\" } }", Accounts(Ana), Rows());

        var run = await host.RunAsync("sync");

        run.Status.ShouldBe(2);
        run.Error.ShouldContain("Planet");
    }

    [Fact]
    public async Task An_org_that_answers_with_far_fewer_records_is_held_until_a_person_says_that_they_are_gone()
    {
        var rows = Enumerable.Range(0, 40).Select(i => (i, "Primary", Ana)).Concat(Enumerable.Range(0, 40).Select(i => (i, "Backup", Cy))).ToArray();
        await using var host = await StartAsync(Auto, Accounts([.. Enumerable.Repeat(Ana, 40)]), Rows(rows));
        await host.JsonAsync(0, "sync");
        foreach (var row in (await host.Org.RowsAsync("POC_Assignment__c")).Where(r => Salesforce.LiveOrgHost.Text(r, "Role__c") == "Backup").Take(39)
            .ToList())
        {
            await host.DeleteAsync("POC_Assignment__c", Salesforce.LiveOrgHost.Text(row, "Id")!);
        }

        host.Settings["Guard:MaxChangedShare"] = "1";
        var held = await host.JsonAsync(4, "sync");
        held.GetProperty("refusals")[0].GetProperty("limit").GetString().ShouldBe("MinAnswered");
        (await host.JsonAsync(4, "sync")).GetProperty("held").GetInt32().ShouldBe(39);

        await host.JsonAsync(0, "approve", held.GetProperty("digest").GetString()!, "--reason", "they were deleted on purpose");
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    private static string[] Rules(JsonElement run) =>
        [.. run.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("rule").GetString()!).Distinct()];
}

public sealed class SyncTestsOnSqlite() : SyncTests(LedgerProvider.Sqlite);

public sealed class SyncTestsOnPostgreSql() : SyncTests(LedgerProvider.PostgreSql);
