using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests.Guards;

/// <summary>Each limit refuses by its name, just beyond it and not at it, and holds only what concerns it.</summary>
public class GuardTests
{
    private static readonly RecordId Ann = Tables.RecordIdOf("u1"), Ben = Tables.RecordIdOf("u2"), Cleo = Tables.RecordIdOf("u3");

    [Theory]
    [InlineData(3, "")]
    [InlineData(4, "MaxChanged")]
    public void A_rule_beyond_the_number_of_accounts_is_held_whole_and_another_is_not(int accounts, string limit)
    {
        var plan = PlanOf([.. Owners(accounts, Ann, Ben), Backup(1, Cleo)]);

        var verdict = Guard.Judge(plan, new GuardLimits(MaxChanged: 3), Calm);

        verdict.Refusals.Select(r => $"{r.Limit} {r.Rule}").ShouldBe(limit == "" ? [] : [$"{limit} owner-is-primary"]);
        Held(plan, verdict).ShouldBe(limit == "" ? 0 : accounts);
    }

    [Fact]
    public void The_share_is_of_the_accounts_at_the_last_full_run_and_not_judged_below_ten()
    {
        var input = Calm with { Last = Calm.Now with { AccountsInScope = 100 } };

        Limits(PlanOf(Owners(9, Ann, Ben)), new GuardLimits(), input).ShouldBeEmpty();
        Limits(PlanOf(Owners(10, Ann, Ben)), new GuardLimits(), input).ShouldBe(["MaxChangedShare"]);
    }

    [Fact]
    public void Too_many_new_rows_of_one_object_hold_the_plan() =>
        Limits(PlanOf([Backup(1, Ann), Backup(2, Ben)]), new GuardLimits(MaxCreated: 1), Calm).ShouldBe(["MaxCreated"]);

    [Fact]
    public void Beyond_the_accounts_of_one_person_the_corrections_of_that_person_are_held_and_no_others()
    {
        var plan = PlanOf([.. Owners(3, Ann, Ben), Backup(7, Cleo)]);

        var verdict = Guard.Judge(plan, new GuardLimits(MaxPerPerson: 2), Calm with { NameOf = id => id == Ann ? "Ann" : id.ToString() });

        verdict.Refusals.Select(r => (r.Limit, r.Person)).ShouldBe([("MaxPerPerson", Ben), ("MaxPerPerson", Ann)]);
        verdict.Refusals[1].Sentence.ShouldBe($"Ann ({Ann}) would lose 3 accounts, more than the 2 that Guard:MaxPerPerson allows");
        verdict.Refusals[0].Sentence.ShouldBe($"the user {Ben} would gain 3 accounts, more than the 2 that Guard:MaxPerPerson allows");
        Held(plan, verdict).ShouldBe(3);
        Limits(plan, new GuardLimits(MaxPerPerson: 3), Calm).ShouldBeEmpty();
    }

    [Fact]
    public void A_backup_who_becomes_primary_loses_nothing_and_the_rows_that_end_say_who_does()
    {
        var promoted = Correction("primary-able", 1,
            End("p1", Ann), End("p2", Ben), new Write("POC_Assignment__c", default, null, WriteAction.Insert,
                [new("User__c", null, PlannedValue.Of(Ben)), new("Role__c", null, PlannedValue.Of("Primary"))]));

        Guard.Judge(PlanOf([promoted]), new GuardLimits(MaxPerPerson: 0), Calm).Refusals.Select(r => r.Sentence.Split(',')[0])
            .ShouldBe([$"the user {Ben} would gain 1 account", $"the user {Ann} would lose 1 account"]);
    }

