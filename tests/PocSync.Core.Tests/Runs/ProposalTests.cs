using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Core.Tests.Runs;

/// <summary>What of a plan is proposed, once it is known what the org refused and people rejected.</summary>
public class ProposalTests
{
    private static readonly RecordId Acme = RecordId.Parse("001000000000001"), Row = RecordId.Parse("a01000000000001");

    private static readonly Correction Ground = Ends("one-primary", Row, null), Built = Ends("one-role-each", RecordId.Parse("a01000000000002"), null, Ground.Id);

    [Fact]
    public void What_was_refused_is_left_alone_with_all_that_builds_on_it()
    {
        var proposal = Proposal.Of(PlanOf(Ground, Built), new Memory { Refused = new Dictionary<string, string> { [Proposal.StartingPoint(Ground)] = "no" } });

        proposal.Plan.Corrections.ShouldBeEmpty();
        proposal.LeftAlone.Select(a => (a.Correction.Id, a.Kind)).ShouldBe([(Ground.Id, LeftAloneKind.Refused), (Built.Id, LeftAloneKind.Refused)]);
    }

    [Fact]
    public void What_was_rejected_is_left_alone_and_what_builds_on_it_waits_and_names_it()
    {
        var proposal = Proposal.Of(PlanOf(Ground, Built), new Memory { Rejected = new Dictionary<string, string> { [Proposal.StartingPoint(Ground)] = "Olga rejected it" } });

        var waits = proposal.Plan.Corrections.ShouldHaveSingleItem();
        waits.State.ShouldBe(CorrectionState.Waits);
        waits.Reasons.ShouldHaveSingleItem().ShouldStartWith($"builds on {Ground.Id}");
        proposal.LeftAlone.ShouldHaveSingleItem().Kind.ShouldBe(LeftAloneKind.Rejected);
    }

    [Fact]
    public void Without_memory_the_plan_stays_as_it_is()
    {
        var plan = PlanOf(Ground, Built);

        Proposal.Of(plan, new Memory()).Plan.ShouldBeSameAs(plan);
    }

    [Fact]
    public void A_refusal_holds_whoever_is_picked_and_not_once_the_record_says_something_else()
    {
        Correction Switch(string to, string? endsOn) => Ends("primary-able", Row, endsOn) is var end
            ? end with { Writes = [.. end.Writes, new Write("POC_Assignment__c", default, null, WriteAction.Insert, [new("User__c", null, PlannedValue.Of(to))])] }
            : end;

        Proposal.StartingPoint(Switch("005000000000001AAA", null)).ShouldBe(Proposal.StartingPoint(Switch("005000000000002AAA", null)));
        Proposal.StartingPoint(Switch("005000000000001AAA", null)).ShouldNotBe(Proposal.StartingPoint(Switch("005000000000001AAA", "2026-12-31")));
    }

    private static Plan PlanOf(params Correction[] corrections) =>
        new(DateTimeOffset.UnixEpoch, new DateOnly(1970, 1, 1), Binding.Package, default, corrections, []);

    private static Correction Ends(string rule, RecordId row, string? endsOn, params string[] buildsOn) => new()
    {
        Rule = rule,
        Code = "several",
        Account = Acme,
        AccountName = "Acme",
        Mode = RuleMode.Auto,
        State = CorrectionState.Ready,
        Reasons = [],
        Sentence = "End a row.",
        Trace = [],
        BuildsOn = buildsOn,
        Writes = [new Write("POC_Assignment__c", row, null, WriteAction.Update, [new("Ends_On__c", endsOn, PlannedValue.Of(RelativeDay.Yesterday))])],
    };
}
