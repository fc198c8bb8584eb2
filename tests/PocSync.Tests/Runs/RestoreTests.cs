using PocSync.Ledger;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>An older copy of the ledger is put back.</summary>
public abstract class RestoreTests(LedgerProvider provider) : OnEachLedger(provider)
{
    [Fact]
    public async Task A_ledger_from_before_a_run_makes_nothing_twice()
    {
        await using var host = await StartAsync("rules: { backup-present: { mode: propose } }", Accounts(Ana, Ben, Gone),
            Rows((0, "Primary", Ana), (1, "Primary", Ben), (1, "Backup", Cy), (2, "Primary", Gone), (2, "Backup", Ana)));
        await host.JsonAsync(0, "sync");
        await host.Org.FaultsAsync("503");
        (await host.RunAsync("approve", "--rule", "backup-present", "--reason", "seen")).Status.ShouldBe(3);
        await host.Org.FaultsAsync("");
        var copy = host.Ledger.BackUp();
        host.Rules(Auto);
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        var rows = await Task.WhenAll(host.RowsAsync(0), host.RowsAsync(2));
        rows[0].Length.ShouldBe(2);
        var made = (await host.Org.RowsAsync("POC_Assignment__c")).Count;

        host.Ledger.Restore(copy);
        var again = await host.JsonAsync(0, "sync");

        again.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("outcome").GetString()).ShouldBe(["alreadyDone"]);
        (await host.Org.RowsAsync("POC_Assignment__c")).Count.ShouldBe(made);
        (await host.RowsAsync(0)).ShouldBe(rows[0]);
        (await host.RowsAsync(2)).ShouldBe(rows[1]);
        (await host.Org.RowsAsync("POC_Handoff__c")).Count.ShouldBe(1);
    }
}

public sealed class RestoreTestsOnSqlite() : RestoreTests(LedgerProvider.Sqlite);

public sealed class RestoreTestsOnPostgreSql() : RestoreTests(LedgerProvider.PostgreSql);
