using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>Who could be the customer's one primary contact where there is not exactly one who can be reached, and what makes them it.</summary>
public sealed class CustomerSideTests
{
    private const string Contact = "Id AccountId Name Email EmailBouncedDate Phone LastActivityDate LastModifiedDate CreatedDate POC_Customer_Primary__c";

    private static readonly Settings Propose = Tables.Rules(("customer-primary", "mode", "propose"));

    private static Tables Org => new Tables()
        .With("User", "Id Name IsActive", "u1|Ana|true")
        .With("Account", "Id Name OwnerId", "a1|Acme|u1", "a2|Bolt|u1");

    private static Tables With(params string[] contacts) => Org.With("Contact", Contact, contacts);

    private static Tables Roles(string[] contacts, params string[] roles) =>
        Org.With("AccountContactRole", "Id AccountId ContactId IsPrimary", roles)
            .With("Contact", Contact[..Contact.LastIndexOf(' ')], [.. contacts.Select(c => c[..c.LastIndexOf('|')])]);

    [Theory]
    [InlineData("Jane", "c1|a1|Jane|j@x||| 2026-02-03|2026-01-01|2025-01-01|false", "c2|a1|Joe|k@x|||2026-02-02|2026-03-01|2025-01-01|false")]
    [InlineData("Jane", "c1|a1|Jane|j@x|||2025-02-03|2026-01-01|2025-01-01|false", "c2|a1|Joe|k@x||||2026-03-01T00:00:00Z|2025-01-01T00:00:00Z|false")]
    [InlineData("Joe", "c1|a1|Jane|j@x||||2026-01-01T00:00:00Z|2025-01-01T00:00:00Z|false", "c2|a1|Joe|k@x||||2026-03-01T00:00:00Z|2025-01-01T00:00:00Z|false")]
    [InlineData("Joe", "c1|a1|Jane|j@x||||2026-01-01T00:00:00Z|2025-01-01T00:00:00Z|false", "c2|a1|Joe|k@x||||2026-01-01T00:00:00Z|2025-01-02T00:00:00Z|false")]
    [InlineData("Jane", "c1|a1|Jane|j@x||||||false", "c2|a1|Joe|k@x||||||false")]
    [InlineData("Joe", "c1|a1|Jane|j@x|2026-03-01T10:00:00Z||2026-03-05|||false", "c2|a1|Joe|||555||||false")]
    [InlineData("Joe", "c1|a1|Jane||||2026-03-05|||false", "c2|a1|Joe|k@x||||||false")]
    [InlineData("Joe", "c1|a2|Jane|j@x|||2026-03-05|||false", "c2|a1|Joe|k@x||||||false")]
    [InlineData(null, "c1|a1|Jane||||2026-03-05|||false", "c2|a2|Joe|k@x||||||false")]
    public void It_is_the_contact_who_can_be_reached_with_the_latest_activity(string? who, params string[] contacts) =>
        SuccessorOf(With(contacts).Build())?.Name.ShouldBe(who);

    [Fact]
    public void It_is_said_with_its_evidence()
    {
        var org = With("c1|a1|Bob|b@x|2026-03-01T10:00:00Z||2026-03-05|||true", "c2|a1|Jane Doe|j@x|||2026-02-03|||false", "c3|a2|Cal|c@x|||2026-03-09|||true");
        Sentences(org.Build()).ShouldBe(["Bob, the primary contact of Acme, has no working e-mail address and no phone number. In their place it could be Jane Doe, last activity 2026-02-03."]);
        Sentences(With("c2|a1|Jane Doe|j@x||||||false", "c3|a2|Cal|c@x||||||true").Build())
            .ShouldBe(["Acme has no primary contact on the customer's side. It could be Jane Doe, no activity known."]);
        Sentences(With("c1|a1|Jane|||||||", "c3|a2|Cal|c@x||||||true").Build()).ShouldBe(["Acme has no primary contact on the customer's side."]);
        Sentences(With("c1|a1|Ann|a@x|||2026-01-01|||true", "c2|a1|Bea|b@x|||2026-02-01|||true", "c4|a1|Dan|d@x|||2026-03-01|||false", "c3|a2|Cal|c@x||||||true").Build())
            .ShouldBe(["Acme has 2 primary contacts on the customer's side. The one to keep could be Bea, last activity 2026-02-01."]);
    }

    [Fact]
    public void Where_the_rule_is_off_nothing_more_is_read()
    {
        var off = Tables.Rules(("customer-primary", "enabled", "false"));
        With("c2|a1|Jane Doe|j@x||||||false").Build(off).CustomerSuccessors.Count.ShouldBe(0);
    }

    [Fact]
    public void By_default_nothing_is_planned() =>
        With("c1|a1|Bob|||||||true", "c2|a1|Jane|j@x||||||false").Plan(Settings.Default).Corrections.Where(c => c.Rule == "customer-primary").ShouldBeEmpty();

