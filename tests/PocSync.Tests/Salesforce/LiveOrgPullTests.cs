using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Exports;
using PocSync.Simulator;
using PocSync.Simulator.Generation;

namespace PocSync.Tests.Salesforce;

public sealed class LiveOrgPullTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SimulatorOptions Options(IReadOnlyList<OrgTable> data) => new() { Data = data, ClockStart = Now };

    private static string[] Findings(Snapshot snapshot, Settings settings) =>
    [
        .. RuleBook.Judge(snapshot, settings).Where(r => r.Reason is null).SelectMany(r => r.Findings.Select(f => $"{f.Rule} {f.Code} {f.Subject} {f.Sentence}")),
    ];

    [Theory]
    [InlineData("2000", "binding: package")]
    [InlineData("2000", "binding: team\nteamRoles: { Account Manager: Backup }\npool: Country = :Account.BillingCountry")]
    [InlineData("2000", "binding: owner\nrules: { in-touch: { scope: \"Owner.Country != null AND AnnualRevenue > 1000\" } }")]
    [InlineData("0", "binding: package")]
    public async Task A_pull_comes_to_the_same_as_the_export_of_the_same_org(string bulkAbove, string rules)
    {
        var data = OrgGenerator.Generate(new OrgPlan { Accounts = 400, AsOf = Now });
        await data.WriteCsvAsync(_folder);
        await using var host = await LiveOrgHost.StartAsync(Options(data.Tables), ("BulkReadThreshold", bulkAbove));
        var settings = LiveOrgHost.Rules(rules);
        var exported = new ExportReader(settings, Now).Read(_folder).Snapshot;

        var pulled = await host.PullAsync(settings, Now);

        pulled.Accounts.Count.ShouldBe(exported.Accounts.Count);
        pulled.Binding.ShouldBe(exported.Binding);
        pulled.AsOf.Zone.ShouldBe(exported.AsOf.Zone);
        Findings(pulled, settings).ShouldBe(Findings(exported, settings));
        var plan = Planner.Make(pulled, settings, new PlanInput());
        plan.Corrections.ShouldNotBeEmpty();
        plan.Digest.ShouldBe(Planner.Make(exported, settings, new PlanInput()).Digest);
        (await host.CallsAsync("jobs/query") > 0).ShouldBe(bulkAbove == "0");
    }

    private static OrgTable[] Small(params OrgTable[] more) =>
    [
        new("User", ["Id", "Username", "Name", "IsActive"], [["0055f0000000001", "ann@x.example", "Ann", "true"], ["0055f0000000002", "bob@x.example", "Bob", "true"]]),
        new("Account", ["Id", "Name", "OwnerId"], [["0015f0000000001", "Acme", "0055f0000000001"]]),
        .. more,
    ];

    [Theory]
    [InlineData("wrong-type")]
    [InlineData("missing-field")]
    public async Task Nothing_is_concluded_from_a_record_that_arrived_spoiled(string fault)
    {
        await using var host = await LiveOrgHost.StartAsync(Options(Small()));
        await host.FaultsAsync($"{fault}@/query");

        (await Should.ThrowAsync<OrgException>(() => host.PullAsync(Settings.Default, Now))).Message.ShouldContain("arrived spoiled: its ");
    }

    [Fact]
    public async Task Ids_of_15_characters_and_the_orgs_own_names_are_understood()
    {
        var rows = new OrgTable("Roster__c", ["Id", "Customer__c", "Duty__c", "Person__c"],
            [["a0B5f0000000001", "0015f0000000001", "Primary", "0055f0000000002"], ["a0B5f0000000002", "0015f0000000001", "Reader", "0055f0000000001"]]);
        await using var host = await LiveOrgHost.StartAsync(Options(Small(rows)));
        var settings = LiveOrgHost.Rules("""
            names:
              POC_Assignment__c: Roster__c
              POC_Assignment__c.Account__c: customer__c
              POC_Assignment__c.Role__c: Duty__c
              POC_Assignment__c.User__c: Person__c
              POC_Absence__c: There_Is_No_Such__c
            """);

        var snapshot = await host.PullAsync(settings, Now);

        var row = snapshot.Rows[0].ToArray().ShouldHaveSingleItem();
        (row.Role, row.Assignee.Id.ToString()).ShouldBe((PocRole.Primary, "0055f0000000002AAA"));
        snapshot.Presence.HasObject("POC_Absence__c").ShouldBeFalse();
        snapshot.Presence.Has("POC_Assignment__c.Starts_On__c").ShouldBeFalse();
        snapshot.Presence.HasObject("POC_Handoff__c").ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_flag_on_contacts_the_roles_say_which_are_primary()
    {
        await using var host = await LiveOrgHost.StartAsync(Options(Small(
            new("Contact", ["Id", "AccountId", "LastName"], [["0035f0000000001", null, "Yes"], ["0035f0000000002", "0015f0000000001", "No"]]),
            new("AccountContactRole", ["Id", "AccountId", "ContactId", "Role", "IsPrimary"],
            [
                ["02Z5f0000000001", "0015f0000000001", "0035f0000000001", "Buyer", "true"],
                ["02Z5f0000000002", "0015f0000000001", "0035f0000000002", "User", "false"],
            ]))));

        var snapshot = await host.PullAsync(LiveOrgHost.Rules("names: { Contact.POC_Customer_Primary__c: Not_Here__c }"), Now);

        snapshot.CustomerPrimaries[0].ToArray().ShouldHaveSingleItem().Name.ShouldBe("Yes");
    }

    [Theory]
    [InlineData("rules: { in-touch: { scope: \"Name != null AND Owner.Region__c = 'North'\" } }", "rules.in-touch.scope: at character 18 of the condition: the org shows this login no field User.Region__c.")]
    [InlineData("pool: Country = :Account.Region__c", "pool: at character 12 of the condition: the org shows this login no field Account.Region__c.")]
    public async Task A_condition_over_a_field_that_the_org_does_not_have_is_wrong(string rules, string sentence)
    {
        await using var host = await LiveOrgHost.StartAsync(Options(Small()));

        (await Should.ThrowAsync<SettingsException>(() => host.PullAsync(LiveOrgHost.Rules(rules), Now))).Message.ShouldBe(sentence);
    }

    [Fact]
    public async Task A_session_that_ends_in_the_middle_of_a_pull_is_replaced()
    {
        await using var host = await LiveOrgHost.StartAsync(Options(Small()));
        var told = new Heard(text =>
        {
            if (text == "User: 3 rows")
                host.KillSessionsAsync().GetAwaiter().GetResult();
        });

        var snapshot = await host.Org.PullAsync(Settings.Default, Now, null, told, default);

        snapshot.Accounts.ShouldHaveSingleItem().Name.ShouldBe("Acme");
        (await host.CallsAsync("/services/oauth2/token")).ShouldBe(2);
    }

    private sealed class Heard(Action<string> hear) : IProgress<string>
    {
        public void Report(string value) => hear(value);
    }

    [Fact]
    public async Task The_org_and_the_login_are_told_apart()
    {
        await using var host = await LiveOrgHost.StartAsync(Options(Small(
            new OrgTable("Organization", ["Id", "Name", "TimeZoneSidKey"], [["00D5f0000000001", "Instruments", "Asia/Tokyo"]]))) with
        { RunAs = "bob@x.example" });

        var identity = await host.Org.IdentifyAsync(default);

        identity.ShouldBe(new OrgIdentity(RecordId.Parse("00D5f0000000001EAA"), "Instruments", RecordId.Parse("0055f0000000002AAA"), TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo")) { IsSandbox = false });
    }

    [Fact]
    public async Task Calls_that_are_spent_are_not_exceeded()
    {
        await using var host = await LiveOrgHost.StartAsync(Options(Small()));
        await host.SetAsync(new { dailyApiUsed = 90_000 });
        await host.Org.IdentifyAsync(default);

        (await Should.ThrowAsync<OrgException>(() => host.PullAsync(Settings.Default, Now))).Message.ShouldContain("of the org's 100,000 API calls");

        host.Org.Usage!.Used.ShouldBe(90_001);
    }

    [Fact]
    public async Task An_org_that_is_gone_is_said_in_one_sentence()
    {
        await using var host = await LiveOrgHost.StartAsync(Options(Small()), ("MaxAttempts", "2"));
        await host.StopAsync();

        (await Should.ThrowAsync<OrgException>(() => host.PullAsync(Settings.Default, Now))).Message
            .ShouldMatch("^127\\.0\\.0\\.1:[0-9]+ gives no answer: check the network and Salesforce:LoginUrl, or try later\\.$");
    }
}
