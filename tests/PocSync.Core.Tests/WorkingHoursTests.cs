using PocSync.Core.Notices;

namespace PocSync.Core.Tests;

public sealed class WorkingHoursTests
{
    private static readonly WorkingHours Usual = new NoticeSettings().Hours;

    [Theory]
    // Berlin leaves summer time on Sunday 25 October 2026, and comes back to it on Sunday 28 March 2027.
    [InlineData("2026-10-23T16:59:59Z", "2026-10-23T16:59:59Z")]
    [InlineData("2026-10-23T17:00:00Z", "2026-10-26T06:00:00Z")]
    [InlineData("2026-10-25T00:30:00Z", "2026-10-26T06:00:00Z")]
    [InlineData("2026-10-26T05:59:59Z", "2026-10-26T06:00:00Z")]
    [InlineData("2027-03-26T18:00:00Z", "2027-03-29T05:00:00Z")]
    [InlineData("2027-03-29T05:00:00Z", "2027-03-29T05:00:00Z")]
    public void People_are_disturbed_only_in_their_working_hours(string at, string expected) =>
        Usual.Next(DateTimeOffset.Parse(at), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ShouldBe(DateTimeOffset.Parse(expected));

    [Theory]
    [InlineData("Pacific/Auckland", "2026-11-22T17:59:00Z", "2026-11-22T18:00:00Z")]
    [InlineData("America/Los_Angeles", "2026-11-20T12:00:00Z", "2026-11-20T15:00:00Z")]
    public void The_clock_is_that_of_the_persons_zone(string zone, string at, string expected) =>
        Usual.Next(DateTimeOffset.Parse(at), TimeZoneInfo.FindSystemTimeZoneById(zone)).ShouldBe(DateTimeOffset.Parse(expected));

    [Fact]
    public void Hours_that_a_zone_skips_end_when_it_goes_on()
    {
        var night = new WorkingHours(new TimeOnly(0, 0), new TimeOnly(2, 30), new HashSet<DayOfWeek>());

        night.Next(DateTimeOffset.Parse("2027-03-28T00:00:00Z"), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ShouldBe(DateTimeOffset.Parse("2027-03-28T01:00:00Z"));
    }

    [Fact]
    public void Without_quiet_hours_and_days_it_is_always_now() =>
        new WorkingHours(TimeOnly.MinValue, TimeOnly.MinValue, new HashSet<DayOfWeek>()).Next(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc).ShouldBe(DateTimeOffset.UnixEpoch);

    [Theory]
    // Over the end of summer time, and over a holiday on the Monday.
    [InlineData("2026-10-23T14:00:00Z", 1, null, "2026-10-26T15:00:00Z")]
    [InlineData("2026-10-23T14:00:00Z", 1, "2026-10-26", "2026-10-27T15:00:00Z")]
    [InlineData("2026-10-24T14:00:00Z", 1, null, "2026-10-27T06:00:00Z")]
    [InlineData("2027-03-26T08:30:00Z", 3, null, "2027-03-31T07:30:00Z")]
    public void Working_days_go_on_at_the_same_time_of_day(string since, int days, string? holiday, string expected) =>
        (Usual with { Holidays = holiday is null ? new HashSet<DateOnly>() : new HashSet<DateOnly> { DateOnly.Parse(holiday) } })
            .After(DateTimeOffset.Parse(since), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), days).ShouldBe(DateTimeOffset.Parse(expected));

    [Fact]
    public void Working_days_are_counted_over_the_weekend() => Usual.After(new DateOnly(2026, 11, 20), 2).ShouldBe(new DateOnly(2026, 11, 24));
}
