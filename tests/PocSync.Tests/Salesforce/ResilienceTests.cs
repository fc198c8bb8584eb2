using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PocSync.Salesforce;

namespace PocSync.Tests.Salesforce;

public class ResilienceTests
{
    private static readonly TableQuery Accounts = new("Account", ["Id"]);
    private static readonly RowWrite[] OneTask = [new("Task", null, new Dictionary<string, object?> { ["Subject"] = "Call" })];
    private static readonly RowWrite[] OneAccount = [new("Account", "001xx0000000001AAA", new Dictionary<string, object?> { ["Name"] = "Acme" })];

    private const string OneDone = """[{"id":"001xx0000000001AAA","success":true,"errors":[]}]""";

    private static Task<IReadOnlyList<RowResult>> Insert(WireOrg org) => org.Writes.InsertAsync(OneTask, new(), default);

    private static Task<IReadOnlyList<RowResult>> Update(WireOrg org) => org.Writes.UpdateAsync(OneAccount, new(), default);

    /// <summary>What may go wrong with an answer on its way.</summary>
    private static Task Fail(HttpContext http, string how)
    {
        switch (how)
        {
            case "reset":
                http.Abort();
                return Task.CompletedTask;
            case "html":
                http.Response.ContentType = "text/html";
                return http.Response.WriteAsync("<html>The proxy is tired</html>");
            case "torn":
                http.Response.ContentType = "application/json";
                http.Response.ContentLength = 1000;
                return http.Response.WriteAsync("[{");
            case "500":
                return http.Error(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.");
            default:
                http.Response.StatusCode = int.Parse(how);
                return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData("503")]
    [InlineData("502")]
    [InlineData("500")]
    [InlineData("420")]
    [InlineData("reset")]
    [InlineData("html")]
    [InlineData("torn")]
    public async Task A_read_is_repeated_until_it_is_answered(string how)
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => count < 3 ? Fail(http, how) : http.Rows("{\"Id\":\"1\"}"));

        (await org.Reads.Query(Accounts).AllAsync()).Count.ShouldBe(1);

        org.Calls.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("500")]
    [InlineData("reset")]
    [InlineData("html")]
    [InlineData("torn")]
    public async Task An_insert_whose_answer_is_lost_is_not_sent_again(string how)
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => Fail(http, how));

        (await Should.ThrowAsync<WriteUnknownException>(() => Insert(org))).Message.ShouldContain("read the records back");

        org.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("reset")]
    public async Task An_update_to_fixed_values_whose_answer_is_lost_is_sent_again(string how)
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => count < 3 ? Fail(http, how) : http.Json(OneDone));

        (await Update(org)).ShouldHaveSingleItem().Success.ShouldBeTrue();

        org.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_update_that_is_never_answered_may_have_been_done()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => Fail(http, "503"));

        await Should.ThrowAsync<WriteUnknownException>(() => Update(org));

        org.Calls.Count.ShouldBe(5);
    }

    [Fact]
    public async Task One_lost_answer_leaves_an_update_unknown_though_later_ones_say_it_was_not_done()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => count == 1
            ? Fail(http, "503")
            : http.Error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."));

        await Should.ThrowAsync<WriteUnknownException>(() => Update(org));
    }

    [Fact]
    public async Task A_read_that_is_never_answered_ends_as_unreachable()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => Fail(http, "reset"));

        (await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.Query(Accounts).AllAsync())).Message.ShouldMatch("^127\\.0\\.0\\.1:[0-9]+ gives no answer");

        org.Calls.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_write_that_found_no_connection_was_certainly_not_done()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Json(OneDone));
        await using var gone = await WireOrg.StartAsync((http, _, _) => http.Json(OneDone));
        org.OnLogin = (http, _) => http.Json($$"""{"access_token":"00D!1","instance_url":"{{gone.Url}}"}""");
        await gone.DisposeAsync();

        await Should.ThrowAsync<OrgUnreachableException>(() => Insert(org));
    }

    [Fact]
    public async Task An_insert_that_was_refused_for_now_is_sent_again()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => count switch
        {
            1 => http.Error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
            2 => http.Error(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"),
            _ => http.Json(OneDone),
        });

        (await Insert(org)).ShouldHaveSingleItem().Success.ShouldBeTrue();
    }

    [Fact]
    public async Task The_org_says_how_long_to_wait()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) =>
        {
            if (count > 2)
                return http.Rows("");
            http.Response.Headers.RetryAfter = count == 1 ? "17" : new DateTimeOffset(2026, 3, 1, 8, 0, 40, TimeSpan.Zero).ToString("R");
            return Fail(http, "503");
        });

        await org.Reads.Query(Accounts).AllAsync();

        org.Time.Waits.ShouldBe([TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(23)]);
    }

    [Fact]
    public async Task Who_asks_us_to_wait_for_long_is_not_waited_for()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) =>
        {
            http.Response.Headers.RetryAfter = "3600";
            return Fail(http, "503");
        });

        await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.Query(Accounts).AllAsync());

        org.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_given_up()
    {
        var arrived = new SemaphoreSlim(0);
        var given = new TaskCompletionSource();
        await using var org = await WireOrg.StartAsync(async (http, _, count) =>
        {
            arrived.Release();
            if (count == 1)
                await given.Task;
            else
                await http.Rows("");
        });

        var read = org.Reads.Query(Accounts).AllAsync();
        await arrived.WaitAsync();
        org.Time.Advance(TimeSpan.FromMinutes(3));

        (await read).ShouldBeEmpty();
        org.Calls.Count.ShouldBe(2);
        given.SetResult();
    }

    [Fact]
    public async Task No_more_calls_run_at_once_than_the_settings_say()
    {
        int running = 0, most = 0;
        await using var org = await WireOrg.StartAsync(async (http, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            await http.Rows("");
        }, ("MaxConcurrentCalls", "2"));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => org.Reads.Query(Accounts).AllAsync()));

        most.ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task An_org_that_fails_and_fails_is_left_alone_for_a_while()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => count <= 20 ? Fail(http, "503") : http.Rows(""));

        for (var i = 0; i < 4; i++)
            await Should.ThrowAsync<OrgUnreachableException>(() => org.Reads.Query(Accounts).AllAsync());
        var before = org.Time.Waits.Count;
        await org.Reads.Query(Accounts).AllAsync();

        // The breaker opened after the twentieth failure; the call waited for it and was the first to pass.
        org.Time.Waits.Skip(before).ShouldContain(wait => wait > TimeSpan.FromSeconds(5));
        org.Calls.Count.ShouldBe(21);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await using var org = await WireOrg.StartAsync(async (http, _, _) =>
        {
            await stop.CancelAsync();
            await Fail(http, "503");
        });

        await Should.ThrowAsync<OperationCanceledException>(() => org.Writes.UpdateAsync(OneAccount, new(), stop.Token));
    }

    [Theory]
    [InlineData("api-usage=25/5000", 25, 5000)]
    [InlineData("api-usage=25/5000; per-app-api-usage=17/250(appName=sample)", 25, 5000)]
    [InlineData("per-app-api-usage=17/250(appName=sample); api-usage=25/5000", 25, 5000)]
    [InlineData("api-bursts=1/750; api-usage=25/5000", 25, 5000)]
    public async Task The_org_tells_its_usage_with_each_answer(string header, int used, int max)
    {
        await using var org = await WireOrg.StartAsync((http, _, _) =>
        {
            http.Response.Headers["Sforce-Limit-Info"] = header;
            return http.Rows("");
        });

        await org.Reads.Query(Accounts).AllAsync();

        org.Budget.Usage.ShouldBe(new ApiUsage(used, max));
        org.Budget.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_beyond_the_budget_is_not_sent()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) =>
        {
            http.Response.Headers["Sforce-Limit-Info"] = $"api-usage={6 + count}/10";
            return http.Rows("");
        });

        await org.Reads.Query(Accounts).AllAsync();
        (await org.Budget.LeftAsync()).Calls.ShouldBe(1);
        await org.Reads.Query(Accounts).AllAsync();
        var spent = await Should.ThrowAsync<BudgetSpentException>(() => org.Reads.Query(Accounts).AllAsync());

        spent.Message.ShouldContain("8 of the org's 10 API calls");
        org.Calls.Count.ShouldBe(2);
        (await org.Budget.LeftAsync()).Calls.ShouldBe(0);

        // Others' calls grow older than a day: an hour later one call may look.
        org.Time.Advance(TimeSpan.FromHours(1));
        await org.Reads.Query(Accounts).AllAsync();
        await Should.ThrowAsync<BudgetSpentException>(() => org.Reads.Query(Accounts).AllAsync());
        org.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Attempts_count_against_the_budget_and_a_write_may_then_be_unknown()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) =>
        {
            http.Response.Headers["Sforce-Limit-Info"] = "api-usage=8/10";
            return Fail(http, "503");
        });

        await Should.ThrowAsync<WriteUnknownException>(() => Update(org));

        org.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_daily_limit_of_the_org_is_not_hammered()
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));

        await Should.ThrowAsync<BudgetSpentException>(() => org.Reads.Query(Accounts).AllAsync());

        org.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(403, "API_DISABLED_FOR_ORG")]
    [InlineData(410, "GONE")]
    public async Task What_a_person_must_mend_is_refused_at_once(int status, string code)
    {
        await using var org = await WireOrg.StartAsync((http, _, _) => http.Error(status, code));

        (await Should.ThrowAsync<OrgRefusedException>(() => org.Reads.Query(Accounts).AllAsync())).Code.ShouldBe(code);

        org.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task No_message_holds_the_token()
    {
        await using var org = await WireOrg.StartAsync((http, _, count) => Fail(http, "503"));

        var thrown = await Should.ThrowAsync<SalesforceException>(() => org.Reads.Query(Accounts).AllAsync());

        thrown.ToString().ShouldNotContain("00Dxx0000000001!");
    }
}
