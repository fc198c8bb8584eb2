using System.Globalization;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Simulator;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>A change that concerns thousands of people at once.</summary>
public sealed class ManyReceiversTests
{
    /// <summary>One of them is PocSync's own user, who is never told.</summary>
    private const int People = 6_001;

    [Fact]
    public async Task Bells_for_thousands_of_people_stay_within_the_hours_limit_and_say_how_many_wait()
    {
        string User(int i) => RecordId.Parse($"0055f1{i:D9}").ToString();
        await using var host = await RunHost.StartAsync(LedgerProvider.Sqlite, new SimulatorOptions(), Auto,
            new OrgTable("User", ["Id", "Username", "Name", "IsActive"], [.. Enumerable.Range(0, People).Select(i => (string?[])[User(i), $"u{i}@x.example", $"User {i}", "true"])]),
            Accounts(User(0)));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        await new NewsBook(database, host.Clock).AddAsync([.. Enumerable.Range(0, People).Select(i =>
            new News(string.Create(CultureInfo.InvariantCulture, $"n{i}"), NewsKind.BecameBackup, RecordId.Parse(User(i))) { Account = RecordId.Parse(Account(0)), AccountName = "Account 0", Reason = "It is so." })]);
        var settings = new NoticeSettings { Hours = new WorkingHours(TimeOnly.MinValue, TimeOnly.MinValue, new HashSet<DayOfWeek>()) };
        var links = new NoticeLinks(host.Org.Simulator.Url, null);
        async Task<CourierReport> SendAsync() => await new Courier(
            host.Org.Org, host.Org.People, new Mail(database, host.Clock), [.. settings.Channels.Select(c => host.Org.Channels.Of(c, Names.None, links)!)], settings, links)
            .SendAsync(Names.None, host.Clock.GetUtcNow(), default);
        var calls = await host.Org.CallsAsync();

        var first = await SendAsync();

        first.Sent.ShouldBe(new Dictionary<ChannelKind, int> { [ChannelKind.Bell] = 5000 });
        first.Waiting.ShouldBe(["Bell: 1,000 messages wait until 2026-11-22 09:00 UTC, since 5,000 may go in 1 h (Notices:MaxBellsAnHour)."]);
        (await host.Org.CallsAsync() - calls).ShouldBeLessThan(220);
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        (await SendAsync()).Sent.ShouldBeEmpty();
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await SendAsync()).Sent.ShouldBe(new Dictionary<ChannelKind, int> { [ChannelKind.Bell] = 1000 });
        (await host.OutAsync()).SelectMany(o => o.GetProperty("recipients").EnumerateArray()).Select(r => r.GetString()).Distinct().Count().ShouldBe(People - 1);
    }

    [Fact]
    public async Task Many_reassignments_of_one_run_are_told_within_every_limit_and_the_log_says_what_waits_until_when()
    {
        const int people = 60, accounts = 600;
        string User(int i) => RecordId.Parse($"0055f1{i:D9}").ToString();
        await using var host = (await RunHost.StartAsync(LedgerProvider.Sqlite, new SimulatorOptions(), NoticeHost.Rules,
            new OrgTable("User", ["Id", "Username", "Name", "IsActive", "Email"],
            [
                [Gone, "gone@x.example", "Gone", "false", null],
                .. Enumerable.Range(0, people).Select(i => (string?[])[User(i), $"u{i}@x.example", $"User {i}", "true", $"u{i}@x.example"]),
            ]),
            Accounts([.. Enumerable.Repeat(Gone, accounts)]), Rows([.. Enumerable.Range(0, accounts).SelectMany(i => new[] { (i, "Primary", Gone), (i, "Backup", User(i % people)) })]))).AtAllTimes();
        (host.Settings["Guard:MaxChanged"], host.Settings["Guard:MaxCreated"], host.Settings["Guard:MaxChangedShare"]) = ("20000", "20000", "1");
        (host.Settings["Notices:Channels"], host.Settings["Notices:MaxBellsAnHour"], host.Settings["Notices:MaxEmailsADay"]) = ("Task, Bell, Email", "25", "40");
        var told = new List<int>();
        async Task<string> TellAsync(TimeSpan later)
        {
            host.Clock.Advance(later);
            var run = await host.RunAsync("sync");
            run.Status.ShouldBe(0, run.Error);
            told.Add((await host.OutAsync()).Count);
            return run.Error;
        }

        var first = await TellAsync(TimeSpan.Zero);
        first.ShouldContain("60 Task messages sent. 25 Bell messages sent. 40 Email messages sent.");
        first.ShouldContain("Bell: 35 messages wait until 2026-11-22 09:00 UTC, since 25 may go in 1 h (Notices:MaxBellsAnHour).");
        first.ShouldContain("Email: 20 messages wait until 2026-11-23 08:00 UTC, since 40 may go in 24 h (Notices:MaxEmailsADay).");
        await TellAsync(TimeSpan.FromMinutes(59));
        (await TellAsync(TimeSpan.FromMinutes(2))).ShouldContain("Bell: 10 messages wait until 2026-11-22 10:01 UTC");
        await TellAsync(TimeSpan.FromMinutes(61));
        await TellAsync(TimeSpan.FromDays(1));
        await TellAsync(TimeSpan.FromDays(1));

        told.ShouldBe([65, 65, 90, 100, 120, 120]);
        (await host.OutAsync()).GroupBy(o => $"{o.GetProperty("kind")} {o.GetProperty("recipients")[0]}").ShouldAllBe(g => g.Count() == 1);
        (await host.Org.RowsAsync("Task")).Count.ShouldBe(people);
    }
}
