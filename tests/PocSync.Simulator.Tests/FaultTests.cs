using System.Net;

namespace PocSync.Simulator.Tests;

public sealed class FaultTests
{
    [Theory]
    [InlineData("503", 503, "SERVER_UNAVAILABLE")]
    [InlineData("503-retry-after", 503, "SERVER_UNAVAILABLE")]
    [InlineData("daily-limit", 403, "REQUEST_LIMIT_EXCEEDED")]
    [InlineData("concurrent-limit", 403, "REQUEST_LIMIT_EXCEEDED")]
    [InlineData("session-killed", 401, "INVALID_SESSION_ID")]
    public async Task A_fault_answers_in_the_place_of_the_org(string fault, int status, string code)
    {
        await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, Faults = $"{fault}:count=1@/sobjects" });

        (await org.GetAsync("limits")).Status.ShouldBe(HttpStatusCode.OK);
        var hit = await org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { Phone = "1" });

        ((int)hit.Status, hit.Code).ShouldBe((status, code));
        hit.Headers.ContainsKey("Retry-After").ShouldBe(fault == "503-retry-after");
        (await org.QueryPhone()).ShouldBeNull();
    }

    [Fact]
    public async Task A_proxy_answers_in_html()
    {
        await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, Faults = "html-error" });

        var answer = await org.GetAsync("limits");

        (answer.Status, answer.Headers["Content-Type"]).ShouldBe((HttpStatusCode.BadGateway, "text/html; charset=utf-8"));
    }

    [Theory]
    [InlineData("500-after-write", true)]
    [InlineData("reset-after-write", true)]
    [InlineData("reset-before", false)]
    public async Task A_lost_answer_may_hide_a_write_that_was_done(string fault, bool done)
    {
        await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, Faults = $"{fault}:count=1" });

        var attempt = () => org.SendAsync("PATCH", $"sobjects/Account/{TestOrg.Acme}", new { Phone = "1" });
        if (fault == "500-after-write")
            (await attempt()).Code.ShouldBe("UNKNOWN_EXCEPTION");
        else
            await Should.ThrowAsync<HttpRequestException>(attempt);

        (await org.QueryPhone()).ShouldBe(done ? "1" : null);
    }

    [Fact]
    public async Task A_torn_page_reads_as_whole_and_has_fewer_rows_than_its_header_says()
    {
        await using var org = await TestOrg.StartAsync();
        var job = (await org.SendAsync("POST", "jobs/query", new { operation = "query", query = "SELECT Id, Name FROM User" })).Json.GetProperty("id").GetString();
        while ((await org.GetAsync($"jobs/query/{job}")).Json.GetProperty("state").GetString() != "JobComplete")
        {
        }

        await org.SendAsync("POST", "/_control/faults", new { spec = "torn-page:count=1" });
        var torn = await org.GetAsync($"jobs/query/{job}/results");
        var whole = await org.GetAsync($"jobs/query/{job}/results");

        whole.Text.ShouldStartWith(torn.Text);
        torn.Text.Length.ShouldBe(whole.Text.Length / 2);
        torn.Headers["Sforce-NumberOfRecords"].ShouldBe(whole.Headers["Sforce-NumberOfRecords"]);
        (await org.GetAsync("/_control/requests")).Json.EnumerateArray().Count(r => r.GetProperty("fault").GetString() == "torn-page").ShouldBe(1);
    }

    [Theory]
    [InlineData("wrong-type", "42")]
    [InlineData("missing-field", null)]
    public async Task A_value_of_a_query_is_of_another_type_or_not_there(string fault, string? seen)
    {
        await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, Faults = $"{fault}:count=1" });

        await org.GetAsync("limits");
        var records = await org.QueryAsync("SELECT Id, Name FROM Account ORDER BY Id");

        (records[0].TryGetProperty("Name", out var name) ? name.GetRawText() : null).ShouldBe(seen);
        records[1].GetProperty("Name").GetString().ShouldBe("Beta \"B\"");
        (await org.QueryAsync("SELECT Id, Name FROM Account ORDER BY Id"))[0].GetProperty("Name").GetString().ShouldBe("Acme");
    }

    [Fact]
    public async Task A_trickle_brings_the_same_answer_in_pieces_and_a_skewed_clock_shows_in_the_date_alone()
    {
        await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, ClockStart = DateTimeOffset.Parse("2026-03-01T00:00:00Z") });
        var before = await org.GetAsync("sobjects/Account/describe");

        await org.SendAsync("POST", "/_control/faults", new { spec = "trickle,clock-skew" });
        var after = await org.GetAsync("sobjects/Account/describe");

        after.Text.ShouldBe(before.Text);
        (DateTimeOffset.Parse(after.Headers["Date"]) - DateTimeOffset.Parse(before.Headers["Date"])).ShouldBeInRange(TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task Rows_fail_to_lock_at_the_rate_given_the_same_ones_for_the_same_seed()
    {
        static async Task<string> Run(int seed)
        {
            await using var org = await TestOrg.StartAsync(new() { Data = TestOrg.SmallData, Seed = seed });
            await org.SendAsync("POST", "/_control/faults", new { spec = "lock-row:0.5@/composite" });
            var answer = (await org.SendAsync("POST", "composite/sobjects",
                new { records = Enumerable.Range(0, 100).Select(i => new { attributes = new { type = "Account" }, Name = $"A{i}" }) })).Json;
            answer.EnumerateArray().First(r => !r.GetProperty("success").GetBoolean()).GetProperty("errors")[0].GetProperty("statusCode").GetString()
                .ShouldBe("UNABLE_TO_LOCK_ROW");
            return string.Concat(answer.EnumerateArray().Select(r => r.GetProperty("success").GetBoolean() ? '1' : '0'));
        }

        var first = await Run(1);
        first.Count(c => c == '0').ShouldBeInRange(30, 70);
        (await Run(1)).ShouldBe(first);
        (await Run(2)).ShouldNotBe(first);
    }

    [Theory]
    [InlineData("404", "There is no fault '404' (in '404'); the kinds are 503, ")]
    [InlineData("503:often", "'often' in the fault '503:often' must be a rate from 0 to 1, or count=N.")]
    [InlineData("503:count=x", "'count=x' in the fault '503:count=x' must be count= and a whole number.")]
    [InlineData("slow@query", "The path 'query' of the fault 'slow@query' must begin with a slash.")]
    public async Task A_spec_that_cannot_be_read_is_one_sentence(string spec, string sentence)
    {
        (await Should.ThrowAsync<ArgumentException>(() => TestOrg.StartAsync(new() { Faults = spec }))).Message.ShouldStartWith(sentence);

        await using var org = await TestOrg.StartAsync();
        var answer = await org.SendAsync("POST", "/_control/faults", new { spec });
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("error").GetString()!.ShouldStartWith(sentence);
    }

    [Fact]
    public async Task Calls_beyond_the_daily_limit_are_refused_until_a_day_has_passed()
    {
        await using var org = await TestOrg.StartAsync(new()
        {
            Data = TestOrg.SmallData,
            DailyApiLimit = 2,
            ClockStart = DateTimeOffset.Parse("2026-03-01T00:00:00Z")
        });

        await org.GetAsync("limits");
        (await org.GetAsync("limits")).Json.GetProperty("DailyApiRequests").GetProperty("Remaining").GetInt32().ShouldBe(0);
        var refused = await org.GetAsync("limits");
        (refused.Status, refused.Message).ShouldBe((HttpStatusCode.Forbidden, "TotalRequests Limit exceeded."));
        await org.SendAsync("POST", "/_control/clock", new { now = "2026-03-02T01:00:00Z" });
        (await org.GetAsync("limits")).Status.ShouldBe(HttpStatusCode.OK);
    }
}

file static class Phones
{
    public static async Task<string?> QueryPhone(this TestOrg org)
    {
        org.Token = (await org.FormAsync("/services/oauth2/token", ("grant_type", "client_credentials"), ("client_id", org.Simulator.ClientId),
            ("client_secret", org.Simulator.ClientSecret)))
            .Json.GetProperty("access_token").GetString()!;
        return (await org.QueryAsync($"SELECT Phone FROM Account WHERE Id = '{TestOrg.Acme}'"))[0].GetProperty("Phone").GetString();
    }
}
