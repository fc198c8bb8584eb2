using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

public class BulkTests
{
    private static readonly TableQuery Query = new("Account", ["Id", "Owner.IsActive"]);

    /// <summary>A job that is complete at the third look; pages are answered by the test.</summary>
    private static Task<WireOrg> OrgAsync(int records, Func<HttpContext, string, int, Task> page, string version = "66.0")
    {
        var looks = 0;
        var pages = 0;
        return WireOrg.StartAsync((http, call, _) => call.Path.Replace($"/services/data/v{version}/", "") switch
        {
            "jobs/query" => http.Json("""{"id":"750xx0000000001AAA","state":"UploadComplete","apiVersion":66.0}"""),
            "jobs/query/750xx0000000001AAA" => http.Json(++looks < 3
                ? """{"id":"750xx0000000001AAA","state":"InProgress"}"""
                : $$"""{"id":"750xx0000000001AAA","state":"JobComplete","numberRecordsProcessed":{{records}}}"""),
            var path => page(http, path["jobs/query/750xx0000000001AAA/".Length..], Interlocked.Increment(ref pages)),
        }, ("ApiVersion", version));
    }

    private static async Task Csv(HttpContext http, string rows, int number, string locator, bool gzip = false)
    {
        http.Response.ContentType = "text/csv";
        http.Response.Headers["Sforce-NumberOfRecords"] = number.ToString();
        http.Response.Headers["Sforce-Locator"] = locator;
        var bytes = Encoding.UTF8.GetBytes("\"Id\",\"Owner.IsActive\"\n" + rows);
        if (!gzip)
        {
            await http.Response.Body.WriteAsync(bytes);
            return;
        }
        http.Response.Headers.ContentEncoding = "gzip";
        await using var packed = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
        await packed.WriteAsync(bytes);
    }

