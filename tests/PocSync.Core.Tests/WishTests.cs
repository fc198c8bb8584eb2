using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>Picks that were made before stay, and a person may choose another, as long as the tests of every pick are passed.</summary>
public class WishTests
{
    private static readonly Settings Backups = Tables.Rules(
        ("backup-present", "mode", "propose"), ("one-primary", "mode", "alert"), ("owner-is-primary", "mode", "alert"), ("load-within-capacity", "capacity", "2"));

    [Fact]
    public void A_pick_that_waits_stays_while_loads_change_and_says_since_when()
    {
        var first = Plan(Org(), Stays([])).Corrections.Single();
        Picked(first).ShouldBe("u2");

        var busier = Org("p5|a3|Backup|u2||");
        var moved = Plan(busier, Stays([])).Corrections.Single();
        Picked(moved).ShouldBe("u3");

        var kept = Plan(busier, Stays(first.Picks)).Corrections.Single();
        kept.Id.ShouldBe(first.Id);
        kept.Trace[0].ShouldBe($"Ben ({Tables.Id("u2")}): picked, stays with Ben, who was proposed by run 3, 1 of 2 accounts as Backup");
    }

    [Theory]
    [InlineData("p5|a3|Backup|u2||", "p6|a4|Backup|u2||", "at capacity")]
    [InlineData("p5|a1|Backup|u2|2026-06-01|", "p6|a4|Specialist|u2||", "is on the account already")]
    public void A_pick_that_fails_a_test_does_not_stay(string row, string other, string test)
    {
        var first = Plan(Org(), Stays([])).Corrections.Single();

        var then = Plan(Org(row, other), Stays(first.Picks)).Corrections.Single();

        Picked(then).ShouldBe("u3");
        then.Trace.ShouldContain(t => t.Contains("Ben", StringComparison.Ordinal) && t.Contains(test, StringComparison.Ordinal));
    }

    [Fact]
    public void Earlier_picks_change_nothing_of_a_plan_of_the_same_records() => PlanLawTests.ForAnyOrg((org, seed) =>
    {
        var plan = org.Plan(PlanLawTests.Auto);
        var again = Planner.Make(org.Build(PlanLawTests.Auto), PlanLawTests.Auto, Stays([.. plan.Corrections.SelectMany(c => c.Picks)]));
        again.Corrections.Select(c => c.Identity + string.Join('\n', c.Trace)).ShouldBe(plan.Corrections.Select(c => c.Identity + string.Join('\n', c.Trace)), $"seed {seed}");
    });

    [Fact]
    public void A_person_may_choose_somebody_whom_the_pool_does_not_hold()
    {
        var first = Plan(Org(), Stays([])).Corrections.Single();

        var (given, whyNot) = Give(Org(), first, "u5");

        whyNot.ShouldBeNull();
        Picked(given!).ShouldBe("u5");
        given!.Id.ShouldNotBe(first.Id);
        given.Trace[0].ShouldBe($"Eve ({Tables.Id("u5")}): picked, Olga chose her, 0 of 2 accounts as Backup");
    }

    [Theory]
    [InlineData("u1", "is on the account already")]
    [InlineData("u4", "inactive")]
    [InlineData("u6", "away today")]
    [InlineData("u7", "not certified since 2026-03-09")]
    [InlineData("u8", "at capacity, 0 of 0 accounts as Backup")]
    [InlineData("u9", "is the user of PocSync itself")]
    public void A_persons_choice_passes_the_tests_of_every_pick(string user, string test)
    {
        var first = Plan(Org(), Stays([])).Corrections.Single();

        var (given, whyNot) = Give(Org(), first, user);

        given.ShouldBeNull();
        whyNot.ShouldNotBeNull().ShouldEndWith($": {test}.");
    }

    [Fact]
    public void What_picks_nobody_cannot_be_given()
    {
        var settings = Tables.Rules(("one-primary", "mode", "propose"));
        var org = Org("p5|a1|Primary|u3||");
        var several = org.Plan(settings).Corrections.First(c => c.Code == "several");

        Planner.Give(org.Build(settings), settings, new PlanInput(), several, Tables.RecordIdOf("u2"), "Olga chose").WhyNot.ShouldNotBeNull().ShouldContain("picks nobody");
    }

    [Fact]
    public void A_choice_of_Primary_goes_before_a_backup_who_could_take_over_and_may_be_one()
    {
        var settings = Tables.Rules(("primary-able", "mode", "propose"), ("backup-present", "enabled", "false"), ("owner-is-primary", "mode", "alert"));
        var org = Org("p5|a5|Primary|u4||", "p6|a5|Backup|u2||", "p7|a5|Backup|u3||", "p8|a2|Backup|u2||").With("Account", "Id Name OwnerId", "a5|Edge|u4");
        var first = org.Plan(settings).Corrections.First(c => c.Rule == "primary-able");
        Picked(first).ShouldBe("u2");

        Picked(Planner.Give(org.Build(settings), settings, new PlanInput(), first, Tables.RecordIdOf("u5"), "Olga chose").Given!).ShouldBe("u5");
        var (backup, _) = Planner.Give(org.Build(settings), settings, new PlanInput(), first, Tables.RecordIdOf("u3"), "Olga chose");
        Picked(backup!).ShouldBe("u3");
        backup!.Writes.ShouldContain(w => w.Action == WriteAction.Update && w.Id == Tables.RecordIdOf("p7"));
    }

    private static Plan Plan(Tables org, PlanInput input) => Planner.Make(org.Build(Backups), Backups, input);

    private static (Correction? Given, string? WhyNot) Give(Tables org, Correction correction, string to) =>
        Planner.Give(org.Build(Backups), Backups, new PlanInput { Worker = Tables.RecordIdOf("u9") }, correction, Tables.RecordIdOf(to), "Olga chose her");

    private static PlanInput Stays(IReadOnlyList<Picked> picks) => new()
    {
        Wishes = picks.GroupBy(p => p.For).ToDictionary(
            g => g.Key, g => (IReadOnlyList<Wish>)[.. g.Select(p => new Wish(p.Who, $"stays with {(p.Who == Tables.RecordIdOf("u2") ? "Ben" : "them")}, who was proposed by run 3", false))]),
    };

    private static string Picked(Correction correction) =>
        Tables.Short(correction.Writes.First(w => w.Action == WriteAction.Insert && w.Object == "POC_Assignment__c")["User__c"].Text!);

    /// <summary>Acme lacks a Backup; Ben and Cleo, who are Primary elsewhere, are the candidates.</summary>
    private static Tables Org(params string[] more) => new Tables()
        .With("User", "Id Name IsActive POC_Capacity__c POC_Certified_Until__c",
            "u1|Ann|true||", "u2|Ben|true||", "u3|Cleo|true||", "u4|Dora|false||", "u5|Eve|true||", "u6|Finn|true||", "u7|Gil|true||2026-03-09", "u8|Hal|true|0|", "u9|Sync|true||")
        .With("Account", "Id Name OwnerId", "a1|Acme|u1", "a2|Bolt|u2", "a3|Core|u3", "a4|Dune|u3")
        .With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c", "x1|u6|2026-03-01|2026-03-10")
        .With("POC_Assignment__c", "Id Account__c Role__c User__c Starts_On__c Ends_On__c",
            ["p1|a1|Primary|u1||", "p2|a2|Primary|u2||", "p3|a3|Primary|u3||", "p4|a4|Primary|u3||", "p10|a2|Backup|u1||", "p11|a3|Backup|u1||", "p12|a4|Backup|u1||", .. more]);
}
