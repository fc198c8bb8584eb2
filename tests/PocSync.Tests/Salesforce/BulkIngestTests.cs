using System.Globalization;
using System.Text.Json;
using PocSync.Core.Alerts;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Simulator;
using static PocSync.Tests.Salesforce.LiveOrgHost;

namespace PocSync.Tests.Salesforce;

/// <summary>Many rows that are written singly go by Bulk API 2.0 jobs.</summary>
public class BulkIngestTests
{
    private const int Many = Batches.Many + 20;
    private const string Ann = "0055f0000000001AAA";

    private static readonly Progress<string> Nobody = new();

    private static string Account(int i) => RecordId.Parse($"0015f{i:D10}").ToString();

    private static Task<LiveOrgHost> OrgAsync(int seed = 1, params ValidationRule[] rules) => StartAsync(
        new SimulatorOptions
        {
            Seed = seed,
            ValidationRules = rules,
            ClockStart = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
            Data =
            [
                new("User", ["Id", "Username", "Name", "IsActive"], [[Ann, "ann@x.example", "Ann", "true"]]),
                new("Account", ["Id", "Name", "OwnerId"], [.. Enumerable.Range(0, Many).Select(i => (string?[])[Account(i), $"Account {i}", Ann])]),
            ],
        },
        new HastyTime());

    private static Bundle Row(int i, string starts = "2026-03-02") => new($"c{i}", RecordId.Parse(Account(i)),
        [Insert("POC_Assignment__c", $"row|{i}", ("Account__c", Account(i)), ("Role__c", "Backup"), ("User__c", Ann), ("Starts_On__c", starts))], []);

    private static Bundle[] AllRows() => [.. Enumerable.Range(0, Many).Reverse().Select(i => Row(i))];

    private static async Task<Dictionary<string, JsonElement>> RowsByKeyAsync(LiveOrgHost host) =>
        (await host.RowsAsync("POC_Assignment__c")).ToDictionary(r => Text(r, "Sync_Key__c")!);

    [Fact]
    public async Task Rows_are_made_changed_and_deleted_by_a_job_each_and_every_result_is_its_own_rows()
    {
        await using var host = await OrgAsync();

        var made = await host.Org.WriteAsync(Settings.Default, AllRows(), default, default);

        var rows = await RowsByKeyAsync(host);
        rows.Count.ShouldBe(Many);
        made.Select(r => (r.Written, r.Created.Single().ToString())).ShouldBe(
            Enumerable.Range(0, Many).Reverse().Select(i => ((bool?)true, Text(rows[$"row|{i}"], "Id")!)));
        (await host.CallsAsync("/composite")).ShouldBe(1, "the describe");
        (await host.CallsAsync("/batches")).ShouldBe(1);

        Bundle Each(int i, RecordWrite write) => new($"c{i}", RecordId.Parse(Account(i)), [write], []);
        var ids = rows.ToDictionary(r => int.Parse(r.Key[4..], CultureInfo.InvariantCulture), r => Text(r.Value, "Id")!);
        var changed = await host.Org.WriteAsync(Settings.Default,
            [.. ids.Select(r => Each(r.Key, Update("POC_Assignment__c", r.Value, ("Ends_On__c", null, r.Key % 2 == 0 ? "2026-04-01" : null), ("User__c", Ann, r.Key % 2 == 0 ? Ann : null))))], default, default);
        changed.ShouldAllBe(r => r.Written == true);
        (await RowsByKeyAsync(host)).Select(r => $"{Text(r.Value, "Ends_On__c")} {Text(r.Value, "User__c")}").CountBy(t => t).Select(c => (c.Key.Trim(), c.Value)).ShouldBe(
            [($"2026-04-01 {Ann}", Many / 2), ("", Many / 2)], ignoreOrder: true);

        (await host.Org.WriteAsync(Settings.Default, [.. ids.Select(r => Each(r.Key, Delete("POC_Assignment__c", r.Value)))], default, default))
            .ShouldAllBe(r => r.Written == true);
        (await RowsByKeyAsync(host)).ShouldBeEmpty();
        // What is gone already counts as deleted.
        (await host.Org.WriteAsync(Settings.Default, [.. ids.Select(r => Each(r.Key, Delete("POC_Assignment__c", r.Value)))], default, default))
            .ShouldAllBe(r => r.Written == true);
        (await host.CallsAsync("/batches")).ShouldBe(4);
    }

