using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

public class PlannerTests
{
    private static readonly string[] Writing =
        ["one-primary", "primary-able", "owner-is-primary", "backup-present", "backup-covers-absence", "one-role-each", "handoff-documented"];

    private static Settings Auto(params (string, string, string)[] more) =>
        Tables.Rules([.. Writing.Select(r => (r, "mode", "auto")), ("primary-able", "graceHours", "0"), .. more]);

    private static Settings Only(string rule, params (string, string, string)[] more) =>
        Tables.Rules([.. Writing.Select(r => (r, "mode", r == rule ? "auto" : "alert")), ("primary-able", "graceHours", "0"), .. more]);

    private static Tables Org(string[] accounts, string[] rows, params string[] users) => new Tables()
        .With("Account", "Id Name OwnerId", accounts)
        .With("User", "Id Name IsActive ManagerId", users.Length > 0 ? users : ["u1|Ann|true|u9", "u2|Ben|true|u9", "u3|Cleo|true|u9", "u9|Max|true|"])
        .With("POC_Assignment__c", "Id Account__c Role__c User__c Department__c Scope__c Starts_On__c Ends_On__c", rows)
        .With("POC_Handoff__c", "Id Account__c From_User__c To_User__c From_Department__c To_Department__c Reason__c Notes__c Effective_On__c Status__c Due_On__c");

    private static List<string> Written(Plan plan) => [.. plan.Corrections.SelectMany(c => c.Writes).Select(w =>
        $"{w.Action} {w.Object} {Tables.Short(w.Id.ToString())} {string.Join(' ', w.Fields.Where(f => w.Action != WriteAction.Delete).Select(f => $"{f.Field}={Tables.Short(f.After.On(plan.Today) ?? "")}"))}".Trim())];

    private static void SecondPlanIsEmpty(Tables org, Settings settings)
    {
        var plan = org.Plan(settings);
        plan.Corrections.ShouldNotBeEmpty();
        org.After(plan).Plan(settings).Corrections.Select(c => c.Sentence).ShouldBeEmpty();
    }

    [Fact]
    public void Of_several_primaries_the_able_one_stays_and_the_others_end_yesterday()
    {
        var org = Org(["a1|Acme|u2"], ["p1|a1|Primary|u1||||", "p2|a1|Primary|u2|||2026-03-10|", "p3|a1|Backup|u3||||"]);
        var settings = Only("one-primary");
        Written(org.Plan(settings)).ShouldBe(["Update POC_Assignment__c p1 Ends_On__c=2026-03-09"]);
        SecondPlanIsEmpty(org, settings);
    }