    private static string Rows(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i => $"\"{i:D6}\",\"true\"\n"));

    [Fact]
    public async Task Pages_follow_the_locator_until_it_says_null()
    {
        await using var org = await OrgAsync(3, (http, path, _) => path switch
        {
            "results?maxRecords=50000" => Csv(http, "\"001\",\"true\"\n\"002\",\"\"\n", 2, "MTAwMDA", gzip: true),
            "results?maxRecords=50000&locator=MTAwMDA" => Csv(http, "\"003, \"\"x\"\"\ny\",\"false\"\n", 1, "null"),
            _ => http.Error(404, "NOT_FOUND"),
        });

        var rows = await org.Reads.BulkQuery(Query).AllAsync();

        rows.ShouldBe([["001", "true"], ["002", null], ["003, \"x\"\ny", "false"]]);
        org.Calls[0].Body.ShouldContain("SELECT Id,Owner.IsActive FROM Account");
        org.Calls[^1].Headers.Accept.ToString().ShouldBe("text/csv");
        // Waits grow between looks at the job.
        org.Time.Waits.ShouldBe([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.75)]);
    }

    [Theory]
    [InlineData("nextRecordsUrl")]
    [InlineData("nextRecordUrl")]
    public async Task Many_rows_come_by_result_pages(string next)
    {
        await using var org = await OrgAsync(150_000, (http, path, _) => path.ToLowerInvariant() switch
        {
            "resultpages" => http.Json($$"""
                {"resultPages":[{"resultUrl":"/services/data/v66.0/jobs/query/750xx0000000001AAA/results?locator=a"},{"resultUrl":"/services/data/v66.0/jobs/query/750xx0000000001AAA/results?locator=b"}],
                 "{{next}}":"/services/data/v66.0/jobs/query/750xx0000000001AAA/resultpages?locator=c","done":false}
                """),
            "resultpages?locator=c" => http.Json("""{"resultPages":[{"resultUrl":"/services/data/v66.0/jobs/query/750xx0000000001AAA/results?locator=c"}],"done":true}"""),
            "results?locator=a" => Csv(http, Rows(0, 50_000), 50_000, "b"),
            "results?locator=b" => Csv(http, Rows(50_000, 50_000), 50_000, "c"),
            "results?locator=c" => Csv(http, Rows(100_000, 50_000), 50_000, "null"),
            _ => http.Error(404, "NOT_FOUND"),
        });

        var rows = await org.Reads.BulkQuery(Query).AllAsync();

        rows.Select(r => r[0]).Order().ShouldBe(Enumerable.Range(0, 150_000).Select(i => i.ToString("D6")));
    }

    [Fact]
    public async Task A_version_without_result_pages_is_read_by_locators()
    {
        await using var org = await OrgAsync(100_000, (http, path, _) => path switch
        {
            "results?maxRecords=50000" => Csv(http, "\"1\",\"true\"\n", 1, "x"),
            "results?maxRecords=50000&locator=x" => Csv(http, "\"2\",\"true\"\n", 1, "null"),
            _ => http.Error(404, "NOT_FOUND"),
        }, "57.0");

        (await org.Reads.BulkQuery(Query).AllAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("cut within a row")]
    [InlineData("cut within a quote")]
    [InlineData("cut between rows")]
    [InlineData("broken off")]
    [InlineData("garbled")]
    public async Task A_torn_page_is_fetched_again_and_no_row_doubled(string how)
    {
        await using var org = await OrgAsync(2_000, async (http, _, count) =>
        {
            var whole = Rows(0, 2_000);
            if (count > 1)
            {
                await Csv(http, whole, 2_000, "null");
            }
            else if (how == "broken off")
            {
                await Csv(http, whole[..20_000], 2_000, "null");
                await http.Response.Body.FlushAsync();
                http.Abort();
            }
            else
            {
                await Csv(http, how switch
                {
                    "cut within a row" => whole[..(16 * 1_200 + 8)],
                    "cut within a quote" => whole[..(16 * 1_200 + 4)],
                    "cut between rows" => whole[..(16 * 1_200)],
                    _ => whole[..(16 * 1_200)] + "\"x\"y\",\"true\"\n" + whole[(16 * 1_201)..],
                }, 2_000, "null");
            }
        });

        var rows = await org.Reads.BulkQuery(Query).AllAsync();

        rows.Select(r => r[0]).ShouldBe(Enumerable.Range(0, 2_000).Select(i => i.ToString("D6")));
    }

    [Fact]
    public async Task A_page_that_stops_coming_is_fetched_again()
    {
        var given = new TaskCompletionSource();
        var stuck = new TaskCompletionSource();
        await using var org = await OrgAsync(2_000, async (http, _, count) =>
        {
            await Csv(http, count > 1 ? Rows(0, 2_000) : Rows(0, 1_200), 2_000, "null");
            if (count > 1)
                return;
            await http.Response.Body.FlushAsync();
            stuck.SetResult();
            await given.Task;
        });

        var read = org.Reads.BulkQuery(Query).AllAsync();
        await stuck.Task;
        org.Time.Advance(TimeSpan.FromMinutes(20));

        (await read).Select(r => r[0]).ShouldBe(Enumerable.Range(0, 2_000).Select(i => i.ToString("D6")));
        given.SetResult();
    }

    [Fact]
    public async Task A_page_that_never_comes_whole_ends_the_read()
    {
        await using var org = await OrgAsync(10, (http, _, _) => Csv(http, Rows(0, 9), 10, "null"));

        (await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.BulkQuery(Query).AllAsync())).Message.ShouldContain("torn 5 times");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_rows_may_come_with_or_without_a_header(bool header)
    {
        await using var org = await OrgAsync(0, (http, _, _) => header ? Csv(http, "", 0, "null") : Task.CompletedTask);

        (await org.Reads.BulkQuery(Query).AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_job_says_why()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => call.Path == "jobs/query"
            ? http.Json("""{"id":"750","state":"UploadComplete"}""")
            : http.Json("""{"id":"750","state":"Failed","errorMessage":"QUERY_TIMEOUT: Your query request was running for too long."}"""));

        var failed = await Should.ThrowAsync<SalesforceException>(() => org.Reads.BulkQuery(Query).AllAsync());

        failed.Class.ShouldBe(ErrorClass.Split);
        failed.Message.ShouldContain("running for too long");
    }

    [Fact]
    public async Task A_job_that_never_ends_is_given_up()
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => call.Path == "jobs/query"
            ? http.Json("""{"id":"750","state":"UploadComplete"}""")
            : http.Json("""{"id":"750","state":"InProgress"}"""), ("BulkTimeout", "00:10:00"));

        (await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.BulkQuery(Query).AllAsync())).Message.ShouldContain("00:10:00");
    }

    [Theory]
    [InlineData(2_000, null, false)]
    [InlineData(2_001, null, true)]
    [InlineData(9, 2_001L, true)]
    public async Task The_number_of_rows_chooses_the_api(int total, long? expected, bool bulk)
    {
        await using var org = await WireOrg.StartAsync((http, call, _) => call.Path switch
        {
            "jobs/query" => http.Json("""{"id":"750","state":"UploadComplete"}"""),
            "jobs/query/750" => http.Json("""{"id":"750","state":"JobComplete","numberRecordsProcessed":1}"""),
            "jobs/query/750/results?maxRecords=50000" => Csv(http, "\"bulk\",\"true\"\n", 1, "null"),
            _ => http.Rows("""{"Id":"rest","Owner":{"IsActive":true}}""", total),
        });

        var rows = await org.Reads.Read(Query, expected).AllAsync();

        rows.ShouldBe([[bulk ? "bulk" : "rest", "true"]]);
        org.Calls.Count.ShouldBe(!bulk ? 1 : expected is null ? 4 : 3);
    }

    [Fact]
    public async Task A_reader_may_stop_early()
    {
        await using var org = await OrgAsync(50_000, (http, _, _) => Csv(http, Rows(0, 50_000), 50_000, "null"));

        await foreach (var row in org.Reads.BulkQuery(Query).Rows)
        {
            row[0].ShouldBe("000000");
            break;
        }
    }
}
