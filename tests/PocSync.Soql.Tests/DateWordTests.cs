namespace PocSync.Soql.Tests;

/// <summary>Ranges as the SOQL guide gives them, seen from Sunday 2026-11-22.</summary>
public class DateWordTests
{
    [Theory]
    [InlineData("YESTERDAY", "2026-11-21", "2026-11-21")]
    [InlineData("today", "2026-11-22", "2026-11-22")]
    [InlineData("TOMORROW", "2026-11-23", "2026-11-23")]
    [InlineData("LAST_WEEK", "2026-11-15", "2026-11-21")]
    [InlineData("THIS_WEEK", "2026-11-22", "2026-11-28")]
    [InlineData("NEXT_WEEK", "2026-11-29", "2026-12-05")]
    [InlineData("LAST_MONTH", "2026-10-01", "2026-10-31")]
    [InlineData("THIS_MONTH", "2026-11-01", "2026-11-30")]
    [InlineData("NEXT_MONTH", "2026-12-01", "2026-12-31")]
    [InlineData("LAST_90_DAYS", "2026-08-24", "2026-11-22")]
    [InlineData("NEXT_90_DAYS", "2026-11-23", "2027-02-20")]
    [InlineData("LAST_N_DAYS:1", "2026-11-21", "2026-11-22")]
    [InlineData("LAST_N_DAYS:0", "2026-11-22", "2026-11-22")]
    [InlineData("NEXT_N_DAYS:15", "2026-11-23", "2026-12-07")]
    [InlineData("N_DAYS_AGO:25", "2026-10-28", "2026-10-28")]
    [InlineData("NEXT_N_WEEKS:4", "2026-11-29", "2026-12-26")]
    [InlineData("LAST_N_WEEKS:2", "2026-11-08", "2026-11-21")]
    [InlineData("N_WEEKS_AGO:3", "2026-11-01", "2026-11-07")]
    [InlineData("NEXT_N_MONTHS:2", "2026-12-01", "2027-01-31")]
    [InlineData("LAST_N_MONTHS:12", "2025-11-01", "2026-10-31")]
    [InlineData("N_MONTHS_AGO:9", "2026-02-01", "2026-02-28")]
    [InlineData("THIS_QUARTER", "2026-10-01", "2026-12-31")]
    [InlineData("LAST_QUARTER", "2026-07-01", "2026-09-30")]
    [InlineData("NEXT_QUARTER", "2027-01-01", "2027-03-31")]
    [InlineData("NEXT_N_QUARTERS:2", "2027-01-01", "2027-06-30")]
    [InlineData("LAST_N_QUARTERS:2", "2026-04-01", "2026-09-30")]
    [InlineData("N_QUARTERS_AGO:3", "2026-01-01", "2026-03-31")]
    [InlineData("THIS_YEAR", "2026-01-01", "2026-12-31")]
    [InlineData("LAST_YEAR", "2025-01-01", "2025-12-31")]
    [InlineData("NEXT_YEAR", "2027-01-01", "2027-12-31")]
    [InlineData("NEXT_N_YEARS:5", "2027-01-01", "2031-12-31")]
    [InlineData("LAST_N_YEARS:5", "2021-01-01", "2025-12-31")]
    [InlineData("N_YEARS_AGO:2", "2024-01-01", "2024-12-31")]
    [InlineData("THIS_FISCAL_QUARTER", "2026-10-01", "2026-12-31")]
    [InlineData("N_FISCAL_QUARTERS_AGO:1", "2026-07-01", "2026-09-30")]
    [InlineData("LAST_FISCAL_YEAR", "2025-01-01", "2025-12-31")]
    [InlineData("NEXT_N_FISCAL_YEARS:3", "2027-01-01", "2029-12-31")]
    [InlineData("LAST_N_FISCAL_QUARTERS:6", "2025-04-01", "2026-09-30")]
    public void A_date_word_is_a_range_of_days(string word, string first, string last)
    {
        string[] operators = ["=", "!=", "<", "<=", ">", ">="];
        Place(Row.Day(first).AddDays(-1)).ShouldBe([false, true, true, true, false, false]);
        Place(Row.Day(first)).ShouldBe([true, false, false, true, false, true]);
        Place(Row.Day(last)).ShouldBe([true, false, false, true, false, true]);
        Place(Row.Day(last).AddDays(1)).ShouldBe([false, true, false, false, true, true]);

        bool[] Place(DateOnly day) => [.. operators.Select(o => new Row { ["Since"] = day }.Matches($"Since {o} {word}"))];
    }

    [Fact]
    public void Today_and_the_date_of_a_datetime_are_those_of_the_zone()
    {
        // 2026-11-21T17:00Z is 2026-11-22 02:00 in Tokyo.
        var lateSaturdayInLondon = new Row { ["CreatedDate"] = Row.Instant("2026-11-21T15:00:00Z"), ["Since"] = Row.Day("2026-11-22") };
        lateSaturdayInLondon.Matches("CreatedDate = TODAY AND Since = TODAY", Row.Tokyo).ShouldBeTrue();
        lateSaturdayInLondon.Matches("CreatedDate = YESTERDAY", Row.Utc).ShouldBeTrue();
        new Row { ["CreatedDate"] = Row.Instant("2026-11-21T14:59:59Z") }.Matches("CreatedDate < TODAY", Row.Tokyo).ShouldBeTrue();
        new Row { ["CreatedDate"] = Row.Instant("2026-11-22T15:00:00Z") }.Matches("CreatedDate > TODAY", Row.Tokyo).ShouldBeTrue();
    }

    [Fact]
    public void Words_and_dates_stand_in_one_list() =>
        new Row { ["Since"] = Row.Day("2026-10-05") }.Matches("Since IN (TODAY, LAST_MONTH, 2020-01-01)").ShouldBeTrue();

    [Theory]
    [InlineData("LAST_N_YEARS:2147483647")]
    [InlineData("NEXT_N_WEEKS:2147483647")]
    [InlineData("LAST_N_DAYS:2147483647")]
    [InlineData("N_QUARTERS_AGO:2147483647")]
    public void A_count_may_lead_out_of_the_calendar(string word) =>
        new Row { ["Since"] = Row.Day("2026-11-22") }.Matches($"Since = {word} OR Since != {word}").ShouldBeTrue();
}
