using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

public class ReadTests
{
    [Fact]
    public async Task A_record_becomes_a_row_of_text_cells()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows("""
            {"attributes":{"type":"Account"},"Id":"001","Name":"Löwe \"& Co\"","Owner":{"attributes":{"type":"User"},"IsActive":true,"Manager":null},
             "AnnualRevenue":1.0E8,"NumberOfEmployees":300.0,"LastActivityDate":"2026-01-31","SystemModstamp":"2026-01-31T08:00:00.000+0000","Parent":null,"Site":"","Type":null}
            """));
        string[] columns =
        [
            "Id", "name", "Owner.IsActive", "Owner.Manager.Name", "AnnualRevenue", "NumberOfEmployees", "LastActivityDate", "SystemModstamp", "Parent.Owner.Name", "Site", "Type",
        ];

        var table = org.Reads.Query(new("Account", columns));

        table.Columns.ShouldBe(columns);
        (await table.AllAsync()).ShouldHaveSingleItem().ShouldBe(
            ["001", "Löwe \"& Co\"", "true", null, "100000000", "300.0", "2026-01-31", "2026-01-31T08:00:00.000Z", null, null, null]);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_a_lost_cursor_goes_on_after_the_last_row()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => call.Path switch
        {
            "query/0r8-2" => http.Rows("""{"Id":"003"},{"Id":"004"}""", 5, "/services/data/v66.0/query/0r8-4"),
            "query/0r8-4" => http.Error(400, "INVALID_QUERY_LOCATOR", "invalid query locator"),
            _ when call.Path.Contains("Id > '004'") => http.Rows("""{"Id":"005"}"""),
            _ => http.Rows("""{"Id":"001"},{"Id":"002"}""", 5, "/services/data/v66.0/query/0r8-2"),
        });

        var rows = await org.Reads.Query(new("Account", ["Id"], "Name = 'a' OR Name = 'b'")).AllAsync();

        rows.Select(r => r[0]).ShouldBe(["001", "002", "003", "004", "005"]);
        org.Calls[^1].Path.ShouldBe("query?q=SELECT Id FROM Account WHERE (Name = 'a' OR Name = 'b') AND Id > '004' ORDER BY Id");
    }

    [Fact]
    public async Task A_next_page_elsewhere_is_not_followed()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows("""{"Id":"001"}""", 2, "https://example.com/services/data/v66.0/query/1"));

        await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.Query(new("Account", ["Id"])).AllAsync());
    }

    [Fact]
    public async Task A_long_list_of_values_goes_in_few_calls_that_a_url_need_not_hold()
    {
        var ids = Enumerable.Range(0, 5_000).Select(i => $"001xx{i:D10}AAA").ToArray();
        await using var org = await WireOrg.StartAsync((http, call, _) =>
        {
            using var body = JsonDocument.Parse(call.Body);
            var asked = Uri.UnescapeDataString(body.RootElement.GetProperty("compositeRequest")[0].GetProperty("url").GetString()!).Split('\'').Where(v => v.StartsWith("001xx"));
            var records = string.Join(',', asked.Select(id => $$"""{"Id":"{{id}}"}"""));
            return http.Json($$"""
                {"compositeResponse":[{"httpStatusCode":200,"referenceId":"query","httpHeaders":{},"body":{"totalSize":1,"done":true,"records":[{{records}}] } }]}
                """);
        });

        var rows = await org.Reads.ReadIn(new("Account", ["Id"]), "Id", ids.Concat(ids)).AllAsync();

        rows.Select(r => r[0]).ShouldBe(ids);
        org.Calls.Count.ShouldBe(2);
        org.Calls.ShouldAllBe(c => c.Method == "POST" && c.Path == "composite");
    }

    [Fact]
    public async Task A_wrong_query_inside_a_composite_is_named_as_a_plain_one_is()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json("""
            {"compositeResponse":[{"httpStatusCode":400,"referenceId":"query","httpHeaders":{},"body":
              [{"message":"\nSELECT Foo FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'Account'.","errorCode":"INVALID_FIELD"}]}]}
            """));

        var wrong = await Should.ThrowAsync<SalesforceException>(() =>
            org.Reads.ReadIn(new("Account", ["Foo"]), "Id", Enumerable.Range(0, 900).Select(i => $"001xx{i:D10}AAA")).AllAsync());

        wrong.Class.ShouldBe(ErrorClass.Bug);
        wrong.Message.ShouldEndWith("No such column 'Foo' on entity 'Account'.");
        wrong.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task No_values_need_no_call()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Rows(""));

        (await org.Reads.ReadIn(new("Account", ["Id"]), "Id", []).AllAsync()).ShouldBeEmpty();

        org.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void A_value_cannot_leave_its_quotes() => TableQuery.Quote("O'Neil \\ 'x'\n\u0001").ShouldBe(@"'O\'Neil \\ \'x\'\n\u0001'");

    [Theory]
    [InlineData("Name FROM User --")]
    [InlineData("Owner.")]
    [InlineData("")]
    [InlineData("Name\n")]
    public void A_column_that_is_no_name_is_refused(string column) => Should.Throw<ArgumentException>(() => new TableQuery("Account", [column]));

    [Fact]
    public async Task An_answer_of_another_shape_is_no_salesforce()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json("""{"hello":"world"}"""));

        await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.Query(new("Account", ["Id"])).AllAsync());
        await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.RecordCountsAsync(["Account"], default));
        await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.DescribeGlobalAsync(default));
    }

    [Fact]
    public async Task Counts_come_roughly_for_many_and_exactly_for_one()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => call.Path switch
        {
            "limits/recordCount?sObjects=Account,User" => http.Json("""{"sObjects":[{"count":17,"name":"Account"}]}"""),
            "query?q=SELECT COUNT() FROM Account WHERE OwnerId = null" => http.Json("""{"totalSize":3,"done":true,"records":[]}"""),
            _ => http.Error(404, "NOT_FOUND"),
        });

        (await org.Reads.RecordCountsAsync(["Account", "User"], default)).ShouldBe(new Dictionary<string, long> { ["Account"] = 17 });
        (await org.Reads.CountAsync("Account", "OwnerId = null", default)).ShouldBe(3);
    }

    [Fact]
    public async Task An_object_that_is_not_there_has_no_description()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Error(404, "NOT_FOUND", "The requested resource does not exist"));

        (await org.Reads.DescribeAsync("POC_Assignment__c", default)).ShouldBeNull();
    }
}
