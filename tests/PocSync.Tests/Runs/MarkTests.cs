using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using PocSync.Core.Records;
using PocSync.Ledger;
using PocSync.Review.SignIn;
using PocSync.Tests.Review;
using static PocSync.Tests.Runs.RunHost;

namespace PocSync.Tests.Runs;

/// <summary>People silence findings: until a day, or as false.</summary>
public abstract class MarkTests(LedgerProvider provider) : OnEachLedger(provider)
{
    /// <summary>Account 0 has a Primary who has left, and nothing else is judged.</summary>
    private static readonly string OnlyAble = string.Concat("rules:\n  primary-able: { mode: auto, graceHours: 0 }\n",
        string.Concat(Core.Rules.RuleBook.All.Select(r => r.Info.Id).Where(id => id != "primary-able").Select(id => $"  {id}: {{ enabled: false }}\n")));

    private async Task<RunHost> StartAsync()
    {
        var host = await StartAsync(OnlyAble.Replace("auto", "propose", StringComparison.Ordinal), Accounts(Gone, Gone),
            Rows((0, "Primary", Gone), (0, "Backup", Ben), (1, "Primary", Gone), (1, "Backup", Ben)));
        (await host.RunAsync("sync")).Status.ShouldBe(0);
        host.Rules(OnlyAble);
        return host;
    }

    [Fact]
    public async Task A_snoozed_finding_is_counted_apart_and_proposes_nothing_until_its_day()
    {
        await using var host = await StartAsync();
        var number = (await FindingsAsync(host))[0].GetProperty("finding").GetInt64();

        (await host.RunAsync("snooze", $"{number}", "--until", "2026-11-25", "--reason", "leaves on Tuesday", "--as", "Ana")).Error.ShouldBe("1 finding snoozed until 2026-11-25.\n");

        (await FindingsAsync(host))[0].GetProperty("silentWhy").GetString().ShouldBe("Ana snoozed it until 2026-11-25: leaves on Tuesday");
        (await host.JsonAsync(0, "plan")).GetProperty("corrections").GetArrayLength().ShouldBe(1);
        var run = await host.JsonAsync(0, "sync");
        run.GetProperty("sentence").GetString()!.ShouldContain("1 finding, 1 snoozed or marked as false");
        (run.GetProperty("findings").GetInt32(), run.GetProperty("silent").GetInt32()).ShouldBe((2, 1));
        (await host.RowsAsync(0)).ShouldContain("Primary Gone");
        (await host.RowsAsync(1)).ShouldBe(["Primary Ben"]);
        (await host.RunAsync("approvals")).Output.ShouldContain("Ana snoozed it until 2026-11-25: leaves on Tuesday");

        host.Clock.Advance(TimeSpan.FromDays(3));
        await host.JsonAsync(0, "sync");
        (await host.RowsAsync(0)).ShouldBe(["Primary Ben"]);
    }

    [Fact]
    public async Task A_false_positive_is_silent_until_the_rule_sees_something_else()
    {
        await using var host = await StartAsync();
        (await host.RunAsync("false-positive", "--account", Account(0), "--rule", "primary-able", "--reason", "a leave", "--as", "Ana")).Error
            .ShouldBe("1 finding marked as false: silent as long as the rule sees the same.\n");

        await host.JsonAsync(0, "sync");
        host.Clock.Advance(TimeSpan.FromDays(40));
        await host.JsonAsync(0, "sync");
        (await host.RowsAsync(0)).ShouldContain("Primary Gone");
        (await host.JsonAsync(0, "findings")).GetProperty("findings")[0].GetProperty("silent").GetString().ShouldBe("false-positive");

        await host.ChangeAsync("User", Cy, new { IsActive = false });
        await host.ChangeAsync("POC_Assignment__c", RecordId.Parse("a005f0000000000").ToString(), new { User__c = Cy });
        await host.JsonAsync(0, "sync");
        (await host.RowsAsync(0)).ShouldBe(["Primary Ben"]);
    }

