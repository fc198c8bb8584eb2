using FsCheck;
using FsCheck.Fluent;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>With tiers an account takes up 1 ÷ its capacity of a person, exactly, for findings and picks alike.</summary>
public class CapacityTests
{
    private const string ByType = "Type = 'Strategic': capacity 3; Type = 'Small': capacity 7; Type = 'None': capacity 0";

    private static readonly Settings Tiered = Tables.Rules(
        ("load-within-capacity", "capacity", "5"), ("load-within-capacity", "tiers", ByType), ("primary-able", "mode", "auto"), ("primary-able", "graceHours", "0"),
        ("backup-present", "enabled", "false"), ("", "pool", "Name LIKE 'Person%'"));

    [Theory]
    [InlineData(3, 0, 0, "", false)]
    [InlineData(4, 0, 0, "", true)]
    [InlineData(0, 7, 0, "", false)]
    [InlineData(0, 8, 0, "", true)]
    [InlineData(0, 0, 5, "", false)]
    [InlineData(1, 4, 0, "", false)]
    [InlineData(1, 5, 0, "", true)]
    [InlineData(1, 1, 2, "", false)]
    [InlineData(1, 3, 1, "", false)]
    [InlineData(1, 2, 2, "", true)]
    [InlineData(1, 5, 0, "6", false)]
    [InlineData(1, 5, 1, "6.5", true)]
    [InlineData(1, 0, 0, "0", true)]
    public void Accounts_of_several_tiers_add_up(int strategic, int small, int others, string own, bool isOver)
    {
        string[] types = [.. Enumerable.Repeat("Strategic", strategic), .. Enumerable.Repeat("Small", small), .. Enumerable.Repeat("", others)];
        Org([$"u1|Person 1|true|{own}"], [.. types.Select(t => (t, "u1"))]).Findings("load-within-capacity", Tiered).ShouldBe(isOver ? ["over u1"] : []);
    }

    [Fact]
    public void An_account_for_which_nobody_has_room_is_one_too_many() =>
        Org(["u1|Person 1|true|", "u2|Person 2|true|1"], ("None", "u1"), ("None", "u2")).Findings("load-within-capacity", Tiered).ShouldBe(["over u1"]);

    [Fact]
    public void The_finding_and_the_pick_say_what_adds_up()
    {
        var org = Org(["u1|Person 1|true|", "u2|Person 2|true|", "u900|Leaver|false|"],
            ("Strategic", "u1"), ("Strategic", "u1"), ("Small", "u1"), ("Small", "u1"), ("Small", "u1"), ("", "u2"), ("Strategic", "u900"));
        RuleBook.Judge(org.Build(Tiered), Tiered).Single(r => r.Rule.Id == "load-within-capacity").Findings.Single().Sentence
            .ShouldBe("Person 1 is the primary contact of 5 accounts (2 of 3 and 3 of 7), together more than one person can look after.");
        org.Plan(Tiered).Corrections.Single().Trace.ShouldBe(
        [
            $"Person 2 ({Tables.Id("u2")}): picked, 0 of 3 and 1 of 5 accounts as Primary",
            $"Person 1 ({Tables.Id("u1")}): at capacity, 2 of 3 and 3 of 7 accounts as Primary",
        ]);
    }

    [Fact]
    public void A_tier_without_accounts_changes_no_plan() => PlanLawTests.ForAnyOrg((org, seed) =>
    {
        var settings = Tables.Rules([.. PlanLawTests.AutoValues, ("load-within-capacity", "tiers", "Name = 'No account': capacity 2")]);
        Lines(org.Plan(settings)).ShouldBe(Lines(org.Plan(PlanLawTests.Auto)), $"seed {seed}");
    });

    [Fact]
    public void Whole_books_that_are_handed_out_take_nobody_beyond_what_they_can_have() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        string One(params string[] of) => of[random.Next(of.Length)];
        var people = random.Next(1, 6);
        (string Type, string Primary)[] accounts = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (One("Strategic", "Small", "", "None"), One("u900", "u900", "u1")))];
        var org = Org([.. Enumerable.Range(1, people).Select(i => $"u{i}|Person {i}|true|{One("", "", "", "0", "2", "9")}"), "u900|Leaver|false|"], accounts);
        var snapshot = org.Build(Tiered);
        var given = org.Plan(Tiered).Corrections.Where(c => c.State == CorrectionState.Ready).SelectMany(c => c.Writes.Where(w => w["Role__c"].Text == "Primary")
            .Select(w => (Type: accounts[int.Parse(Tables.Short(c.Account.ToString())[1..]) - 1].Type, User: Tables.Short(w["User__c"].Text!)))).ToList();
        foreach (var user in given.Select(g => g.User).Distinct())
        {
            // In parts of the smallest common multiple of 3, 5, 7, 2 and 9, by another way than the code's.
            var own = snapshot.Users[Tables.RecordIdOf(user)].Capacity;
            int Parts(string type) => 630 / (int)(own ?? type switch { "Strategic" => 3, "Small" => 7, "" => 5, _ => throw new InvalidOperationException($"seed {seed}: nobody has room") });
            (accounts.Where(a => a.Primary == user && a.Type != "None").Sum(a => Parts(a.Type)) + given.Where(g => g.User == user).Sum(g => Parts(g.Type)))
                .ShouldBeLessThanOrEqualTo(630, $"seed {seed}: {user}");
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static Tables Org(string[] users, params (string Type, string Primary)[] accounts) => new Tables()
        .With("User", "Id Name IsActive POC_Capacity__c", users)
        .With("Account", "Id Name OwnerId Type", [.. accounts.Select((a, i) => $"a{i + 1}|Account {i + 1}|{a.Primary}|{a.Type}")])
        .With("POC_Assignment__c", "Id Account__c Role__c User__c Starts_On__c Ends_On__c", [.. accounts.Select((a, i) => $"p{i + 1}|a{i + 1}|Primary|{a.Primary}||")]);

    private static IEnumerable<string> Lines(Plan plan) => plan.Corrections.Select(c => c.Identity + c.Sentence + string.Join('\n', c.Trace));
}