    [Fact]
    public void Owner_changes_beyond_those_of_the_hour_are_held_in_the_order_of_the_plan()
    {
        var plan = PlanOf([.. Owners(4, Ann, Ben), Backup(7, Cleo)]);

        var verdict = Guard.Judge(plan, new GuardLimits(MaxOwnerChangesPerHour: 5), Calm with { OwnerChanges = 3 });

        verdict.Refusals.ShouldHaveSingleItem().Limit.ShouldBe("MaxOwnerChangesPerHour");
        plan.Corrections.Select(verdict.StateOf).ShouldBe(
            [CorrectionState.Ready, CorrectionState.Ready, CorrectionState.Held, CorrectionState.Held, CorrectionState.Ready]);
        Limits(plan, new GuardLimits(MaxOwnerChangesPerHour: 7), Calm with { OwnerChanges = 3 }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Account", 27, "")]
    [InlineData("Account", 28, "MinAnswered")]
    [InlineData("User", 40, "MinAnswered")]
    public void Far_fewer_records_hold_everything_also_what_waits(string what, int gone, string limit)
    {
        var before = Counted(("Account", 90), ("User", 40));
        var now = Counted([.. before.Counts.Select(c => (c.Key, c.Key == what ? c.Value - gone : c.Value))]);
        var plan = PlanOf([Backup(1, Ann), Backup(2, Ben) with { State = CorrectionState.Waits, Reasons = ["backup-present only proposes: a person approves"] }]);

        var verdict = Guard.Judge(plan, new GuardLimits(), new GuardInput(now, before));

        verdict.Refusals.Select(r => r.Limit).ShouldBe(limit == "" ? [] : [limit]);
        Held(plan, verdict).ShouldBe(limit == "" ? 0 : 2);
    }

    [Fact]
    public void Of_what_is_no_longer_shown_the_object_is_named_and_not_its_fields_too()
    {
        var before = Calm.Now with { Shown = ["Account", "Account.OwnerId", "POC_Absence__c", "POC_Absence__c.User__c"] };
        var input = new GuardInput(before with { Shown = ["Account"] }, before)
        { Names = new Names([new("POC_Absence__c", "Away__c")]) };

        var refusal = Guard.Judge(PlanOf([]), new GuardLimits(), input).Refusals.ShouldHaveSingleItem();

        refusal.Limit.ShouldBe("Shown");
        refusal.Sentence.ShouldStartWith("the org no longer shows Account.OwnerId, Away__c, which it did at the last full run");
        Limits(PlanOf([]), new GuardLimits(), input with { IsLossAccepted = true }).ShouldBeEmpty();
    }

    [Fact]
    public void A_binding_that_changes_by_itself_is_a_loss_and_one_that_the_settings_choose_is_none()
    {
        var input = new GuardInput(Calm.Now with { Binding = Binding.Team }, Calm.Now);

        Limits(PlanOf([]), new GuardLimits(), input).ShouldBe(["Binding"]);
        Limits(PlanOf([]), new GuardLimits(), input with { IsBindingChosen = true }).ShouldBeEmpty();
    }

    [Fact]
    public void Users_who_can_log_in_are_counted_however_they_were_shut_out()
    {
        Measure With(string isActive, string isFrozen) => Measure.Of(new Tables()
            .With("User", "Id Name IsActive", [.. Enumerable.Range(1, 40).Select(i => $"u{i}|User {i}|{(i <= 15 ? isActive : "true")}")])
            .With("UserLogin", "Id UserId IsFrozen", [.. Enumerable.Range(1, 15).Select(i => $"q{i}|u{i}|{isFrozen}")])
            .With("Account", "Id Name OwnerId", "a1|Acme|u1").Build());

        foreach (var shutOut in new[] { With("false", "false"), With("true", "true") })
        {
            Limits(PlanOf([]), new GuardLimits(), new GuardInput(shutOut, With("true", "false"))).ShouldBe(["MinAnswered"]);
        }
    }

    private static GuardInput Calm => new(Counted(("Account", 1000)));

    private static Measure Counted(params (string, int)[] counts) => new(1000, counts.ToDictionary(c => c.Item1, c => c.Item2), [], Binding.Package);

    private static string[] Limits(Plan plan, GuardLimits limits, GuardInput input) => [.. Guard.Judge(plan, limits, input).Refusals.Select(r => r.Limit).Distinct()];

    private static int Held(Plan plan, Verdict verdict) => plan.Corrections.Count(c => verdict.StateOf(c) == CorrectionState.Held);

    private static Plan PlanOf(IReadOnlyList<Correction> corrections) =>
        new(DateTimeOffset.UnixEpoch, new DateOnly(1970, 1, 1), Binding.Package, default, corrections, []);

    private static Correction[] Owners(int count, RecordId from, RecordId to) => [.. Enumerable.Range(1, count).Select(i => Correction("owner-is-primary", i,
        new Write("Account", Tables.RecordIdOf($"a{i}"), null, WriteAction.Update, [new("OwnerId", from.ToString(), PlannedValue.Of(to))])))];

    private static Correction Backup(int account, RecordId who) => Correction("backup-present", account, new Write(
        "POC_Assignment__c", default, null, WriteAction.Insert, [new("User__c", null, PlannedValue.Of(who)), new("Role__c", null, PlannedValue.Of("Backup"))]));

    private static Write End(string row, RecordId who) => new(
        "POC_Assignment__c", Tables.RecordIdOf(row), null, WriteAction.Update, [new("Ends_On__c", null, PlannedValue.Of(RelativeDay.Yesterday))])
    { User = who };

    private static Correction Correction(string rule, int account, params Write[] writes) => new()
    {
        Rule = rule,
        Code = "x",
        Account = Tables.RecordIdOf($"a{account}"),
        AccountName = $"Account {account}",
        Mode = RuleMode.Auto,
        State = CorrectionState.Ready,
        Reasons = [],
        Sentence = "Do it.",
        Trace = [],
        BuildsOn = [],
        Writes = writes,
    };
}
