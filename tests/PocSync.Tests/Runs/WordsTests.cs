using PocSync.Simulator;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What the ledger tells is for readers who know the org, not PocSync.</summary>
public class WordsTests
{
    [Fact]
    public async Task People_and_accounts_have_names_and_records_the_orgs_own()
    {
        await using var host = await StartAsync(Auto + """

            names:
              POC_Assignment__c: Care__c
              POC_Assignment__c.User__c: Carer__c
              POC_Assignment__c.Ends_On__c: Until__c
            """, Accounts(Ana, Ana), new OrgTable("Care__c",
            ["Id", "Account__c", "Role__c", "Carer__c", "Starts_On__c", "Until__c", "Department__c", "Scope__c", "Sync_Key__c"],
            [
                ["a005f0000000001AAA", Account(0), "Primary", Ana, "2025-01-01", null, null, null, null],
                ["a005f0000000002AAA", Account(1), "Primary", Ana, "2025-01-01", null, null, null, null],
                ["a005f0000000003AAA", Account(1), "Backup", Ana, "2025-01-01", null, null, null, null],
                ["a005f0000000004AAA", Account(1), "Backup", Cy, "2025-01-01", null, null, null, null],
            ]));
        await host.RunAsync("plan", "--out", host.At("plan.json"));
        await host.ChangeAsync("Care__c", "a005f0000000003AAA", new { Until__c = "2026-12-31" });
        await host.RunAsync("apply", host.At("plan.json"));

        var told = (await host.RunAsync("runs", "show", "1")).Output;

        told.ShouldContain("because Until__c of the Care__c a005f0000000003AAA is '2026-12-31', not blank any more");
        told.ShouldContain($"+ Care__c Account__c Account 0 ({Account(0)}), Role__c Backup, Carer__c Cy ({Cy}), Starts_On__c 2026-11-22");
        (await host.RunAsync("changes")).Output.ShouldContain($"Carer__c blank → Cy ({Cy})");
    }

    [Fact]
    public async Task Findings_say_since_when_and_until_when_and_whether_only_a_setting_ended_them()
    {
        const string quiet = "rules:\n  owner-is-primary: { mode: alert }\n";
        await using var host = await StartAsync(quiet, Accounts(Ana, Ana), Rows((0, "Primary", Ben), (1, "Primary", Ana)));
        await host.JsonAsync(0, "sync");
        await host.RunAsync("baseline", "--rule", "owner-is-primary", "--reason", "known", "--as", "Olga");
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.ChangeAsync("Account", Account(1), new { OwnerId = Cy });
        await host.JsonAsync(0, "sync");

        var owners = (await FindingsAsync("--rule", "owner-is-primary")).ToDictionary(f => f.GetProperty("account").GetString()!);
        owners[Account(0)].GetProperty("openedRun").GetInt64().ShouldBe(1);
        owners[Account(0)].GetProperty("seenRun").GetInt64().ShouldBe(2);
        owners[Account(0)].GetProperty("baselineBy").GetString().ShouldBe("Olga");
        owners[Account(1)].GetProperty("openedRun").GetInt64().ShouldBe(2);
        (await FindingsAsync("--rule", "owner-is-primary", "--new")).ShouldHaveSingleItem().GetProperty("accountName").GetString().ShouldBe("Account 1");
        (await FindingsAsync("--rule", "owner-is-primary", "--account", Account(0), "--since", "2026-11-23")).ShouldBeEmpty();

        await host.ChangeAsync("Account", Account(1), new { OwnerId = Ana });
        await host.JsonAsync(0, "sync");
        host.Rules("rules:\n  owner-is-primary: { enabled: false }\n");
        await host.JsonAsync(0, "sync");

        var gone = (await FindingsAsync("--rule", "owner-is-primary", "--resolved")).ToDictionary(f => f.GetProperty("account").GetString()!);
        gone[Account(1)].GetProperty("resolvedRun").GetInt64().ShouldBe(3);
        gone[Account(1)].GetProperty("note").GetString().ShouldBeNull();
        gone[Account(0)].GetProperty("note").GetString().ShouldBe("no longer judged: the rule owner-is-primary is switched off");
        (await host.RunAsync("runs", "show", "4")).Output.ShouldContain("no longer judged: the rule is switched off");
        (await host.RunAsync("findings", "--resolved")).Output.ShouldContain("(run 1), resolved 2026-11-23");

        async Task<List<System.Text.Json.JsonElement>> FindingsAsync(params string[] args) =>
            [.. (await host.JsonAsync(0, ["findings", .. args])).GetProperty("findings").EnumerateArray()];
    }
}
