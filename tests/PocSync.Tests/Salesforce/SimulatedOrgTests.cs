using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Salesforce;
using PocSync.Simulator;

namespace PocSync.Tests.Salesforce;

/// <summary>The client against a whole org.</summary>
public sealed class SimulatedOrgTests
{
    private const string Ann = "0055f0000000001AAA", Bob = "0055f0000000002AAA", Cid = "0055f0000000003AAA", Gone = "0055f0000000004AAA";
    private const string Acme = "0015f0000000001AAA", Beta = "0015f0000000002AAA";

    private static readonly OrgTable Users = new("User", ["Id", "Username", "LastName", "IsActive", "UserType"],
    [
        [Ann, "ann@x.example", "Ann", "true", "Standard"], [Bob, "bob@x.example", "Bob", "true", "Standard"],
        [Cid, "cid@x.example", "Cid", "true", "Standard"], [Gone, "gone@x.example", "Gone", "false", "Standard"],
    ]);

    private static readonly OrgTable Accounts = new("Account", ["Id", "Name", "OwnerId", "AnnualRevenue", "CreatedDate", "ParentId"],
    [
        [Acme, "Acme \"&\" Söhne,\nBonn", Ann, "100000000", "2026-01-02T03:04:05.000Z", null],
        [Beta, "Beta", Ann, null, "2026-01-03T00:00:00.000Z", Acme],
    ]);

    private static readonly OrgTable Team = new("AccountTeamMember", ["Id", "AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel"],
        [["01M5f0000000001EAA", Acme, Cid, "Sales Rep", "Read"]]);

