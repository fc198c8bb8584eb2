using PocSync.Core.Plans;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>With <c>hierarchy: one-owner</c> the accounts of a family go to one Primary, as far as somebody is picked.</summary>
public class FamilyTests
{
    private static readonly (string, string, string)[] Able =
        [("primary-able", "mode", "auto"), ("primary-able", "graceHours", "0"), ("backup-present", "enabled", "false"), ("one-primary", "enabled", "false"),
        ("load-within-capacity", "capacity", "3")];

    private static readonly Settings Families = Tables.Rules([.. Able, ("", "hierarchy", "one-owner")]);

    /// <summary>a1 is above a2 and a3, and u1 is Primary of a1; a2's Primary has left, and its Backup is u2.</summary>
    private static Tables Org(params string[] more) => new Tables()
        .With("User", "Id Name IsActive", "u1|Ana|true", "u2|Ben|true", "u3|Cy|true", "u9|Gone|false")
        .With("Account", "Id Name OwnerId ParentId", "a1|Top|u1|", "a2|Left|u9|a1", "a3|Right|u3|a1", "a4|Far|u1|", "a5|Round|u1|a6", "a6|Way|u3|a5", "a7|Lost|u3|a99")
        .With("POC_Assignment__c", "Id Account__c Role__c User__c Starts_On__c Ends_On__c", ["p1|a1|Primary|u1||", "p2|a2|Primary|u9||", "p3|a2|Backup|u2||", .. more]);

    private static Correction OnlyOne(Tables org, Settings settings) => org.Plan(settings).Corrections.Single();

    private static string Picked(Correction correction) => Tables.Short(correction.Writes.Single(w => w["Role__c"].Text == "Primary")["User__c"].Text!);

    [Fact]
    public void Whoever_is_Primary_elsewhere_in_the_family_goes_before_backups_and_the_trace_says_so()
    {
        Picked(OnlyOne(Org(), Tables.Rules(Able))).ShouldBe("u2");
        var correction = OnlyOne(Org(), Families);
        Picked(correction).ShouldBe("u1");
        correction.Trace.ShouldContain(t => t.StartsWith($"Ana ({Tables.Id("u1")}): picked, Primary elsewhere in the family of Top", StringComparison.Ordinal));
    }

    [Fact]
    public void The_top_accounts_Primary_goes_before_one_who_has_more_of_the_family() =>
        Picked(OnlyOne(Org("p4|a3|Primary|u3||"), Families)).ShouldBe("u1");

    [Fact]
    public void Nobody_of_the_family_is_picked_beyond_capacity() =>
        Picked(OnlyOne(Org("p4|a4|Primary|u1||", "p5|a5|Primary|u1||"), Families)).ShouldBe("u2");

    [Fact]
    public void Other_families_do_not_count_and_a_circle_of_parents_is_one()
    {
        Picked(OnlyOne(new Tables()
            .With("User", "Id Name IsActive", "u1|Ana|true", "u2|Ben|true", "u9|Gone|false")
            .With("Account", "Id Name OwnerId ParentId", "a5|Round|u1|a6", "a6|Way|u9|a5", "a7|Lost|u2|a99", "a8|Self|u2|a8")
            .With("POC_Assignment__c", "Id Account__c Role__c User__c", "p1|a5|Primary|u1", "p2|a6|Primary|u9", "p3|a6|Backup|u2", "p4|a7|Primary|u2", "p5|a8|Primary|u2"), Families)).ShouldBe("u1");
        Picked(OnlyOne(new Tables()
            .With("User", "Id Name IsActive", "u1|Ana|true", "u2|Ben|true", "u9|Gone|false")
            .With("Account", "Id Name OwnerId ParentId", "a1|One|u1|", "a2|Two|u9|")
            .With("POC_Assignment__c", "Id Account__c Role__c User__c", "p1|a1|Primary|u1", "p2|a2|Primary|u9", "p3|a2|Backup|u2"), Families)).ShouldBe("u2");
    }

    [Fact]
    public void A_family_that_loses_its_Primary_goes_to_one_person_and_the_next_plan_is_empty()
    {
        var org = new Tables()
            .With("User", "Id Name IsActive ManagerId", "u1|Ana|true|", "u2|Ben|true|", "u3|Cy|true|", "u9|Gone|false|")
            .With("Account", "Id Name OwnerId ParentId", "a1|Top|u9|", "a2|Left|u9|a1", "a3|Deep|u9|a2", "a4|Other|u3|")
            .With("POC_Assignment__c", "Id Account__c Role__c User__c Department__c Starts_On__c Ends_On__c Sync_Key__c", "p1|a1|Primary|u9||||", "p2|a2|Primary|u9||||", "p3|a3|Primary|u9||||",
                "p4|a4|Primary|u3||||", "p5|a3|Backup|u1||||", "p6|a2|Backup|u2||||");
        var plan = org.Plan(Families);
        plan.Corrections.Select(Picked).Distinct().Count().ShouldBe(1);
        plan.Corrections.Count.ShouldBe(3);
        org.After(plan).Plan(Families).Corrections.ShouldBeEmpty();
    }
}
