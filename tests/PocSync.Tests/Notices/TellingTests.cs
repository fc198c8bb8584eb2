using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using PocSync.Tests.Salesforce;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>Who is told of what was written, and how often.</summary>
public abstract class TellingTests(LedgerProvider provider)
{
    private static readonly string[] OfTheLeaver =
    [
        "notification Ana: For Gone, who is gone: Please write the handoff notes of 300 accounts",
        "notification Ben: You are now the primary contact of 150 accounts",
        "notification Cy: You are now the primary contact of 150 accounts",
    ];

    [Fact]
    public async Task A_leaver_with_many_accounts_gives_each_receiver_one_bell_and_one_task()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 300)).AtAllTimes();

        (await host.RunAsync("sync")).Status.ShouldBe(0);

        (await host.OutboxAsync()).Select(o => o.Split(", and ")[0]).ShouldBe(OfTheLeaver);
        (await host.TasksAsync()).ShouldBe(
        [
            "Ana: For Gone, who is gone: Please write the handoff notes of 300 accounts", "Ben: You are now the primary contact of 150 accounts",
            "Cy: You are now the primary contact of 150 accounts",
        ]);
        (await host.Org.RowsAsync("Task")).ShouldAllBe(t => LiveOrgHost.Text(t, "WhatId") == null && LiveOrgHost.Text(t, "ActivityDate") != null);
        var body = LiveOrgHost.Text((await host.Org.RowsAsync("Task")).Single(t => Name(LiveOrgHost.Text(t, "OwnerId")) == "Ben"), "Description")!;
        body.Split('\n').Length.ShouldBe(21);
        body.ShouldContain("in place of Gone: Gone is no longer active.");
        body.ShouldContain($"/{Account(0)}");
        body.ShouldEndWith("/lightning/o/Account/list?filterName=MyAccounts");
        body.ShouldContain("And 130 more: ");
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await host.OutboxAsync()).Length.ShouldBe(3);
        (await host.TasksAsync()).Length.ShouldBe(3);
    }

    [Fact]
    public async Task What_the_org_lets_somebody_not_have_is_said_in_words_with_the_code_last()
    {
        var people = NoticeHost.People(more: [(Ana, "UserType", "PowerPartner"), .. new[] { Ben, Cy, Dee, Gone }.Select(u => (u, "UserType", "Standard"))]);
        await using var host = (await NoticeHost.LeaverAsync(provider, 2, people)).AtAllTimes();

        (await host.RunAsync("sync")).Error
            .ShouldContain("Task: 1 message to Ana cannot be sent: the org lets nobody with this kind of user own it (OP_WITH_INVALID_USER_TYPE_EXCEPTION).");
    }

    [Fact]
    public async Task Out_of_hours_messages_wait_and_go_as_one()
    {
        // A Sunday.
        await using var host = await NoticeHost.LeaverAsync(provider, 2);
        (await host.RunAsync("sync")).Error.ShouldContain("wait until people work again, the first until 2026-11-23 07:00 UTC.");
        (await host.OutboxAsync()).ShouldBeEmpty();
        await host.ChangeAsync("User", Cy, new { IsActive = false });
        host.Clock.Advance(TimeSpan.FromHours(2));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await host.OutboxAsync()).ShouldBeEmpty();

        host.Clock.Advance(TimeSpan.FromHours(22));
        (await host.RunAsync("sync")).Status.ShouldBe(0);

        (await host.OutboxAsync()).Count(o => o.StartsWith("notification Ana", StringComparison.Ordinal)).ShouldBe(1);
        (await host.OutboxAsync()).ShouldNotContain(o => o.StartsWith("notification Cy", StringComparison.Ordinal));
        (await host.TasksAsync()).ShouldNotContain(t => t.StartsWith("Cy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_undone_before_it_is_told_is_never_told_and_what_was_told_is_taken_back_once()
    {
        await using (var host = await NoticeHost.LeaverAsync(provider, 1))
        {
            (await host.RunAsync("sync")).Status.ShouldBe(0);
            await host.ChangeAsync("User", Gone, new { IsActive = true });
            (await host.RunAsync("undo", "1", "--reason", "a mistake")).Status.ShouldBe(0);
            host.AtAllTimes();
            host.Clock.Advance(TimeSpan.FromDays(1));
            (await host.RunAsync("sync")).Status.ShouldBe(0);
            (await host.OutboxAsync()).ShouldBeEmpty();
            (await host.TasksAsync()).ShouldBeEmpty();
        }

        await using (var host = (await NoticeHost.LeaverAsync(provider, 1)).AtAllTimes())
        {
            (await host.RunAsync("sync")).Status.ShouldBe(0);
            var told = await host.OutboxAsync();
            await host.ChangeAsync("User", Gone, new { IsActive = true });
            (await host.RunAsync("undo", "1", "--reason", "a mistake")).Status.ShouldBe(0);
            (await host.RunAsync("sync")).Status.ShouldBe(0);
            (await host.OutboxAsync()).Except(told).ShouldBe(
                ["notification Ana: What you were told of Account 0 was taken back", "notification Ben: What you were told of Account 0 was taken back"]);
        }
    }

    [Fact]
    public async Task Whoever_takes_an_account_over_is_told_what_is_open_there()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        await host.AddAsync("Opportunity", new { AccountId = Account(0), Name = "Renewal", StageName = "Prospecting", CloseDate = "2027-03-04" });
        await host.AddAsync("Opportunity", new { AccountId = Account(0), Name = "More", StageName = "Prospecting", CloseDate = "2027-02-03" });
        await host.AddAsync("Opportunity", new { AccountId = Account(0), Name = "Won", StageName = "Closed Won", CloseDate = "2026-01-01" });
        await host.AddAsync("Case", new { AccountId = Account(0), Subject = "Broken", IsEscalated = true });
        await host.AddAsync("Case", new { AccountId = Account(0), Subject = "Slow" });

        (await host.RunAsync("sync")).Status.ShouldBe(0);

        var lines = (await host.Org.RowsAsync("Task")).SelectMany(t => LiveOrgHost.Text(t, "Description")!.Split('\n')).Where(l => l.Contains("in place of Gone", StringComparison.Ordinal)).ToList();
        lines.Single(l => l.StartsWith("Account 0", StringComparison.Ordinal)).ShouldContain(" Open: 2 opportunities (the first closes on 2027-02-03) and 2 cases (1 escalated). ");
        lines.Single(l => l.StartsWith("Account 1", StringComparison.Ordinal)).ShouldNotContain("Open:");
    }

    [Fact]
    public async Task Where_the_owner_is_the_contact_both_owners_hear_of_a_change()
    {
        await using var host = (await RunHost.StartAsync(provider, new SimulatorOptions(), NoticeHost.Rules + "\nbinding: owner", NoticeHost.People(), Accounts(Gone, Ben))).AtAllTimes();
        host.Settings["Guard:MaxChangedShare"] = "1";

        (await host.RunAsync("sync")).Status.ShouldBe(0);

        (await host.OutboxAsync()).ShouldBe(
            ["notification Ana: For Gone, who is gone: Please write the handoff notes of Account 0, and 1 other thing", "notification Ben: You are now the primary contact of Account 0"]);
    }

    [Fact]
    public async Task While_writing_is_paused_nobody_is_told()
    {
        await using var host = await NoticeHost.LeaverAsync(provider, 1);
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        host.Clock.Advance(TimeSpan.FromDays(1));
        (await host.RunAsync("pause", "--reason", "quarter close")).Status.ShouldBe(0);
        (await host.RunAsync("sync")).Error.ShouldContain("Notices wait, because writing is paused.");
        (await host.OutboxAsync()).ShouldBeEmpty();
        (await host.RunAsync("resume", "--reason", "over")).Status.ShouldBe(0);
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await host.OutboxAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_the_org_refused()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        await host.Org.SetAsync(new { validationRules = new[] { new { @object = "POC_Assignment__c", condition = "Role__c = 'Primary'", message = "No.", field = "Role__c" } } });

        (await host.RunAsync("sync")).Status.ShouldBe(5);

        (await host.OutboxAsync()).ShouldBe(
            ["notification Ben: Please look at what is wrong with Account 0", "notification Cy: Please look at what is wrong with Account 1"], "only that it is still wrong");
        (await host.TasksAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_away_is_told_with_their_cover_and_who_wants_no_bell_gets_none()
    {
        var absence = new OrgTable("POC_Absence__c", ["Id", "User__c", "Starts_On__c", "Ends_On__c", "Cover__c"], [["a025f0000000001AAA", Ana, "2026-11-20", "2026-11-30", Dee]]);
        await using var host = (await NoticeHost.LeaverAsync(provider, 1, NoticeHost.People(null, (Ana, "POC_No_Notices__c", "Bell;Chatter")), absence)).AtAllTimes();
        (await host.RunAsync("sync")).Status.ShouldBe(0);

        (await host.OutboxAsync()).ShouldNotContain(o => o.Contains(" Ana:"));
        (await host.TasksAsync()).ShouldContain("Ana: For Gone, who is gone: Please write the handoff notes of Account 0");
        (await host.TasksAsync()).ShouldContain("Dee: For Ana, who is away until 2026-11-30: Please write the handoff notes of Account 0");
        (await host.OutboxAsync()).ShouldContain(o => o.StartsWith("notification Dee: For Ana, who is away until 2026-11-30: Please", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_beyond_the_limit_of_bells_waits_and_says_so()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        host.Settings["Notices:MaxBellsAnHour"] = "2";

        (await host.RunAsync("sync")).Error.ShouldContain("Bell: 1 message waits until 2026-11-22 09:00 UTC, since 2 may go in 1 h (Notices:MaxBellsAnHour).");
        (await host.OutboxAsync()).Length.ShouldBe(2);
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await host.OutboxAsync()).Length.ShouldBe(2);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        (await host.OutboxAsync()).Length.ShouldBe(3);
        (await host.TasksAsync()).Length.ShouldBe(3);
    }

    [Fact]
    public async Task An_org_without_the_notification_type_still_has_its_tasks_and_is_told_of_once()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        await host.Org.SetAsync(new { hidden = new[] { "CustomNotificationType" } });

        var run = await host.RunAsync("sync");

        run.Error.Split("Bell cannot be used").Length.ShouldBe(2);
        (await host.TasksAsync()).Length.ShouldBe(3);
    }
}

public sealed class TellingTestsOnSqlite() : TellingTests(LedgerProvider.Sqlite);

public sealed class TellingTestsOnPostgreSql() : TellingTests(LedgerProvider.PostgreSql);
