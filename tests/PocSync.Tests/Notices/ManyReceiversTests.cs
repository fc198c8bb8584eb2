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
}