    [Fact]
    public async Task What_was_said_of_a_rule_can_be_taken_back_and_what_cannot_be_meant_is_refused()
    {
        await using var host = await StartAsync();
        (await host.RunAsync("snooze", "--rule", "primary-able", "--until", "2026-12-01", "--reason", "the reorganisation")).Error.ShouldStartWith("2 findings snoozed");
        (await host.JsonAsync(0, "plan")).GetProperty("corrections").GetArrayLength().ShouldBe(0);
        (await host.RunAsync("false-positive", "--rule", "primary-able", "--clear", "--reason", "x")).Error.ShouldStartWith("0 findings taken back");
        (await host.RunAsync("snooze", "--rule", "primary-able", "--clear", "--reason", "it is over")).Error.ShouldStartWith("2 findings taken back");
        (await host.JsonAsync(0, "plan")).GetProperty("corrections").GetArrayLength().ShouldBe(2);

        foreach (var (args, sentence) in new (string[], string)[]
        {
            (["--until", "2026-12-01"], "Say which findings"), (["77", "--until", "2026-12-01"], "There is no finding 77 any more"),
            (["--rule", "primary-abel", "--until", "2026-12-01"], "did you mean 'primary-able'?"), (["--rule", "primary-able", "--until", "2026-11-22"], "2026-11-22 is not after today"),
            (["--rule", "primary-able"], "--until must say until which day"), (["--account", "x", "--until", "2026-12-01"], "'x' is no id of an account"),
        })
        {
            var run = await host.RunAsync(["snooze", .. args, "--reason", "x"]);
            run.Status.ShouldBe(2);
            run.Error.ShouldContain(sentence);
        }
    }

    [Fact]
    public async Task Whoever_may_decide_silences_findings_on_their_pages_and_takes_it_back()
    {
        await using var host = await StartAsync();
        await using var console = await ConsoleHost.StartAsync(host.AllSettings(), host.Clock);
        using var approver = console.Of(Ana, Roles.Approver);
        using var viewer = console.Of(Ben, Roles.Viewer);
        var page = $"/accounts/{Account(0)}";
        (await viewer.GetStringAsync("/findings")).ShouldNotContain("Snooze, or false?");

        (await ConsoleHost.PostAsync(approver, page, "/findings/snooze", ("reason", "on leave"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await approver.GetStringAsync(page)).ShouldContain("Say until which day it is snoozed. Nothing was done.");
        await ConsoleHost.PostAsync(approver, page, "/findings/snooze", ("reason", "on leave"), ("until", "2026-12-01"));
        (await viewer.GetStringAsync("/findings?state=Snoozed")).ShouldContain("1 snoozed finding");
        (await viewer.GetStringAsync("/findings")).ShouldContain("1 finding");
        await ConsoleHost.PostAsync(approver, page, "/findings/count", ("reason", "is back"));
        (await viewer.GetStringAsync("/findings")).ShouldContain("2 findings");

        var token = Regex.Match(await approver.GetStringAsync(page), "name=\"__RequestVerificationToken\" value=\"([^\"]*)\"").Groups[1].Value;
        var number = (await FindingsAsync(host))[0].GetProperty("finding").GetInt64();
        var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("finding", $"{number}"), new("reason", "a partner's user"), new("back", page)]);
        (await approver.PostAsync("/findings/false", form)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await viewer.PostAsync("/findings/false", new FormUrlEncodedContent([new("__RequestVerificationToken", "x")]))).StatusCode.ShouldNotBe(HttpStatusCode.SeeOther);
        (await viewer.GetStringAsync("/findings?state=FalsePositive")).ShouldContain("marked it as false: a partner&#x27;s user");
        (await viewer.GetStringAsync("/rules")).ShouldContain("50 % false positives (1 of 2)");
        (await viewer.GetStringAsync("/rules/primary-able")).ShouldContain("50 % false positives (1 of 2)");
        (await host.RunAsync("rules", "show")).Output.ShouldContain("primary-able: The primary contact can act (corrects by itself, within the guard's limits), 50 % false positives (1 of 2)");
    }

    private static async Task<List<JsonElement>> FindingsAsync(RunHost host) =>
        [.. (await host.JsonAsync(0, "findings")).GetProperty("findings").EnumerateArray().OrderBy(f => f.GetProperty("account").GetString(), StringComparer.Ordinal)];
}

public sealed class MarkTestsOnSqlite() : MarkTests(LedgerProvider.Sqlite);

public sealed class MarkTestsOnPostgreSql() : MarkTests(LedgerProvider.PostgreSql);