    [Fact]
    public void A_row_that_would_end_before_it_starts_is_deleted()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1||||", "p2|a1|Primary|u2|||2026-03-10|"]);
        Written(org.Plan(Only("one-primary"))).ShouldBe(["Delete POC_Assignment__c p2"]);
        SecondPlanIsEmpty(org, Only("one-primary"));
    }

    [Fact]
    public void An_account_without_primary_gets_its_owner_until_the_next_primary_starts()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u2|||2026-04-01|"]);
        Written(org.Plan(Only("one-primary")))
            .ShouldBe(["Insert POC_Assignment__c  Account__c=a1 Role__c=Primary User__c=u1 Starts_On__c=2026-03-10 Ends_On__c=2026-03-31"]);
        SecondPlanIsEmpty(org, Only("one-primary"));
    }

    [Fact]
    public void A_primary_who_left_is_replaced_by_the_backup_in_one_correction()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1||||", "p2|a1|Backup|u2||||", "p3|a1|Backup|u2|||2026-05-01|", "p4|a2|Backup|u3||||"],
            "u1|Ann|false|u9", "u2|Ben|true|u9", "u3|Cleo|true|u9", "u9|Max|true|");
        var plan = org.Plan(Auto());
        plan.Corrections.Count.ShouldBe(1);
        Written(plan).ShouldBe([
            "Update POC_Assignment__c p1 Ends_On__c=2026-03-09",
            "Insert POC_Assignment__c  Account__c=a1 Role__c=Primary User__c=u2 Starts_On__c=2026-03-10",
            "Update POC_Assignment__c p2 Ends_On__c=2026-03-09",
            "Delete POC_Assignment__c p3",
            "Update Account a1 OwnerId=u2",
            "Insert POC_Handoff__c  Account__c=a1 From_User__c=u1 To_User__c=u2 Effective_On__c=2026-03-10 Status__c=Documenting Due_On__c=2026-03-17 Necessity__c=Necessary Reason__c=Ann is no longer active.",
            "Insert POC_Assignment__c  Account__c=a1 Role__c=Backup User__c=u9 Starts_On__c=2026-03-10",
        ]);
        plan.Corrections[0].State.ShouldBe(CorrectionState.Ready);
        plan.Corrections[0].Sentence.ShouldBe("Make Ben primary contact of Acme in place of Ann: Ann is no longer active.");
        SecondPlanIsEmpty(org, Auto());
    }

    [Theory]
    [InlineData("u1|Ann|true|u9", "u1|true", CorrectionState.Waits)]
    [InlineData("u1|Ann|false|u9", "u2|false", CorrectionState.Ready)]
    public void A_freeze_is_for_a_person_to_decide_and_a_leaver_is_not(string user, string login, CorrectionState state)
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1||||", "p2|a1|Backup|u2||||"], user, "u2|Ben|true|u9", "u9|Max|true|")
            .With("UserLogin", "UserId IsFrozen", login);
        org.Plan(Only("primary-able")).Corrections.Single().State.ShouldBe(state);
    }

    [Fact]
    public void A_leaver_is_left_alone_until_the_grace_is_over()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1||||", "p2|a1|Backup|u2||||"], "u1|Ann|false|u9", "u2|Ben|true|u9", "u9|Max|true|");
        var settings = Only("primary-able", ("primary-able", "graceHours", "24"));
        var snapshot = org.Build(settings);
        Correction Plan(double hoursAgo) => Planner.Make(snapshot, settings, new PlanInput { FirstSeen = (_, _, _) => Tables.Now.AddHours(-hoursAgo) }).Corrections.Single();
        Plan(23.9).State.ShouldBe(CorrectionState.Waits);
        Plan(24).State.ShouldBe(CorrectionState.Ready);
        org.Plan(settings).Corrections.Single().State.ShouldBe(CorrectionState.Waits);
    }

    [Fact]
    public void The_owner_follows_the_primary()
    {
        var org = Org(["a1|Acme|u3"], ["p1|a1|Primary|u1||||"]);
        Written(org.Plan(Only("owner-is-primary"))).ShouldBe(["Update Account a1 OwnerId=u1"]);
        SecondPlanIsEmpty(org, Only("owner-is-primary"));
    }

    [Fact]
    public void The_primary_follows_the_owner_where_settings_say_so_unless_the_account_is_frozen()
    {
        var org = Org(["a1|Acme|u3", "a2|Bolt|u3"], ["p1|a1|Primary|u1||||", "p2|a2|Primary|u1||||"])
            .With("Opportunity", "Id Name AccountId IsClosed CloseDate Probability", "o1|Big deal|a2|false|2026-03-24|70");
        var settings = Only("owner-is-primary", ("owner-is-primary", "authority", "owner"), ("backup-present", "enabled", "false"));
        var plan = org.Plan(settings);
        plan.Corrections.Select(c => c.State).ShouldBe([CorrectionState.Ready, CorrectionState.Held]);
        plan.Corrections[1].Reasons.ShouldBe(["frozen: the open opportunity Big deal closes on 2026-03-24 with 70 %"]);
        org.After(plan).Plan(settings).Corrections.ShouldAllBe(c => c.State == CorrectionState.Held);
    }

    [Fact]
    public void A_change_of_primary_in_this_plan_freezes_the_account_too()
    {
        var org = Org(["a1|Acme|u3"], ["p1|a1|Primary|u1||||", "p2|a1|Backup|u2||||"], "u1|Ann|false|u9", "u2|Ben|true|u9", "u3|Cleo|true|u9", "u9|Max|true|");
        var settings = Auto(("owner-is-primary", "authority", "owner"));
        var plan = org.Plan(settings);
        // The switch writes the owner whichever authority is set, so that nothing is left to switch back.
        plan.Corrections.Select(c => c.Rule).ShouldBe(["primary-able"]);
        SecondPlanIsEmpty(org, settings);
    }

    [Fact]
    public void Backups_are_picked_evenly()
    {
        var accounts = Enumerable.Range(1, 20).ToList();
        var org = Org([.. accounts.Select(i => $"a{i}|Account {i}|u1")], [.. accounts.Select(i => $"p{i}|a{i}|Primary|u1||||"), "p98|a1|Backup|u2||||", "p99|a2|Backup|u3||||"]);
        var plan = org.Plan(Only("backup-present"));
        plan.Corrections.Count.ShouldBe(18);
        plan.Corrections.SelectMany(c => c.Writes).CountBy(w => Tables.Short(w["User__c"].Text!)).ShouldBe([new("u2", 9), new("u3", 9)], ignoreOrder: true);
        SecondPlanIsEmpty(org, Only("backup-present"));
    }

    [Fact]
    public void A_pick_says_why_each_other_candidate_was_not_taken()
    {
        var org = Org(["a1|Acme|u1", "a2|Bolt|u2", "a3|Core|u3"], ["p1|a1|Primary|u1||||", "p2|a2|Primary|u2||||", "p3|a3|Primary|u3||||", "p4|a3|Backup|u1||||", "p5|a2|Backup|u1||||"])
            .With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c", "x1|u2|2026-03-01|2026-03-10");
        org.Plan(Only("backup-present")).Corrections.Single().Trace.Select(t => t[..t.IndexOf(" (", StringComparison.Ordinal)] + t[(t.IndexOf("):", StringComparison.Ordinal) + 1)..])
            .ShouldBe(["Cleo: picked, 0 of 60 accounts as Backup", "Ann: is on the account already", "Ben: away today"]);
    }

    [Fact]
    public void Nobody_is_picked_beyond_capacity_and_the_finding_is_named()
    {
        var org = Org(["a1|Acme|u1", "a2|Bolt|u1"], ["p1|a1|Primary|u1||||", "p2|a2|Primary|u1||||"], "u1|Ann|true|");
        var plan = org.Plan(Only("backup-present"));
        plan.Corrections.ShouldBeEmpty();
        plan.Unpicked.Select(u => u.Sentence).ShouldBe(["Nobody could be picked as backup of Acme.", "Nobody could be picked as backup of Bolt."]);
    }

    [Fact]
    public void An_absence_is_covered_from_its_first_day_to_its_last()
    {
        var org = Org(["a1|Acme|u1", "a2|Bolt|u2"], ["p1|a1|Primary|u1||||", "p2|a2|Primary|u2||||"])
            .With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c Cover__c", "x1|u1|2026-03-20|2026-03-31|");
        Written(org.Plan(Only("backup-covers-absence")))
            .ShouldBe(["Insert POC_Assignment__c  Account__c=a1 Role__c=Backup User__c=u2 Starts_On__c=2026-03-20 Ends_On__c=2026-03-31"]);
        SecondPlanIsEmpty(org, Only("backup-covers-absence"));
    }

    [Fact]
    public void Who_is_both_primary_and_backup_stays_primary_and_doubles_end()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1||||", "p2|a1|Backup|u1||||", "p3|a1|Specialist|u2||North||2026-12-31", "p4|a1|Specialist|u2|| north ||"]);
        Written(org.Plan(Only("one-role-each"))).ShouldBe(["Update POC_Assignment__c p2 Ends_On__c=2026-03-09", "Update POC_Assignment__c p3 Ends_On__c=2026-03-09"]);
        SecondPlanIsEmpty(org, Only("one-role-each"));
    }

    [Fact]
    public void A_change_without_handoff_gets_one_to_fill_in()
    {
        var org = Org(["a1|Acme|u2"], ["p1|a1|Primary|u1||||2026-02-28", "p2|a1|Primary|u2|||2026-03-01|"]);
        Written(org.Plan(Only("handoff-documented")))
            .ShouldBe(["Insert POC_Handoff__c  Account__c=a1 From_User__c=u1 To_User__c=u2 Effective_On__c=2026-03-01 Status__c=Documenting Due_On__c=2026-03-17"]);
        SecondPlanIsEmpty(org, Only("handoff-documented"));
    }

    [Fact]
    public void What_builds_on_a_correction_that_waits_waits_with_it_and_names_it()
    {
        var org = Org(["a1|Acme|u3"], ["p1|a1|Primary|u1|||2026-01-01|", "p2|a1|Primary|u2||||", "p3|a1|Backup|u9||||"]);
        var plan = org.Plan(Tables.Rules(("one-primary", "mode", "propose"), ("owner-is-primary", "mode", "auto"), ("backup-present", "mode", "auto")));
        plan.Corrections.Select(c => (c.Rule, c.State)).ShouldBe([("one-primary", CorrectionState.Waits), ("owner-is-primary", CorrectionState.Waits)]);
        plan.Corrections[1].BuildsOn.ShouldBe([plan.Corrections[0].Id]);
        plan.Corrections[1].Reasons.Single().ShouldStartWith($"builds on {plan.Corrections[0].Id}");
    }

    [Fact]
    public void What_does_not_build_on_a_correction_that_waits_is_written()
    {
        var org = Org(["a1|Acme|u1", "a2|Bolt|u2"], ["p1|a1|Primary|u1||||", "p2|a1|Primary|u2|||2026-01-01|", "p3|a2|Primary|u3||||"],
            "u1|Ann|true|u9", "u2|Ben|false|u9", "u3|Cleo|true|u9", "u9|Max|true|");
        var plan = org.Plan(Tables.Rules(("one-primary", "mode", "propose"), ("backup-present", "mode", "auto"), ("owner-is-primary", "mode", "alert")));
        plan.Corrections.Where(c => c.Rule == "backup-present").Select(c => c.State).ShouldBe([CorrectionState.Ready, CorrectionState.Ready]);
    }

    [Fact]
    public void A_pick_that_only_a_waiting_correction_makes_possible_waits_with_it()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1||||", "p2|a1|Primary|u2|||2026-01-01|"], "u1|Ann|true|", "u2|Ben|true|");
        var plan = org.Plan(Tables.Rules(("one-primary", "mode", "propose"), ("backup-present", "mode", "auto"), ("owner-is-primary", "mode", "alert")));
        plan.Corrections.Select(c => (c.Rule, c.State)).ShouldBe([("one-primary", CorrectionState.Waits), ("backup-present", CorrectionState.Waits)]);
    }

    [Fact]
    public void What_builds_on_a_correction_that_is_written_does_not_wait_for_another_that_waits()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1|||2026-03-08|", "p2|a1|Primary|u2|||2026-01-01|"]);
        var plan = org.Plan(Tables.Rules(("one-primary", "mode", "auto"), ("backup-present", "mode", "propose"), ("handoff-documented", "mode", "auto")));
        plan.Corrections.Select(c => (c.Rule, c.State)).ShouldBe([
            ("one-primary", CorrectionState.Ready), ("backup-present", CorrectionState.Waits), ("handoff-documented", CorrectionState.Ready)]);
        plan.Corrections[2].BuildsOn.ShouldBe([plan.Corrections[0].Id]);
    }

    [Fact]
    public void A_freeze_does_not_keep_an_account_with_somebody_who_left()
    {
        var org = Org(["a1|Acme|u2"], ["p1|a1|Primary|u1||||"], "u1|Ann|false|", "u2|Ben|true|")
            .With("Case", "Id AccountId IsClosed IsEscalated", "k1|a1|false|true");
        org.Plan(Tables.Rules(("owner-is-primary", "mode", "auto"), ("owner-is-primary", "authority", "owner"), ("primary-able", "mode", "alert"), ("backup-present", "enabled", "false")))
            .Corrections.Select(c => c.State).ShouldBe([CorrectionState.Ready]);
    }

    [Fact]
    public void In_the_team_the_owner_is_the_primary_and_a_leaver_is_switched_by_writing_the_owner()
    {
        var org = new Tables()
            .With("Account", "Id Name OwnerId", "a1|Acme|u1", "a2|Bolt|u2")
            .With("User", "Id Name IsActive ManagerId", "u1|Ann|false|u9", "u2|Ben|true|u9", "u3|Cleo|true|u9", "u9|Max|true|")
            .With("AccountTeamMember", "Id AccountId UserId TeamMemberRole", "t1|a1|u3|Backup POC", "t2|a2|u3|Backup POC", "t3|a1|u9|Sales Rep");
        var plan = org.Plan(Auto());
        Written(plan).ShouldBe([
            "Delete AccountTeamMember t1",
            "Update Account a1 OwnerId=u3",
            $"Insert Task  OwnerId=u3 Subject=You are now the primary contact of Acme Description=Ann is no longer active. The account: {Tables.Id("a1")}. Before you: Ann. Status=Not Started Priority=Normal ActivityDate=2026-03-10",
            "Insert AccountTeamMember  AccountId=a1 UserId=u2 TeamMemberRole=Backup POC",
        ]);
        SecondPlanIsEmpty(org, Auto());
    }

    [Fact]
    public void The_worker_itself_is_never_picked()
    {
        var org = Org(["a1|Acme|u1", "a2|Bolt|u2"], ["p1|a1|Primary|u1||||", "p2|a2|Primary|u2||||", "p3|a2|Backup|u1||||"], "u1|Ann|true|", "u2|Ben|true|");
        org.Plan(Only("backup-present")).Corrections.Count.ShouldBe(1);
        org.Plan(Only("backup-present"), Tables.RecordIdOf("u2")).Corrections.ShouldBeEmpty();
    }

    [Fact]
    public void Equal_input_gives_an_equal_plan_and_the_day_of_writing_does_not_change_its_digest()
    {
        var org = Org(["a1|Acme|u1"], ["p1|a1|Primary|u1||||", "p2|a1|Backup|u2||||"], "u1|Ann|false|u9", "u2|Ben|true|u9", "u3|Cleo|true|u9", "u9|Max|true|");
        var settings = Auto();
        var first = Planner.Make(org.Build(settings), settings, new PlanInput());
        var again = Planner.Make(org.Build(settings), settings, new PlanInput());
        var tomorrow = Planner.Make(org.Build(settings, Tables.Now.AddDays(1)), settings, new PlanInput());
        again.Digest.ShouldBe(first.Digest);
        again.Corrections.Select(c => c.Identity).ShouldBe(first.Corrections.Select(c => c.Identity));
        tomorrow.Digest.ShouldBe(first.Digest);
        Written(tomorrow).ShouldNotBe(Written(first));
    }
}
