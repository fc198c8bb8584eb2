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

    private static Task<LiveOrgHost> OrgAsync(int seed = 1, params ValidationRule[] rules) => OrgAsync(new HastyTime(), seed, rules);

    /// <summary>An org whose hours pass in seconds for the client, but for single calls.</summary>
    private static Task<LiveOrgHost> QuickOrgAsync() => OrgAsync(new HastyTime(2_000));

    private static Task<LiveOrgHost> OrgAsync(TimeProvider time, int seed = 1, params ValidationRule[] rules) => StartAsync(
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
        time, ("AttemptTimeout", "23:00:00"));

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
    public async Task A_refused_row_keeps_no_other_from_being_written_and_one_that_met_a_lock_is_left_to_the_next_run()
    {
        await using var host = await OrgAsync(1, new ValidationRule("POC_Assignment__c", "Starts_On__c = 2026-03-03", "Not on Tuesdays: ask Ann."));
        await host.FaultsAsync("lock-row:count=7");
        var bundles = AllRows();
        bundles[5] = Row(Many - 6, "2026-03-03");

        var results = await host.Org.WriteAsync(Settings.Default, bundles, default, default);

        results.Where(r => r.Written != true && r.ErrorCode != "UNABLE_TO_LOCK_ROW").ShouldHaveSingleItem();
        var locked = results.Where(r => r.ErrorCode == "UNABLE_TO_LOCK_ROW").ToList();
        locked.Count.ShouldBe(7);
        locked.ShouldAllBe(r => r.Written == false && r.MayPass);
        (results[5].Written, results[5].ErrorCode, results[5].Message, results[5].MayPass).ShouldBe((false, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not on Tuesdays: ask Ann.", false));
        (await RowsByKeyAsync(host)).Count.ShouldBe(Many - 8);
        (await host.CallsAsync("/batches")).ShouldBe(1);
        (await host.CallsAsync("/composite")).ShouldBe(1, "the describe");
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

    [Fact]
    public async Task Whatever_answers_are_lost_no_row_is_written_twice_and_none_is_said_to_be_what_it_is_not()
    {
        var certain = 0;
        for (var seed = 1; seed <= 3; seed++)
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
                    rows.ContainsKey($"row|{i}").ShouldBe(written, $"seed {seed}, row {i}: {result}");
                }
            }

            certain += results.Count(r => r.Written == true);
            (await JobsAsync(host, "JobComplete")).Count.ShouldBeLessThanOrEqualTo(1);
        }

        certain.ShouldBePositive();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    public async Task What_an_aborted_job_has_not_told_is_not_known_before_it_can_write_nothing_more(int saved)
    {
        await using var host = await QuickOrgAsync();
        await host.SetAsync(new { holdBulkJobsAfter = saved, holdBulkJobs = true });

        var writing = host.Org.WriteAsync(Settings.Default, AllRows(), default, default);
        var job = await JobAsync(host, saved == 0 ? "UploadComplete" : "InProgress", writing, saved);
        await AbortAsync(host, job);
        var results = await writing;

        results.Count(r => r.Written == true).ShouldBe(saved);
        results.Count(r => r.Written == null).ShouldBe(Many - saved);
        host.Jobs.Open.ShouldBe([job]);
        // The org saves what it is at work on all the same.
        await host.SetAsync(new { holdBulkJobs = false });
        await host.Org.AwaitAsync(Nobody, default);
        (await RowsByKeyAsync(host)).Count.ShouldBe(saved == 0 ? 0 : saved + 200);
        host.Jobs.Open.ShouldBeEmpty();
        (await host.CallsAsync("/batches")).ShouldBe(1);
    }

    [Fact]
    public async Task The_end_of_an_aborted_job_is_waited_for_as_long_as_the_org_may_be_at_work_on_it()
    {
        await using var host = await StartAsync(new SimulatorOptions());
        var job = await MakeJobAsync(host, "Account", "Id\n001000000000001AAA\n");
        await AbortAsync(host, job);
        await host.Jobs.BeginAsync(job);

        var waiting = host.Org.AwaitAsync(Nobody, default);

        while (!host.Time.Held.Contains(TimeSpan.FromMinutes(12)))
        {
            waiting.IsCompleted.ShouldBeFalse();
            await Task.Yield();
        }

        host.Jobs.Open.ShouldBe([job]);
        host.Time.Advance(TimeSpan.FromMinutes(12));
        await waiting;
        host.Jobs.Open.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_does_not_end_in_time_is_aborted_and_its_rows_are_not_known()
    {
        await using var host = await QuickOrgAsync();
        await host.SetAsync(new { holdBulkJobsAfter = 400, holdBulkJobs = true });

        var results = await host.Org.WriteAsync(Settings.Default, AllRows(), default, default);

        (results.Count(r => r.Written == true), results.Count(r => r.Written == null)).ShouldBe((400, Many - 400));
        await JobAsync(host, "Aborted");
        var waiting = host.Org.AwaitAsync(Nobody, default);
        await host.SetAsync(new { holdBulkJobs = false });
        await waiting;
        (await RowsByKeyAsync(host)).Count.ShouldBe(600);
        (await host.CallsAsync("/batches")).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_whose_run_is_gone_is_waited_for_and_its_rows_are_not_known_until_then()
    {
        await using var host = await OrgAsync();
        await host.SetAsync(new { holdBulkJobs = true });
        using var abandon = new CancellationTokenSource();
        var writing = host.Org.WriteAsync(Settings.Default, AllRows(), default, abandon.Token);
        var job = await JobAsync(host, "UploadComplete", writing);

        await abandon.CancelAsync();
        (await writing).ShouldAllBe(r => r.Written == null);

        var looks = await host.CallsAsync($"/jobs/ingest/{job}");
        var waiting = host.Org.AwaitAsync(Nobody, default);
        while (await host.CallsAsync($"/jobs/ingest/{job}") < looks + 3)
        {
            waiting.IsCompleted.ShouldBeFalse();
        }

        await host.SetAsync(new { holdBulkJobs = false });
        await waiting;
        (await RowsByKeyAsync(host)).Count.ShouldBe(Many);
        var calls = await host.CallsAsync();
        await host.Org.AwaitAsync(Nobody, default);
        (await host.CallsAsync()).ShouldBe(calls);
    }

    /// <summary>Waits for the one job that is in a state and has saved so many rows, for as long as a task goes on.</summary>
    private static async Task<string> JobAsync(LiveOrgHost host, string state, Task? during = null, int saved = 0)
    {
        using var http = Http(host);
        while (during?.IsCompleted != true)
        {
            foreach (var job in await JobsAsync(host, state))
            {
                var told = JsonDocument.Parse(await http.GetStringAsync($"/services/data/v66.0/jobs/ingest/{job}")).RootElement;
                if (told.GetProperty("numberRecordsProcessed").GetInt32() >= saved)
                {
                    return job;
                }
            }

            if (during is null)
            {
                break;
            }
        }

        await (during ?? Task.CompletedTask);
        throw new InvalidOperationException($"It ended, and no job was {state}.");
    }

    private static async Task<IReadOnlyList<string>> JobsAsync(LiveOrgHost host, string state)
    {
        using var http = Http(host);
        var jobs = JsonDocument.Parse(await http.GetStringAsync("/services/data/v66.0/jobs/ingest")).RootElement.GetProperty("records");
        return [.. jobs.EnumerateArray().Where(j => Text(j, "state") == state).Select(j => Text(j, "id")!)];
    }

    private static async Task<string> MakeJobAsync(LiveOrgHost host, string of, string csv)
    {
        using var http = Http(host);
        var made = await http.PostAsync("/services/data/v66.0/jobs/ingest", new StringContent($$"""{"object":"{{of}}","operation":"update"}""", System.Text.Encoding.UTF8, "application/json"));
        var job = Text(JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement, "id")!;
        await host.SetAsync(new { holdBulkJobs = true });
        (await http.PutAsync($"/services/data/v66.0/jobs/ingest/{job}/batches", new StringContent(csv, System.Text.Encoding.UTF8, "text/csv"))).EnsureSuccessStatusCode();
        await MoveAsync(http, job, "UploadComplete");
        return job;
    }

    private static async Task AbortAsync(LiveOrgHost host, string job)
    {
        using var http = Http(host);
        await MoveAsync(http, job, "Aborted");
    }

    private static async Task MoveAsync(HttpClient http, string job, string state) =>
        (await http.PatchAsync($"/services/data/v66.0/jobs/ingest/{job}", new StringContent($$"""{"state":"{{state}}"}""", System.Text.Encoding.UTF8, "application/json")))
            .EnsureSuccessStatusCode();

    private static HttpClient Http(LiveOrgHost host)
    {
        var http = new HttpClient { BaseAddress = host.Simulator.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", host.Simulator.AccessToken);
        return http;
    }
}
