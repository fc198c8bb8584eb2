using PocSync.Ledger;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>A plan's file applied to the org.</summary>
public abstract class ApplyTests(LedgerProvider provider) : OnEachLedger(provider)
{
    [Fact]
    public async Task What_moved_is_stale_and_untouched_and_the_rest_is_written()
    {
        await using var host = await StartAsync("{}", Accounts(Ana, Ana, Ana),
            Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Cy), (1, "Backup", Ben), (2, "Primary", Ben), (2, "Backup", Cy)));
        (await host.RunAsync("plan", "--out", host.At("plan.json"))).Status.ShouldBe(0);
        await host.ChangeAsync("Account", Account(1), new { OwnerId = Dee });

        var run = await host.JsonAsync(5, "apply", host.At("plan.json"), "--as", "Olga");

        run.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("outcome").GetString()).Order(StringComparer.Ordinal)
            .ShouldBe(["stale", "written", "written"]);
        run.GetProperty("outcomes").EnumerateArray().Single(o => o.GetProperty("outcome").GetString() == "stale").GetProperty("reason").GetString()
            .ShouldBe($"OwnerId of the Account {Account(1)} is Dee ({Dee}), not Ana ({Ana}) any more");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ben);
        (await host.Org.OwnerAsync(Account(1))).ShouldBe(Dee);
        run.GetProperty("outcomes").EnumerateArray().First(o => o.GetProperty("outcome").GetString() == "written").GetProperty("approvedBy")
            .GetString()
            .ShouldBe("Olga: applied the plan");
    }

    [Fact]
    public async Task Applied_twice_it_does_nothing_the_second_time()
    {
        await using var host = await StartAsync("{}", Accounts(Ana, Ben), Rows((0, "Primary", Ana), (1, "Primary", Ben), (1, "Backup", Cy)));
        await host.RunAsync("plan", "--out", host.At("plan.json"));
        await host.JsonAsync(0, "apply", host.At("plan.json"));
        var rows = (await host.Org.RowsAsync("POC_Assignment__c")).Count;

        var again = await host.JsonAsync(0, "apply", host.At("plan.json"));

        again.GetProperty("outcomes").EnumerateArray().ShouldAllBe(o => o.GetProperty("outcome").GetString() == "alreadyDone");
        (await host.Org.RowsAsync("POC_Assignment__c")).Count.ShouldBe(rows);
    }

    [Fact]
    public async Task It_passes_the_guard_like_any_other()
    {
        await using var host = await StartAsync("{}", Accounts(Ana, Ana, Ana),
            Rows((0, "Primary", Ben), (0, "Backup", Cy), (1, "Primary", Cy), (1, "Backup", Ben), (2, "Primary", Ben), (2, "Backup", Cy)));
        await host.RunAsync("plan", "--out", host.At("plan.json"));
        host.Settings["Guard:MaxChanged"] = "2";

        var held = await host.JsonAsync(4, "apply", host.At("plan.json"));

        held.GetProperty("outcomes").GetArrayLength().ShouldBe(0);
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ana);
        (await host.JsonAsync(0, "approve", held.GetProperty("digest").GetString()![..12], "--reason", "counted")).GetProperty("applied").GetInt32()
            .ShouldBe(3);
    }

    [Fact]
    public async Task A_plan_of_another_org_is_refused()
    {
        await using var host = await StartAsync("{}", Accounts(Ana), Rows((0, "Primary", Ben), (0, "Backup", Cy)));
        await host.RunAsync("plan", "--out", host.At("plan.json"));
        File.WriteAllText(host.At("plan.json"),
            File.ReadAllText(host.At("plan.json")).Replace("00D5f0000000001EAA", "00D5f0000000009EAA", StringComparison.Ordinal));

        var run = await host.RunAsync("apply", host.At("plan.json"));

        run.Status.ShouldBe(3);
        run.Output.ShouldContain("The plan was made for the org 00D5f0000000009EAA");
        (await host.Org.OwnerAsync(Account(0))).ShouldBe(Ana);
    }
}

public sealed class ApplyTestsOnSqlite() : ApplyTests(LedgerProvider.Sqlite);

public sealed class ApplyTestsOnPostgreSql() : ApplyTests(LedgerProvider.PostgreSql);
