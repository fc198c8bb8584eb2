using System.Net;
using System.Text;
using System.Text.Json;

namespace PocSync.Simulator.Tests;

public sealed class BulkTests
{
    [Fact]
    public async Task A_query_job_gives_quoted_csv_in_select_order_with_a_header_on_every_page()
    {
        await using var org = await TestOrg.StartAsync();
        var job = await Query(org, "SELECT Name, Owner.Name, CreatedDate, Industry, OwnerId, Owner.IsActive, AnnualRevenue FROM Account ORDER BY Id");

        var first = await org.GetAsync($"jobs/query/{job}/results?maxRecords=1", ("Accept", "text/csv"));
        var second = await org.GetAsync($"jobs/query/{job}/results?maxRecords=1&locator={first.Headers["Sforce-Locator"]}");

        const string header = "\"Name\",\"Owner.Name\",\"CreatedDate\",\"Industry\",\"OwnerId\",\"Owner.IsActive\",\"AnnualRevenue\"\n";
        first.Text.ShouldBe($"{header}\"Acme\",\"Ann Able\",\"2026-01-02T03:04:05.000Z\",\"Technology\",\"{TestOrg.Ann}\",\"true\",\"100000000\"\n");
        second.Text.ShouldBe($"{header}\"Beta \"\"B\"\"\",\"Ann Able\",\"2026-01-03T00:00:00.000Z\",\"\",\"{TestOrg.Ann}\",\"true\",\"\"\n");
        (first.Headers["Sforce-NumberOfRecords"], second.Headers["Sforce-Locator"]).ShouldBe(("1", "null"));
    }

    [Fact]
    public async Task The_result_is_what_it_was_when_the_job_ran()
    {
        await using var org = await TestOrg.StartAsync();
        var job = await Query(org, "SELECT Phone FROM Account");

        await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { Phone = "later" });

