using System.Net;
using System.Text.Json;

namespace PocSync.Simulator.Tests;

public sealed class CollectionTests
{
    [Fact]
    public async Task Rows_that_fail_leave_the_others_alone_and_the_answer_200()
    {
        await using var org = await TestOrg.StartAsync();

        var answer = await Patch(org, false, (TestOrg.Acme, TestOrg.Gone), (TestOrg.Beta, TestOrg.Bob), ("0015f0000000777AAA", TestOrg.Bob));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldBe($$"""
            [{"id":"{{TestOrg.Acme}}","success":false,"errors":[{"statusCode":"INACTIVE_OWNER_OR_USER","message":"operation performed with inactive user [0055f0000000004] as owner of account","fields":["OwnerId"]}]},{"id":"{{TestOrg.Beta}}","success":true,"errors":[]},{"id":"0015f0000000777AAA","success":false,"errors":[{"statusCode":"INVALID_CROSS_REFERENCE_KEY","message":"invalid cross reference id","fields":[]}]}]
            """.Trim());
        (await Owner(org, TestOrg.Beta)).ShouldBe(TestOrg.Bob);
    }

    [Fact]
    public async Task All_or_none_undoes_the_good_rows_too_with_everything_they_brought_along()
    {
        await using var org = await TestOrg.StartAsync();
        var before = (await org.GetAsync("/_control/snapshot")).Text;

        var answer = await Patch(org, true, (TestOrg.Acme, TestOrg.Bob), (TestOrg.Beta, TestOrg.Gone));

        answer.Json[0].GetProperty("errors")[0].GetProperty("statusCode").GetString().ShouldBe("ALL_OR_NONE_OPERATION_ROLLED_BACK");
        answer.Json[1].GetProperty("errors")[0].GetProperty("statusCode").GetString().ShouldBe("INACTIVE_OWNER_OR_USER");
        (await org.GetAsync("/_control/snapshot")).Text.ShouldBe(before);
    }

    [Fact]
    public async Task Inserts_of_mixed_types_answer_in_order_and_failed_ones_have_no_id()
    {
        await using var org = await TestOrg.StartAsync();

        var answer = (await org.SendAsync("POST", "composite/sobjects", """
            {"records":[{"attributes":{"type":"Account"},"Name":"A"},{"attributes":{"type":"Contact"},"FirstName":"B"},{"attributes":{"type":"Nope"}}]}
            """)).Json;

        answer.EnumerateArray().Select(r => r.GetProperty("success").GetBoolean()).ShouldBe([true, false, false]);
        answer[0].GetProperty("id").GetString()!.ShouldStartWith("001");
        answer[1].TryGetProperty("id", out _).ShouldBeFalse();
        answer[1].GetProperty("errors")[0].GetProperty("fields")[0].GetString().ShouldBe("LastName");
    }

    [Fact]
    public async Task An_upsert_says_created_and_the_master_of_a_detail_cannot_be_written_again()
    {
        await using var org = await TestOrg.StartAsync();
        const string path = "composite/sobjects/POC_Assignment__c/Sync_Key__c";
        Task<Answer> Upsert(string record) => org.SendAsync("PATCH", path, $$"""{"records":[{"attributes":{"type":"POC_Assignment__c"},"Sync_Key__c":"k1","Role__c":"Backup"{{record}}}]}""");

        var first = (await Upsert($",\"Account__c\":\"{TestOrg.Acme}\"")).Json[0];
        var second = (await Upsert("")).Json[0];
        var third = (await Upsert($",\"Account__c\":\"{TestOrg.Acme}\"")).Json[0];

        (first.GetProperty("created").GetBoolean(), second.GetProperty("created").GetBoolean()).ShouldBe((true, false));
        second.GetProperty("id").GetString().ShouldBe(first.GetProperty("id").GetString());
        third.GetProperty("errors")[0].GetProperty("statusCode").GetString().ShouldBe("INVALID_FIELD_FOR_INSERT_UPDATE");
        (await org.QueryAsync("SELECT Name FROM POC_Assignment__c")).ShouldHaveSingleItem().GetProperty("Name").GetString().ShouldBe("POC-0000001");
    }

    [Fact]
    public async Task Deletes_and_retrieves_take_ids_and_a_missing_row_is_null()
    {
        await using var org = await TestOrg.StartAsync();

        var deleted = (await org.SendAsync("DELETE", $"composite/sobjects?ids=0035f0000000001AAA,0035f0000000001&allOrNone=false")).Json;
        var got = (await org.SendAsync("POST", "composite/sobjects/Contact",
            new { ids = new[] { "0035f0000000001AAA", "0035f0000000002" }, fields = new[] { "LastName" } })).Json;

        deleted.EnumerateArray().Select(r => r.GetProperty("success").GetBoolean()).ShouldBe([true, false]);
        deleted[1].GetProperty("errors")[0].GetProperty("statusCode").GetString().ShouldBe("ENTITY_IS_DELETED");
        got[0].ValueKind.ShouldBe(JsonValueKind.Null);
        (got[1].GetProperty("Id").GetString(), got[1].GetProperty("LastName").GetString()).ShouldBe(("0035f0000000002AAA", "Dot"));
    }

    [Fact]
    public async Task More_than_200_rows_are_refused_as_a_whole()
    {
        await using var org = await TestOrg.StartAsync();

        var answer = await org.SendAsync("POST", "composite/sobjects",
            new { records = Enumerable.Range(0, 201).Select(i => new { attributes = new { type = "Account" }, Name = $"A{i}" }) });

        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.BadRequest, "EXCEEDED_MAX_SIZE_REQUEST"));
        (await org.QueryAsync("SELECT Id FROM Account")).Count.ShouldBe(2);
    }

    private static Task<Answer> Patch(TestOrg org, bool allOrNone, params (string Id, string Owner)[] rows) =>
        org.SendAsync("PATCH", "composite/sobjects", new
        {
            allOrNone,
            records = rows.Select(r => new { attributes = new { type = "Account" }, id = r.Id, OwnerId = r.Owner }),
        });

    private static async Task<string?> Owner(TestOrg org, string id) =>
        (await org.GetAsync($"sobjects/Account/{id}")).Json.GetProperty("OwnerId").GetString();
}
