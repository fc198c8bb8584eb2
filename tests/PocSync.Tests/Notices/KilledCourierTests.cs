using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;
using PocSync.Tests.Runs;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Notices;

/// <summary>A program that dies over telling people, at any point, and the next one that goes on.</summary>
public abstract class KilledCourierTests(LedgerProvider provider, int stride)
{
    private static readonly NoticeSettings Always = new() { Hours = new WorkingHours(TimeOnly.MinValue, TimeOnly.MinValue, new HashSet<DayOfWeek>()) };

    [Fact]
    public async Task Wherever_it_dies_each_has_one_task_and_at_most_one_bell_and_the_ledger_says_which_is_not_known()
    {
        var step = 1;
        for (var died = true; died; step += stride)
        {
            await using var host = await NoticeHost.LeaverAsync(provider, 2);
            // A Sunday: the run itself tells nobody.
            (await host.RunAsync("sync")).Status.ShouldBe(0);
            host.Ledger.Execute("UPDATE messages SET \"NotBefore\" = 0");

            died = await SendAsync(host, step);
            (await SendAsync(host, int.MaxValue)).ShouldBeFalse();
            (await SendAsync(host, int.MaxValue)).ShouldBeFalse();

            var when = $"after a death at step {step}";
            (await host.TasksAsync()).Select(t => t.Split(':')[0]).ShouldBe(["Ana", "Ben", "Cy"], when);
            var bells = (await host.OutboxAsync()).Select(o => o.Split(':')[0]).ToList();
            bells.ShouldBe(bells.Distinct(), when);
            var states = host.Ledger.Query("SELECT \"State\" FROM messages WHERE \"Channel\" = 'Bell'");
            states.Count(s => s == "Sent").ShouldBeLessThanOrEqualTo(bells.Count, when);
            states.ShouldAllBe(s => s == "Sent" || s == "Unknown", when);
            states.Count.ShouldBe(3, when);
        }

        step.ShouldBeGreaterThan(12);
    }

    [Fact]
    public async Task A_process_that_is_killed_while_the_bell_rings_leaves_no_second_one()
    {
        await using var host = (await NoticeHost.LeaverAsync(provider, 2)).AtAllTimes();
        await host.Org.FaultsAsync("hang:count=1@/actions");
        using (var process = host.Start("sync"))
        {
            while (!process.HasExited && !await host.Org.IsHangingAsync())
            {
                await Task.Yield();
            }

            process.HasExited.ShouldBeFalse();
            process.Kill();
            await process.WaitForExitAsync();
        }

        (await host.RunAsync("sync")).Status.ShouldBe(0);

        (await host.OutboxAsync()).Length.ShouldBe(3, "one each");
        (await host.TasksAsync()).Length.ShouldBe(3);
        (await host.RunAsync("notices")).Output.ShouldContain("perhaps sent (the program ended while it was being sent; it is not sent again)  Ana:");
    }

    /// <summary>Sends what is due; gives whether it died.</summary>
    private static async Task<bool> SendAsync(RunHost host, int lastStep)
    {
        await using var taken = await host.Ledger.TakeAsync();
        var database = await LedgerDatabase.OpenForRunsAsync(taken);
        var links = new NoticeLinks(host.Org.Simulator.Url, null);
        var mortal = new MortalMail(new Mail(database, host.Clock), lastStep);
        try
        {
            await new Courier(
                host.Org.Org, host.Org.People, mortal, [.. Always.Channels.Select(c => mortal.Around(host.Org.Channels.Of(c, Names.None, links)!))], Always, links)
                .SendAsync(Names.None, host.Clock.GetUtcNow(), CancellationToken.None);
        }
        catch (Mortal.Killed)
        {
        }

        return mortal.IsDead;
    }

    /// <summary>A ledger and channels in a process that dies.</summary>
    private sealed class MortalMail(IMail mail, int lastStep) : Mortality(lastStep), IMail
    {
        public Task<Post> ReadAsync(DateTimeOffset now) => Live(() => mail.ReadAsync(now));

        public Task AddressAsync(IReadOnlyList<Enclosure> enclosures, IReadOnlyList<(long News, string Why)> dropped) => Live(() => mail.AddressAsync(enclosures, dropped));

        public Task BeginAsync(IReadOnlyList<long> messages) => Live(() => mail.BeginAsync(messages));

        public Task EndAsync(IReadOnlyList<MessageEnd> ends) => Live(() => mail.EndAsync(ends));

        public Task<(int Count, DateTimeOffset? First)> SentAsync(ChannelKind channel, DateTimeOffset since) => Live(() => mail.SentAsync(channel, since));

        public IChannel Around(IChannel channel) => new MortalChannel(this, channel);

        private sealed class MortalChannel(MortalMail process, IChannel channel) : IChannel
        {
            public ChannelKind Kind => channel.Kind;

            // One by one, so that it can die between any two.
            public int Together => 1;

            public Task<string?> WhyNotAsync(CancellationToken stop) => process.Live(() => channel.WhyNotAsync(stop));

            public Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop) => process.Live(() => channel.SendAsync(messages, stop));

            public Task<IReadOnlyList<Delivery>> CloseAsync(IReadOnlyList<string> keys, CancellationToken stop) => process.Live(() => channel.CloseAsync(keys, stop));
        }
    }
}

public sealed class KilledCourierTestsOnSqlite() : KilledCourierTests(LedgerProvider.Sqlite, 1);

public sealed class KilledCourierTestsOnPostgreSql() : KilledCourierTests(LedgerProvider.PostgreSql, 5);
