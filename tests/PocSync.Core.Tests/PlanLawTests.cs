using FsCheck;
using FsCheck.Fluent;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>Laws that hold for every org, tried on random small ones in both bindings that have rows of their own.</summary>
public class PlanLawTests
{
    private static readonly string[] Writing =
        ["one-primary", "primary-able", "owner-is-primary", "backup-present", "backup-covers-absence", "one-role-each", "handoff-documented"];

    internal static readonly (string, string, string)[] AutoValues =
        [.. Writing.Select(r => (r, "mode", "auto")), ("primary-able", "graceHours", "0"), ("load-within-capacity", "capacity", "4")];

    internal static readonly Settings Auto = Tables.Rules(AutoValues);

    [Fact]
    public void Once_a_plan_is_written_the_next_one_has_nothing_new_to_write() => ForAnyOrg((org, seed) =>
    {
        var first = org.Plan(Auto);
        var second = org.After(first).Plan(Auto);
        // What is held, or has no candidate yet (somebody may become one by this very plan), is apart.
        var apart = first.Corrections.Where(c => c.State == CorrectionState.Held).Select(c => c.Account).Concat(first.Unpicked.Select(u => u.Account)).ToHashSet();
        second.Corrections.Where(c => c.State == CorrectionState.Ready && !apart.Contains(c.Account))
            .Select(c => $"seed {seed}: {c.Rule}: {c.Sentence}").ShouldBeEmpty();
    });

    [Fact]
    public void The_same_input_gives_the_same_plan() => ForAnyOrg((org, _) =>
        org.Plan(Auto).Corrections.Select(c => c.Identity + c.Sentence + string.Join('\n', c.Trace))
            .ShouldBe(org.Plan(Auto).Corrections.Select(c => c.Identity + c.Sentence + string.Join('\n', c.Trace))));

    [Fact]
    public void Every_correction_of_a_plan_has_an_id_of_its_own() => ForAnyOrg((org, _) => org.Plan(Auto).Corrections.Select(c => c.Id).ShouldBeUnique());

    [Fact]
    public void Nobody_is_picked_beyond_capacity_and_only_who_is_able_and_there() => ForAnyOrg((org, seed) =>
    {
        var snapshot = org.Build(Auto);
        var plan = Planner.Make(snapshot, Auto, new PlanInput());
        var ability = new Ability(snapshot, Auto);
        var after = new Draft(snapshot);
        foreach (var correction in plan.Corrections.Where(c => c.State != CorrectionState.Held))
        {
            DraftWriter.Apply(after, snapshot.FindAccount(correction.Account)!, correction.Writes);
        }

        foreach (var role in new[] { PocRole.Primary, PocRole.Backup })
        {
            // An account without Primary gets its able owner, however loaded: that is no pick.
            var given = plan.Corrections.Where(c => c.Sentence.Contains("its owner", StringComparison.Ordinal)).SelectMany(c => c.Writes).Select(w => PickedFor(w, role)).OfType<RecordId>().CountBy(u => u).ToList();
            var loads = new Scene(RuleBook.BackupPresent.Info, after, Auto, ability).AccountsByUser(role);
            foreach (var user in plan.Corrections.Where(c => c.State != CorrectionState.Held && !c.Sentence.Contains("its owner", StringComparison.Ordinal)).SelectMany(c => c.Writes).Select(w => PickedFor(w, role)).OfType<RecordId>())
            {
                ability.IsAbleUser(user).ShouldBeTrue($"seed {seed}");
                ability.IsAbsent(user, snapshot.AsOf.Today).ShouldBeFalse($"seed {seed}");
                ((decimal)loads.GetValueOrDefault(user) - given.SingleOrDefault(g => g.Key == user).Value).ShouldBeLessThanOrEqualTo(snapshot.Users[user].Capacity ?? 4, $"seed {seed}: {role} {user}");
            }
        }
    });

