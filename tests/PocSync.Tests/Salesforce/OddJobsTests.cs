using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PocSync.Core.Alerts;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using static PocSync.Tests.Salesforce.LiveOrgHost;

namespace PocSync.Tests.Salesforce;

/// <summary>Bulk jobs that an org refuses, hides, or answers oddly.</summary>
public class OddJobsTests
{
    private const int Many = Batches.Many + 20;
    private const string Job = "7505f0000000001AAA";

    private static readonly Progress<string> Nobody = new();

    private static string Account(int i) => RecordId.Parse($"0015f{i:D10}").ToString();

    private static string Row(int i) => RecordId.Parse($"a005f{i:D10}").ToString();

    private static Bundle[] AllRows() =>
        [.. Enumerable.Range(0, Many).Select(i => new Bundle($"c{i}", RecordId.Parse(Account(i)), [Update("POC_Assignment__c", Row(i), ("Ends_On__c", null, "2026-04-01"))], []))];

    private static AlertWrite Alert(int i)
    {
        var key = new AlertKey("one-primary", "none", RecordId.Parse(Account(i)));
        return new AlertWrite(default, key, AlertDeed.Opened, RecordId.Parse(Account(i)), "", "", new Dictionary<string, object?> { ["Status__c"] = "Open" },
            new KnownAlert(key, AlertStatus.Open, null, null, null));
    }

    /// <summary>An org that describes what is written, and takes every row by calls.</summary>
    private static Task<WireOrg> OrgAsync(Func<HttpContext, Arrived, Task> jobs) => WireOrg.StartAsync((http, call, _) => call.Path switch
    {
        "composite" => http.Json("""
            {"compositeResponse":[{"httpStatusCode":200,"body":{"name":"POC_Assignment__c","queryable":true,"fields":[{"name":"Id","type":"id"},{"name":"Ends_On__c","type":"date"}]}}]}
            """),
        _ when call.Path.StartsWith("composite/sobjects", StringComparison.Ordinal) => http.Json(
            $"[{string.Join(',', JsonDocument.Parse(call.Body).RootElement.GetProperty("records").EnumerateArray().Select(_ => """{"success":true,"errors":[]}"""))}]"),
        _ => jobs(http, call),
    });

    private static Task CsvAsync(HttpContext http, params IEnumerable<string> lines)
    {
        http.Response.ContentType = "text/csv";
        return http.Response.WriteAsync(string.Concat(lines.Select(l => l + "\n")));
    }

    private static Task StateAsync(HttpContext http, string state, int processed = 0, int failed = 0) =>
        http.Json($$"""{"id":"{{Job}}","state":"{{state}}","numberRecordsProcessed":{{processed}},"numberRecordsFailed":{{failed}}}""");

    [Theory]
    [InlineData("POST", 403, "FEATURENOTENABLED")]
    [InlineData("POST", 400, "EXCEEDEDQUOTA")]
    [InlineData("POST", 400, "INVALIDJOB")]
    [InlineData("PUT", 400, "INVALIDJOB")]
    [InlineData("PATCH", 400, "API_ERROR")]
    public async Task What_the_org_takes_by_no_job_goes_by_calls(string refused, int status, string code)
    {
        await using var org = await OrgAsync((http, call) =>
            call.Method == refused ? http.Error(status, code) : call.Method == "PUT" ? Created(http) : StateAsync(http, "Open"));

        (await org.Live.WriteAsync(Settings.Default, AllRows(), default, default)).ShouldAllBe(r => r.Written == true);
        org.Calls.Count(c => c.Path.StartsWith("composite/sobjects", StringComparison.Ordinal)).ShouldBe(11);
        (await org.Alerts.WriteAsync(Settings.Default, [.. Enumerable.Range(0, Many).Select(Alert)], default)).ShouldAllBe(r => r.IsWritten == true);
        org.Calls.Count(c => c.Path.StartsWith("composite/sobjects", StringComparison.Ordinal)).ShouldBe(22);

        static Task Created(HttpContext http)
        {
            http.Response.StatusCode = 201;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_first_word_to_begin_that_arrives_late_leaves_the_results_to_be_read()
    {
        var (told, looked) = (0, 0);
        await using var org = await OrgAsync((http, call) => (call.Method, call.Path.Split('/')[^1]) switch
        {
            ("POST", _) => StateAsync(http, "Open"),
            ("PUT", _) => http.Json("{}", 201),
            ("PATCH", _) => ++told == 1 ? http.Error(500, "UNKNOWN_EXCEPTION") : http.Error(400, "INVALIDJOBSTATE"),
            (_, "") when call.Path.Contains("successfulResults") => CsvAsync(http, Enumerable.Range(1, Many - 1).Select(i => $"\"{Row(i)}\",\"false\",\"{Row(i)}\"").Prepend("\"sf__Id\",\"sf__Created\",\"Id\"")),
            // Before version 53 there is no sf__Id.
            (_, "") => CsvAsync(http, "\"sf__Error\",\"Id\"", $"\"FIELD_CUSTOM_VALIDATION_EXCEPTION:Say who: and why\",\"{Row(0)}\""),
            _ => ++looked == 1 ? StateAsync(http, "Open") : StateAsync(http, "JobComplete", Many, 1),
        });

        var results = await org.Live.WriteAsync(Settings.Default, AllRows(), default, default);

        results.Skip(1).ShouldAllBe(r => r.Written == true);
        (results[0].Written, results[0].ErrorCode, results[0].Message).ShouldBe((false, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Say who: and why"));
        (told, org.Calls.Count(c => c.Method == "POST" && c.Path == "jobs/ingest")).ShouldBe((2, 1));
        org.Jobs.Open.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(403, "INSUFFICIENT_ACCESS")]
    [InlineData(409, "API_ERROR")]
    public async Task A_job_that_cannot_be_looked_at_keeps_runs_waiting_no_longer_than_the_org_knows_it(int status, string code)
    {
        await using var org = await OrgAsync((http, _) => http.Error(status, code));
        await org.Jobs.BeginAsync(Job);

        var refusal = await Should.ThrowAsync<OrgException>(() => org.Live.AwaitAsync(Nobody, default));

        refusal.Message.ShouldContain($"The Bulk job {Job}, which an earlier run left, cannot be looked at");
        refusal.Message.ShouldContain("from 2026-03-08 on the job counts as over");
        org.Jobs.Open.ShouldBe([Job]);
        org.Time.Advance(TimeSpan.FromDays(8));
        await org.Live.AwaitAsync(Nobody, default);
        org.Jobs.Open.ShouldBeEmpty();
    }
}
