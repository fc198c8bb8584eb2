using System.Net;
using System.Text.Json;

namespace PocSync.Simulator.Tests;

public sealed class QueryTests
{
    [Fact]
    public async Task Records_come_in_canonical_case_with_attributes_parents_children_and_plus0000()
    {
        await using var org = await TestOrg.StartAsync();

        var acme = (await org.QueryAsync(
            "select id, NAME, owner.name, parent.name, annualrevenue, numberofemployees, createddate, (select id from contacts), (select id from cases) from account where name = 'ACME'"))[0];

        acme.GetRawText().ShouldBe($$$"""
            {"attributes":{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{{{TestOrg.Acme}}}"},"Id":"{{{TestOrg.Acme}}}","Name":"Acme","Owner":{"attributes":{"type":"User","url":"/services/data/v66.0/sobjects/User/{{{TestOrg.Ann}}}"},"Name":"Ann Able"},"Parent":null,"AnnualRevenue":1.0E8,"NumberOfEmployees":120,"CreatedDate":"2026-01-02T03:04:05.000+0000","Contacts":{"totalSize":2,"done":true,"records":[{"attributes":{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/0035f0000000001AAA"},"Id":"0035f0000000001AAA"},{"attributes":{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/0035f0000000002AAA"},"Id":"0035f0000000002AAA"}]},"Cases":null}
            """.Trim());
    }

    [Fact]
    public async Task A_long_answer_is_paged_by_locator_and_a_made_up_locator_is_refused()
    {
        var rows = Enumerable.Range(0, 450).Select(i => (string?[])[$"Contact {i:000}"]).ToList();
        await using var org = await TestOrg.StartAsync(new() { Data = [new("Contact", ["LastName"], rows)] });

        var pages = new List<int>();
        var names = new HashSet<string>();
        var url = $"query?q={Uri.EscapeDataString("SELECT LastName FROM Contact ORDER BY LastName")}";
        for (string? next = url; next is not null;)
        {
            var page = (await org.GetAsync(next, ("Sforce-Query-Options", "batchSize=200"))).Json;
            page.GetProperty("totalSize").GetInt32().ShouldBe(450);
            pages.Add(page.GetProperty("records").GetArrayLength());
            foreach (var record in page.GetProperty("records").EnumerateArray())
                names.Add(record.GetProperty("LastName").GetString()!);
            next = page.TryGetProperty("nextRecordsUrl", out var more) ? more.GetString() : null;
            page.GetProperty("done").GetBoolean().ShouldBe(next is null);
        }

        pages.ShouldBe([200, 200, 50]);
        names.Count.ShouldBe(450);
        var bad = await org.GetAsync("query/0r8000000000001AAA-200");
        (bad.Status, bad.Code).ShouldBe((HttpStatusCode.BadRequest, "INVALID_QUERY_LOCATOR"));
    }

    [Fact]
    public async Task A_locator_ends_after_two_days()
    {
        await using var org = await TestOrg.StartAsync(new()
        {
            Data = [new("Contact", ["LastName"],
            [.. Enumerable.Range(0, 201).Select(i => (string?[])[$"{i}"])])],
            ClockStart = DateTimeOffset.Parse("2026-03-01T00:00:00Z")
        });
        var next = (await org.GetAsync("query?q=SELECT+Id+FROM+Contact", ("Sforce-Query-Options", "batchSize=200"))).Json
            .GetProperty("nextRecordsUrl").GetString()!;

        await org.SendAsync("POST", "/_control/clock", new { now = "2026-03-02T23:00:00Z" });
        (await org.GetAsync(next)).Status.ShouldBe(HttpStatusCode.OK);
        await org.SendAsync("POST", "/_control/clock", new { now = "2026-03-03T01:00:00Z" });
        (await org.GetAsync(next)).Code.ShouldBe("INVALID_QUERY_LOCATOR");
    }

    [Fact]
    public async Task Deleted_rows_are_seen_by_queryAll_alone()
    {
        await using var org = await TestOrg.StartAsync();
        await org.SendAsync("DELETE", "sobjects/Contact/0035f0000000001AAA");

        (await org.QueryAsync("SELECT Id FROM Contact")).ShouldHaveSingleItem();
        var gone = (await org.QueryAsync("SELECT Id, IsDeleted FROM Contact WHERE IsDeleted = true", all: true)).ShouldHaveSingleItem();
        gone.GetProperty("Id").GetString().ShouldBe("0035f0000000001AAA");
    }