    [Theory]
    [InlineData(500, 7)]
    [InlineData(60, 60)]
    [InlineData(61, 4)]
    public void A_book_that_is_handed_out_is_shared_evenly(int accounts, int candidates)
    {
        var org = new Tables()
            .With("User", "Id Name IsActive", ["u900|Leaver|false", .. Enumerable.Range(1, candidates).Select(i => $"u{i}|Person {i}|true")])
            .With("Account", "Id Name OwnerId", [.. Enumerable.Range(1, accounts).Select(i => $"a{i}|Account {i}|u900")])
            .With("POC_Assignment__c", "Id Account__c Role__c User__c Starts_On__c Ends_On__c", [.. Enumerable.Range(1, accounts).Select(i => $"p{i}|a{i}|Primary|u900||")]);
        var settings = Tables.Rules(("primary-able", "mode", "auto"), ("primary-able", "graceHours", "0"), ("backup-present", "enabled", "false"),
            ("load-within-capacity", "capacity", "1000"), ("", "pool", "Name LIKE 'Person%'"));
        var given = org.Plan(settings).Corrections.CountBy(c => c.Writes.Single(w => w["Role__c"].Text == "Primary")["User__c"].Text!).ToList();
        given.Sum(g => g.Value).ShouldBe(accounts);
        given.Max(g => g.Value).ShouldBe((accounts + candidates - 1) / candidates);
    }

    /// <summary>The user whom a write puts into a role that was sought for: a row that starts, or (in the team) the member in the Backup's role.</summary>
    private static RecordId? PickedFor(Write write, PocRole role) => write.Action != WriteAction.Insert ? null
        : write.Object == "POC_Assignment__c" && write["Role__c"].Text == role.ToString() && write["User__c"].Text is { } user ? RecordId.Parse(user)
        : write.Object == "AccountTeamMember" && role == PocRole.Backup ? RecordId.Parse(write["UserId"].Text!)
        : null;

    internal static void ForAnyOrg(Action<Tables, int> law) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => law(RandomOrg(seed), seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private static Tables RandomOrg(int seed)
    {
        var random = new Random(seed);
        string One(params string[] of) => of[random.Next(of.Length)];
        string Day() => One("", "", "", "2026-01-15", "2026-02-27", "2026-03-02", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-20", "2026-06-01");
        var users = random.Next(3, 9);
        var accounts = random.Next(1, 12);
        string User() => $"u{random.Next(1, users + 2)}";
        var org = new Tables()
            .With("User", "Id Name IsActive UserType ManagerId POC_Capacity__c POC_Certified_Until__c", [.. Enumerable.Range(1, users).Select(i =>
                $"u{i}|User {i}|{One("true", "true", "true", "false")}|{One("Standard", "Standard", "Standard", "Guest")}|{One("", User())}|{One("", "", "0", "1", "2", "9")}|{One("", "", "2026-03-09", "2026-03-10")}")])
            .With("UserLogin", "UserId IsFrozen", $"{User()}|true")
            .With("Account", "Id Name OwnerId", [.. Enumerable.Range(1, accounts).Select(i => $"a{i}|Account {i}|{One("", User(), User(), User())}")])
            .With("Opportunity", "Id AccountId IsClosed CloseDate Probability", [.. Enumerable.Range(1, 3).Select(i => $"o{i}|a{random.Next(1, accounts + 1)}|false|2026-03-12|90")]);
        if (random.Next(3) == 0)
        {
            return org.With("AccountTeamMember", "Id AccountId UserId TeamMemberRole", [.. Enumerable.Range(1, accounts * 2)
                .Select(i => $"t{i}|a{random.Next(1, accounts + 1)}|{User()}|{One("Backup POC", "Sales Rep", "")}")]);
        }

        return org
            .With("POC_Assignment__c", "Id Account__c Role__c User__c Department__c Scope__c Starts_On__c Ends_On__c", [.. Enumerable.Range(1, accounts * 3).Select(i =>
                $"p{i}|a{random.Next(1, accounts + 1)}|{One("Primary", "Primary", "Backup", "Backup", "Specialist")}|{One("", User(), User(), User(), User())}|{One("", "", "", "d1", "d2")}|{One("", "East")}|{Day()}|{One("", "", Day())}")])
            .With("POC_Department__c", "Id Name Queue_Id__c Accountable_User__c Minimum_Staff__c", "d1|Desk|q1|u1|0", "d2|Shop|q1|u2|1")
            .With("POC_Absence__c", "Id User__c Starts_On__c Ends_On__c Cover__c", [.. Enumerable.Range(1, 3).Select(i => $"x{i}|{User()}|{Day()}|{Day()}|{One("", User())}")])
            .With("POC_Handoff__c", "Id Account__c From_User__c To_User__c From_Department__c To_Department__c Reason__c Notes__c Effective_On__c Status__c Due_On__c",
                [.. Enumerable.Range(1, 2).Select(i => $"h{i}|a{random.Next(1, accounts + 1)}|{User()}|{User()}|||x||{Day()}|Documenting|")]);
    }
}
