using System.Text.Json;
using PocSync.Simulator;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Cli;

/// <summary><c>rules preview</c>: says what two audits and two plans say.</summary>
public sealed class RulesPreviewTests(DemoExport demo) : IClassFixture<DemoExport>
{
    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        var run = await Shell.PocSync([.. args, "--format", "json"]);
        run.Status.ShouldBeOneOf([0, 4], run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static IEnumerable<string> Findings(JsonElement audit) =>
        audit.GetProperty("findings").EnumerateArray().Select(f => Text(f, "rule", "code", "subject", "severity", "expected", "sentence"));

    private static IEnumerable<string> Corrections(JsonElement plan) =>
        plan.GetProperty("corrections").EnumerateArray().Select(c => Text(c, "id", "mode"));

    private static string Text(JsonElement of, params string[] names) => string.Join('|', names.Select(n => of.GetProperty(n).GetString()));

    private static IEnumerable<string> Minus(IEnumerable<string> all, IEnumerable<string> less)
    {
        var counts = less.CountBy(x => x).ToDictionary();
        return all.Where(x => !counts.TryGetValue(x, out var left) || (counts[x] = left - 1) < 0).Order(StringComparer.Ordinal).ToList();
    }

    [Theory]
    [InlineData("", "rules: { backup-present: { minimum: 2 }, in-touch: { maxSilentDays: 10, severity: error } }")]
    [InlineData("rules: { backup-present: { minimum: 2 } }", "")]
    [InlineData("", "rules: { one-primary: { mode: auto }, load-within-capacity: { capacity: 20 }, reachable: { enabled: false } }")]
    [InlineData("pool: \"IsActive = true\"", "pool: \"Department = 'Sales' AND Country = :Account.BillingCountry\"\nrules: { primary-able: { scope: \"BillingCountry != 'Germany'\" } }")]
    [InlineData("", "binding: owner")]
    [InlineData("", "rules: { in-touch: { scope: \"No_Such__c = 'x'\" } }")]
    [InlineData("", "# nothing")]
    public async Task A_preview_is_the_difference_of_two_audits_and_plans(string before, string after)
    {
        var (old, now) = (demo.Rules("before.yaml", before), demo.Rules("after.yaml", after));
        var preview = await JsonAsync("rules", "preview", "--with", now, "--rules", old, "--export", demo.Folder);
        var (audit, auditAfter) = (await JsonAsync("audit", "--export", demo.Folder, "--rules", old), await JsonAsync("audit", "--export", demo.Folder, "--rules", now));
        var (plan, planAfter) = (await JsonAsync("plan", "--export", demo.Folder, "--rules", old), await JsonAsync("plan", "--export", demo.Folder, "--rules", now));
        ShouldBeTheDifference(preview, audit, auditAfter, plan, planAfter);
    }

    /// <summary>What a preview says against the audits and plans before and after.</summary>
    internal static void ShouldBeTheDifference(JsonElement preview, JsonElement audit, JsonElement auditAfter, JsonElement plan, JsonElement planAfter)
    {
        var rules = preview.GetProperty("rules").EnumerateArray().ToList();
        IEnumerable<string> Of(string kind, string side, params string[] names) => rules
            .SelectMany(r => r.GetProperty(kind).EnumerateArray().Select(d => (Rule: r.GetProperty("id").GetString(), Side: d.GetProperty(side))))
            .Where(d => d.Side.ValueKind != JsonValueKind.Null).Select(d => (kind == "findings" ? d.Rule + "|" : "") + Text(d.Side, names)).Order(StringComparer.Ordinal);

        string[] finding = ["code", "subject", "severity", "expected", "sentence"];
        Of("findings", "before", finding).ShouldBe(Minus(Findings(audit), Findings(auditAfter)));
        Of("findings", "after", finding).ShouldBe(Minus(Findings(auditAfter), Findings(audit)));
        string[] correction = ["id", "mode"];
        Minus(Of("corrections", "before", correction), Of("corrections", "after", correction)).ShouldBe(Minus(Corrections(plan), Corrections(planAfter)));
        Minus(Of("corrections", "after", correction), Of("corrections", "before", correction)).ShouldBe(Minus(Corrections(planAfter), Corrections(plan)));
        foreach (var (side, of, planned) in new[] { ("before", audit, plan), ("after", auditAfter, planAfter) })
        {
            rules.Select(r => (r.GetProperty("id").GetString(), r.GetProperty(side).GetProperty("findings").GetInt32(), r.GetProperty(side).GetProperty("reason").GetString()))
                .ShouldBe(of.GetProperty("rules").EnumerateArray().Select(r => (r.GetProperty("id").GetString(), r.GetProperty("findings").GetInt32(), r.GetProperty("reason").GetString())));
            rules.Sum(r => r.GetProperty(side).GetProperty("corrections").GetInt32()).ShouldBe(planned.GetProperty("corrections").GetArrayLength());
        }
    }

    [Fact]
    public async Task For_people_it_names_settings_totals_and_some_examples()
    {
        var run = await Shell.PocSync("rules", "preview", "--with", demo.Rules("after.yaml", "rules: { backup-present: { minimum: 3 }, reachable: { enabled: false } }"), "--export", demo.Folder);
        run.Status.ShouldBe(0, run.Error);
        run.Output.ShouldContain("rules.backup-present.minimum: 1 → 3");
        run.Output.ShouldMatch("backup-present +[0-9]+ → [0-9]+ +[1-9]");
        run.Output.ShouldContain("+ finding (warning): ");
        run.Output.ShouldContain("+ correction (waits): ");
        run.Output.ShouldContain("judged; would be switched off");
        run.Output.Split('\n').Count(l => l.StartsWith("  + finding", StringComparison.Ordinal)).ShouldBe(10);
        run.Output.ShouldMatch("  \\+ and [0-9]+ more: --format json has them all");
        var csv = await Shell.PocSync("rules", "preview", "--with", demo.Rules("after.yaml", "rules: { one-primary: { mode: auto } }"), "--export", demo.Folder, "--format", "csv");
        csv.Output.ShouldContain("correction,changes,one-primary,");
        csv.Output.ShouldContain(",waits,ready\r\n");
        (await Shell.PocSync("rules", "preview", "--with", demo.Rules("same.yaml", ""), "--export", demo.Folder)).Output.ShouldContain("Nothing would be found or corrected otherwise.");
        (await Shell.PocSync("rules", "preview", "--with", demo.Rules("wrong.yaml", "rules: { x: {} }"), "--export", demo.Folder)).Status.ShouldBe(2);
        (await Shell.PocSync("rules", "preview", "--export", demo.Folder)).Status.ShouldBe(2);
    }

    [Fact]
    public async Task What_changes_is_shown_with_what_is_otherwise()
    {
        var run = await Shell.PocSync("rules", "preview", "--with", demo.Rules("after.yaml", "rules: { one-primary: { mode: auto } }"), "--export", demo.Folder);

        var changes = run.Output.Split('\n').Where(l => l.StartsWith("  ~ ", StringComparison.Ordinal) && !l.Contains(" more: ")).ToList();
        changes.ShouldNotBeEmpty(run.Output);
        changes.ShouldAllBe(l => l.Contains(" → ") || l.Contains("[which records it writes]"));
        changes.ShouldNotContain(l => l.Contains("(waits → waits)"));
    }

    [Fact]
    public async Task On_a_live_org_it_writes_nothing_and_shows_a_changed_pick()
    {
        await using var org = await RunHost.StartAsync("pool: \"Name = 'Ben'\"", RunHost.Accounts(RunHost.Gone), RunHost.Rows((0, "Primary", RunHost.Gone)));
        await File.WriteAllTextAsync(org.At("after.yaml"), "pool: \"Name = 'Cy' AND Title = null\"");
        var before = await org.RowsAsync(0);
        var preview = await org.JsonAsync(0, "rules", "preview", "--with", org.At("after.yaml"));
        (await org.RowsAsync(0)).ShouldBe(before);
        var changed = preview.GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("id").GetString() == "primary-able").GetProperty("corrections").EnumerateArray().Single();
        changed.GetProperty("change").GetString().ShouldBe("changes");
        changed.GetProperty("before").GetProperty("sentence").GetString()!.ShouldContain("Ben");
        changed.GetProperty("after").GetProperty("sentence").GetString()!.ShouldContain("Cy");
    }
}
