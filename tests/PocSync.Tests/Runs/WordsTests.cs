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
}
