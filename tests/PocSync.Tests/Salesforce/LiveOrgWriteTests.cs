using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Simulator;
using static PocSync.Tests.Salesforce.LiveOrgHost;

namespace PocSync.Tests.Salesforce;

public class LiveOrgWriteTests
{
    private const string Ann = "0055f0000000001AAA", Bob = "0055f0000000002AAA", Cid = "0055f0000000003AAA", Eve = "0055f0000000004AAA", Gone = "0055f0000000005AAA";

    private static string Account(int i) => RecordId.Parse($"0015f{i:D10}").ToString();

    private static SimulatorOptions Options(int accounts = 2, params OrgTable[] more) => new()
    {
        ClockStart = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
        Data =
        [
            new("User", ["Id", "Username", "Name", "IsActive"],
            [
                [Ann, "ann@x.example", "Ann", "true"], [Bob, "bob@x.example", "Bob", "true"], [Cid, "cid@x.example", "Cid", "true"],
                [Eve, "eve@x.example", "Eve", "true"], [Gone, "gone@x.example", "Gone", "false"],
            ]),
            new("Account", ["Id", "Name", "OwnerId", "Site"], [.. Enumerable.Range(0, accounts).Select(i => (string?[])[Account(i), $"Account {i}", Ann, null])]),
            .. more,
        ],
    };

    private static readonly OrgTable[] TeamAndChildren =
    [
        new("AccountTeamMember", ["Id", "AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel", "ContactAccessLevel"],
        [
            ["01M5f0000000001", Account(0), Bob, "Sales Rep", "Edit", "Read", "None", "Read"],
            ["01M5f0000000002", Account(0), Cid, "Backup POC", "Read", "None", "Edit", "Edit"],
            ["01M5f0000000003", Account(0), Eve, null, "Edit", "Edit", "Edit", "Edit"],
            ["01M5f0000000004", Account(0), Gone, "Sales Rep", "Edit", "None", "None", "None"],
            ["01M5f0000000005", Account(0), Ann, "Account Manager", "All", "None", "None", "None"],
            ["01M5f0000000006", Account(1), Bob, "Sales Rep", "Read", "None", "None", "None"],
        ]),
        new("Contact", ["Id", "AccountId", "LastName", "OwnerId"], [["0035f0000000001", Account(0), "One", Ann], ["0035f0000000002", Account(0), "Two", Bob]]),
    ];

    private static string Member(JsonElement row) => string.Join(' ',
        Text(row, "UserId"), Text(row, "TeamMemberRole"), Text(row, "AccountAccessLevel"), Text(row, "OpportunityAccessLevel"), Text(row, "CaseAccessLevel"), Text(row, "ContactAccessLevel"));