    [Fact]
    public async Task A_refused_row_keeps_no_other_from_being_written_and_one_that_met_a_lock_is_sent_again()
    {
        await using var host = await OrgAsync(1, new ValidationRule("POC_Assignment__c", "Starts_On__c = 2026-03-03", "Not on Tuesdays: ask Ann."));
        await host.FaultsAsync("lock-row:count=7");
        var bundles = AllRows();
        bundles[5] = Row(Many - 6, "2026-03-03");

        var results = await host.Org.WriteAsync(Settings.Default, bundles, default, default);

        results.Select((r, i) => (r, i)).Where(r => r.r.Written != true).ShouldHaveSingleItem().i.ShouldBe(5);
        (results[5].Written, results[5].ErrorCode, results[5].Message, results[5].MayPass).ShouldBe((false, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not on Tuesdays: ask Ann.", false));
        (await RowsByKeyAsync(host)).Count.ShouldBe(Many - 1);
        (await host.CallsAsync("/batches")).ShouldBe(1);
    }

    [Fact]
    public async Task Text_arrives_as_it_is()
    {
        await using var host = await OrgAsync();
        string[] odd = ["=1+1", "+49 (30)", "-1", "@SUM(A1)", "a \"quoted\" word", "two\nlines, and\r\nthree", "  blanks  ", "Łódź 🦊", "'x'"];
        string TextOf(int i) => i == 0 ? "#N/A" : odd[i % odd.Length];
        var alerts = Enumerable.Range(0, Many).Select(i =>
        {
            var key = new AlertKey("one-primary", "none", RecordId.Parse(Account(i)));
            return new AlertWrite(default, key, AlertDeed.Opened, RecordId.Parse(Account(i)), "", "", new Dictionary<string, object?>
            {
                ["Account__c"] = Account(i),
                ["Rule__c"] = "one-primary",
                ["Code__c"] = "none",
                ["Status__c"] = "Open",
                ["Severity__c"] = "error",
                ["Sentence__c"] = TextOf(i),
                ["Count__c"] = i % 3 + 1,
                ["Snoozed_Until__c"] = null,
                ["First_Seen__c"] = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero),
            }, new KnownAlert(key, AlertStatus.Open, null, null, null));
        }).ToList();

        (await host.Alerts.WriteAsync(Settings.Default, alerts, default)).ShouldAllBe(r => r.IsWritten == true);

        (await host.CallsAsync("/batches")).ShouldBe(1);
        var rows = (await host.RowsAsync("POC_Alert__c")).ToDictionary(r => Text(r, "Account__c")!);
        for (var i = 0; i < Many; i++)
        {
            (Text(rows[Account(i)], "Sentence__c"), Text(rows[Account(i)], "Count__c")).ShouldBe((TextOf(i), $"{i % 3 + 1}.0"));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_answers_are_lost_no_row_is_written_twice_and_none_is_said_to_be_what_it_is_not(int seed)
    {
        await using var host = await OrgAsync(seed);
        await host.FaultsAsync("500-after-write:0.3@/jobs,reset-after-write:0.3@/jobs,reset-before:0.15@/jobs,torn-page:0.3@/jobs,html-error:0.1@/jobs,lock-row:0.05");

        var results = await host.Org.WriteAsync(Settings.Default, AllRows(), default, default);

        await host.FaultsAsync("");
        await host.Org.AwaitAsync(Nobody, default);
        var rows = await RowsByKeyAsync(host);
        foreach (var (result, i) in results.Zip(Enumerable.Range(0, Many).Reverse()))
        {
            if (result.Written is { } written)
            {
                rows.ContainsKey($"row|{i}").ShouldBe(written);
            }
        }

        rows.Count.ShouldBeOneOf(0, Many);
    }

    [Fact]
    public async Task What_a_job_ended_without_is_not_written_and_may_pass()
    {
        await using var host = await OrgAsync();
        await host.SetAsync(new { holdBulkJobs = true });

        var writing = host.Org.WriteAsync(Settings.Default, AllRows(), default, default);
        string job;
        while ((job = await JobAsync(host, "UploadComplete")) == "")
        {
            await Task.Yield();
        }

        await AbortAsync(host, job);
        var results = await writing;

        results.Select(r => (r.Written, r.MayPass, r.ErrorCode, r.Message)).Distinct().ShouldHaveSingleItem()
            .ShouldBe((false, true, "NOT_PROCESSED", $"the Bulk job {job} was aborted in the org"));
        (await host.RowsAsync("POC_Assignment__c")).ShouldBeEmpty();
        await host.Org.AwaitAsync(Nobody, default);
        (await host.CallsAsync("/batches")).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_whose_run_is_gone_is_waited_for_and_its_rows_are_not_known_until_then()
    {
        await using var host = await OrgAsync();
        await host.SetAsync(new { holdBulkJobs = true });
        using var abandon = new CancellationTokenSource();
        var writing = host.Org.WriteAsync(Settings.Default, AllRows(), default, abandon.Token);
        while (await JobAsync(host, "UploadComplete") == "")
        {
            await Task.Yield();
        }

        await abandon.CancelAsync();
        (await writing).ShouldAllBe(r => r.Written == null);

        var waiting = host.Org.AwaitAsync(Nobody, default);
        waiting.IsCompleted.ShouldBeFalse();
        await host.SetAsync(new { holdBulkJobs = false });
        await waiting;
        (await RowsByKeyAsync(host)).Count.ShouldBe(Many);
        var calls = await host.CallsAsync();
        await host.Org.AwaitAsync(Nobody, default);
        (await host.CallsAsync()).ShouldBe(calls);
    }

    private static async Task<string> JobAsync(LiveOrgHost host, string state)
    {
        using var http = Http(host);
        var jobs = JsonDocument.Parse(await http.GetStringAsync("/services/data/v66.0/jobs/ingest")).RootElement.GetProperty("records");
        return jobs.EnumerateArray().Where(j => Text(j, "state") == state).Select(j => Text(j, "id")!).SingleOrDefault("");
    }

    private static async Task AbortAsync(LiveOrgHost host, string job)
    {
        using var http = Http(host);
        (await http.PatchAsync($"/services/data/v66.0/jobs/ingest/{job}", new StringContent("""{"state":"Aborted"}""", System.Text.Encoding.UTF8, "application/json")))
            .EnsureSuccessStatusCode();
    }

    private static HttpClient Http(LiveOrgHost host)
    {
        var http = new HttpClient { BaseAddress = host.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", host.Simulator.AccessToken);
        return http;
    }
}
