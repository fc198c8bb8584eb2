using PocSync.Core.Calls;

namespace PocSync.Core.Tests;

public class CallWindowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(4, 4, 0)]
    [InlineData(4, 64, 0)]
    [InlineData(4, 65, 100)]
    [InlineData(0, 60, 0)]
    public void Calls_count_for_the_hour_until_none_of_their_five_minutes_can_lie_in_it(int sent, int asked, int free) =>
        CallWindow.Room([new CallSlot(CallWindow.SlotOf(Noon.AddMinutes(sent)), 100)], new CallLimits(100, null), Noon.AddMinutes(asked)).Free.ShouldBe(free);

    [Fact]
    public void The_tighter_limit_counts_and_says_when_calls_are_free_again()
    {
        var counted = new[] { new CallSlot(CallWindow.SlotOf(Noon.AddHours(-5)), 900), new CallSlot(CallWindow.SlotOf(Noon), 20) };

        var room = CallWindow.Room(counted, new CallLimits(100, 950), Noon);

        (room.Free, room.Used, room.Setting).ShouldBe((30, 920, "Salesforce:MaxCallsPerDay"));
        room.Until.ShouldBe(Noon.AddHours(19).AddMinutes(5));
        CallWindow.Room(counted, new CallLimits(null, null), Noon).Free.ShouldBe(int.MaxValue);
    }

    [Fact]
    public void In_no_hour_is_more_granted_than_the_limit_whenever_it_is_asked()
    {
        var (slots, sent, random) = (new Dictionary<long, int>(), new List<DateTimeOffset>(), new Random(3));
        for (var now = Noon; now < Noon.AddHours(8); now = now.AddSeconds(random.Next(1, 240)))
        {
            var room = CallWindow.Room([.. slots.Select(s => new CallSlot(s.Key, s.Value))], new CallLimits(50, null), now);
            var take = Math.Min(room.Free, random.Next(1, 20));
            slots[CallWindow.SlotOf(now)] = slots.GetValueOrDefault(CallWindow.SlotOf(now)) + take;
            sent.AddRange(Enumerable.Repeat(now, take));
        }

        sent.Max(s => sent.Count(other => other >= s && other < s.AddHours(1))).ShouldBe(50);
    }
}
