using System.Globalization;
using System.Net;

namespace PocSync.Simulator.Tests;

public sealed class RowTests
{
    [Fact]
    public async Task A_row_lives_from_201_to_404()
    {
        await using var org = await TestOrg.StartAsync();

        var created = await org.SendAsync("POST", "sobjects/Account", new { Name = "New", NumberOfEmployees = "12" });
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        var id = created.Json.GetProperty("id").GetString()!;
        created.Text.ShouldBe($$"""{"id":"{{id}}","success":true,"errors":[]}""");
        created.Headers["Location"].ShouldBe($"{TestOrg.Data}/sobjects/Account/{id}");

        var row = (await org.GetAsync($"sobjects/account/{id[..15]}?fields=name,numberofemployees,OwnerId,CreatedById")).Json;
        row.GetProperty("NumberOfEmployees").GetInt32().ShouldBe(12);
        (row.GetProperty("OwnerId").GetString(), row.GetProperty("CreatedById").GetString()).ShouldBe((TestOrg.Robot, TestOrg.Robot));

        (await org.SendAsync("PATCH", $"sobjects/Account/{id}", new { NumberOfEmployees = (int?)null })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await org.GetAsync($"sobjects/Account/{id}")).Json.GetProperty("NumberOfEmployees").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await org.SendAsync("DELETE", $"sobjects/Account/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        var again = await org.SendAsync("DELETE", $"sobjects/Account/{id}");
        (again.Status, again.Code).ShouldBe((HttpStatusCode.NotFound, "ENTITY_IS_DELETED"));
    }

    [Theory]
    [InlineData("POST", "sobjects/Account", """{"Phone":"1"}""", 400, "REQUIRED_FIELD_MISSING")]
    [InlineData("POST", "sobjects/Account", """{"Name":"x","Nope":"1"}""", 400, "INVALID_FIELD")]
    [InlineData("POST", "sobjects/Account", """{"Name":"x","LastActivityDate":"2026-01-01"}""", 400, "INVALID_FIELD_FOR_INSERT_UPDATE")]
    [InlineData("POST", "sobjects/Account", """{"Name":"x","AccountNumber":"12345678901234567890123456789012345678901"}""", 400, "STRING_TOO_LONG")]
    [InlineData("POST", "sobjects/Account", """{"Name":"x","NumberOfEmployees":"many"}""", 400, "JSON_PARSER_ERROR")]
    [InlineData("POST", "sobjects/Account", """{"Name":"x","ParentId":"nonsense"}""", 400, "MALFORMED_ID")]
    [InlineData("POST", "sobjects/Account", """{"Name":"x","ParentId":"0055f0000000001AAA"}""", 400, "FIELD_INTEGRITY_EXCEPTION")]
    [InlineData("POST", "sobjects/Account", """{"Name":"x","ParentId":"0015f0000000777AAA"}""", 400, "INVALID_CROSS_REFERENCE_KEY")]
    [InlineData("POST", "sobjects/Account", """{"Name":""", 400, "JSON_PARSER_ERROR")]
    [InlineData("POST", "sobjects/Contact", """{"LastName":"x","Email":"not an address"}""", 400, "INVALID_EMAIL_ADDRESS")]
    [InlineData("POST", "sobjects/POC_Assignment__c", """{"Account__c":"0015f0000000001AAA","Role__c":"King"}""", 400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")]
    [InlineData("POST", "sobjects/POC_Assignment__c", """{"Role__c":"Primary"}""", 400, "REQUIRED_FIELD_MISSING")]
    [InlineData("POST", "sobjects/AccountHistory", "{}", 400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")]
    [InlineData("POST", "sobjects/Nope", "{}", 404, "NOT_FOUND")]
    [InlineData("PUT", "sobjects/Account", "{}", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("PATCH", "sobjects/Account/0015f0000000001AAA", """{"Id":"0015f0000000001AAA"}""", 400, "INVALID_FIELD")]
    [InlineData("PATCH", "sobjects/Account/0015f0000000001AAA", """{"Name":null}""", 400, "REQUIRED_FIELD_MISSING")]
    [InlineData("PATCH", "sobjects/Account/0035f0000000001AAA", "{}", 400, "MALFORMED_ID")]
    [InlineData("PATCH", "sobjects/Account/0015f0000000777AAA", "{}", 404, "NOT_FOUND")]
    [InlineData("DELETE", "sobjects/User/0055f0000000001AAA", null, 403, "INSUFFICIENT_ACCESS_OR_READONLY")]
    [InlineData("GET", "sobjects/Account/0015f0000000001AAA?fields=Nope", null, 400, "INVALID_FIELD")]
    public async Task What_is_refused_says_so_in_an_array(string method, string path, string? body, int status, string code)
    {
        await using var org = await TestOrg.StartAsync();

        var answer = await org.SendAsync(method, path, body);

        ((int)answer.Status, answer.Code).ShouldBe((status, code), answer.Text);
    }

    [Fact]
    public async Task An_external_id_upserts_one_row_however_often_it_is_sent()
    {
        await using var org = await TestOrg.StartAsync();
        const string path = "sobjects/POC_Handoff__c/Sync_Key__c/a%2Fb%20c";

        var first = await org.SendAsync("PATCH", path, new { Account__c = TestOrg.Acme, Status__c = "Documenting" });
        var second = await org.SendAsync("PATCH", path, new { Notes__c = "More" });

        first.Status.ShouldBe(HttpStatusCode.Created, first.Text);
        second.Status.ShouldBe(HttpStatusCode.OK, second.Text);
        second.Json.GetProperty("id").GetString().ShouldBe(first.Json.GetProperty("id").GetString());
        (first.Json.GetProperty("created").GetBoolean(), second.Json.GetProperty("created").GetBoolean()).ShouldBe((true, false));
        (await org.GetAsync(path)).Json.GetProperty("Sync_Key__c").GetString().ShouldBe("a/b c");
        (await org.SendAsync("PATCH", "sobjects/POC_Handoff__c/Sync_Key__c/new?updateOnly=true", new { })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await org.GetAsync("sobjects/POC_Handoff__c/Status__c/x")).Code.ShouldBe("NOT_FOUND");
        var twice = await org.SendAsync("POST", "sobjects/POC_Handoff__c", new { Account__c = TestOrg.Acme, Sync_Key__c = "a/b c" });
        twice.Code.ShouldBe("DUPLICATE_VALUE");
    }

    [Fact]
    public async Task A_stale_If_Unmodified_Since_is_412_even_when_the_last_write_was_this_second()
    {
        await using var org = await TestOrg.StartAsync();
        const string path = $"sobjects/Account/{TestOrg.Acme}";
        async Task<string> Seen() => (await org.GetAsync(path)).Headers["Last-Modified"];

        await org.SendAsync("PATCH", path, new { Phone = "1" });
        var seen = await Seen();
        (await org.SendAsync("PATCH", path, new { Phone = "2" }, ("If-Unmodified-Since", seen))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await org.SendAsync("PATCH", path, new { Phone = "3" }, ("If-Unmodified-Since", seen))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await org.GetAsync(path)).Json.GetProperty("Phone").GetString().ShouldBe("2");
        (await org.SendAsync("PATCH", path, new { Phone = "4" }, ("If-Unmodified-Since", "yesterday"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await org.GetAsync(path, ("If-Modified-Since", await Seen()))).Status.ShouldBe(HttpStatusCode.NotModified);
        DateTimeOffset.ParseExact(await Seen(), "R",
            CultureInfo.InvariantCulture).ShouldBeGreaterThan(DateTimeOffset.ParseExact(seen, "R", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Entity_tags_guard_accounts_and_no_other_object()
    {
        await using var org = await TestOrg.StartAsync();
        const string account = $"sobjects/Account/{TestOrg.Acme}", contact = "sobjects/Contact/0035f0000000001AAA";
        var tag = (await org.GetAsync(account)).Headers["ETag"];

        (await org.SendAsync("PATCH", account, new { Phone = "1" }, ("If-Match", $"{tag[..^1]}-gzip\""))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await org.SendAsync("PATCH", account, new { Phone = "2" }, ("If-Match", tag))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await org.GetAsync(account, ("If-None-Match", (await org.GetAsync(account)).Headers["ETag"]))).Status.ShouldBe(HttpStatusCode.NotModified);
        (await org.GetAsync(contact)).Headers.ContainsKey("ETag").ShouldBeFalse();
        (await org.SendAsync("PATCH", contact, new { Phone = "1" }, ("If-Match", tag))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Deleting_an_account_takes_its_details_along_and_clears_lookups()
    {
        await using var org = await TestOrg.StartAsync();
        await org.SendAsync("POST", "sobjects/POC_Assignment__c", new { Account__c = TestOrg.Beta, Role__c = "Primary", User__c = TestOrg.Ann });
        await org.SendAsync("POST", "sobjects/POC_Alert__c", new { Account__c = TestOrg.Beta, Sync_Key__c = "k" });

        (await org.SendAsync("DELETE", $"sobjects/Account/{TestOrg.Beta}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await org.QueryAsync("SELECT Id FROM POC_Assignment__c")).ShouldBeEmpty();
        (await org.QueryAsync("SELECT Id FROM POC_Assignment__c", all: true)).Count.ShouldBe(1);
        (await org.QueryAsync("SELECT Account__c FROM POC_Alert__c"))[0].GetProperty("Account__c").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Updated_and_deleted_tell_what_moved_in_a_span_of_time()
    {
        await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, ClockStart = DateTimeOffset.Parse("2026-03-01T12:00:00Z") });
        await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { Phone = "1" });
        await org.SendAsync("DELETE", "sobjects/Contact/0035f0000000001AAA");
        await org.SendAsync("DELETE", "sobjects/AccountTeamMember/01M5f0000000001EAA");
        const string span = "?start=2026-03-01T11%3A00%3A00%2B00%3A00&end=2026-03-01T13%3A00%3A00Z";

        (await org.GetAsync($"sobjects/Account/updated/{span}")).Json.GetProperty("ids").EnumerateArray().Select(i => i.GetString())
            .ShouldBe([TestOrg.Acme]);
        var deleted = (await org.GetAsync($"sobjects/Contact/deleted/{span}")).Json;
        deleted.GetProperty("deletedRecords")[0].GetProperty("id").GetString().ShouldBe("0035f0000000001AAA");
        deleted.GetProperty("latestDateCovered").GetString().ShouldBe("2026-03-01T13:00:00.000+0000");
        (await org.GetAsync($"sobjects/AccountTeamMember/deleted/{span}")).Json.GetProperty("deletedRecords").GetArrayLength().ShouldBe(0);
        (await org.GetAsync("sobjects/Account/updated?start=2026-03-01T11:00:00Z&end=2026-03-01T11:00:30Z")).Code
            .ShouldBe("INVALID_REPLICATION_DATE");
    }

    [Fact]
    public async Task A_completed_task_moves_the_accounts_last_activity()
    {
        await using var org = await TestOrg.StartAsync();

        await org.SendAsync("POST", "sobjects/Task",
            new { WhatId = TestOrg.Acme, Subject = "Call", Status = "Completed", ActivityDate = "2026-02-03" });
        await org.SendAsync("POST", "sobjects/Task", new { WhatId = TestOrg.Acme, Subject = "Call", ActivityDate = "2026-05-03" });

        (await org.GetAsync($"sobjects/Account/{TestOrg.Acme}")).Json.GetProperty("LastActivityDate").GetString().ShouldBe("2026-02-03");
        (await org.QueryAsync("SELECT IsClosed, AccountId FROM Task ORDER BY ActivityDate"))
            .Select(t => (t.GetProperty("IsClosed").GetBoolean(), t.GetProperty("AccountId").GetString()))
            .ShouldBe([(true, TestOrg.Acme), (false, TestOrg.Acme)]);
    }
}
