using Microsoft.Extensions.Configuration;
using PocSync.Core.Rules;
using PocSync.Jobs;

namespace PocSync.Tests.Jobs;

public class ScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // 29 March 2026: 02:00 becomes 03:00 in Berlin. 25 October 2026: 03:00 becomes 02:00.
    [Theory]
    [InlineData("every 5m", "2026-11-22T08:00:00Z", "2026-11-22T08:05:00Z")]
    [InlineData("every 5m", "2026-11-22T08:04:59Z", "2026-11-22T08:05:00Z")]
    [InlineData("EVERY 6 H", "2026-11-22T08:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("daily 02:00", "2026-11-22T00:59:00Z", "2026-11-22T01:00:00Z")]
    [InlineData("daily 02:00", "2026-11-22T01:00:00Z", "2026-11-23T01:00:00Z")]
    [InlineData("weekly Sun 03:00", "2026-11-22T01:59:00Z", "2026-11-22T02:00:00Z")]
    [InlineData("weekly sunday 03:00", "2026-11-22T02:00:00Z", "2026-11-29T02:00:00Z")]
    [InlineData("daily 02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("daily 02:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("daily 02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("daily 02:30", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("every 1h", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z")]
    public void A_schedule_is_due_next_at(string words, string after, string expected)
    {
        var schedule = Read(words);

        var next = schedule.Next(DateTimeOffset.Parse(after), Berlin);

        next.ShouldBe(DateTimeOffset.Parse(expected));
        schedule.Last(next, Berlin).ShouldBe(next);
        schedule.Last(next.AddTicks(-1), Berlin).ShouldBeLessThanOrEqualTo(DateTimeOffset.Parse(after));
    }

    [Theory]
    [InlineData("daily 02:30")]
    [InlineData("daily 00:00")]
    public void A_daily_time_comes_once_a_day_all_year_in_every_zone(string words)
    {
        var schedule = Read(words);
        foreach (var zone in new[] { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC" }.Select(TimeZoneInfo.FindSystemTimeZoneById))
        {
            var due = schedule.Next(new DateTimeOffset(2025, 12, 31, 23, 59, 59, zone.GetUtcOffset(new DateTime(2025, 12, 31))), zone);
            for (var day = new DateOnly(2026, 1, 1); day.Year == 2026; day = day.AddDays(1), due = schedule.Next(due, zone))
            {
                DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, zone).DateTime).ShouldBe(day, zone.Id);
            }
        }
    }

    [Theory]
    [InlineData("every 7m", "Jobs:Delta is 'every 7m': the minutes must divide an hour (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30).")]
    [InlineData("every 0m", "Jobs:Delta is 'every 0m': the minutes must divide an hour (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30).")]
    [InlineData("every 5h", "Jobs:Delta is 'every 5h': the hours must divide a day (1, 2, 3, 4, 6, 8, 12).")]
    [InlineData("daily 25:00", "Jobs:Delta is 'daily 25:00': write it as every 5m, every 2h, daily 02:00, weekly Sun 03:00, or never.")]
    [InlineData("0 2 * * *", "Jobs:Delta is '0 2 * * *': write it as every 5m, every 2h, daily 02:00, weekly Sun 03:00, or never.")]
    public void Words_that_say_no_time_are_refused_with_what_to_write(string words, string expected) =>
        Should.Throw<SettingsException>(() => Settings(("Delta", words))).Message.ShouldBe(expected);

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Should.Throw<SettingsException>(() => Settings(("TimeZone", "Europe/Bärlin"), ("Full", "at two"))).Message.Split('\n')
            .Length.ShouldBe(2);

    [Fact]
    public void A_job_can_be_due_never() => Settings(("Delta", "never")).Delta.ShouldBeNull();

    private static Schedule Read(string words) => Schedule.Read(words).Schedule.ShouldNotBeNull();

    private static JobSettings Settings(params (string Key, string Value)[] settings) => JobSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(s => $"Jobs:{s.Key}", s => (string?)s.Value)).Build());
}