    [Theory]
    [InlineData("SELECT Nope FROM Account", "INVALID_FIELD", "ERROR at Row:1:Column:8\nNo such column 'Nope' on entity 'Account'.")]
    [InlineData("SELECT Id FROM Nope", "INVALID_TYPE", "ERROR at Row:1:Column:16\nsObject type 'Nope' is not supported.")]
    [InlineData("SELECT Id FROM", "MALFORMED_QUERY", "")]
    public async Task Wrong_soql_is_an_array_with_code_and_position(string soql, string code, string part)
    {
        await using var org = await TestOrg.StartAsync();

        var answer = await org.GetAsync($"query?q={Uri.EscapeDataString(soql)}");

        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.BadRequest, code));
        answer.Message!.ShouldContain(part);
    }

    [Fact]
    public async Task Counts_aggregates_and_columns_have_their_own_forms()
    {
        await using var org = await TestOrg.StartAsync();

        var count = (await org.GetAsync("query?q=SELECT+COUNT()+FROM+Contact")).Json;
        (count.GetProperty("totalSize").GetInt32(), count.GetProperty("records").GetArrayLength()).ShouldBe((2, 0));
        (await org.QueryAsync("SELECT OwnerId, COUNT(Id), SUM(AnnualRevenue) total FROM Account GROUP BY OwnerId"))[0].GetRawText()
            .ShouldBe($$$"""{"attributes":{"type":"AggregateResult"},"OwnerId":"{{{TestOrg.Ann}}}","expr0":2,"total":1.0E8}""");
        var columns = (await org.GetAsync("query?q=SELECT+Id,Owner.Name+FROM+Account&columns=true")).Json.GetProperty("columnMetadata");
        columns.EnumerateArray().Select(c => c.GetProperty("columnName").GetString()).ShouldBe(["Id", "Owner"]);
        columns[1].GetProperty("joinColumns")[0].GetProperty("displayName").GetString().ShouldBe("Name");
    }

    [Fact]
    public async Task A_parent_by_TYPEOF_carries_its_own_objects_attributes_and_fields()
    {
        await using var org = await TestOrg.StartAsync();
        foreach (var (subject, what) in new[] { ("Call", TestOrg.Acme), ("Mail", "0065f0000000001AAA"), ("Idle", null) })
            (await org.SendAsync("POST", "sobjects/Task", new { Subject = subject, WhatId = what })).Status.ShouldBe(HttpStatusCode.Created);
        const string Soql = "SELECT Subject, TYPEOF What WHEN Account THEN NumberOfEmployees, Owner.Name ELSE Name END FROM Task ORDER BY Subject";

        var tasks = await org.QueryAsync(Soql);

        tasks.Select(t => t.GetProperty("What").GetRawText()).ShouldBe(
        [
            $$$"""{"attributes":{"type":"Account","url":"{{{TestOrg.Data}}}/sobjects/Account/{{{TestOrg.Acme}}}"},"NumberOfEmployees":120,"Owner":{"attributes":{"type":"User","url":"{{{TestOrg.Data}}}/sobjects/User/{{{TestOrg.Ann}}}"},"Name":"Ann Able"}}""",
            "null",
            $$$"""{"attributes":{"type":"Name","url":"{{{TestOrg.Data}}}/sobjects/Opportunity/0065f0000000001AAA"},"Name":"Open"}""",
        ]);
        var columns = (await org.GetAsync($"query?q={Uri.EscapeDataString(Soql)}&columns=true")).Json.GetProperty("columnMetadata");
        columns[1].GetProperty("joinColumns").EnumerateArray().Select(c => c.GetProperty("columnName").GetString()).ShouldBe(["NumberOfEmployees", "Owner", "Name"]);
    }

    [Fact]
    public async Task Subtotals_are_null_and_numbers_of_date_functions_whole()
    {
        await using var org = await TestOrg.StartAsync();

        (await org.QueryAsync("SELECT CALENDAR_YEAR(CloseDate), StageName, GROUPING(StageName) g, COUNT(Id) n FROM Opportunity GROUP BY ROLLUP(CALENDAR_YEAR(CloseDate), StageName)"))
            .Select(r => r.GetRawText()).ShouldBe(new[]
            {
                ("2026", "\"Prospecting\"", 0, 1), ("2026", "\"Closed Won\"", 0, 1), ("2026", "null", 1, 2), ("null", "null", 1, 2),
            }.Select(r => $$$"""{"attributes":{"type":"AggregateResult"},"expr0":{{{r.Item1}}},"StageName":{{{r.Item2}}},"g":{{{r.Item3}}},"n":{{{r.Item4}}}}"""));
        (await org.QueryAsync("SELECT NumberOfEmployees, MAX(NumberOfEmployees) FROM Account WHERE NumberOfEmployees != null GROUP BY NumberOfEmployees"))
            .ShouldHaveSingleItem().GetRawText().ShouldBe("""{"attributes":{"type":"AggregateResult"},"NumberOfEmployees":120,"expr0":120}""");
    }

    [Fact]
    public async Task A_scope_leaves_ones_own_rows_or_those_of_ones_teams()
    {
        await using var org = await TestOrg.StartAsync();
        var me = (await org.GetAsync("/services/oauth2/userinfo")).Json.GetProperty("user_id").GetString()!;
        (await org.QueryAsync("SELECT Id FROM Account USING SCOPE mine")).ShouldBeEmpty();
        (await org.QueryAsync("SELECT Id FROM Account USING SCOPE team")).ShouldBeEmpty();

        await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Beta}", new { OwnerId = me });
        await org.SendAsync("POST", "sobjects/AccountTeamMember", new { AccountId = TestOrg.Acme, UserId = me, TeamMemberRole = "Sales Rep" });

        (await org.QueryAsync("SELECT Id FROM Account USING SCOPE mine")).ShouldHaveSingleItem().GetProperty("Id").GetString().ShouldBe(TestOrg.Beta);
        (await org.QueryAsync("SELECT Id FROM Account USING SCOPE team")).ShouldHaveSingleItem().GetProperty("Id").GetString().ShouldBe(TestOrg.Acme);
        (await org.GetAsync($"query?q={Uri.EscapeDataString("SELECT Id FROM Contact USING SCOPE team")}")).Code.ShouldBe("MALFORMED_QUERY");
        (await org.GetAsync("sobjects/Account/describe")).Json.GetProperty("supportedScopes").EnumerateArray().Select(s => s.GetProperty("label").GetString())
            .ShouldBe(["All accounts", "My accounts", "My team's accounts"]);
    }

    [Fact]
    public async Task Too_long_a_url_is_414_and_the_same_query_in_a_composite_call_is_not()
    {
        await using var org = await TestOrg.StartAsync();
        var soql = $"SELECT Id FROM Account WHERE Id IN ({string.Join(',', Enumerable.Repeat($"'{TestOrg.Acme}'", 900))})";

        (await org.GetAsync($"query?q={Uri.EscapeDataString(soql)}")).Status.ShouldBe(HttpStatusCode.RequestUriTooLong);
        var composite = await org.SendAsync("POST", "composite", new
        {
            compositeRequest = new[] { new { method = "GET", url = $"{TestOrg.Data}/query?q={Uri.EscapeDataString(soql)}", referenceId = "q" } },
        });
        composite.Json.GetProperty("compositeResponse")[0].GetProperty("body").GetProperty("totalSize").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Answers_are_gzipped_where_asked_and_carry_the_usage()
    {
        await using var org = await TestOrg.StartAsync();

        var plain = await org.GetAsync("sobjects");
        var zipped = await org.GetAsync("sobjects", ("Accept-Encoding", "gzip"));

        plain.Headers["Sforce-Limit-Info"].ShouldBe("api-usage=1/100000");
        zipped.Headers["Sforce-Limit-Info"].ShouldBe("api-usage=2/100000");
        zipped.Headers["Content-Encoding"].ShouldBe("gzip");
        zipped.Text.Length.ShouldBeLessThan(plain.Text.Length);
    }

    [Fact]
    public async Task Describe_tells_what_the_package_defines()
    {
        await using var org = await TestOrg.StartAsync();

        var describe = (await org.GetAsync("sobjects/poc_assignment__c/describe")).Json;
        var fields = describe.GetProperty("fields").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!);

        describe.GetProperty("name").GetString().ShouldBe("POC_Assignment__c");
        fields["Role__c"].GetProperty("picklistValues").EnumerateArray().Select(v => v.GetProperty("value").GetString())
            .ShouldBe(["Primary", "Backup", "Specialist"]);
        (fields["Role__c"].GetProperty("nillable").GetBoolean(), fields["Role__c"].GetProperty("restrictedPicklist").GetBoolean())
            .ShouldBe((false, true));
        fields["Account__c"].GetProperty("referenceTo")[0].GetString().ShouldBe("Account");
        (fields["Account__c"].GetProperty("cascadeDelete").GetBoolean(), fields["Account__c"].GetProperty("updateable").GetBoolean())
            .ShouldBe((true, false));
        fields["Sync_Key__c"].GetProperty("externalId").GetBoolean().ShouldBeTrue();
        fields["Sync_Key__c"].GetProperty("byteLength").GetInt32().ShouldBe(3 * fields["Sync_Key__c"].GetProperty("length").GetInt32());
        fields["Starts_On__c"].GetProperty("soapType").GetString().ShouldBe("xsd:date");
        fields["Starts_On__c"].EnumerateObject().Count().ShouldBe(57);
        (await org.GetAsync("sobjects/Account/describe")).Json.GetProperty("childRelationships").EnumerateArray()
            .Select(c => c.GetProperty("relationshipName").GetString()).ShouldContain("POC_Assignments__r");
        (await org.GetAsync("sobjects/Task/describe")).Json.GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString())
            .ShouldContain("Sync_Key__c");
    }

    [Fact]
    public async Task A_describe_that_the_client_has_is_304()
    {
        await using var org = await TestOrg.StartAsync();
        var seen = (await org.GetAsync("sobjects/Account/describe")).Headers["Last-Modified"];

        (await org.GetAsync("sobjects/Account/describe", ("If-Modified-Since", seen))).Status.ShouldBe(HttpStatusCode.NotModified);
        (await org.GetAsync("sobjects", ("If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_object_in_the_global_describe_describes_itself()
    {
        await using var org = await TestOrg.StartAsync();

        foreach (var name in (await org.GetAsync("sobjects")).Json.GetProperty("sobjects").EnumerateArray()
            .Select(o => o.GetProperty("name").GetString()!))
            (await org.GetAsync($"sobjects/{name}/describe")).Json.GetProperty("fields").GetArrayLength().ShouldBeGreaterThan(1, name);
    }
}
