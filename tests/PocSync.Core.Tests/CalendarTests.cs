using PocSync.Core.Guards;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>Who is away by calendars, where an administrator switches them on. Today is 2026-03-10, a Tuesday; the org is in New York, u2 in Tokyo.</summary>
public sealed class CalendarTests
{
    private const string Event = "Id OwnerId ShowAs IsAllDayEvent StartDateTime EndDateTime DurationInMinutes IsRecurrence GroupEventType";

    private static readonly Settings On = new([]) { Absences = new AbsenceSources(CalendarEvents: true, ResourceAbsences: true) };

    private static Tables Org => new Tables()
        .With("Organization", "Id Name TimeZoneSidKey", "00D5f0000000001|Lark|America/New_York")
        .With("User", "Id Name IsActive TimeZoneSidKey", "u1|Ana|true|", "u2|Ben|true|Asia/Tokyo", "u3|Cy|true|")
        .With("Account", "Id Name OwnerId", "a1|One|u1")
        .With("POC_Assignment__c", "Id Account__c Role__c User__c", "p1|a1|Primary|u1");

    // New York is four hours behind UTC in these days.
    [Theory]
    [InlineData("u1", "false|2026-03-12T13:00:00Z|2026-03-12T21:00:00Z", "03-12..03-12")]
    [InlineData("u1", "false|2026-03-12T13:01:00Z|2026-03-12T21:00:00Z", null)]
    [InlineData("u1", "false|2026-03-12T13:00:00Z|2026-03-12T20:59:00Z", null)]
    [InlineData("u1", "false|2026-03-11T18:00:00Z|2026-03-14T14:00:00Z", "03-12..03-13")]
    [InlineData("u2", "false|2026-03-12T00:00:00Z|2026-03-12T08:00:00Z", "03-12..03-12")]
    [InlineData("u2", "false|2026-03-12T13:00:00Z|2026-03-12T21:00:00Z", null)]
    [InlineData("u2", "true|2026-03-12T00:00:00Z|2026-03-12T00:00:00Z", "03-12..03-12")]
    [InlineData("u1", "true|2026-03-12T00:00:00Z|2026-03-14T00:00:00Z", "03-12..03-14")]
    [InlineData("u1", "true|2026-03-12T00:00:00Z|2026-03-11T00:00:00Z", null)]
    [InlineData("u1", "false|2026-03-12T21:00:00Z|2026-03-12T13:00:00Z", null)]
    [InlineData("u1", "false|soon|2026-03-12T13:00:00Z", null)]
    public void An_event_counts_for_the_days_that_it_takes_whole(string owner, string times, string? days) =>
        DaysOf(Org.With("Event", Event, $"e1|{owner}|OutOfOffice|{times}||false|"), owner).ShouldBe(days is null ? [] : [days]);

    [Fact]
    public void An_all_day_event_lasts_as_long_as_it_says_however_its_end_is_written() =>
        DaysOf(Org.With("Event", Event, "e1|u1|OutOfOffice|true|2026-03-12T00:00:00Z|2026-03-14T00:00:00Z|2880|false|"), "u1").ShouldBe(["03-12..03-13"]);

    [Fact]
    public void What_is_not_out_of_office_and_the_record_of_a_series_do_not_count() => DaysOf(
        Org.With("Event", Event,
            "e1|u1|Busy|true|2026-03-12T00:00:00Z|2026-03-12T00:00:00Z||false|", "e2|u1|OutOfOffice|true|2026-03-13T00:00:00Z|2026-03-13T00:00:00Z||true|",
            "e3|u1|OutOfOffice|true|2026-03-16T00:00:00Z|2026-03-16T00:00:00Z||false|3", "e4|u1|OutOfOffice|true|2026-03-18T00:00:00Z|2026-03-18T00:00:00Z||false|0"),
        "u1").ShouldBe(["03-18..03-18"]);

    [Fact]
    public void An_absence_of_a_resource_is_one_of_the_user_who_is_the_resource() => DaysOf(
        Org.With("ServiceResource", "Id RelatedRecordId", "r1|u1", "r2|")
            .With("ResourceAbsence", "Id ResourceId Start End", "b1|r1|2026-03-12T12:00:00Z|2026-03-13T22:00:00Z", "b2|r1|2026-03-16T16:00:00Z|2026-03-16T16:30:00Z", "b3|r2|2026-03-12T12:00:00Z|2026-03-13T22:00:00Z"),
        "u1").ShouldBe(["03-12..03-13"]);

    [Fact]
    public void What_several_sources_tell_of_the_same_days_is_one_absence()
    {
        var org = Org
            .With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c Cover__c", "x1|u1|2026-03-16|2026-03-20|")
            .With("Event", Event,
                "e1|u1|OutOfOffice|true|2026-03-17T00:00:00Z|2026-03-18T00:00:00Z||false|", "e2|u1|OutOfOffice|true|2026-03-11T00:00:00Z|2026-03-11T00:00:00Z||false|",
                "e3|u1|OutOfOffice|true|2026-03-12T00:00:00Z|2026-03-12T00:00:00Z||false|");
        DaysOf(org, "u1").ShouldBe(["03-11..03-12", "03-16..03-20"], ignoreOrder: true);
        org.Findings("backup-covers-absence", On).Count.ShouldBe(2);
    }

    [Fact]
    public void Switched_off_nothing_of_it_counts()
    {
        var org = Org.With("Event", Event, "e1|u1|OutOfOffice|true|2026-03-10T00:00:00Z|2026-03-12T00:00:00Z||false|");
        org.Build().Absences.ShouldBeEmpty();
        org.Reason("backup-covers-absence").ShouldBe("the data has no POC_Absence__c");
        org.Reason("backup-covers-absence", On).ShouldBeNull();
        org.Findings("backup-covers-absence", On).ShouldBe(["uncovered a1"]);
    }

    [Fact]
    public void Cover_lasts_until_the_last_day_of_absences_that_follow_each_other_whatever_tells_of_them()
    {
        var org = Org
            .With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c Cover__c", "x1|u1|2026-03-09|2026-03-11|u3")
            .With("Event", Event, "e1|u1|OutOfOffice|true|2026-03-10T00:00:00Z|2026-03-13T00:00:00Z||false|").Build(On);
        Cover.Of(org, new Ability(org, On), org.Accounts).ShouldBe([new Cover(Tables.RecordIdOf("u1"), Tables.RecordIdOf("u3"), new DateOnly(2026, 3, 13), 1, org.Accounts[0].Name)]);
    }

    [Fact]
    public void An_org_that_shows_no_events_any_more_is_a_loss_unless_nobody_asks_for_them()
    {
        var (with, without) = (Measure.Of(Org.With("Event", Event).Build(On)), Measure.Of(Org.Build(On)));
        Losses.Of(new GuardLimits(), new GuardInput(without, with.For(On))).Single().Sentence.ShouldContain("no longer shows Event,");
        Losses.Of(new GuardLimits(), new GuardInput(without, with.For(Settings.Default))).ShouldBeEmpty();
    }

    private static IEnumerable<string> DaysOf(Tables org, string user)
    {
        var snapshot = org.Build(On);
        return new Ability(snapshot, On).AbsencesOf(Tables.RecordIdOf(user)).Select(a => $"{a.StartsOn:MM-dd}..{a.EndsOn:MM-dd}");
    }
}
