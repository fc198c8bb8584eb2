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
        for (var seed = 0; seed < 12; seed++)
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

        for (var round = 0; round < 5; round++)
        {
            now = await TurnAsync(host, now + (round == 1 ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(20)));
            edits.Done.Clear();
            await edits.MakeAsync(20, now);
            // What a pull saw less than the overlap ago is seen again; everything else must not be needed twice.
            now = await TurnAsync(host, now + TimeSpan.FromMinutes(20));
            var told = new Told();
            known = await host.Org.PullAsync(settings, now, known, told, default);
            var full = await host.PullAsync(settings, now);

            var what = $"seed {seed} round {round}: {string.Join('\n', edits.Done.Concat(told))}";
            told.ShouldNotContain(t => t.StartsWith("Reading everything"), what);
            if (!edits.Done.Any(d => d.StartsWith("deleted AccountTeamMember")))
                told.ShouldNotContain(t => t.Contains("the org counts"), what);
            Judgement(known, settings).ShouldBe(Judgement(full, settings), what);
            edits.Done.Count.ShouldBeGreaterThan(5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_any_changes_of_calendars_it_knows_who_is_away_as_a_full_pull_does(int seed)
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = OrgGenerator.SmallestDemo, AsOf = Start, Seed = seed });
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data.Tables, ClockStart = Start });
        var settings = LiveOrgHost.Rules("absences: { calendarEvents: true, resourceAbsences: true }");
        using var edits = new Edits(host, seed);
        await edits.MakeCalendarsAsync(40, Start);
        await edits.MakeCalendarsAsync(80, Start);
        var known = await host.PullAsync(settings, Start);
        AbsencesOf(known).Count(a => a.Contains("Calendar")).ShouldBeGreaterThan(10);
        AbsencesOf(known).ShouldContain(a => a.Contains("Resource"));

        for (var round = 0; round < 6; round++)
        {
            var now = await TurnAsync(host, Start.AddDays(3 * round).AddMinutes(20));
            edits.Done.Clear();
            // In the last round days pass and nothing else happens.
            await edits.MakeCalendarsAsync(round == 5 ? 0 : 20, now);
            now = await TurnAsync(host, now + TimeSpan.FromMinutes(20));
            var told = new Told();
            known = await host.Org.PullAsync(settings, now, known, told, default);

            told.ShouldNotContain(t => t.StartsWith("Reading everything"));
            AbsencesOf(known).ShouldBe(AbsencesOf(await host.PullAsync(settings, now)), $"seed {seed} round {round}: {string.Join('\n', edits.Done)}");
        }
    }

    [Fact]
    public async Task A_resource_that_comes_into_sight_brings_its_absences_though_they_did_not_change()
    {
        string[] resources = [Id("0Hn", 1), Id("0Hn", 2)];
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions
        {
            ClockStart = Start,
            Data =
            [
                new("User", ["Id", "Username", "Name", "IsActive"], [[Id("005", 1), "ann@x.example", "Ann", "true"], [Id("005", 2), "bob@x.example", "Bob", "true"]]),
                new("ServiceResource", ["Id", "Name", "RelatedRecordId"], [[resources[0], "Ann", Id("005", 1)], [resources[1], "Bob", Id("005", 2)]]),
                new("ResourceAbsence", ["Id", "ResourceId", "Start", "End"],
                    [.. resources.Select((r, i) => (string?[])[Id("0Hl", i), r, "2026-03-03T08:00:00Z", "2026-03-04T17:00:00Z"])]),
            ],
        });
        var settings = LiveOrgHost.Rules("absences: { resourceAbsences: true }");
        await host.SetAsync(new { hidden = new[] { resources[1] } });
        var known = await host.PullAsync(settings, await TurnAsync(host, Start.AddHours(1)));
        AbsencesOf(known).Count.ShouldBe(1);

        await host.SetAsync(new { hidden = Array.Empty<string>() });
        AbsencesOf(await host.PullAsync(settings, await TurnAsync(host, Start.AddHours(2)), known)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("binding: package", 13)]
    [InlineData("absences: { calendarEvents: true, resourceAbsences: true }", 14)]
    [InlineData("binding: team\nteamRoles: { Account Manager: Backup }", 13)]
    [InlineData("names: { Contact.POC_Customer_Primary__c: There_Is_None__c }", 15)]
    public async Task Few_changes_cost_a_handful_of_calls(string rules, int most)
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = 600, AsOf = Start, Flavor = OrgFlavor.Plain });
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data.Tables, ClockStart = Start });
        var settings = LiveOrgHost.Rules(rules);
        var known = await host.PullAsync(settings, await TurnAsync(host, Start.AddHours(1)));
        var full = host.Org.Used;
        var now = await TurnAsync(host, Start.AddHours(2));
        using var edits = new Edits(host, 1);
        await edits.MakeAsync(20, now);

        await host.PullAsync(settings, now, known);

        (host.Org.Used - full).ShouldBeInRange(6, most);
    }

    [Fact]
    public async Task Where_changes_cannot_tell_everything_all_of_it_is_read_and_said_why()
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = 600, AsOf = Start, Flavor = OrgFlavor.Plain });
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data.Tables, ClockStart = Start });
        var settings = LiveOrgHost.Rules("binding: package");
        var known = await host.PullAsync(settings, Start);

        (await WhyAsync(LiveOrgHost.Rules("binding: owner"), Start)).ShouldBe("Reading everything, because the binding has changed.");
        (await WhyAsync(LiveOrgHost.Rules("rules: { in-touch: { scope: \"Rating = 'Hot'\" } }"), Start))
            .ShouldBe("Reading everything, because the conditions of the settings name other fields.");
        (await WhyAsync(LiveOrgHost.Rules("names: { User.POC_Capacity__c: Latitude }"), Start))
            .ShouldBe("Reading everything, because the names or the team roles of the settings have changed.");
        (await WhyAsync(LiveOrgHost.Rules("rules: { no-mid-stream-switch: { windowDays: 900 } }"), Start))
            .ShouldBe("Reading everything, because the rules look further back than before.");
        (await WhyAsync(settings, Start.AddMinutes(-1))).ShouldBe("Reading everything, because the earlier pull was made for a later instant.");
        (await WhyAsync(settings, Start)).ShouldBeNull();
        await TurnAsync(host, Start.AddDays(15));
        (await WhyAsync(settings, Start.AddDays(15)))
            .ShouldBe("Reading everything, because the earlier pull is older than what the org remembers of deletions.");

        async Task<string?> WhyAsync(Settings rules, DateTimeOffset now)
        {
            var told = new Told();
            var snapshot = await host.Org.PullAsync(rules, now, known, told, default);
            snapshot.Accounts.Count.ShouldBe(known.Accounts.Count);
            return told.SingleOrDefault(t => t.StartsWith("Reading everything"));
        }
    }

    [Fact]
    public async Task A_team_row_that_went_without_a_trace_is_missed_by_its_count()
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = OrgGenerator.SmallestDemo, AsOf = Start });
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data.Tables, ClockStart = Start });
        var settings = LiveOrgHost.Rules("binding: team");
        var known = await host.PullAsync(settings, Start);
        using var http = new HttpClient { BaseAddress = host.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", host.Simulator.AccessToken);
        var gone = LiveOrgHost.Text((await host.RowsAsync("AccountTeamMember"))[0], "Id");
        (await http.DeleteAsync($"/services/data/v66.0/sobjects/AccountTeamMember/{gone}")).EnsureSuccessStatusCode();
        var told = new Told();

        var snapshot = await host.Org.PullAsync(settings, Start, known, told, default);

        snapshot.TeamMembers.Count.ShouldBe(known.TeamMembers.Count - 1);
        told.ShouldContain(t => t.StartsWith("AccountTeamMember: the org counts"));
        told.ShouldNotContain(t => t.StartsWith("Reading everything"));
    }

    [Fact]
    public async Task A_child_that_lost_its_parent_without_a_trace_is_read_again()
    {
        OrgTable[] data =
        [
            new("User", ["Id", "Username", "Name", "IsActive"], [["0055f0000000001", "ann@x.example", "Ann", "true"]]),
            new("Account", ["Id", "Name", "OwnerId", "ParentId", "LastActivityDate"],
                [["0015f0000000001", "Group", "0055f0000000001", null, "2026-03-01"], ["0015f0000000002", "Plant", "0055f0000000001", "0015f0000000001", "2025-01-01"]]),
        ];
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data, ClockStart = Start });
        var settings = LiveOrgHost.Rules("rules: { in-touch: { scope: \"ParentId != null\" } }");
        var known = await host.PullAsync(settings, await TurnAsync(host, Start.AddHours(1)));
        var now = await TurnAsync(host, Start.AddHours(2));
        using var http = new HttpClient { BaseAddress = host.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", host.Simulator.AccessToken);
        (await http.DeleteAsync("/services/data/v66.0/sobjects/Account/0015f0000000001")).EnsureSuccessStatusCode();

        var delta = await host.PullAsync(settings, now, known);

        Judgement(known, settings).ShouldContain(f => f.StartsWith("in-touch silent"));
        Judgement(delta, settings).ShouldNotContain(f => f.StartsWith("in-touch silent"));
        Judgement(delta, settings).ShouldBe(Judgement(await host.PullAsync(settings, now), settings));
    }

    [Fact]
    public async Task The_earlier_pull_stays_as_it_was()
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = OrgGenerator.SmallestDemo, AsOf = Start });
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data.Tables, ClockStart = Start });
        var settings = LiveOrgHost.Rules("binding: package");
        var known = await host.PullAsync(settings, Start);
        var before = Judgement(known, settings);
        using var edits = new Edits(host, 3);
        var now = await TurnAsync(host, Start.AddHours(1));
        await edits.MakeAsync(60, now);

        await host.PullAsync(settings, now, known);

        Judgement(known, settings).ShouldBe(before);
        known.Accounts.Select(a => a.Index).ShouldBe(Enumerable.Range(0, known.Accounts.Count));
    }

    [Fact]
    public async Task An_object_that_is_not_answered_fails_the_pull()
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = OrgGenerator.SmallestDemo, AsOf = Start });
        await using var host = await LiveOrgHost.StartAsync(new SimulatorOptions { Data = data.Tables, ClockStart = Start }, ("MaxAttempts", "1"));
        var known = await host.PullAsync(Settings.Default, Start);
        await host.FaultsAsync("503@/composite");

        await Should.ThrowAsync<PocSync.Core.Runs.OrgException>(() => host.PullAsync(Settings.Default, Start.AddHours(1), known));
    }

    /// <summary>The org's clock runs on its own; here it jumps.</summary>
    private static async Task<DateTimeOffset> TurnAsync(LiveOrgHost host, DateTimeOffset now)
    {
        await host.PostAsync("clock", new { now = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") });
        return now;
    }

    private static string Id(string prefix, int i) => RecordId.Parse($"{prefix}5f{i:D10}").ToString();

    private static List<string> AbsencesOf(Snapshot snapshot) => [.. snapshot.Absences.Values.SelectMany(a => a).OrderBy(a => a.Id).Select(a => a.ToString())];

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