    private static async Task<string[]> TeamAsync(LiveOrgHost host, string account) =>
        [.. (await host.RowsAsync("AccountTeamMember")).Where(m => Text(m, "AccountId") == account).Select(Member).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_owner_change_keeps_the_team(bool cascade)
    {
        await using var host = await StartAsync(Options(2, TeamAndChildren) with { CascadeChildren = cascade });
        var before = await TeamAsync(host, Account(0));

        var result = (await host.WriteAsync((Account(0), [Owner(Account(0), Ann, Cid)]))).ShouldHaveSingleItem();

        (result.CorrectionId, result.Written).ShouldBe(("c0", true));
        (await host.OwnerAsync(Account(0))).ShouldBe(Cid);
        var kept = before.Where(m => !m.StartsWith(Cid) && !m.StartsWith(Gone));
        // Who was the owner may no more than edit.
        (await TeamAsync(host, Account(0))).ShouldBe(kept.Select(m => m.Replace(" All ", " Edit ")));
        (await TeamAsync(host, Account(1))).ShouldHaveSingleItem();
        var owners = (await host.RowsAsync("Contact")).Select(c => Text(c, "OwnerId"));
        owners.ShouldBe(cascade ? [Cid, Bob] : [Ann, Bob]);
    }

    [Fact]
    public async Task Everything_of_a_switch_is_written_in_one_call()
    {
        var assignment = new OrgTable("POC_Assignment__c", ["Id", "Account__c", "Role__c", "User__c", "Starts_On__c"],
            [["a025f0000000001", Account(0), "Primary", Ann, "2025-01-01"], ["a025f0000000002", Account(0), "Backup", Cid, "2026-04-01"]]);
        await using var host = await StartAsync(Options(2, [.. TeamAndChildren, assignment]));
        RecordWrite[] writes =
        [
            Update("POC_Assignment__c", "a025f0000000001AAA", ("Ends_On__c", null, "2026-03-01")),
            Insert("POC_Assignment__c", "row|1", ("Account__c", Account(0)), ("Role__c", "Primary"), ("User__c", Cid), ("Starts_On__c", "2026-03-02")),
            Delete("POC_Assignment__c", "a025f0000000002AAA", ("User__c", Cid)),
            Owner(Account(0), Ann, Cid),
            Insert("POC_Handoff__c", "handoff|1", ("Account__c", Account(0)), ("From_User__c", Ann), ("To_User__c", Cid), ("Effective_On__c", "2026-03-02"), ("Status__c", "Documenting")),
            Insert("AccountTeamMember", null, ("AccountId", Account(1)), ("UserId", Eve), ("TeamMemberRole", "Sales Rep"), ("AccountAccessLevel", "All")),
        ];

        var result = (await host.WriteAsync((Account(0), writes))).ShouldHaveSingleItem();

        result.Written.ShouldBe(true);
        result.Created.Select(id => id.IsNone ? "" : id.ToString()[..3]).ShouldBe(["", "a02", "", "", "a04", "01M"]);

        (await host.CallsAsync("/composite")).ShouldBe(1);
        (await host.RowsAsync("POC_Assignment__c")).Select(r => (Text(r, "User__c"), Text(r, "Role__c"), Text(r, "Ends_On__c"), Text(r, "Sync_Key__c")))
            .ShouldBe([(Ann, "Primary", "2026-03-01", null), (Cid, "Primary", null, "row|1")], ignoreOrder: true);
        (await host.RowsAsync("POC_Handoff__c")).ShouldHaveSingleItem();
        (await TeamAsync(host, Account(0))).Length.ShouldBe(3);
        (await TeamAsync(host, Account(1))).ShouldBe([$"{Bob} Sales Rep Read None None None", $"{Eve} Sales Rep Edit None None None"]);

        var standing = await host.Org.ReadAsync(Settings.Default, writes, default);
        standing.Records[("POC_Assignment__c", RecordId.Parse("a025f0000000001AAA"))].ShouldBe(new Dictionary<string, string?>
        {
            ["Ends_On__c"] = "2026-03-01",
            ["Account__c"] = Account(0),
            ["Role__c"] = "Primary",
            ["User__c"] = Ann,
            ["Starts_On__c"] = "2025-01-01",
        }, ignoreOrder: true);
        standing.Records.ContainsKey(("POC_Assignment__c", RecordId.Parse("a025f0000000002AAA"))).ShouldBeFalse();
        standing.Keys[("POC_Assignment__c", "row|1")].Fields["User__c"].ShouldBe(Cid);
        standing.Keys.ContainsKey(("POC_Handoff__c", "handoff|1")).ShouldBeTrue();
        standing.Teams[RecordId.Parse(Account(1))].Select(m => (m.UserName, m.Role)).ShouldBe([("Bob", "Sales Rep"), ("Eve", "Sales Rep")]);
    }

    [Fact]
    public async Task Written_twice_is_as_good_as_once()
    {
        await using var host = await StartAsync(Options());
        RecordWrite[] task = [Insert("Task", "handoff|2", ("OwnerId", Bob), ("Subject", "You are now the primary contact"), ("Status", "Not Started"), ("Priority", "Normal"))];

        await host.WriteAsync((Account(0), task));
        (await host.WriteAsync((Account(0), task))).ShouldHaveSingleItem().Written.ShouldBe(true);

        Text((await host.RowsAsync("Task")).ShouldHaveSingleItem(), "OwnerId").ShouldBe(Bob);
    }

    [Fact]
    public async Task What_the_org_refuses_keeps_no_other_from_being_written()
    {
        const int accounts = 120;
        await using var host = await StartAsync(Options(accounts,
            new("ProcessInstance", ["Id", "TargetObjectId", "Status"], [["04g5f0000000001", Account(7), "Pending"]]),
            new("ValidationRule", ["Object", "Condition", "Message"], [["Account", "Name = 'Account 60'", "Not on Sundays"], ["POC_Handoff__c", "Reason__c = 'bad'", "Say why"]])));

        var results = await host.WriteAsync([.. Enumerable.Range(0, accounts).Select(i => (Account(i), (RecordWrite[])
        [
            Owner(Account(i), Ann, i == 30 ? Gone : Bob),
            Insert("POC_Handoff__c", $"handoff|{i}", ("Account__c", Account(i)), ("From_User__c", Ann), ("To_User__c", Bob), ("Reason__c", i == 31 ? "bad" : "good")),
        ]))]);

        results.Select(r => r.CorrectionId).ShouldBe(Enumerable.Range(0, accounts).Select(i => $"c{i}"));
        results.Where(r => r.Written != true).Select(r => (r.CorrectionId, r.Written, r.ErrorCode, r.MayPass)).ShouldBe(
        [
            ("c7", false, "ENTITY_IS_LOCKED", false), ("c30", false, "INACTIVE_OWNER_OR_USER", false),
            ("c31", false, "FIELD_CUSTOM_VALIDATION_EXCEPTION", false), ("c60", false, "FIELD_CUSTOM_VALIDATION_EXCEPTION", false),
        ]);
        results[31].Message.ShouldBe("Say why");
        var owners = (await host.RowsAsync("Account")).Select(a => Text(a, "OwnerId")).ToList();
        owners.Index().Where(o => o.Item == Ann).Select(o => o.Index).ShouldBe([7, 30, 31, 60]);
        (await host.RowsAsync("POC_Handoff__c")).Count.ShouldBe(accounts - 4);
        // Three groups; each guilty one costs its own call and one for those who stood beside it.
        (await host.CallsAsync("/composite")).ShouldBeLessThanOrEqualTo(3 + 2 * 4);
    }

    [Fact]
    public async Task Corrections_of_one_account_are_written_one_after_the_other()
    {
        await using var host = await StartAsync(Options());

        var results = await host.WriteAsync((Account(0), [Owner(Account(0), Ann, Bob)]), (Account(1), [Owner(Account(1), Ann, Bob)]), (Account(0), [Owner(Account(0), Bob, Cid)]));

        results.ShouldAllBe(r => r.Written == true);
        (await host.OwnerAsync(Account(0))).ShouldBe(Cid);
        (await host.CallsAsync("/composite")).ShouldBe(2);
    }

    [Fact]
    public async Task A_lost_answer_is_said_to_be_lost()
    {
        await using var host = await StartAsync(Options(2, TeamAndChildren));
        host.BeforeWriting = () => host.FaultsAsync("reset-after-write:count=1@/composite");

        var result = (await host.WriteAsync((Account(0), [Owner(Account(0), Ann, Bob)]))).ShouldHaveSingleItem();

        result.Written.ShouldBeNull();
        (await host.OwnerAsync(Account(0))).ShouldBe(Bob);
        (await host.CallsAsync("/composite")).ShouldBe(1);
    }

    [Theory]
    [InlineData("session-killed:count=1@/composite")]
    [InlineData("503:count=2@/composite")]
    [InlineData("lock-row:count=2@/composite")]
    [InlineData("500-after-write:count=1@/composite")]
    public async Task What_passes_is_waited_for(string fault)
    {
        await using var host = await StartAsync(Options(10));
        host.BeforeWriting = () => host.FaultsAsync(fault);

        var results = await host.WriteAsync([.. Enumerable.Range(0, 10).Select(i => (Account(i), (RecordWrite[])[Owner(Account(i), Ann, Bob)]))]);

        results.ShouldAllBe(r => r.Written == true);
        (await host.RowsAsync("Account")).ShouldAllBe(a => Text(a, "OwnerId") == Bob);
    }

    [Fact]
    public async Task A_row_that_stays_locked_may_be_written_by_the_next_run()
    {
        await using var host = await StartAsync(Options(), ("MaxAttempts", "2"));
        host.BeforeWriting = () => host.FaultsAsync("lock-row@/composite");

        var result = (await host.WriteAsync((Account(0), [Owner(Account(0), Ann, Bob)]))).ShouldHaveSingleItem();

        (result.Written, result.ErrorCode, result.MayPass).ShouldBe((false, "UNABLE_TO_LOCK_ROW", true));
    }

    [Fact]
    public async Task Where_the_org_is_lost_on_the_way_what_is_known_is_told()
    {
        await using var host = await StartAsync(Options(60) with { DailyApiLimit = 100 });
        // The budget stops at 80 of 100 calls; the first group of 50 is the 80th.
        host.BeforeWriting = () => host.SetAsync(new { dailyApiUsed = 79 });

        var results = await host.WriteAsync([.. Enumerable.Range(0, 60).Select(i => (Account(i), (RecordWrite[])[Owner(Account(i), Ann, Bob)]))]);

        results.Take(50).ShouldAllBe(r => r.Written == true);
        results.Skip(50).ShouldAllBe(r => r.Written == false && r.MayPass && r.ErrorCode == "REQUEST_LIMIT_EXCEEDED");
        (await host.RowsAsync("Account")).Count(a => Text(a, "OwnerId") == Bob).ShouldBe(50);
    }

    [Fact]
    public async Task An_object_without_a_key_gets_its_rows_all_the_same()
    {
        var own = new OrgTable("Roster__c", ["Id", "Customer__c", "Person__c", "Duty__c"], [["a0B5f0000000001", Account(0), Ann, "Primary"]]);
        await using var host = await StartAsync(Options(2, own));
        var settings = Rules("""
            names:
              POC_Assignment__c: Roster__c
              POC_Assignment__c.Account__c: Customer__c
              POC_Assignment__c.User__c: Person__c
              POC_Assignment__c.Role__c: Duty__c
            """);
        var insert = Insert("POC_Assignment__c", "row|3", ("Account__c", Account(1)), ("User__c", Bob), ("Role__c", "Primary"));
        var update = Update("POC_Assignment__c", "a0B5f0000000001", ("User__c", Ann, Cid));

        var standing = await host.Org.ReadAsync(settings, [insert, update], default);
        var results = await host.Org.WriteAsync(settings, [new Bundle("c0", RecordId.Parse(Account(1)), [insert, update], [])], default, default);

        standing.Keys.ShouldBeEmpty();
        standing.Records.Values.ShouldHaveSingleItem()["User__c"].ShouldBe(Ann);
        results.ShouldHaveSingleItem().Written.ShouldBe(true);
        (await host.RowsAsync("Roster__c")).Select(r => Text(r, "Person__c")).ShouldBe([Cid, Bob], ignoreOrder: true);
    }

    [Fact]
    public async Task A_text_that_Salesforce_would_take_for_a_reference_is_not_sent()
    {
        await using var host = await StartAsync(Options());

        var result = (await host.WriteAsync((Account(0), [Insert("Task", "k", ("OwnerId", Bob), ("Subject", "About @{Delete0.id}"))]))).ShouldHaveSingleItem();

        (result.Written, result.ErrorCode).ShouldBe((false, "NOT_SENT"));
        result.Message.ShouldBe("the text for Subject holds '@{', which Salesforce would take for a reference to another record");
    }

    [Fact]
    public async Task Access_that_everyone_has_is_left_out_where_the_org_refuses_it()
    {
        static string Describe(string name, params string[] fields) =>
            $$"""{"httpStatusCode":200,"body":{"name":"{{name}}","queryable":true,"fields":[{{string.Join(',', fields.Select(f => $$"""{"name":"{{f}}","type":"string","createable":true}"""))}}] } }""";
        await using var org = await WireOrg.StartAsync((http, call, _) => call.Path switch
        {
            "composite" when call.Body.Contains("Organization/describe") => http.Json($$"""
                {"compositeResponse":[{{Describe("Organization", "Id", "DefaultAccountAccess", "DefaultOpportunityAccess", "DefaultContactAccess")}}]}
                """),
            "composite" when call.Body.Contains("/describe") => http.Json($$"""
                {"compositeResponse":[{{Describe("Account", "Id", "OwnerId")}},{{Describe("AccountTeamMember", "Id", "AccountAccessLevel", "OpportunityAccessLevel", "ContactAccessLevel")}}]}
                """),
            "composite" when call.Body.Contains("\"AccountAccessLevel\"") => http.Json("""
                {"compositeResponse":[
                  {"body":[{"id":"0015f0000000001AAA","success":true,"errors":[]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"Update0"},
                  {"body":[{"success":false,"errors":[{"statusCode":"INVALID_ACCESS_LEVEL","message":"Levels are below organization levels","fields":[]}]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"Insert1"}]}
                """),
            "composite" => http.Json("""
                {"compositeResponse":[
                  {"body":[{"id":"0015f0000000001AAA","success":true,"errors":[]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"Update0"},
                  {"body":[{"id":"01M5f0000000009AAA","success":true,"errors":[]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"Insert1"}]}
                """),
            _ => http.Rows("""{"Id":"00D5f0000000001EAA","DefaultAccountAccess":"Edit","DefaultOpportunityAccess":"Read","DefaultContactAccess":"ControlledByParent"}"""),
        });
        var member = new TeamRow(RecordId.Parse("01M5f0000000001"), RecordId.Parse(Bob), "Bob", "Sales Rep", "Edit", "Edit", null, "Read", true);

        var results = await org.Live.WriteAsync(Settings.Default, [new Bundle("c0", RecordId.Parse(Account(0)), [Owner(Account(0), Ann, Cid)], [member])], default, default);

        results.ShouldHaveSingleItem().Written.ShouldBe(true);
        var sent = JsonDocument.Parse(org.Calls[^1].Body).RootElement.GetProperty("compositeRequest")[1].GetProperty("body").GetProperty("records")[0];
        sent.EnumerateObject().Select(f => f.Name).ShouldBe(["attributes", "AccountId", "UserId", "TeamMemberRole", "OpportunityAccessLevel"]);
    }
}