        (await org.GetAsync($"jobs/query/{job}/results")).Text.ShouldBe("\"Phone\"\n\"\"\n\"\"\n");
    }

    [Fact]
    public async Task Result_pages_cover_every_row_once()
    {
        const int rows = 270_001;
        await using var org = await TestOrg.StartAsync(new()
        {
            Data = [new("Contact", ["LastName"],
            [.. Enumerable.Range(0, rows).Select(i => (string?[])[$"{i}"])])]
        });
        var job = await Query(org, "SELECT LastName FROM Contact");

        var seen = new HashSet<string>();
        var pages = 0;
        for (var next = $"jobs/query/{job}/resultPages"; next is not null;)
        {
            var list = (await org.GetAsync(next)).Json;
            foreach (var page in list.GetProperty("resultPages").EnumerateArray())
            {
                pages++;
                foreach (var line in (await org.GetAsync(page.GetProperty("resultUrl").GetString()!)).Text.Split('\n',
                    StringSplitOptions.RemoveEmptyEntries).Skip(1))
                    seen.Add(line).ShouldBeTrue();
            }
            next = list.GetProperty("done").GetBoolean() ? null : list.GetProperty("nextRecordsUrl").GetString();
        }

        (pages, seen.Count).ShouldBe((6, rows));
    }

    [Fact]
    public async Task A_held_job_has_no_results_and_can_be_aborted_and_deleted()
    {
        await using var org = await TestOrg.StartAsync();
        await org.SendAsync("POST", "/_control/settings", new { holdBulkJobs = true });
        var created = await org.SendAsync("POST", "jobs/query", new { operation = "query", query = "SELECT Id FROM Account" });
        var job = created.Json.GetProperty("id").GetString();
        created.Json.TryGetProperty("jobType", out _).ShouldBeFalse();

        (await org.GetAsync($"jobs/query/{job}")).Json.GetProperty("state").GetString().ShouldBe("UploadComplete");
        (await org.GetAsync($"jobs/query/{job}/results")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await org.SendAsync("DELETE", $"jobs/query/{job}")).Code.ShouldBe("API_ERROR");
        (await org.SendAsync("PATCH", $"jobs/query/{job}", new { state = "Aborted" })).Json.GetProperty("state").GetString().ShouldBe("Aborted");
        (await org.SendAsync("PATCH", $"jobs/query/{job}", new { state = "Aborted" })).Code.ShouldBe("INVALIDJOBSTATE");
        (await org.GetAsync("jobs/query")).Json.GetProperty("records").GetArrayLength().ShouldBe(1);
        (await org.SendAsync("DELETE", $"jobs/query/{job}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await org.GetAsync($"jobs/query/{job}")).Code.ShouldBe("NOT_FOUND");
    }

    [Theory]
    [InlineData("SELECT COUNT() FROM Account", "API_ERROR")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Id END FROM Task", "API_ERROR")]
    [InlineData("SELECT FIELDS(ALL) FROM Account LIMIT 200", "API_ERROR")]
    [InlineData("SELECT CALENDAR_YEAR(CreatedDate) FROM Account GROUP BY CALENDAR_YEAR(CreatedDate)", "API_ERROR")]
    [InlineData("SELECT Id FROM Account USING SCOPE nobody", "MALFORMED_QUERY")]
    [InlineData("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "API_ERROR")]
    [InlineData("SELECT BillingAddress FROM Account", "API_ERROR")]
    [InlineData("SELECT Nope FROM Account", "INVALID_FIELD")]
    public async Task What_bulk_cannot_query_is_refused_at_once(string soql, string code)
    {
        await using var org = await TestOrg.StartAsync();

        (await org.SendAsync("POST", "jobs/query", new { operation = "query", query = soql })).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Results_are_asked_for_with_the_version_of_the_job()
    {
        await using var org = await TestOrg.StartAsync();
        var job = await Query(org, "SELECT Id FROM Account");

        (await org.GetAsync($"/services/data/v65.0/jobs/query/{job}/results")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_ingest_job_keeps_good_and_bad_rows_apart()
    {
        await using var org = await TestOrg.StartAsync();

        var job = await Ingest(org, new { @object = "Account", operation = "update" },
            $"Id,OwnerId,Industry,Phone\n{TestOrg.Acme[..15]},{TestOrg.Bob},#N/A,\n{TestOrg.Beta},{TestOrg.Gone},Retail,1\n");

        (job.GetProperty("state").GetString(), job.GetProperty("numberRecordsProcessed").GetInt32(), job
            .GetProperty("numberRecordsFailed").GetInt32()).ShouldBe(("JobComplete", 2, 1));
        var id = job.GetProperty("id").GetString();
        (await org.GetAsync($"jobs/ingest/{id}/successfulResults")).Text
            .ShouldBe($"\"sf__Id\",\"sf__Created\",\"Id\",\"OwnerId\",\"Industry\",\"Phone\"\n\"{TestOrg.Acme}\",\"false\",\"{TestOrg.Acme[..15]}\",\"{TestOrg.Bob}\",\"#N/A\",\"\"\n");
        (await org.GetAsync($"jobs/ingest/{id}/failedResults")).Text
            .ShouldContain($"\"{TestOrg.Beta}\",\"INACTIVE_OWNER_OR_USER:operation performed with inactive user [0055f0000000004] as owner of account:OwnerId --\"");
        (await org.GetAsync($"jobs/ingest/{id}/unprocessedrecords")).Text.ShouldBe("\"Id\",\"OwnerId\",\"Industry\",\"Phone\"\n");
        var acme = (await org.GetAsync($"sobjects/Account/{TestOrg.Acme}")).Json;
        (acme.GetProperty("OwnerId").GetString(), acme.GetProperty("Industry").GetString()).ShouldBe((TestOrg.Bob, null));
        (await org.QueryAsync("SELECT Id FROM AccountTeamMember", all: true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Insert_upsert_and_delete_work_and_a_parent_can_be_named_by_its_key()
    {
        await using var org = await TestOrg.StartAsync();

        await Ingest(org, new { @object = "POC_Assignment__c", operation = "upsert", externalIdFieldName = "Sync_Key__c" },
            $"Sync_Key__c;Account__c;Role__c;User__r.Username\nk1;{TestOrg.Acme};Primary;ann@x.example\nk2;{TestOrg.Beta};Backup;nobody\n",
                "SEMICOLON");
        var row = (await org.QueryAsync("SELECT Id, User__c FROM POC_Assignment__c")).ShouldHaveSingleItem();
        row.GetProperty("User__c").GetString().ShouldBe(TestOrg.Ann);

        var deleted = await Ingest(org, new { @object = "POC_Assignment__c", operation = "delete" }, $"Id\n{row.GetProperty("Id").GetString()}\n");
        deleted.GetProperty("numberRecordsFailed").GetInt32().ShouldBe(0);
        (await org.QueryAsync("SELECT Id FROM POC_Assignment__c")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_column_fails_the_job_before_any_row()
    {
        await using var org = await TestOrg.StartAsync();

        var job = await Ingest(org, new { @object = "Account", operation = "insert" }, "Name,Nope\nx,y\n");

        job.GetProperty("state").GetString().ShouldBe("Failed");
        job.GetProperty("errorMessage").GetString().ShouldBe("InvalidBatch : Field name not found : Nope");
        (await org.QueryAsync("SELECT Id FROM Account")).Count.ShouldBe(2);
    }

    private static async Task<string> Query(TestOrg org, string soql)
    {
        var created = await org.SendAsync("POST", "jobs/query", new { operation = "query", query = soql });
        created.Status.ShouldBe(HttpStatusCode.OK, created.Text);
        var job = await Over(org, $"jobs/query/{created.Json.GetProperty("id").GetString()}");
        job.GetProperty("state").GetString().ShouldBe("JobComplete");
        return job.GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> Ingest(TestOrg org, object job, string csv, string delimiter = "COMMA")
    {
        var shape = JsonSerializer.SerializeToNode(job)!;
        shape["contentType"] = "CSV";
        shape["columnDelimiter"] = delimiter;
        var created = (await org.SendAsync("POST", "jobs/ingest", shape.ToJsonString())).Json;
        (await org.SendAsync("PUT", "/" + created.GetProperty("contentUrl").GetString(), new StringContent(csv, Encoding.UTF8, "text/csv"))).Status
            .ShouldBe(HttpStatusCode.Created);
        var path = $"jobs/ingest/{created.GetProperty("id").GetString()}";
        (await org.SendAsync("PATCH", path, new { state = "UploadComplete" })).Json.TryGetProperty("lineEnding", out _).ShouldBeFalse();
        return await Over(org, path);
    }

    private static async Task<JsonElement> Over(TestOrg org, string path)
    {
        JsonElement job;
        do
        {
            await Task.Yield();
            job = (await org.GetAsync(path)).Json;
        }
        while (job.GetProperty("state").GetString() is "UploadComplete" or "InProgress");
        return job;
    }
}