    /// <summary>Ids with the right check characters, so that they come back as they went.</summary>
    private static string Id(string prefix, int number)
    {
        var id = $"{prefix}5f{number:D10}";
        return id + string.Concat(id.Chunk(5).Select(five => "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[five.Index().Sum(c => char.IsAsciiLetterUpper(c.Item) ? 1 << c.Index : 0)]));
    }

    private static OrgTable Many(int count) => new("Account", ["Id", "Name", "OwnerId", "AnnualRevenue", "CreatedDate"],
        [.. Enumerable.Range(1, count).Select(string?[] (i) => [Id("001", i), $"Account, \"{i}\"", i % 2 == 0 ? Ann : Bob, i % 3 == 0 ? null : $"{i}.5", "2026-01-02T03:04:05.000Z"])]);

    private sealed record Connected(RunningSimulator Simulator, ServiceProvider Client) : IAsyncDisposable
    {
        public OrgReads Reads => Client.GetRequiredService<OrgReads>();
        public OrgWrites Writes => Client.GetRequiredService<OrgWrites>();
        public ApiBudget Budget => Client.GetRequiredService<ApiBudget>();

        public async Task ControlAsync(string path, object body)
        {
            using var http = new HttpClient();
            (await http.PostAsJsonAsync(new Uri(Simulator.Url, "/_control/" + path), body)).EnsureSuccessStatusCode();
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Simulator.DisposeAsync();
        }
    }

    private static async Task<Connected> StartAsync(IReadOnlyList<OrgTable> data, string? faults = null, params (string Name, string? Value)[] settings)
    {
        var simulator = await PocSync.Simulator.Simulator.StartAsync(new() { Data = data, Faults = faults });
        return new(simulator, WireOrg.Connect(simulator.Url.ToString(), new HastyTime(), [("ClientId", simulator.ClientId), ("ClientSecret", simulator.ClientSecret), .. settings]));
    }

    private static RowWrite Row(string @object, string? id, params (string Name, object? Value)[] fields) => new(@object, id, fields.ToDictionary(f => f.Name, f => f.Value));

    private static async Task<string?> OwnerAsync(Connected org, string account) =>
        (await org.Reads.ReadIn(new("Account", ["OwnerId"]), "Id", [account]).AllAsync()).Single()[0];

    [Fact]
    public async Task A_jwt_login_is_let_in()
    {
        using var key = RSA.Create(2048);
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "key.pem");
        await File.WriteAllTextAsync(file, key.ExportRSAPrivateKeyPem());
        await using var simulator = await PocSync.Simulator.Simulator.StartAsync(new()
        {
            Data = [Users],
            JwtKeys = new Dictionary<string, string> { ["the-app"] = key.ExportSubjectPublicKeyInfoPem() },
        });
        await using var client = WireOrg.Connect(simulator.Url.ToString(), TimeProvider.System,
            ("ClientId", "the-app"), ("ClientSecret", null), ("Username", "ann@x.example"), ("JwtKeyFile", file));

        var (organization, user) = await client.GetRequiredService<OrgReads>().IdentityAsync(default);

        organization.ShouldStartWith("00D");
        user.ShouldBe(Ann);
    }

    [Fact]
    public async Task Records_come_as_an_export_has_them()
    {
        await using var org = await StartAsync([Users, Accounts]);

        var rows = await org.Reads.Query(new("Account",
            ["Id", "Name", "Owner.Name", "Owner.IsActive", "Parent.Name", "AnnualRevenue", "CreatedDate", "LastActivityDate"])).AllAsync();

        decimal.Parse(rows[0][5]!).ShouldBe(100_000_000m);
        rows[0][5] = null;
        rows.ShouldBe(
        [
            [Acme, "Acme \"&\" Söhne,\nBonn", "Ann", "true", null, null, "2026-01-02T03:04:05.000Z", null],
            [Beta, "Beta", "Ann", "true", "Acme \"&\" Söhne,\nBonn", null, "2026-01-03T00:00:00.000Z", null],
        ]);
        org.Budget.Usage!.Max.ShouldBe(100_000);
    }

    [Fact]
    public async Task Thousands_of_rows_come_page_by_page()
    {
        await using var org = await StartAsync([Users, Many(4_500)]);

        var rows = await org.Reads.Query(new("Account", ["Id", "Name"])).AllAsync();

        rows.Select(r => r[0]).ShouldBe(Enumerable.Range(1, 4_500).Select(i => Id("001", i)));
        org.Budget.Calls.ShouldBe(3);
        (await org.Reads.CountAsync("Account", "AnnualRevenue = null", default)).ShouldBe(1_500);
    }

    [Theory]
    [InlineData("66.0")]
    [InlineData("57.0")]
    public async Task Bulk_and_rest_give_the_same_rows(string version)
    {
        await using var org = await StartAsync([Users, Many(3_000), Accounts with { Rows = [[Id("001", 9_999), .. Accounts.Rows[0].Skip(1)]] }], null, ("ApiVersion", version));
        var query = new TableQuery("Account", ["Id", "Name", "Owner.Name", "Owner.IsActive", "AnnualRevenue", "CreatedDate", "LastActivityDate", "Parent.Name"]);

        var rest = await org.Reads.Query(query).AllAsync();
        var bulk = await org.Reads.BulkQuery(query).AllAsync();

        rest.Count.ShouldBe(3_001);
        bulk.OrderBy(r => r[0], StringComparer.Ordinal).ShouldBe(rest);
    }

    [Fact]
    public async Task Many_rows_come_by_bulk_pages_at_once()
    {
        await using var org = await StartAsync([Users, Many(120_000)]);

        var rows = await org.Reads.Read(new("Account", ["Id", "Name"])).AllAsync();

        rows.Select(r => r[0]).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 120_000).Select(i => Id("001", i)));
    }

    [Fact]
    public async Task Reading_goes_on_through_weather()
    {
        await using var org = await StartAsync([Users, Many(60_000)],
            "503:0.1,503-retry-after:0.1,reset-before:0.1,slow:0.05,concurrent-limit:0.1,session-killed:count=1,html-error:0.1", ("MaxAttempts", "15"));

        foreach (var read in new[] { org.Reads.BulkQuery(new("Account", ["Id", "Name"])), org.Reads.Query(new("Account", ["Id", "Name"])) })
            (await read.AllAsync()).Select(r => r[0]).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 60_000).Select(i => Id("001", i)));
    }

    [Fact]
    public async Task A_list_too_long_for_a_url_is_answered_whole()
    {
        await using var org = await StartAsync([Users, Many(3_000)]);

        var rows = await org.Reads.ReadIn(new("Account", ["Id", "OwnerId"], $"OwnerId = {TableQuery.Quote(Bob)}"), "Id", Enumerable.Range(1, 2_800).Select(i => Id("001", i))).AllAsync();

        rows.Count.ShouldBe(1_400);
    }

    [Fact]
    public async Task Objects_and_fields_are_described()
    {
        await using var org = await StartAsync([Users, Accounts]);

        var account = (await org.Reads.DescribeAsync("Account", default))!;

        account.KeyPrefix.ShouldBe("001");
        account.Field("ownerid").ShouldNotBeNull().ReferenceTo.ShouldBe(["User"]);
        account.Field("CreatedDate")!.Updateable.ShouldBeFalse();
        (await org.Reads.DescribeAsync("No_Such__c", default)).ShouldBeNull();
        (await org.Reads.DescribeGlobalAsync(default)).Select(o => o.Name).ShouldContain("POC_Assignment__c");
    }

    [Fact]
    public async Task What_a_query_has_wrong_is_told_in_one_line()
    {
        await using var org = await StartAsync([Users, Accounts]);

        var wrong = await Should.ThrowAsync<SalesforceException>(() => org.Reads.Query(new("Account", ["Id", "Foo__c"])).AllAsync());

        (wrong.Code, wrong.Class).ShouldBe(("INVALID_FIELD", ErrorClass.Bug));
        wrong.Message.ShouldContain("Foo__c");
        wrong.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Rows_are_written_refused_and_found_again()
    {
        await using var org = await StartAsync([Users, Accounts]);

        var updated = await org.Writes.UpdateAsync([Row("Account", Acme, ("OwnerId", Bob)), Row("Account", Beta, ("OwnerId", Gone))], new(), default);
        updated.Select(r => r.Success).ShouldBe([true, false]);
        updated[1].ErrorCode.ShouldBe("INACTIVE_OWNER_OR_USER");
        (await OwnerAsync(org, Acme)).ShouldBe(Bob);

        RowWrite[] alert = [Row("POC_Alert__c", null, ("Sync_Key__c", "k1"))];
        var (first, second) = (await org.Writes.UpsertAsync("Sync_Key__c", alert, new(), default), await org.Writes.UpsertAsync("Sync_Key__c", alert, new(), default));
        (first[0].Success, first[0].Created, second[0].Created).ShouldBe((true, true, false), first[0].Message);
        second[0].Id.ShouldBe(first[0].Id);

        (await org.Writes.DeleteAsync([first[0].Id!], new(), default))[0].Success.ShouldBeTrue();
        (await org.Writes.DeleteAsync([first[0].Id!], new(), default))[0].Success.ShouldBeTrue();
        (await org.Reads.CountAsync("POC_Alert__c", null, default)).ShouldBe(0);
    }

    [Fact]
    public async Task All_or_none_of_a_collection_is_written()
    {
        await using var org = await StartAsync([Users, Accounts]);

        var results = await org.Writes.UpdateAsync([Row("Account", Acme, ("OwnerId", Bob)), Row("Account", Beta, ("OwnerId", Gone))], new(AllOrNone: true), default);

        results.Select(r => r.IsConsequence).ShouldBe([true, false]);
        results[0].Message!.ShouldContain("INACTIVE_OWNER_OR_USER");
        (await OwnerAsync(org, Acme)).ShouldBe(Ann);
    }

    [Fact]
    public async Task An_owner_change_keeps_the_team_in_one_call_or_changes_nothing()
    {
        await using var org = await StartAsync([Users, Accounts, Team]);

        CompositeStep[] Bundle(string account, string user) =>
        [
            CompositeStep.Update("owner", Row("Account", account, ("OwnerId", Bob))),
            CompositeStep.InsertMany("team", [Row("AccountTeamMember", null, ("AccountId", account), ("UserId", user), ("TeamMemberRole", "Sales Rep"), ("AccountAccessLevel", "Read"))]),
            CompositeStep.Upsert("alert", "Sync_Key__c", Row("POC_Alert__c", null, ("Sync_Key__c", $"bundle {account}"))),
        ];
        Task<List<string?[]>> TeamAsync() => org.Reads.Query(new("AccountTeamMember", ["AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel"])).AllAsync();
        var before = await TeamAsync();

        var done = await org.Writes.CompositeAsync(Bundle(Acme, Cid), new(AllOrNone: true), default);
        done.Success.ShouldBeTrue(done.Cause?.Message);
        (await OwnerAsync(org, Acme)).ShouldBe(Bob);
        (await TeamAsync()).ShouldBe(before);

        var refused = await org.Writes.CompositeAsync([.. Bundle(Beta, Cid), CompositeStep.Update("more", Row("Account", Acme, ("OwnerId", Gone)))], new(AllOrNone: true), default);
        (refused.RolledBack, refused.Cause?.ErrorCode).ShouldBe((true, "INACTIVE_OWNER_OR_USER"));
        (await OwnerAsync(org, Beta)).ShouldBe(Ann);
        (await org.Reads.CountAsync("POC_Alert__c", null, default)).ShouldBe(1);
    }

    [Fact]
    public async Task A_session_killed_between_calls_is_not_noticed()
    {
        await using var org = await StartAsync([Users, Accounts]);
        await org.Reads.Query(new("Account", ["Id"])).AllAsync();

        await org.ControlAsync("sessions/kill", new { });

        (await org.Reads.Query(new("Account", ["Id"])).AllAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("500-after-write:count=1")]
    [InlineData("reset-after-write:count=1")]
    public async Task A_write_done_whose_answer_is_lost_is_told_apart_and_not_done_twice(string fault)
    {
        await using var org = await StartAsync([Users, Accounts], fault);

        await Should.ThrowAsync<WriteUnknownException>(() => org.Writes.InsertAsync([Row("Account", null, ("Name", "New"))], new(), default));

        (await org.Reads.CountAsync("Account", "Name = 'New'", default)).ShouldBe(1);
    }

    [Fact]
    public async Task Writing_goes_on_through_weather()
    {
        await using var org = await StartAsync([Users, Many(400)],
            "503:0.1,503-retry-after:0.1,500-after-write:0.1,reset-before:0.1,reset-after-write:0.1,lock-row:0.1,concurrent-limit:0.1,session-killed:count=1,html-error:0.1",
            ("MaxAttempts", "15"));

        foreach (var part in Enumerable.Range(1, 400).Chunk(200))
            (await org.Writes.UpdateAsync([.. part.Select(i => Row("Account", Id("001", i), ("OwnerId", Cid)))], new(), default)).ShouldAllBe(r => r.Success);

        (await org.Reads.CountAsync("Account", $"OwnerId = '{Cid}'", default)).ShouldBe(400);
    }

    [Fact]
    public async Task The_budget_stops_before_the_org_does()
    {
        await using var org = await StartAsync([Users, Accounts]);
        await org.ControlAsync("settings", new { dailyApiLimit = 20 });

        var spent = await Should.ThrowAsync<BudgetSpentException>(async () =>
        {
            while (true)
                await org.Reads.Query(new("Account", ["Id"])).AllAsync();
        });

        spent.Message.ShouldContain("16 of the org's 20");
        org.Budget.Calls.ShouldBe(16);
    }

    [Fact]
    public async Task A_stopped_org_is_unreachable()
    {
        await using var org = await StartAsync([Users, Accounts]);
        await org.Reads.Query(new("Account", ["Id"])).AllAsync();

        await org.Simulator.DisposeAsync();

        await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.Query(new("Account", ["Id"])).AllAsync());
    }

    [Theory]
    [InlineData("1000000")]
    [InlineData("10")]
    public async Task A_query_that_takes_the_org_too_long_goes_in_ranges_of_ids_and_loses_and_doubles_nothing(string bulkAbove)
    {
        await using var org = await StartAsync([Users, Many(1000)], null, ("BulkReadThreshold", bulkAbove));
        await org.ControlAsync("settings", new { mostQueryRows = 150 });

        var ids = new List<string>();
        await foreach (var row in org.Reads.Read(new TableQuery("Account", ["Id", "Name"], "CreatedDate > 2000-01-01T00:00:00Z")).Rows)
        {
            ids.Add(row[0]!);
        }

        ids.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 1000).Select(i => Id("001", i)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_query_that_no_range_makes_quick_ends_with_a_sentence()
    {
        await using var org = await StartAsync([Users, Many(3)]);
        await org.ControlAsync("settings", new { mostQueryRows = 0 });

        var wrong = await Should.ThrowAsync<SalesforceException>(async () => await org.Reads.Query(new TableQuery("Account", ["Id"])).Rows.FirstAsync());

        wrong.Code.ShouldBe("QUERY_TIMEOUT");
    }
}
