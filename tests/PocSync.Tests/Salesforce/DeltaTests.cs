using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Simulator;
using PocSync.Simulator.Generation;

namespace PocSync.Tests.Salesforce;

/// <summary>A pull of what changed comes to the same as a pull of everything at the same instant, and costs a handful of calls.</summary>
public class DeltaTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int> Worlds()
    {
        string[] rules =
        [
            "binding: package\nrules: { in-touch: { scope: \"ParentId != null OR AnnualRevenue > 10\" } }",
            "binding: team\nteamRoles: { Account Manager: Backup }\npool: Country = :Account.BillingCountry",
            "binding: owner",
            "binding: package\nnames: { Contact.POC_Customer_Primary__c: There_Is_None__c }",
        ];
        var worlds = new TheoryData<string, int>();
        for (var seed = 0; seed < 16; seed++)
            worlds.Add(rules[seed % rules.Length], seed);
        return worlds;
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task After_any_changes_it_finds_and_plans_what_a_full_pull_does(string rules, int seed)
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = OrgGenerator.SmallestDemo, AsOf = Start, Seed = seed });
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data.Tables, ClockStart = Start });
        var settings = LiveOrgHost.Rules(rules);
        using var edits = new Edits(host, seed);
        var now = Start;
        var known = await host.PullAsync(settings, now);

        for (var round = 0; round < 6; round++)
        {
            now = await TurnAsync(host, now + (round == 2 ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(20)));
            await edits.MakeAsync(15, now);
            // What a pull saw less than the overlap ago is seen again; everything else must not be needed twice.
            now = await TurnAsync(host, now + TimeSpan.FromMinutes(20));
            var told = new Told();
            known = await host.Org.PullAsync(settings, now, known, told, default);
            var full = await host.PullAsync(settings, now);

            told.ShouldNotContain(t => t.StartsWith("Reading everything"), $"seed {seed} round {round}");
            Judgement(known, settings).ShouldBe(Judgement(full, settings), $"seed {seed} round {round}: {string.Join('\n', edits.Done)}");
        }

        edits.Done.Count.ShouldBeGreaterThan(30);
    }

    /// <summary>The org's clock runs on its own; here it jumps.</summary>
    private static async Task<DateTimeOffset> TurnAsync(LiveOrgHost host, DateTimeOffset now)
    {
        await host.PostAsync("clock", new { now = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") });
        return now;
    }

    private static string[] Judgement(Snapshot snapshot, Settings settings) =>
    [
        .. RuleBook.Judge(snapshot, settings).SelectMany(r => r.Findings.Select(f => $"{f.Rule} {f.Code} {f.Subject} {f.Sentence}").Prepend($"{r.Rule.Id}: {r.Reason}")),
        Planner.Make(snapshot, settings, new PlanInput()).Digest,
    ];

    private sealed class Told : List<string>, IProgress<string>
    {
        public void Report(string value) => Add(value);
    }
}
