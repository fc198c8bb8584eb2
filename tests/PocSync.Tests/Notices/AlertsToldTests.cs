using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>Who is told of alert records.</summary>
public abstract class AlertsToldTests(LedgerProvider provider)
{
    /// <summary>Nothing is corrected; what is an error is kept as a record.</summary>
    private const string Tell = "rules: { one-primary: { mode: alert }, owner-is-primary: { mode: alert }, primary-able: { mode: alert }, backup-present: { enabled: false } }";

    [Fact]
    public async Task Whoever_gets_records_is_told_once_in_one_message_however_many_they_are()
    {
        await using var host = await StartAsync(500);

        (await ToldAsync(host)).ShouldBe(["Ben: Please look at what is wrong with 500 accounts"]);
        LiveOrgHost.Text((await host.OutAsync()).Single(), "body")!.ShouldStartWith("Account 0 is owned by Ana, but its primary contact is Ben. ");
        await host.ChangeAsync("Account", Account(0), new { Name = "Wren" });
        (await ToldAsync(host)).ShouldBeEmpty("what a record says anew is not told again");
        await host.ChangeAsync("Account", Account(1), new { OwnerId = Ben });
        (await ToldAsync(host)).ShouldBeEmpty("what is over is not told");
        await host.ChangeAsync("Account", Account(1), new { OwnerId = Ana });
        (await ToldAsync(host)).ShouldBe(["Ben: Please look at what is wrong with Account 1"]);
        await host.ChangeAsync("User", Ben, new { IsActive = false });
        (await ToldAsync(host)).ShouldBe(["Ana: Please look at what is wrong with 500 accounts"], "the records pass to the manager of whoever is gone, with those of that");
    }

    [Fact]
    public async Task What_nobody_touches_for_three_working_days_is_told_to_the_manager_once()
    {
        // Friday noon in New York, where Ben works; the org keeps the days of UTC.
        await using var host = await StartAsync(1, "America/New_York");
        host.Clock.Advance(TimeSpan.FromDays(5) + TimeSpan.FromHours(9));
        await host.Org.PostAsync("clock", new { now = host.Clock.GetUtcNow() });
        (await ToldAsync(host)).ShouldBe(["Ben: Please look at what is wrong with Account 0"]);

        (await AfterAsync(host, TimeSpan.FromDays(4))).ShouldBeEmpty("Tuesday is the second working day");
        (await AfterAsync(host, TimeSpan.FromHours(23))).ShouldBeEmpty();
        (await AfterAsync(host, TimeSpan.FromHours(2))).ShouldBe(["Ana: Nobody has dealt with what is wrong with Account 0"]);
        (await AfterAsync(host, TimeSpan.FromDays(9))).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_accepted_as_it_was_found_is_told_to_nobody()
    {
        await using var host = await StartAsync(2);
        host.Settings["Notices:Channels"] = "None";
        await ToldAsync(host);
        (await host.RunAsync("baseline", "--reason", "as we found it")).Status.ShouldBe(0);
        host.Settings.Remove("Notices:Channels");

        (await ToldAsync(host)).ShouldBeEmpty();
        await host.ChangeAsync("User", Ben, new { IsActive = false });
        (await ToldAsync(host)).ShouldBe(["Ana: Please look at what is wrong with 2 accounts"], "that their contact is gone is new");
    }

    [Fact]
    public async Task What_a_fresh_handoff_lacks_is_asked_for_and_becomes_a_record_when_it_is_overdue()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        await ToldAsync(host);
        (await ToldAsync(host)).ShouldBeEmpty();
        (await host.Org.RowsAsync("POC_Alert__c")).ShouldBeEmpty();

        foreach (var handoff in await host.Org.RowsAsync("POC_Handoff__c"))
        {
            await host.ChangeAsync("POC_Handoff__c", LiveOrgHost.Text(handoff, "Id")!, new { Status__c = "Acknowledged" });
        }

        (await AfterAsync(host, TimeSpan.FromDays(5))).ShouldBeEmpty("due today");
        (await AfterAsync(host, TimeSpan.FromDays(1))).ShouldBe(["Ana: Please look at what is wrong with 2 accounts"], "who had them is gone, and Ana is to write");
        (await ToldAsync(host)).ShouldBeEmpty();
    }

    private async Task<RunHost> StartAsync(int accounts, string zone = "UTC")
    {
        var host = (await RunHost.StartAsync(provider, new SimulatorOptions(), Tell, NoticeHost.People(zone), Accounts([.. Enumerable.Repeat(Ana, accounts)]),
            Rows([.. Enumerable.Range(0, accounts).Select(i => (i, "Primary", Ben))]))).AtAllTimes();
        host.Settings["Guard:MaxCreated"] = "20000";
        if (zone != "UTC")
        {
            host.Settings.Remove("Notices:WorkingDays");
        }

        return host;
    }

    private static async Task<IEnumerable<string>> AfterAsync(RunHost host, TimeSpan time)
    {
        host.Clock.Advance(time);
        await host.Org.PostAsync("clock", new { now = host.Clock.GetUtcNow() });
        return await ToldAsync(host);
    }

    /// <summary>A run; gives what people were told by it.</summary>
    private static async Task<IEnumerable<string>> ToldAsync(RunHost host)
    {
        var before = await host.OutboxAsync();
        await host.JsonAsync(0, "sync");
        return (await host.OutboxAsync()).Beyond(before).Select(o => o["notification ".Length..]);
    }
}

public sealed class AlertsToldTestsOnSqlite() : AlertsToldTests(LedgerProvider.Sqlite);

public sealed class AlertsToldTestsOnPostgreSql() : AlertsToldTests(LedgerProvider.PostgreSql);
