using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Tests.Ledger;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>What becomes of messages when a channel does not take them.</summary>
public sealed class CourierTests
{
    private static readonly NoticeSettings Always = new()
    {
        Channels = [ChannelKind.Task],
        Hours = new WorkingHours(TimeOnly.MinValue, TimeOnly.MinValue, new HashSet<DayOfWeek>()),
    };

    [Fact]
    public async Task What_waits_for_a_channel_that_cannot_be_used_is_never_given_up_and_waits_an_hour_at_most()
    {
        await using var host = await WaitingAsync(1, "Task");
        var channel = new Scripted(ChannelKind.Task) { WhyNot = "it is not there" };
        for (var day = 0; day < 10; day++)
        {
            (await SendAsync(host, channel)).Unusable.ShouldBe(["Task cannot be used: it is not there."]);
            host.Ledger.Query("SELECT \"State\" FROM messages").ShouldAllBe(s => s == "Waiting");
            host.Ledger.Query("SELECT \"Attempts\" FROM messages").ShouldAllBe(a => a == "0");
            (await SendAsync(host, channel)).Unusable.ShouldBeEmpty("not at once again");
            host.Clock.Advance(TimeSpan.FromHours(1));
        }

        channel.WhyNot = null;
        (await SendAsync(host, channel)).Sent[ChannelKind.Task].ShouldBe(2);
    }

    [Fact]
    public async Task A_task_that_was_not_sent_is_never_given_up()
    {
        await using var host = await WaitingAsync(1, "Task");
        var channel = new Scripted(ChannelKind.Task) { Fate = Fate.NotSent };
        for (var day = 0; day < 10; day++)
        {
            (await SendAsync(host, channel)).Problems.ShouldHaveSingleItem().ShouldContain("will be tried again");
            host.Clock.Advance(TimeSpan.FromDays(1));
        }

        channel.Fate = Fate.Sent;
        (await SendAsync(host, channel)).Sent[ChannelKind.Task].ShouldBe(2);
    }

    [Fact]
    public async Task A_channel_that_does_not_answer_three_times_in_a_row_is_left_alone()
    {
        await using var host = await WaitingAsync(2, "Bell");
        // Four people: three of the leaver's, and one more news for their manager's manager.
        await using (var taken = await host.Ledger.TakeAsync())
        {
            await new NewsBook(await LedgerDatabase.OpenForRunsAsync(taken), host.Clock).AddAsync(
                [new News("more", NewsKind.BecameBackup, RecordId.Parse(Dee)) { Account = RecordId.Parse(Account(0)), AccountName = "Account 0", Reason = "It is so." }]);
        }

        var channel = new Scripted(ChannelKind.Bell) { Fate = Fate.Unknown };

        (await SendAsync(host, channel)).Unusable.ShouldBe(["Bell takes nothing: so it is."]);

        channel.Taken.Count.ShouldBe(3);
        host.Ledger.Query("SELECT \"State\" FROM messages").Count(s => s == "Waiting").ShouldBe(1);
    }

    [Fact]
    public async Task A_pause_stops_telling_in_the_middle()
    {
        await using var host = await WaitingAsync(2, "Task");
        var channel = new Scripted(ChannelKind.Task) { Together = 10 };

        var report = await SendAsync(host, channel, new AtTheSecond());

        report.Waiting.ShouldBe(["Notices wait, because writing is paused."]);
        channel.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_task_whose_answer_was_lost_keeps_its_key_when_a_part_is_undone_and_its_receiver_hears_that_it_was()
    {
        await using var host = await WaitingAsync(4, "Task");
        var channel = new Scripted(ChannelKind.Task) { Fate = Fate.NotSent };
        await SendAsync(host, channel);
        var first = channel.Taken.ToDictionary(m => m.Receiver!.Id, m => m.Key);
        await host.ChangeAsync("User", Gone, new { IsActive = true });
        (await host.RunAsync("undo", "--account", Account(0), "--reason", "a mistake")).Status.ShouldBe(0);
        host.Ledger.Query("SELECT \"Receiver\" FROM news WHERE \"Kind\" = 'PutBack'").ShouldBe([Ana, Ben], ignoreOrder: true);
        host.Clock.Advance(TimeSpan.FromDays(1));
        channel.Taken.Clear();

        await SendAsync(host, channel);

        channel.Taken.ToDictionary(m => m.Receiver!.Id, m => m.Key).ShouldBe(first, ignoreOrder: true);
    }

    [Fact]
    public async Task News_that_a_message_holds_already_makes_no_message_again()
    {
        await using var host = await WaitingAsync(1, "Task");
        await SendAsync(host, new Scripted(ChannelKind.Task));
        host.Ledger.Execute("UPDATE news SET \"State\" = 'New' WHERE \"State\" = 'Addressed'");

        await SendAsync(host, new Scripted(ChannelKind.Task));

        host.Ledger.Query("SELECT \"State\" FROM messages").ShouldBe(["Sent", "Sent"]);
    }

    /// <summary>A leaver's accounts, and messages of them that are due and were not tried.</summary>
    private static async Task<RunHost> WaitingAsync(int accounts, string channels)
    {
        var host = await NoticeHost.LeaverAsync(LedgerProvider.Sqlite, accounts);
        host.Settings["Notices:Channels"] = channels;
        // A Sunday: the run itself tells nobody.
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        host.Ledger.Execute("UPDATE messages SET \"NotBefore\" = 0");
        return host;
    }

    private static async Task<CourierReport> SendAsync(RunHost host, IChannel channel, params IBrake[] brakes)
    {
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        return await new Courier(
            host.Org.Org, host.Org.People, new Mail(database, host.Clock), [channel], Always with { Channels = [channel.Kind] }, new NoticeLinks(host.Org.Simulator.Url, null), brakes)
            .SendAsync(Names.None, host.Clock.GetUtcNow(), CancellationToken.None);
    }

    /// <summary>Lets everybody go on once, and nobody after.</summary>
    private sealed class AtTheSecond : IBrake
    {
        private bool _wasAsked;

        public Task<string?> WhyAsync(CancellationToken stop)
        {
            var why = _wasAsked ? "quarter close" : null;
            _wasAsked = true;
            return Task.FromResult(why);
        }
    }

    /// <summary>A channel that does as it is told.</summary>
    private sealed class Scripted(ChannelKind kind) : IChannel
    {
        public ChannelKind Kind => kind;

        public int Together { get; init; } = 1;

        public string? WhyNot { get; set; }

        public Fate Fate { get; set; } = Fate.Sent;

        public List<Message> Taken { get; } = [];

        public Task<string?> WhyNotAsync(CancellationToken stop) => Task.FromResult(WhyNot);

        public Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop)
        {
            Taken.AddRange(messages);
            return Task.FromResult<IReadOnlyList<Delivery>>([.. messages.Select(_ => new Delivery(Fate, Fate == Fate.Sent ? null : "so it is"))]);
        }
    }
}
