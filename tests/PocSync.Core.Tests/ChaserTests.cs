using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Core.Tests;

/// <summary>On which days people are reminded of a handoff.</summary>
public sealed class ChaserTests
{
    private static readonly RecordId From = RecordId.Parse("0055f0000000001AAA"), To = RecordId.Parse("0055f0000000002AAA");

    [Theory]
    // 23 November 2026 is a Monday.
    [InlineData("2026-11-23", "2026-11-19", "")]
    [InlineData("2026-11-23", "2026-11-20", "HandoffDueSoon To")]
    [InlineData("2026-11-23", "2026-11-22", "HandoffDueSoon To")]
    [InlineData("2026-11-23", "2026-11-23", "HandoffDueSoon To")]
    [InlineData("2026-11-23", "2026-11-24", "HandoffOverdue To")]
    [InlineData("2026-11-20", "2026-11-24", "HandoffOverdue To")]
    [InlineData("2026-11-20", "2026-11-25", "HandoffOverdue To, HandoffEscalated To")]
    public void Who_has_to_act_is_asked_the_working_day_before_and_their_manager_so_many_working_days_after(string due, string today, string news) =>
        Of(due, today, "Awaiting Acknowledgement", new NoticeSettings().Hours).ShouldBe(news);

    [Fact]
    public void A_holiday_is_no_working_day()
    {
        var hours = new NoticeSettings().Hours with { Holidays = new HashSet<DateOnly> { new(2026, 11, 23), new(2026, 11, 26) } };

        Of("2026-11-24", "2026-11-20", "Documenting", hours).ShouldBe("HandoffDueSoon From");
        Of("2026-11-20", "2026-11-26", "Documenting", hours).ShouldBe("HandoffOverdue From");
        Of("2026-11-20", "2026-11-27", "Documenting", hours).ShouldBe("HandoffOverdue From, HandoffEscalated From");
    }

    [Theory]
    [InlineData(NewsKind.HandoffOverdue, true, "From")]
    [InlineData(NewsKind.HandoffEscalated, true, "Manager")]
    [InlineData(NewsKind.HandoffOverdue, false, "Manager")]
    [InlineData(NewsKind.HandoffEscalated, false, "Head")]
    [InlineData(NewsKind.WasPrimary, false, "From is gone, and it concerned nobody else")]
    public void An_escalation_goes_above_whoever_was_asked(NewsKind kind, bool isThere, string told)
    {
        RecordId manager = RecordId.Parse("0055f0000000003AAA"), head = RecordId.Parse("0055f0000000004AAA");
        Colleague Who(RecordId id, string name, bool isActive, RecordId above) => new(id, name, isActive, above, null, null, new HashSet<ChannelKind>());
        var people = new[] { Who(From, "From", isThere, manager), Who(manager, "Manager", true, head), Who(head, "Head", true, default) }.ToDictionary(p => p.Id);

        var addressed = new Addressing(people, new Dictionary<RecordId, RecordId>(), [], [], default).Of(new News("key", kind, From));

        (addressed.WhyNobody ?? people[addressed.To.Single().Who].Name).ShouldBe(told);
    }

    private static string Of(string due, string today, string status, WorkingHours hours) => string.Join(", ", Chaser.Of(
        new OpenHandoff(RecordId.Parse("a035f0000000001AAA"), RecordId.Parse("0015f0000000001AAA"), "Wren", From, To, status, DateOnly.Parse(due), true, 3), hours, DateOnly.Parse(today))
        .Select(n => $"{n.Kind} {(n.Receiver == From ? "From" : "To")}"));
}
