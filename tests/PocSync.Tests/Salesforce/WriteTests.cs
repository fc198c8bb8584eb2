using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

public class WriteTests
{
    private const string Lock = """{"success":false,"errors":[{"statusCode":"UNABLE_TO_LOCK_ROW","message":"unable to obtain exclusive access to this record","fields":[]}]}""";

    private static RowWrite Account(int i, string owner = "005xx0000000001AAA") => new("Account", $"001xx{i:D10}AAA", new Dictionary<string, object?> { ["OwnerId"] = owner });

    private static RowWrite[] Accounts(int count) => [.. Enumerable.Range(0, count).Select(i => Account(i))];

    private static string[] Ids(Arrived call) => [.. JsonDocument.Parse(call.Body).RootElement.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];

    private static string Done(string id) => $$"""{"id":"{{id}}","success":true,"errors":[]}""";

    private static string Refused(string code, string message) => $$"""{"success":false,"errors":[{"statusCode":"{{code}}","message":"{{message}}","fields":["OwnerId"]}]}""";

    private static Task Each(HttpContext http, Arrived call, Func<string, string> row) => http.Json($"[{string.Join(',', Ids(call).Select(row))}]");

    [Fact]
    public async Task Rows_are_written_in_one_call_and_answered_one_by_one()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => Each(http, call, id =>
            id.EndsWith("7AAA") ? Refused("INACTIVE_OWNER_OR_USER", "operation performed with inactive user") : Done(id)));

        var results = await org.Writes.UpdateAsync(Accounts(200), new(), default);

        org.Calls.ShouldHaveSingleItem().Method.ShouldBe("PATCH");
        org.Calls[0].Headers["Sforce-Auto-Assign"].ToString().ShouldBe("FALSE");
        org.Calls[0].Headers["Sforce-Duplicate-Rule-Header"].ShouldBeEmpty();
        results.Count(r => r.Success).ShouldBe(180);
        var refused = results[7];
        (refused.Id, refused.ErrorCode, refused.Class).ShouldBe(("001xx0000000007AAA", "INACTIVE_OWNER_OR_USER", ErrorClass.TerminalRow));
        refused.Fields.ShouldBe(["OwnerId"]);
    }

    [Fact]
    public async Task Values_travel_in_their_own_types()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json($"[{Done("a00xx0000000001AAA")}]"));

        await org.Writes.InsertAsync([new("POC_Handoff__c", null, new Dictionary<string, object?>
        {
            ["Text__c"] = "a \"b\"",
            ["Flag__c"] = true,
            ["Whole__c"] = 3,
            ["Amount__c"] = 1.50m,
            ["Day__c"] = new DateOnly(2026, 3, 1),
            ["At__c"] = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.FromHours(1)),
            ["Gone__c"] = null,
        })], new(AllOrNone: true, AllowDuplicates: true), default);

        var call = org.Calls.ShouldHaveSingleItem();
        call.Headers["Sforce-Duplicate-Rule-Header"].ToString().ShouldBe("allowSave=true");
        call.Headers["Sforce-Auto-Assign"].ShouldBeEmpty();
        JsonElement.DeepEquals(JsonDocument.Parse(call.Body).RootElement, JsonDocument.Parse("""
            {"allOrNone":true,"records":[{"attributes":{"type":"POC_Handoff__c"},"Text__c":"a \"b\"","Flag__c":true,"Whole__c":3,"Amount__c":1.50,
             "Day__c":"2026-03-01","At__c":"2026-03-01T08:00:00.000Z","Gone__c":null}]}
            """).RootElement).ShouldBeTrue(call.Body);
    }

    [Fact]
    public async Task Only_rows_that_met_a_lock_are_sent_again_in_smaller_groups()
    {
        await using var org = await WireOrg.StartAsync((http, call, count) => Each(http, call, id =>
            id.EndsWith("9AAA") ? Refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not on Sundays") : count == 1 && string.CompareOrdinal(id, "001xx0000000005AAA") < 0 ? Lock : Done(id)));

        var results = await org.Writes.UpdateAsync(Accounts(10), new(), default);

        org.Calls.Select(c => Ids(c).Length).ShouldBe([10, 2, 2, 1]);
        results.Count(r => r.Success).ShouldBe(9);
        results[9].Message.ShouldBe("Not on Sundays");
        org.Time.Waits.ShouldHaveSingleItem().ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_row_that_stays_locked_is_given_up()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => Each(http, call, _ => Lock));

        var results = await org.Writes.UpdateAsync(Accounts(1), new(), default);

        results.ShouldHaveSingleItem().ErrorCode.ShouldBe("UNABLE_TO_LOCK_ROW");
        org.Calls.Count.ShouldBe(5);
    }

    [Fact]
    public async Task What_is_too_much_at_once_is_halved_as_often_as_it_takes()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => Ids(call).Length > 3
            ? http.Error(400, "EXCEEDED_MAX_SIZE_REQUEST")
            : Each(http, call, id => id.EndsWith("11AAA") && Ids(call).Length > 1 ? Refused("APEX_ERROR", "Apex CPU time limit exceeded") : Done(id)));

        var results = await org.Writes.UpdateAsync(Accounts(100), new(), default);

        results.Count.ShouldBe(100);
        results.ShouldAllBe(r => r.Success);
    }

    [Fact]
    public async Task What_was_written_is_told_even_where_the_rest_cannot_be_tried_again()
    {
        await using var org = await WireOrg.StartAsync((http, call, count) => count == 1
            ? Each(http, call, id => id.EndsWith("1AAA") ? Lock : Done(id))
            : http.Error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));

        var results = await org.Writes.UpdateAsync(Accounts(3), new(), default);

        results.Select(r => r.Success).ShouldBe([true, false, true]);
        results[1].ErrorCode.ShouldBe("UNABLE_TO_LOCK_ROW");
    }

    [Fact]
    public async Task Of_all_or_none_the_innocent_name_the_one_to_blame()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => Each(http, call, id => id.EndsWith("1AAA")
            ? Refused("TRANSFER_REQUIRES_READ", "The new owner must have read permission")
            : Refused("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid")));

        var results = await org.Writes.UpdateAsync(Accounts(3), new(AllOrNone: true), default);

        results.Select(r => r.IsConsequence).ShouldBe([true, false, true]);
        results[0].Message.ShouldBe("not written because row 2 (001xx0000000001AAA) failed with TRANSFER_REQUIRES_READ: The new owner must have read permission");
        org.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task All_or_none_that_met_a_lock_is_sent_again_whole()
    {
        await using var org = await WireOrg.StartAsync((http, call, count) => Each(http, call, id => count > 1 ? Done(id) : id.EndsWith("1AAA")
            ? Lock
            : Refused("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back")));

        var results = await org.Writes.UpdateAsync(Accounts(3), new(AllOrNone: true), default);

        results.ShouldAllBe(r => r.Success);
        org.Calls.Select(c => Ids(c).Length).ShouldBe([3, 3]);
    }

    [Fact]
    public async Task An_upsert_goes_by_its_external_id_and_says_what_it_created()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json("""
            [{"id":"a00xx0000000001AAA","success":true,"errors":[],"created":true},{"id":"a00xx0000000002AAA","success":true,"errors":[],"created":false}]
            """));
        RowWrite[] rows = [.. Enumerable.Range(1, 2).Select(i => new RowWrite("POC_Alert__c", null, new Dictionary<string, object?> { ["Sync_Key__c"] = $"k{i}" }))];

        var results = await org.Writes.UpsertAsync("Sync_Key__c", rows, new(), default);

        org.Calls.ShouldHaveSingleItem().Path.ShouldBe("composite/sobjects/POC_Alert__c/Sync_Key__c");
        results.Select(r => r.Created).ShouldBe([true, false]);
    }

    [Fact]
    public async Task A_row_that_is_gone_counts_as_deleted()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json(
            $"[{Done("01Mxx0000000001AAA")},{Refused("ENTITY_IS_DELETED", "entity is deleted")},{Refused("INSUFFICIENT_ACCESS_OR_READONLY", "no")}]"));

        var results = await org.Writes.DeleteAsync(["01Mxx0000000001AAA", "01Mxx0000000002AAA", "01Mxx0000000003AAA"], new(), default);

        org.Calls.ShouldHaveSingleItem().Path.ShouldBe("composite/sobjects?ids=01Mxx0000000001AAA,01Mxx0000000002AAA,01Mxx0000000003AAA&allOrNone=false");
        results.Select(r => (r.Id, r.Success)).ShouldBe([("01Mxx0000000001AAA", true), ("01Mxx0000000002AAA", true), ("01Mxx0000000003AAA", false)]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    public async Task An_answer_that_cannot_be_read_leaves_the_write_unknown(string answer)
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json(answer));

        await Should.ThrowAsync<WriteUnknownException>(() => org.Writes.UpdateAsync(Accounts(1), new(), default));
    }

    private static CompositeStep[] Bundle() =>
    [
        CompositeStep.Update("owner", Account(1, "005xx0000000002AAA")),
        CompositeStep.Delete("old", "AccountTeamMember", "01Mxx0000000001AAA"),
        CompositeStep.InsertMany("team", [new("AccountTeamMember", null, new Dictionary<string, object?> { ["AccountId"] = "001xx0000000001AAA" })]),
        CompositeStep.Upsert("handoff", "Sync_Key__c", new("POC_Handoff__c", null, new Dictionary<string, object?> { ["Sync_Key__c"] = "a/b", ["To__c"] = "@{owner.id}" })),
    ];

    [Fact]
    public async Task A_bundle_is_one_call_of_steps()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json("""
            {"compositeResponse":[
              {"body":{"id":"a01xx0000000001AAA","success":true,"errors":[],"created":true},"httpHeaders":{},"httpStatusCode":201,"referenceId":"handoff"},
              {"body":null,"httpHeaders":{},"httpStatusCode":204,"referenceId":"owner"},
              {"body":null,"httpHeaders":{},"httpStatusCode":204,"referenceId":"old"},
              {"body":[{"id":"01Mxx0000000002AAA","success":true,"errors":[]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"team"}]}
            """));

        var result = await org.Writes.CompositeAsync(Bundle(), new(AllOrNone: true), default);

        result.Success.ShouldBeTrue();
        result.RolledBack.ShouldBeFalse();
        result.Steps.Select(s => (s.Reference, s.Rows[0].Id)).ShouldBe(
            [("owner", "001xx0000000001AAA"), ("old", "01Mxx0000000001AAA"), ("team", "01Mxx0000000002AAA"), ("handoff", "a01xx0000000001AAA")]);
        var call = org.Calls.ShouldHaveSingleItem();
        JsonElement.DeepEquals(JsonDocument.Parse(call.Body).RootElement, JsonDocument.Parse("""
            {"allOrNone":true,"collateSubrequests":false,"compositeRequest":[
              {"method":"PATCH","url":"/services/data/v66.0/sobjects/Account/001xx0000000001AAA","referenceId":"owner","httpHeaders":{"Sforce-Auto-Assign":"FALSE"},"body":{"OwnerId":"005xx0000000002AAA"}},
              {"method":"DELETE","url":"/services/data/v66.0/sobjects/AccountTeamMember/01Mxx0000000001AAA","referenceId":"old","httpHeaders":{}},
              {"method":"POST","url":"/services/data/v66.0/composite/sobjects","referenceId":"team","httpHeaders":{},"body":{"allOrNone":true,"records":[{"attributes":{"type":"AccountTeamMember"},"AccountId":"001xx0000000001AAA"}]}},
              {"method":"PATCH","url":"/services/data/v66.0/sobjects/POC_Handoff__c/Sync_Key__c/a%2Fb","referenceId":"handoff","httpHeaders":{},"body":{"To__c":"@{owner.id}"}}]}
            """).RootElement).ShouldBeTrue(call.Body);
    }

    private static string Halted(string step) =>
        $$"""{"body":[{"errorCode":"PROCESSING_HALTED","message":"The transaction was rolled back since another operation in the same transaction failed."}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"{{step}}"}""";

    [Fact]
    public async Task A_bundle_that_fails_in_one_step_is_undone_whole_whatever_its_rows_say()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json($$"""
            {"compositeResponse":[{{Halted("owner")}},{{Halted("old")}},
              {"body":[{"id":"01Mxx0000000002AAA","success":true,"errors":[]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"team"},
              {"body":[{"errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","message":"No handoffs today","fields":[]}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"handoff"}]}
            """));

        var result = await org.Writes.CompositeAsync(Bundle(), new(AllOrNone: true), default);

        result.RolledBack.ShouldBeTrue();
        result.Cause!.ErrorCode.ShouldBe("FIELD_CUSTOM_VALIDATION_EXCEPTION");
        result.Steps.SelectMany(s => s.Rows).ShouldAllBe(r => !r.Success);
        result.Steps.Select(s => s.Rows[0].IsConsequence).ShouldBe([true, true, true, false]);
        result.Steps[2].Rows[0].Message.ShouldBe("not written because step handoff failed with FIELD_CUSTOM_VALIDATION_EXCEPTION: No handoffs today");
    }

    [Fact]
    public async Task A_row_that_fails_in_a_collection_undoes_the_bundle_too()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json($$"""
            {"compositeResponse":[
              {"body":[{{Done("001xx0000000001AAA")}},{{Refused("INACTIVE_OWNER_OR_USER", "inactive")}}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"owners"}]}
            """));

        var result = await org.Writes.CompositeAsync([CompositeStep.UpdateMany("owners", Accounts(2))], new(AllOrNone: true), default);

        (result.RolledBack, result.Cause!.ErrorCode).ShouldBe((true, "INACTIVE_OWNER_OR_USER"));
        result.Steps[0].Rows.ShouldAllBe(r => !r.Success);
    }

    [Fact]
    public async Task Many_rows_are_deleted_and_upserted_in_a_step_each()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json($$"""
            {"compositeResponse":[
              {"body":[{{Done("01Mxx0000000001AAA")}},{{Done("01Mxx0000000002AAA")}}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"gone"},
              {"body":[{"id":"a00xx0000000001AAA","success":true,"errors":[],"created":true}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"made"}]}
            """));

        var result = await org.Writes.CompositeAsync(
        [
            CompositeStep.DeleteMany("gone", [.. Enumerable.Range(1, 2).Select(i => new RowWrite("AccountTeamMember", $"01Mxx000000000{i}AAA", new Dictionary<string, object?>()))]),
            CompositeStep.UpsertMany("made", "Sync_Key__c", [new("POC_Handoff__c", null, new Dictionary<string, object?> { ["Sync_Key__c"] = "k" })]),
        ], new(AllOrNone: true), default);

        result.Success.ShouldBeTrue();
        result.Steps[1].Rows.ShouldHaveSingleItem().Created.ShouldBe(true);
        var steps = JsonDocument.Parse(org.Calls.ShouldHaveSingleItem().Body).RootElement.GetProperty("compositeRequest");
        steps.EnumerateArray().Select(s => s.GetProperty("url").GetString()).ShouldBe(
        [
            "/services/data/v66.0/composite/sobjects?ids=01Mxx0000000001AAA,01Mxx0000000002AAA&allOrNone=true",
            "/services/data/v66.0/composite/sobjects/POC_Handoff__c/Sync_Key__c",
        ]);
    }

    [Fact]
    public async Task A_bundle_that_met_a_lock_is_sent_again()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => http.Json(count == 1
            ? $$"""{"compositeResponse":[{"body":[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"x","fields":[]}],"httpStatusCode":400,"referenceId":"owner"},{{Halted("old")}}]}"""
            : """{"compositeResponse":[{"body":null,"httpStatusCode":204,"referenceId":"owner"},{"body":null,"httpStatusCode":204,"referenceId":"old"}]}"""));

        (await org.Writes.CompositeAsync(Bundle()[..2], new(AllOrNone: true), default)).Success.ShouldBeTrue();

        org.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_bundle_with_more_than_updates_is_never_repeated_blindly()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });

        await Should.ThrowAsync<WriteUnknownException>(() => org.Writes.CompositeAsync(Bundle(), new(AllOrNone: true), default));

        org.Calls.Count.ShouldBe(1);
    }
}
