using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Core.Tests.Runs;

public class BookTests
{
    private static Book Of(Tables tables)
    {
        var snapshot = tables.Build();
        return new Book(snapshot, Settings.Default, RuleBook.Judge(snapshot, Settings.Default));
    }

    /// <summary>a1 is covered; a2's primary has left and it has no backup; a3 is exempt; a4 has nobody.</summary>
    private static Tables Org => new Tables()
        .With("User", "Id Name IsActive ManagerId POC_Capacity__c", "u1|Ana|true||2.5", "u2|Ben|true|u1|", "u3|Gone|false||", "u4|Idle|true||")
        .With("Account", "Id Name OwnerId AnnualRevenue POC_Exempt_Until__c", "a1|Acme|u1|100|", "a2|Bolt|u3|7000|", "a3|Cup|u1|1|2026-12-31", "a4|Dot|u2||")
        .With("POC_Assignment__c", "Id Account__c Role__c User__c Starts_On__c Ends_On__c",
            "p1|a1|Primary|u1|2025-01-01|", "p2|a1|Backup|u2||", "p3|a2|Primary|u3||", "p4|a3|Primary|u1||", "p5|a1|Backup|u3||2026-01-01",
            "p6|a1|Specialist|u2|2026-05-01|", "p7|a1|Backup|u2|2026-04-01|2026-03-20")
        .With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c Cover__c", "x1|u1|2026-03-20||u2", "x2|u2|2025-01-01|2025-01-31|")
        .With("POC_Handoff__c", "Id Account__c From_User__c To_User__c Effective_On__c Status__c Reason__c Notes__c Due_On__c",
            "h1|a1|u2|u1|2025-01-01|Awaiting Acknowledgement|because||2025-01-10", "h2|a1|u2|u1|2025-01-01|Acknowledged|r|n|", "h3|a2|u1|u3|2026-02-20|Acknowledged|r|n|");

    [Fact]
    public void Figures_count_the_accounts_in_scope_and_what_they_are_worth() => Of(Org).Figures.ShouldBe(
        new Figures(new Share(3, 7100), 1, new Share(1, 100), new Share(1, 100), new Share(2, 7000)));

    [Fact]
    public void What_the_data_does_not_tell_is_not_known()
    {
        var figures = Of(new Tables().With("Account", "Id Name", "a1|Acme")).Figures;
        (figures.Primary, figures.Backup, figures.Handoffs).ShouldBe((null, null, null));
    }

    [Fact]
    public void An_account_names_who_is_in_a_role_now_or_later_and_whom_it_concerns()
    {
        var accounts = Of(Org).Accounts.ToList();

        accounts.Select(a => (a.Name, a.ConcernedName)).ShouldBe([("Acme", "Ana"), ("Bolt", "Gone"), ("Cup", "Ana"), ("Dot", "Ben")]);
        accounts[0].Roles.Select(r => $"{r.Role} {r.Name} {r.WhyNotAble}".Trim()).ShouldBe(["Primary Ana", "Backup Ben", "Specialist Ben"]);
        accounts[1].Roles.ShouldHaveSingleItem().WhyNotAble.ShouldBe("inactive");
        accounts.Select(a => a.Coverage).ShouldBe([new(true, true, false), new(false, false, true), default, new(false, false, true)]);
        accounts[2].ExemptUntil.ShouldBe(new DateOnly(2026, 12, 31));
    }

    [Fact]
    public void People_are_those_who_can_be_picked_or_hold_a_role_with_their_load() => Of(Org).People
        .Select(p => (p.Name, p.AsPrimary, p.AsBackup, p.Capacity, p.WhyNotAble, p.ManagerName)).ShouldBe(
        [
            ("Ana", 1, 0, 2.5m, null, null), ("Ben", 0, 1, 60m, null, "Ana"), ("Gone", 1, 0, 60m, "inactive", null), ("Idle", 0, 0, 60m, null, null),
        ], ignoreOrder: true);

    [Fact]
    public void Absences_and_handoffs_that_are_long_over_are_left_out()
    {
        var book = Of(Org);
        book.Absences.Select(a => (a.PersonName, a.StartsOn, a.EndsOn, a.CoverName)).ShouldBe([("Ana", new DateOnly(2026, 3, 20), null, "Ben")]);
        book.Handoffs.Select(h => (h.AccountName, h.FromName, h.ToName, h.Reason, h.Notes)).ShouldBe(
            [("Acme", "Ben", "Ana", "because", null), ("Bolt", "Ana", "Gone", "r", "n")]);
    }
}
