using System.Text.Json;
using PocSync.Simulator;
using static PocSync.Tests.Runs.RunHost;
using static PocSync.Tests.Salesforce.LiveOrgHost;

namespace PocSync.Tests.Runs;

/// <summary>What is undone goes back as it was, what people changed since stays and is named, and no later run does it again.</summary>
public class UndoTests
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

    private static Task<RunHost> OfAsync(string kind) => kind switch
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
