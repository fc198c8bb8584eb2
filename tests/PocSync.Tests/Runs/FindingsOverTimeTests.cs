using PocSync.Ledger;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What the ledger keeps of findings, and for how long it keeps what.</summary>
public abstract class FindingsOverTimeTests(LedgerProvider provider) : OnEachLedger(provider)
{
    [Fact]
    public async Task A_finding_that_returns_opens_anew()
    {
        await using var host = await StartAsync("rules: { owner-is-primary: { mode: alert } }", Accounts(Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy)));
        string Spells() => string.Join(' ', host.Ledger.Query("SELECT \"OpenedRun\", \"SeenRun\", \"ResolvedRun\", \"Count\" FROM findings WHERE \"Rule\" = 'owner-is-primary' ORDER BY \"Id\""));

        await host.JsonAsync(0, "sync");
        await host.JsonAsync(0, "sync");
        Spells().ShouldBe("1|2||1");

        await host.ChangeAsync("Account", Account(0), new { OwnerId = Ben });
        await host.JsonAsync(0, "sync");
        await host.ChangeAsync("Account", Account(0), new { OwnerId = Dee });
        await host.JsonAsync(0, "sync");
        Spells().ShouldBe("1|2|3|1 4|4||1");
        host.Ledger.Query("SELECT \"Sentence\" FROM findings WHERE \"ResolvedRun\" IS NULL AND \"Rule\" = 'owner-is-primary'").ShouldHaveSingleItem().ShouldContain("Dee");
    }

    [Fact]
    public async Task Findings_that_share_a_key_are_counted()
    {
        await using var host = await StartAsync("{}", Accounts(Ana),
            Rows((0, "Primary", Ana), (0, "Backup", Cy), (0, "Backup", Cy), (0, "Backup", Dee), (0, "Backup", Dee)));

        var json = await host.JsonAsync(0, "sync");

        var counted = host.Ledger.Query("SELECT SUM(\"Count\"), COUNT(*) FROM findings").ShouldHaveSingleItem().Split('|').Select(int.Parse).ToList();
        counted[0].ShouldBe(json.GetProperty("findings").GetInt32());
        counted[1].ShouldBeLessThan(counted[0]);
    }

    [Fact]
    public async Task A_run_that_judged_everything_leaves_its_watermarks()
    {
        await using var host = await StartAsync("{}", Accounts(Ana), Rows((0, "Primary", Ana)));
        await host.JsonAsync(0, "sync");
        await host.JsonAsync(0, "sync");
        await host.RunAsync("plan", "--out", host.At("plan.json"));
        await host.JsonAsync(0, "apply", host.At("plan.json"));

        host.Ledger.Query($"SELECT \"Run\" FROM watermarks WHERE \"Object\" = 'Account' AND \"At\" = {host.Clock.GetUtcNow().UtcTicks}").ShouldBe(["2"]);
    }

    [Fact]
    public async Task What_two_plans_propose_is_kept_once()
    {
        await using var host = await StartAsync("rules: { backup-present: { mode: propose } }", Accounts(Ana, Ana, Ana, Cy),
            Rows((0, "Primary", Ana), (1, "Primary", Ana), (2, "Primary", Ana), (3, "Primary", Cy), (3, "Backup", Ben)));
        await host.JsonAsync(0, "sync");
        await host.AddAsync("POC_Assignment__c", new { Account__c = Account(0), Role__c = "Backup", User__c = Ben, Starts_On__c = "2026-01-01" });
        await host.JsonAsync(0, "sync");

        host.Ledger.Query("SELECT \"Plan\", COUNT(*) FROM planned GROUP BY \"Plan\" ORDER BY \"Plan\"").ShouldBe(["1|1", "2|2"]);
        host.Ledger.Query("SELECT DISTINCT \"SinceRun\" FROM planned").ShouldBe(["1"]);
        (await host.RunAsync("runs", "show", "1")).Output.ShouldContain("2 corrections that it left to people are not listed here any more");
        (await host.JsonAsync(0, "approvals")).GetProperty("corrections").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task What_is_old_goes_and_what_still_counts_stays()
    {
        await using var host = await StartAsync("rules: { backup-present: { mode: propose } }", Accounts(Ana, Ana, Ana, Cy),
            Rows((0, "Primary", Ana), (1, "Primary", Ana), (2, "Primary", Ana), (3, "Primary", Cy), (3, "Backup", Ben)));
        await host.JsonAsync(0, "sync");
        var ids = (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).ToList();
        await host.JsonAsync(0, "approve", ids[0], "--reason", "seen");
        (await host.RunAsync("reject", ids[1], "--reason", "no")).Status.ShouldBe(0);
        await host.JsonAsync(0, "sync");

        // Nobody decided on the third of the first plan; the newest plan stays whole.
        host.Clock.Advance(TimeSpan.FromDays(100));
        await host.JsonAsync(0, "sync");
        host.Ledger.Query("SELECT \"Correction\" FROM planned WHERE \"Plan\" = 1 ORDER BY \"Position\"").ShouldBe([ids[0], ids[1]]);
        (await host.RunAsync("runs", "show", "2")).Output.ShouldContain("Account 0");

        host.Clock.Advance(TimeSpan.FromDays(1100));
        await host.JsonAsync(0, "sync");
        (await host.RunAsync("runs", "show", "2")).Status.ShouldBe(2);
        host.Ledger.Query("SELECT COUNT(*) FROM outcomes").ShouldBe(["0"]);
        host.Ledger.Query("SELECT COUNT(*) FROM findings WHERE \"ResolvedRun\" IS NOT NULL AND \"ResolvedRun\" < 4").ShouldBe(["0"]);
        host.Ledger.Query("SELECT COUNT(*) FROM findings WHERE \"OpenedRun\" = 1 AND \"ResolvedRun\" IS NULL AND \"Rule\" = 'backup-present'").ShouldBe(["2"]);
        (await host.JsonAsync(0, "approvals")).GetProperty("corrections").EnumerateArray()
            .Single(c => c.GetProperty("id").GetString() == ids[1]).GetProperty("state").GetString().ShouldBe("rejected");
    }
}

public sealed class FindingsOverTimeTestsOnSqlite() : FindingsOverTimeTests(LedgerProvider.Sqlite);

public sealed class FindingsOverTimeTestsOnPostgreSql() : FindingsOverTimeTests(LedgerProvider.PostgreSql);
