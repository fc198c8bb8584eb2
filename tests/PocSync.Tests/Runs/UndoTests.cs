using System.Text.Json;
using PocSync.Ledger;
using PocSync.Simulator;
using static PocSync.Tests.Runs.RunHost;
using static PocSync.Tests.Salesforce.LiveOrgHost;

namespace PocSync.Tests.Runs;

/// <summary>What is undone goes back as it was, what people changed since stays and is named, and no later run does it again.</summary>
public abstract class UndoTests(LedgerProvider provider) : OnEachLedger(provider)
{
    public static TheoryData<string, string> Orgs => new()
    {
        { "switch", "owner, rows, team, handoff and Backup" },
        { "several", "rows that start today are deleted, the others end" },
        { "backup", "a Backup is picked" },
        { "team", "members lose and get their place on the team" },
        { "owner", "only the owner" },
    };

    [Theory]
    [MemberData(nameof(Orgs))]
    public async Task An_undo_puts_the_org_back_and_no_later_run_does_it_again(string kind, string what)
    {
        await using var host = await OfAsync(kind);
        var original = await StateAsync(host);
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBeGreaterThan(0, what);
        (await StateAsync(host)).ShouldNotBe(original);

        // The org gives no account back to an inactive user.
        await host.ChangeAsync("User", Gone, new { IsActive = true });
        var undo = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake", "--as", "Olga");

        undo.GetProperty("kind").GetString().ShouldBe("undo");
        undo.GetProperty("stays").GetArrayLength().ShouldBe(0, undo.GetProperty("stays").ToString());
        (await StateAsync(host)).ShouldBe(original);

        await host.ChangeAsync("User", Gone, new { IsActive = false });
        var again = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake");
        again.GetProperty("corrections").GetInt32().ShouldBe(0);
        again.GetProperty("applied").GetInt32().ShouldBe(0);

        var sync = await host.JsonAsync(0, "sync");
        sync.GetProperty("applied").GetInt32().ShouldBe(0, sync.GetProperty("outcomes").ToString());
        (await StateAsync(host)).ShouldBe(original);
        (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().Where(c => c.GetProperty("state").GetString() == "undone")
            .ShouldAllBe(c => c.GetProperty("reasons")[0].GetString() == "Olga undid it: a mistake");
    }

    [Theory]
    [MemberData(nameof(Orgs))]
    public async Task An_undo_is_undone_like_any_run(string kind, string what)
    {
        await using var host = await OfAsync(kind);
        var original = await StateAsync(host);
        await host.JsonAsync(0, "sync");
        var corrected = await StateAsync(host);
        await host.ChangeAsync("User", Gone, new { IsActive = true });
        await host.JsonAsync(0, "undo", "1", "--reason", "a mistake");

        await host.JsonAsync(0, "undo", "2", "--reason", "it was right");
        (await StateAsync(host)).ShouldBe(corrected, what);
        await host.ChangeAsync("User", Gone, new { IsActive = false });
        (await host.JsonAsync(0, "sync")).GetProperty("corrections").GetInt32().ShouldBe(0);

        await host.ChangeAsync("User", Gone, new { IsActive = true });
        await host.JsonAsync(0, "undo", "1", "--reason", "it was wrong after all");
        (await StateAsync(host)).ShouldBe(original);
    }

    [Fact]
    public async Task What_somebody_changed_since_stays_and_is_named_and_the_rest_goes_back()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana, Ana),
            Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Ben), (1, "Backup", Cy)));
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(2);
        await host.ChangeAsync("Account", Account(1), new { OwnerId = Dee });

        var dry = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake", "--dry-run");
        dry.GetProperty("corrections").GetArrayLength().ShouldBe(1);
        dry.GetProperty("stays")[0].GetProperty("sentence").GetString().ShouldBe(
            $"OwnerId of the Account {Account(1)} is Dee ({Dee}) now, not Ben ({Ben}) as run 1 wrote it, and stays so");
        (await host.JsonAsync(0, "runs")).GetProperty("runs").GetArrayLength().ShouldBe(1);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);

        var undo = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake");
        undo.GetProperty("stays").GetRawText().ShouldBe(dry.GetProperty("stays").GetRawText());
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ana);
        (await host.Org.OwnerAsync(Account(1))).ShouldBe(Dee);
    }

    [Fact]
    public async Task Where_somebody_changed_the_new_Primary_row_the_old_one_stays_ended()
    {
        await using var host = await OfAsync("switch");
        await host.JsonAsync(0, "sync");
        await host.ChangeAsync("User", Gone, new { IsActive = true });
        var primary = (await host.Org.RowsAsync("POC_Assignment__c"))
            .Single(r => Text(r, "Account__c") == Account(0) && Text(r, "Role__c") == "Primary" && Text(r, "User__c") != Gone);
        await host.ChangeAsync("POC_Assignment__c", Text(primary, "Id")!, new { Scope__c = "EMEA" });

        var undo = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake");

        undo.GetProperty("stays").EnumerateArray().Select(s => s.GetProperty("sentence").GetString()!).ShouldContain(s => s.Contains("Scope__c of the POC_Assignment__c"));
        undo.GetProperty("stays").EnumerateArray().Select(s => s.GetProperty("sentence").GetString()!).ShouldContain(s => s.Contains("that took its place was changed"));
        (await host.RowsAsync(0)).Count(r => r.StartsWith("Primary", StringComparison.Ordinal)).ShouldBe(1);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Gone);
    }

    [Fact]
    public async Task What_the_org_would_not_take_back_is_listed_beforehand()
    {
        await using var host = await OfAsync("owner");
        await host.JsonAsync(0, "sync");

        var dry = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake", "--dry-run");

        dry.GetProperty("corrections").GetArrayLength().ShouldBe(0);
        dry.GetProperty("stays")[0].GetProperty("sentence").GetString()!.ShouldStartWith($"the owner stays Ben ({Ben}): Gone ({Gone})");
    }

    [Theory]
    [MemberData(nameof(Orgs))]
    public async Task What_was_undone_in_part_is_not_done_again_either(string kind, string what)
    {
        await using var host = await OfAsync(kind);
        await host.JsonAsync(0, "sync");
        await host.JsonAsync(0, "undo", "1", "--reason", "a mistake");
        var undone = await StateAsync(host);

        var sync = await host.JsonAsync(0, "sync");

        sync.GetProperty("applied").GetInt32().ShouldBe(0, what + sync.GetProperty("outcomes"));
        (await StateAsync(host)).ShouldBe(undone);
    }

    [Fact]
    public async Task A_handoff_that_people_worked_on_stays()
    {
        await using var host = await OfAsync("switch");
        await host.JsonAsync(0, "sync");
        await host.ChangeAsync("User", Gone, new { IsActive = true });
        await host.ChangeAsync("POC_Handoff__c", Text((await host.Org.RowsAsync("POC_Handoff__c"))[0], "Id")!, new { Notes__c = "Call them on Mondays." });

        var undo = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake");

        undo.GetProperty("stays").EnumerateArray().ShouldHaveSingleItem().GetProperty("sentence").GetString()!.ShouldStartWith("Notes__c of the POC_Handoff__c");
        (await host.Org.RowsAsync("POC_Handoff__c")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_later_run_wrote_again_is_undone_first()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy)));
        await host.JsonAsync(0, "sync");
        var row = Text((await host.Org.RowsAsync("POC_Assignment__c")).Single(r => Text(r, "Role__c") == "Primary"), "Id")!;
        await host.ChangeAsync("POC_Assignment__c", row, new { User__c = Dee });
        (await host.JsonAsync(0, "sync")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Dee);

        var early = await host.JsonAsync(0, "undo", "1", "--reason", "a mistake", "--dry-run");
        early.GetProperty("stays")[0].GetProperty("sentence").GetString()!.ShouldEndWith("was written again by run 2: undo that first");

        (await host.JsonAsync(0, "undo", "--account", Account(0), "--reason", "a mistake")).GetProperty("applied").GetInt32().ShouldBe(2);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ana);
    }

    [Fact]
    public async Task What_PocSync_made_and_took_away_again_does_not_come_back_with_a_second_undo()
    {
        await using var host = await OfAsync("switch");
        await host.JsonAsync(0, "sync");
        var taken = Name(await host.Org.OwnerAsync(Account(0)));
        await host.AddAsync("POC_Assignment__c", new { Account__c = Account(0), Role__c = "Primary", User__c = Dee, Starts_On__c = "2026-11-22" });
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Dee });
        await host.JsonAsync(0, "sync");
        (await host.RowsAsync(0)).ShouldNotContain($"Primary {taken}");

        await host.JsonAsync(0, "undo", "--account", Account(0), "--reason", "a mistake");
        (await host.JsonAsync(0, "undo", "--account", Account(0), "--reason", "a mistake")).GetProperty("corrections").GetInt32().ShouldBe(0);

        (await host.RowsAsync(0)).Where(r => r.StartsWith("Primary", StringComparison.Ordinal)).ShouldBe(["Primary Dee", "Primary Gone"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_guard_holds_an_undo_like_any_plan_and_a_person_releases_it()
    {
        await using var host = await StartAsync(Auto, Accounts(Ana, Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Ben), (1, "Backup", Cy)));
        await host.JsonAsync(0, "sync");
        host.Settings["Guard:MaxChanged"] = "1";

        var held = await host.JsonAsync(4, "undo", "1", "--reason", "a mistake");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        (await host.JsonAsync(0, "approve", held.GetProperty("digest").GetString()![..12], "--reason", "counted")).GetProperty("applied").GetInt32().ShouldBe(2);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ana);
        (await host.JsonAsync(0, "undo", "1", "--reason", "a mistake")).GetProperty("corrections").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task An_undo_that_is_held_outlives_the_next_run_and_hides_nothing_of_what_that_proposes()
    {
        await using var host = await StartAsync(Auto.Replace("backup-present: { mode: auto }", "backup-present: { mode: propose }", StringComparison.Ordinal),
            Accounts(Ana, Ana, Cy), Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Ben), (1, "Backup", Cy), (2, "Primary", Cy)));
        await host.JsonAsync(0, "sync");
        host.Settings["Guard:MaxChanged"] = "1";
        var held = await host.JsonAsync(4, "undo", "1", "--reason", "a mistake");

        await host.JsonAsync(0, "sync");
        var open = (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().ToList();
        open.Count(c => c.GetProperty("state").GetString() == "held").ShouldBe(2);
        open.Count(c => c.GetProperty("state").GetString() == "waits").ShouldBe(1);

        // What is said of a rule is said of what it proposes, not of what goes back.
        (await host.RunAsync("approve", "--rule", "owner-is-primary", "--reason", "fine")).Error.ShouldContain("Nothing that waits or is held is of the rule");
        (await host.JsonAsync(0, "approve", held.GetProperty("digest").GetString()![..12], "--reason", "counted")).GetProperty("applied").GetInt32().ShouldBe(2);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ana);
        (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().ShouldHaveSingleItem().GetProperty("state").GetString().ShouldBe("waits");
    }

    [Fact]
    public async Task An_approval_does_again_what_was_undone()
    {
        await using var host = await OfAsync("backup");
        await host.JsonAsync(0, "sync");
        var id = (await host.JsonAsync(0, "runs", "show", "1")).GetProperty("outcomes")[0].GetProperty("id").GetString()!;
        (await host.JsonAsync(0, "undo", "--correction", id[..8], "--reason", "Ana needs none", "--as", "Olga")).GetProperty("applied").GetInt32().ShouldBe(1);
        await host.JsonAsync(0, "sync");

        var undone = (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().ShouldHaveSingleItem();
        undone.GetProperty("reasons")[0].GetString().ShouldBe("Olga undid it: Ana needs none");
        (await host.JsonAsync(0, "approve", undone.GetProperty("id").GetString()!, "--reason", "she does")).GetProperty("applied").GetInt32().ShouldBe(1);
        (await host.RowsAsync(0)).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("Say what to undo", "undo", "--reason", "x")]
    [InlineData("The ledger has no run 7", "undo", "7", "--reason", "x")]
    [InlineData("PocSync wrote no correction 'abcdefab'", "undo", "--correction", "abcdefab", "--reason", "x")]
    [InlineData("'nobody' is no id of an account", "undo", "--account", "nobody", "--reason", "x")]
    public async Task What_cannot_be_told_is_said_in_a_sentence(string sentence, params string[] args)
    {
        await using var host = await OfAsync("backup");
        await host.JsonAsync(0, "sync");

        var run = await host.RunAsync(args);

        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
    }

    private Task<RunHost> OfAsync(string kind) => kind switch
    {
        "switch" => StartAsync(Auto, Accounts(Gone, Ben, Ana),
            Rows((0, "Primary", Gone), (0, "Backup", Cy), (1, "Primary", Ben), (1, "Backup", Ana), (2, "Primary", Ana), (2, "Backup", Ben)),
            Team((0, Cy, "Sales Rep"), (0, Ben, "Account Manager"), (0, Gone, "Executive Sponsor"))),
        "several" => StartAsync(Auto, Accounts(Ana), new OrgTable("POC_Assignment__c",
            ["Id", "Account__c", "Role__c", "User__c", "Starts_On__c", "Ends_On__c"],
            [
                ["a005f0000000001AAA", Account(0), "Primary", Ana, "2025-01-01", null], ["a005f0000000002AAA", Account(0), "Primary", Ben, "2025-01-01", null],
                ["a005f0000000003AAA", Account(0), "Primary", Cy, "2026-11-22", "2027-01-31"], ["a005f0000000004AAA", Account(0), "Backup", Dee, "2025-01-01", null],
                ["a005f0000000005AAA", Account(0), "Primary", Cy, "2026-11-22", null],
            ])),
        "backup" => StartAsync(Auto, Accounts(Ana, Ben), Rows((0, "Primary", Ana), (1, "Primary", Ben), (1, "Backup", Cy))),
        "team" => StartAsync("binding: team\nteamRoles: { Backup POC: Backup, Lead: Primary }\n" + Auto, Accounts(Ana, Gone, Ben),
            Team((0, Cy, "Lead"), (1, Cy, "Backup POC"), (1, Ben, "Sales Rep"), (2, Ana, "Backup POC"))),
        _ => StartAsync("binding: owner\n" + Auto, Accounts(Gone, Ben, Cy)),
    };

    /// <summary>All that PocSync writes, without the ids of rows.</summary>
    private static async Task<string[]> StateAsync(RunHost host)
    {
        string[] objects = ["Account", "POC_Assignment__c", "AccountTeamMember", "POC_Handoff__c", "Task"];
        string[] fields =
        [
            "OwnerId", "Account__c", "Role__c", "User__c", "Starts_On__c", "Ends_On__c", "AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel",
            "OpportunityAccessLevel", "CaseAccessLevel", "ContactAccessLevel", "From_User__c", "To_User__c", "Subject",
        ];
        var state = new List<string>();
        foreach (var name in objects)
        {
            state.AddRange((await host.Org.RowsAsync(name)).Select(r => $"{name} {string.Join(' ', fields.Select(f => r.TryGetProperty(f, out var v) && v.ValueKind != JsonValueKind.Null ? $"{f}={v}" : null).OfType<string>())}{(name == "Account" ? Text(r, "Id") : "")}"));
        }

        return [.. state.Order(StringComparer.Ordinal)];
    }
}

public sealed class UndoTestsOnSqlite() : UndoTests(LedgerProvider.Sqlite);

public sealed class UndoTestsOnPostgreSql() : UndoTests(LedgerProvider.PostgreSql);
