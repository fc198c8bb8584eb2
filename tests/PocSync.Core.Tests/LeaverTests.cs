using FsCheck;
using FsCheck.Fluent;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>A whole book whose Primary leaves: promoted Backups, picks and managers alike stay within what each can have, and say why it is they.</summary>
public class LeaverTests
{
    private static readonly Settings Auto = Tables.Rules(
        ("primary-able", "mode", "auto"), ("primary-able", "graceHours", "0"), ("backup-present", "mode", "auto"), ("load-within-capacity", "capacity", "90"), ("", "pool", "Name LIKE 'Person%'"));

    [Fact]
    public void Nobody_goes_beyond_capacity_in_a_book_of_five_hundred_and_every_pick_explains_itself() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var people = random.Next(2, 9);
        string Capacity() => random.Next(3) == 0 ? $"{random.Next(0, 200)}" : "";
        var backups = Enumerable.Range(1, 500).Where(_ => random.Next(3) == 0).Select((a, i) => $"p{1000 + i}|a{a}|Backup|u{random.Next(1, people + 1)}||||").ToList();
        var org = new Tables()
            .With("User", "Id Name IsActive ManagerId POC_Capacity__c",
                [.. Enumerable.Range(1, people).Select(i => $"u{i}|Person {i}|true|u800|{Capacity()}"), $"u800|Manager|true||{Capacity()}", "u900|Leaver|false|u800|"])
            .With("Account", "Id Name OwnerId", [.. Enumerable.Range(1, 500).Select(i => $"a{i}|Account {i}|u900")])
            .With("POC_Assignment__c", "Id Account__c Role__c User__c Department__c Starts_On__c Ends_On__c Sync_Key__c",
                [.. Enumerable.Range(1, 500).Select(i => $"p{i}|a{i}|Primary|u900||||"), .. backups]);
        var snapshot = org.Build(Auto);
        var plan = Planner.Make(snapshot, Auto, new PlanInput());

        var switches = plan.Corrections.Where(c => c.Rule == "primary-able").ToList();
        (switches.Count + plan.Unpicked.Count(u => u.Rule == "primary-able")).ShouldBe(500, $"seed {seed}");
        plan.Unpicked.ShouldAllBe(u => u.Trace.Count > 0);
        var heirs = switches.Select(c => (Correction: c, Who: RecordId.Parse(c.Writes.Single(w => w["Role__c"].Text == "Primary")["User__c"].Text!))).ToList();
        foreach (var (who, accounts) in heirs.CountBy(h => h.Who))
        {
            ((decimal)accounts).ShouldBeLessThanOrEqualTo(snapshot.Users[who].Capacity ?? 90, $"seed {seed}: {snapshot.NameOf(who)}");
        }

        foreach (var (correction, who) in heirs)
        {
            correction.Trace.ShouldContain(t => t.Contains($"{snapshot.NameOf(who)} ({who})", StringComparison.Ordinal) && t.Contains("picked", StringComparison.Ordinal), $"seed {seed}: {correction.Sentence}");
        }

        // Whoever is passed over although there is somebody left is at capacity, or on the account.
        var full = heirs.CountBy(h => h.Who).Where(h => h.Value >= (snapshot.Users[h.Key].Capacity ?? 90)).Select(h => h.Key).ToHashSet();
        if (plan.Unpicked.Any(u => u.Rule == "primary-able"))
        {
            snapshot.Users.Values.Where(u => u.IsActive && (u.Capacity ?? 90) > 0).ShouldAllBe(u => full.Contains(u.Id), $"seed {seed}");
        }

        Planner.Make(org.Build(Auto), Auto, new PlanInput()).Corrections.Select(c => c.Identity + string.Join('\n', c.Trace))
            .ShouldBe(plan.Corrections.Select(c => c.Identity + string.Join('\n', c.Trace)), $"seed {seed}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5));
}
