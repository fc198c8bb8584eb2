using System.Text.Json;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>What <c>doctor</c> says of an org, of which each test takes something away.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task An_org_that_has_everything_lacks_nothing_and_is_not_written_to()
    {
        await using var host = await StartAsync("{}");

        var lines = await ExamineAsync(host, 0);

        lines.Where(l => l.State != "ok").ShouldBeEmpty();
        foreach (var what in new[] { "Login", "API version", "Clock", "Org", "Account", "POC_Handoff__c", "Rules", "Writing Account", "Permission Transfer Record", "Bell", "API calls" })
        {
            lines.ShouldContain(l => l.What == what);
        }

        // Reads alone: a query, a describe or a login is never sent there.
        foreach (var path in new[] { "/composite/sobjects", "/jobs/ingest", "/actions/" })
        {
            (await host.Org.CallsAsync(path)).ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("POC_Handoff__c", "POC_Handoff__c", "look", 0)]
    [InlineData("User.ManagerId", "User", "look", 0)]
    [InlineData("User", "User", "missing", 3)]
    [InlineData("Account", "Objects", "missing", 3)]
    [InlineData("Account.OwnerId", "Writing Account", "missing", 3)]
    [InlineData("UserPermissionAccess.PermissionsTransferAnyEntity", "Permission Transfer Record", "missing", 3)]
    [InlineData("UserPermissionAccess", "Permissions", "look", 0)]
    [InlineData("Organization", "Org", "missing", 3)]
    public async Task What_is_hidden_from_the_login_is_named_with_what_to_do(string hidden, string what, string state, int status)
    {
        await using var host = await StartAsync("{}");
        await host.Org.SetAsync(new { hidden = new[] { hidden } });

        var line = (await ExamineAsync(host, status)).Single(l => l.What == what);

        line.State.ShouldBe(state);
        line.Do.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("Salesforce:ClientSecret", "wrong", "Login", "Salesforce:ClientSecret")]
    [InlineData("Salesforce:LoginUrl", "http://127.0.0.1:9", "Login", "127.0.0.1:9 gives no answer: check the network and Salesforce:LoginUrl")]
    [InlineData("Salesforce:ApiVersion", "99.0", "API version", "99.0 is not served")]
    public async Task A_login_that_does_not_work_is_all_that_is_said(string setting, string value, string what, string sentence)
    {
        await using var host = await StartAsync("{}");
        host.Settings[setting] = value;

        var last = (await ExamineAsync(host, 3))[^1];

        last.What.ShouldBe(what);
        last.State.ShouldBe("missing");
        last.Sentence.ShouldContain(sentence);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_a_day_without_calls_and_scopes_that_do_not_fit_are_told()
    {
        await using var host = await StartAsync("rules: { in-touch: { scope: \"Nonsense__c = 1\" } }");
        host.Clock.Advance(TimeSpan.FromMinutes(4));
        await host.Org.SetAsync(new { dailyApiLimit = 20, dailyApiUsed = 4 });

        var lines = await ExamineAsync(host, 3);

        lines.Single(l => l.What == "Clock").State.ShouldBe("look");
        lines.Single(l => l.What == "API calls").State.ShouldBe("missing");
        lines.Single(l => l.What == "Rules").More.ShouldContain(m => m.Contains("Nonsense__c"));
    }

    [Fact]
    public async Task Settings_of_the_program_that_are_wrong_are_refused_all_at_once()
    {
        await using var host = await StartAsync("{}");
        (host.Settings["Notices:Channels"], host.Settings["Notices:QuietFrom"], host.Settings["Jobs:Delta"], host.Settings["Jobs:TimeZone"], host.Settings["Guard:MaxChanged"], host.Settings["Review:SignIn"]) =
            ("Pigeon", "25:99", "every 5x", "Mars/Base", "few", "Handshake");

        var run = await host.RunAsync("doctor");

        run.Status.ShouldBe(2);
        foreach (var sentence in new[]
        {
            "Notices:Channels has 'Pigeon'; there are ", "Notices:QuietFrom must be a time of day", "Jobs:Delta is 'every 5x'", "Jobs:TimeZone is 'Mars/Base'", "Guard:MaxChanged must be a whole number",
            "Review:SignIn must be Link or Salesforce",
        })
        {
            run.Error.ShouldContain(sentence);
        }
    }

    private static async Task<Line[]> ExamineAsync(RunHost host, int status)
    {
        var run = await host.RunAsync("doctor", "--format", "json");
        run.Status.ShouldBe(status, run.Error);
        return JsonSerializer.Deserialize<Line[]>(run.Output, JsonSerializerOptions.Web)!;
    }

    private sealed record Line(string What, string State, string Sentence, string? Do, string[] More);
}
