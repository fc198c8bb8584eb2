using System.Text.Json;
using PocSync.Simulator;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Cli;

/// <summary><c>rules explain</c>.</summary>
public sealed class RulesExplainTests(DemoExport demo) : IClassFixture<DemoExport>
{
    private static JsonElement Answer(JsonElement explained, string rule) => explained.GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("id").GetString() == rule);

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private async Task<JsonElement> ExplainAsync(string account, string rules = "")
    {
        var run = await Shell.PocSync("rules", "explain", account, "--export", demo.Folder, "--rules", demo.Rules("explain.yaml", rules), "--format", "json");
        run.Status.ShouldBe(0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    [Fact]
    public async Task Every_account_gets_from_explain_what_it_gets_from_audit_and_plan()
    {
        var audit = JsonDocument.Parse((await Shell.PocSync("audit", "--export", demo.Folder, "--format", "json")).Output).RootElement;
        var plan = JsonDocument.Parse((await Shell.PocSync("plan", "--export", demo.Folder, "--format", "json")).Output).RootElement;
        var planned = plan.GetProperty("corrections").EnumerateArray().ToLookup(c => Text(c, "account")!);
        var findings = audit.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("account").ValueKind != JsonValueKind.Null).ToLookup(f => Text(f, "account")!);
        foreach (var account in planned.OrderByDescending(p => p.Count()).ThenBy(p => p.Key, StringComparer.Ordinal).Take(4).Select(p => p.Key))
        {
            var explained = await ExplainAsync(account);
            explained.GetProperty("corrections").EnumerateArray().Select(c => (Text(c, "id"), Text(c, "state"), c.GetProperty("trace").ToString()))
                .ShouldBe(planned[account].Select(c => (Text(c, "id"), Text(c, "state"), c.GetProperty("trace").ToString())));
            explained.GetProperty("rules").EnumerateArray().SelectMany(r => r.GetProperty("findings").EnumerateArray()).Where(f => Text(f, "subject") == account)
                .Select(f => Text(f, "sentence")).Order().ShouldBe(findings[account].Select(f => Text(f, "sentence")).Order());
        }

        // A user's finding is told with each of their accounts.
        var over = audit.GetProperty("findings").EnumerateArray().First(f => Text(f, "rule") == "escalation-path");
        var owners = (await File.ReadAllLinesAsync(Path.Combine(demo.Folder, "POC_Assignment__c.csv"))).First(l => l.Contains(Text(over, "subject")![..15], StringComparison.Ordinal) && l.Contains("Primary", StringComparison.Ordinal));
        var of = owners.Split('"').First(c => c.StartsWith("001", StringComparison.Ordinal));
        Answer(await ExplainAsync(of), "escalation-path").GetProperty("findings").EnumerateArray().Select(f => Text(f, "sentence")).ShouldContain(Text(over, "sentence"));
    }

    [Fact]
    public async Task In_scope_out_of_scope_off_exempt_and_not_judged_are_told_apart()
    {
        await using var org = await RunHost.StartAsync("""
            rules:
              in-touch: { scope: "Region__c = 'South' AND AnnualRevenue > 5" }
              reachable: { enabled: false }
            """,
            new OrgTable("Account", ["Id", "Name", "OwnerId", "Region__c", "AnnualRevenue", "POC_Exempt_Until__c"],
            [
                [RunHost.Account(0), "Bolt", RunHost.Gone, "North", null, null],
                [RunHost.Account(1), "Cup", RunHost.Ana, "South", "10", "2026-12-31"],
            ]),
            RunHost.Rows((0, "Primary", RunHost.Gone), (0, "Backup", RunHost.Ben), (1, "Primary", RunHost.Gone)));
        (await org.RunAsync("sync")).Status.ShouldBe(0);

        var explained = await org.JsonAsync(0, "rules", "explain", RunHost.Account(0)[..15]);
        Text(Answer(explained, "primary-able"), "answer").ShouldBe("findings");
        Text(Answer(explained, "one-primary"), "answer").ShouldBe("fine");
        Text(Answer(explained, "in-touch"), "answer").ShouldBe("out of scope");
        Text(Answer(explained, "in-touch"), "why").ShouldBe("Region__c = 'South' AND AnnualRevenue > 5 (here Region__c is North, AnnualRevenue is blank)");
        Text(Answer(explained, "reachable"), "answer").ShouldBe("switched off");
        Text(Answer(explained, "has-access"), "answer").ShouldBe("not judged");
        var people = explained.GetProperty("people").EnumerateArray().Select(p => $"{Text(p, "role")} {Text(p, "name")}: {Text(p, "state")}").ToList();
        people.ShouldBe(["Owner Gone: has left", "Primary Gone: has left", "Backup Ben: can act"]);
        var correction = explained.GetProperty("corrections").EnumerateArray().First();
        Text(correction, "state").ShouldBe("waits");
        correction.GetProperty("trace").EnumerateArray().Select(t => t.GetString()).ShouldContain(t => t!.Contains("Ben (", StringComparison.Ordinal) && t.Contains("picked", StringComparison.Ordinal));
        explained.GetProperty("open").EnumerateArray().Select(o => Text(o, "id")).ShouldContain(Text(correction, "id"));
        explained.GetProperty("history").GetArrayLength().ShouldBe(0);

        var exempt = await org.JsonAsync(0, "rules", "explain", RunHost.Account(1));
        Text(Answer(exempt, "primary-able"), "answer").ShouldBe("exempt");
        Text(Answer(exempt, "primary-able"), "why").ShouldBe("until 2026-12-31");
        exempt.GetProperty("corrections").GetArrayLength().ShouldBe(0);

        (await org.RunAsync("reject", Text(correction, "id")!, "--reason", "not now", "--as", "Eva")).Status.ShouldBe(0);
        var rejected = await org.JsonAsync(0, "rules", "explain", RunHost.Account(0));
        rejected.GetProperty("leftAlone").EnumerateArray().Single(l => Text(l, "id") == Text(correction, "id")).GetProperty("reasons")[0].GetString()!.ShouldContain("Eva");
    }

    [Fact]
    public async Task The_history_tells_what_was_written()
    {
        await using var org = await RunHost.StartAsync(RunHost.Auto, RunHost.Accounts(RunHost.Gone), RunHost.Rows((0, "Primary", RunHost.Gone), (0, "Backup", RunHost.Ben)));
        (await org.RunAsync("sync")).Status.ShouldBe(0);
        var run = await org.RunAsync("rules", "explain", RunHost.Account(0));
        run.Status.ShouldBe(0, run.Error);
        run.Output.ShouldContain("What PocSync changed on it");
        run.Output.ShouldMatch("run 1 \\(.*Ben");
        run.Output.ShouldContain("Primary: Ben (");
        run.Output.ShouldContain("not in force today");
        (await org.RunAsync("rules", "explain", RunHost.Account(0), "--format", "csv")).Output.ShouldContain("one-primary,fine,\r\n");
    }

    [Theory]
    [InlineData("0015f", "is no id of an account")]
    [InlineData("001000000000999", "There is no account 001000000000999AAA in ")]
    public async Task An_account_that_is_not_there_gets_a_sentence(string id, string sentence)
    {
        var run = await Shell.PocSync("rules", "explain", id, "--export", demo.Folder);
        run.Status.ShouldBe(2);
        run.Error.ShouldContain(sentence);
    }
}