    [Theory]
    [InlineData("propose")]
    [InlineData("auto")]
    public void Whoever_is_proposed_waits_for_a_person_and_a_second_plan_is_empty(string mode)
    {
        var settings = Tables.Rules(("customer-primary", "mode", mode));
        var org = With("c1|a1|Bob|b@x|2026-03-01T10:00:00Z||2026-03-05|||true", "c2|a1|Jane Doe|j@x|||2026-02-03|||false",
            "c3|a2|Cal|c@x|||2026-03-09|||true", "c4|a2|Dan|||555|2026-03-08|||true", "c5|a2|Eve|||||||true");

        var plan = org.Plan(settings);

        plan.Corrections.Select(c => (c.State, c.Mode, c.Sentence)).ShouldBe(
        [
            (CorrectionState.Waits, RuleMode.Propose, "Make Jane Doe the customer's primary contact of Acme in place of Bob, who cannot be reached (last activity 2026-02-03)."),
            (CorrectionState.Waits, RuleMode.Propose, "Keep Cal as the customer's one primary contact of Bolt, which has 3 (last activity 2026-03-09)."),
        ]);
        plan.Corrections.SelectMany(c => c.Writes).Select(w => $"{w.Object} {Tables.Short(w.Id.ToString())} {w.Fields.Single().Before}>{w.Fields.Single().After}")
            .ShouldBe(["Contact c1 true>false", "Contact c2 false>true", "Contact c4 true>false", "Contact c5 true>false"]);
        var after = org.After(plan);
        after.Plan(settings).Corrections.ShouldBeEmpty();
        after.Findings("customer-primary", settings).ShouldBeEmpty();
    }

    [Fact]
    public void Of_several_whom_nobody_reaches_one_who_can_be_reached_takes_the_place()
    {
        var org = With("c1|a1|Bob|||||||true", "c2|a1|Bea|||||||true", "c3|a1|Jane|j@x||||||false", "c4|a2|Cal|c@x||||||true");
        var after = org.After(org.Plan(Propose));
        after.Findings("customer-primary", Propose).ShouldBeEmpty();
        after.Plan(Propose).Corrections.ShouldBeEmpty();
    }

    [Fact]
    public void Of_several_none_of_whom_can_be_reached_one_is_kept_and_nobody_can_be_proposed()
    {
        var org = With("c1|a1|Bob||||2026-01-01|||true", "c2|a1|Bea||||2026-02-01|||true", "c4|a2|Cal|c@x||||||true");
        var plan = org.Plan(Propose);
        plan.Corrections.Single().Sentence.ShouldBe("Keep Bea as the customer's one primary contact of Acme, which has 2 (last activity 2026-02-01).");
        var again = org.After(plan).Plan(Propose);
        again.Corrections.ShouldBeEmpty();
        again.Unpicked.Single().Sentence.ShouldBe("Nobody can be proposed as the customer's primary contact of Acme: none of its contacts can be reached.");
    }

    [Fact]
    public void Without_the_flag_the_contact_roles_are_written()
    {
        var org = Roles(["c1|a1|Bob|||||||", "c2|a1|Jane|j@x|||2026-02-03|||", "c4|a2|Cal|c@x||||||"], "g1|a1|c1|true", "g2|a1|c2|false", "g4|a2|c4|true");
        var plan = org.Plan(Propose);
        plan.Corrections.Single().Writes.Select(w => $"{w.Object} {Tables.Short(w.Id.ToString())} {w.Fields.Single().Field} {w.Fields.Single().After}")
            .ShouldBe(["AccountContactRole g1 IsPrimary false", "AccountContactRole g2 IsPrimary true"]);
        org.After(plan).Plan(Propose).Corrections.ShouldBeEmpty();
    }

    [Fact]
    public void A_contact_without_a_role_is_proposed_in_words_alone()
    {
        var plan = Roles(["c2|a1|Jane|j@x|||2026-02-03|||", "c4|a2|Cal|c@x||||||"], "g4|a2|c4|true").Plan(Propose);
        plan.Corrections.ShouldBeEmpty();
        plan.Unpicked.Single().Sentence.ShouldBe("Jane, last activity 2026-02-03, could be the customer's primary contact of Acme and has no contact role there: give them one.");
    }

    private static CustomerSuccessor? SuccessorOf(Snapshot snapshot) => snapshot.CustomerSuccessors[0] is [var successor, ..] ? successor : null;

    private static IEnumerable<string> Sentences(Snapshot snapshot) =>
        RuleBook.Judge(snapshot, Settings.Default).Single(r => r.Rule.Id == "customer-primary").Findings.Select(f => f.Sentence);
}
