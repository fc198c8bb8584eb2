using System.Text.Json;
using PocSync.Core.Rules;
using PocSync.Simulator;
using PocSync.Tests.Runs;

namespace PocSync.Tests.Cli;

/// <summary><c>rules show</c> and <c>rules check</c>.</summary>
public sealed class RulesCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder, file), text);
        return Path.Combine(_folder, file);
    }

    private Task<Shell.Run> OnExportAsync(string rules)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "export"));
        Write("export/Account.csv", "Id,Name,OwnerId,Region__c\n001000000000001,Bolt,005000000000001,North\n");
        Write("export/User.csv", "Id,Name,IsActive\n005000000000001,Ann,true\n");
        return Shell.PocSync("rules", "check", "--export", Path.Combine(_folder, "export"), "--rules", Write("rules.yaml", rules));
    }

    [Fact]
    public async Task Every_setting_is_shown_with_where_it_comes_from()
    {
        var rules = Write("rules.yaml", "rules:\n  in-touch:\n    maxSilentDays: 45\npaused: \"quarter close\"\nnames: { POC_Alert__c: Warning__c }\n");
        var run = await Shell.PocSync(new Dictionary<string, string?> { ["Guard:MaxChanged"] = "7" }, "rules", "show", "--rules", rules, "--format", "json");
        run.Status.ShouldBe(0, run.Error);
        var shown = JsonDocument.Parse(run.Output).RootElement;
        shown.GetProperty("rules").GetArrayLength().ShouldBe(20);
        var all = shown.GetProperty("rules").EnumerateArray().SelectMany(r => r.GetProperty("settings").EnumerateArray()).Concat(shown.GetProperty("settings").EnumerateArray())
            .ToDictionary(s => s.GetProperty("key").GetString()!, s => (Value: s.GetProperty("value").GetString(), Source: s.GetProperty("source").GetString()));
        all["rules.in-touch.maxSilentDays"].ShouldBe(("45", "rules.yaml, line 3"));
        all["rules.in-touch.enabled"].ShouldBe(("true", "default"));
        all["paused"].ShouldBe(("quarter close", "rules.yaml, line 4"));
        all["names.POC_Alert__c"].ShouldBe(("Warning__c", "rules.yaml, line 5"));
        all["Guard:MaxChanged"].ShouldBe(("7", "the program's settings"));
        all["Guard:MaxCreated"].ShouldBe(("1000", "default"));

        var table = (await Shell.PocSync("rules", "show", "--rules", rules)).Output;
        table.ShouldMatch("in-touch: Customers hear from us \\(only tells\\)\n(.*\n){5}  maxSilentDays +45 +rules.yaml, line 3\n");
        (await Shell.PocSync("rules", "show")).Output.ShouldStartWith("There is no rules file");
        (await Shell.PocSync("rules", "show", "--format", "csv")).Output.ShouldContain("rules.one-primary.graceHours,0,false,default,hours that");
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "rules: { in-touch: { maxSilentDays: soon } }", "rules.yaml, line 1, column 37: rules.in-touch.maxSilentDays must be a whole number" },
        { "rules: { in-touch: { maxSilentDays: -1 } }", "must be a whole number from 0" },
        { "rules: { in-touch: { maxSilentDays: 99999999999999999999 } }", "must be a whole number from 0" },
        { "rules: { in-touch: { maxSilentDays: [1] } }", "not a list" },
        { "rules: { in-touch: { enabled: maybe } }", "must be true or false" },
        { "rules: { in-touch: { mode: always } }", "must be alert, propose or auto" },
        { "rules: { owner-is-primary: { authority: boss } }", "authority must be" },
        { "rules: { scopes-bounded: { requiredScopes: EMEA } }", "must be a list of texts" },
        { "rules: { in-tuch: {} }", "did you mean 'in-touch'?" },
        { "rules: { in-touch: { maxSilentDay: 1 } }", "did you mean 'maxSilentDays'?" },
        { "rules: { \"📞\": {} }", "there is no rule '📞'." },
        { "rules: { in-touch: { \"😀\": 1 } }", "there is no setting 'rules.in-touch.😀'." },
        { "rules: { in-touch: { tiers: { when: \"Name = 'a'\" } } }", "rules.in-touch.tiers must be a list" },
        { "rules: { in-touch: { tiers: [ { maxSilentDays: 3 } ] } }", "a tier of rules.in-touch says no 'when'" },
        { "rules: { in-touch: { tiers: [ { when: \"Name = 'a'\", maxSilentDay: 3 } ] } }", "there is no setting 'rules.in-touch.tiers.maxSilentDay'; did you mean 'maxSilentDays'?" },
        { "rules: { in-touch: { tiers: [ { when: \"Name = 4\" } ] } }", "rules.in-touch.tiers.when: at character" },
        { "rules: { in-touch: { tiers: [ { when: \"Rgion__c = 'x'\" } ] } }", "rules.in-touch.tiers: at character 1 of the condition: the export has no field Account.Rgion__c" },
        { "rules: { in-touch: { tiers: [ { when: \" \", maxSilentDays: 3 } ] } }", "a tier of rules.in-touch says no 'when'" },
        { "rules: { ownership-skew: { tiers: [ { when: \"Name = 'a'\", limit: 3 } ] } }", "rules.ownership-skew can have no tiers" },
        { "rules: { load-within-capacity: { tiers: [ { when: \"Name = 'a'\", mode: auto } ] } }", "there is no setting 'rules.load-within-capacity.tiers.mode'" },
        { "rules: {}\0rules: { in-touch: { enabled: false } }", "line 1, column 10: the character U+0000 cannot stand here" },
        { "rules: { in-touch: { scope: \"Name = 'a\\0'\" } }", "rules.in-touch.scope: at character 10 of the condition: the character U+0000 cannot stand here" },
        { "%SETTINGS none", "directives (%name) are not taken" },
        { "{ paused: true, Paused: false }", "paused is there twice" },
        { "allowedUserTypes: [Standard, [Partner]]", "line 1, column 30: allowedUserTypes must be a list of texts; this is a list" },
        { "rules: { scopes-bounded: { requiredScopes: [EMEA, 7] } }", "requiredScopes must be a list of texts; this is '7'" },
        { $"rules: {{ in-touch: {{ tiers: [{string.Join(",", Enumerable.Repeat("{ when: \"Name = 'a'\" }", 101))}] }} }}", "rules.in-touch can have at most 100 tiers, not 101" },
        { $"names: {{ POC_Assignment__c: {new string('X', 81)} }}", "is not an API name (at most 80" },
        { "names: { POC_Assignment__c: A__c, POC_Handoff__c: a__c }", "names.POC_Handoff__c and names.POC_Assignment__c both say 'a__c'" },
        { "defaultDepartment: ' '", "defaultDepartment must be a text that says something" },
        { $"{{ \"{new string('k', 900)}\": 1, \"{new string('k', 900)}\": 2 }}", "is there twice" },
        { "rules: []", "rules must hold keys and values, not a list" },
        { "- rules", "the settings must hold keys and values" },
        { "rules: { in-touch: &a { scope: *a } }", "anchors" },
        { "rules: *rules", "aliases" },
        { "freeze: { probability: 101 }", "must be a number from 0 to 100" },
        { "binding: \"'; DROP TABLE runs; --\"", "binding must be owner, team or package" },
        { "teamRoles: { \"'; DELETE\": Boss }", "must be Primary, Backup or Specialist" },
        { "names: { POC_Assignment__c: \"X; SELECT Id FROM User\" }", "is not an API name" },
        { "names: { POC_Asignment__c: X__c }", "did you mean 'POC_Assignment__c'?" },
        { "rules: { in-touch: { scope: \"Name = 'a'; DROP TABLE Account\" } }", "rules.in-touch.scope: at character" },
        { "rules: { in-touch: { scope: \"Name = 'a' OR 1=1 --\" } }", "rules.in-touch.scope: at character" },
        { "rules: { in-touch: { scope: \"Id IN (SELECT AccountId FROM Contact)\" } }", "rules.in-touch.scope: at character" },
        { "rules: { in-touch: { scope: \"Name = 'a' AND Name = 'b' OR Name = 'c'\" } }", "rules.in-touch.scope: at character" },
        { "rules: { in-touch: { scope: \"Name = 5\" } }", "Name is a text and cannot be compared with a number" },
        { "rules: { in-touch: { scope: \"AnnualRevenue > 'much'\" } }", "at character 17" },
        { "rules: { in-touch: { scope: \"Name = '😀\" } }", "rules.in-touch.scope: at character" },
        { "rules: { in-touch: { scope: \"Rgion__c = 'x'\" } }", "the export has no field Account.Rgion__c; did you mean 'Region__c'?" },
        { "rules: { in-touch: { scope: \"Owner.Desk__c = 'x'\" } }", "at character 1 of the condition: the export has no field User.Desk__c." },
        { "rules: { in-touch: { scope: \"Name != null AND Country__r.Name = 'x'\" } }", "at character 18 of the condition: the export has no field Account.Country__r.Name." },
        { "pool: \"IsActive = true AND Nam = :Account.Name\"", "the export has no field User.Nam; did you mean 'Name'?" },
        { "pool: \"Name = :Account.Nme\"", "the export has no field Account.Nme; did you mean 'Name'?" },
        { "pool: \"Name = :Contact.Name\"", "must name a field of the account" },
        { $"rules: {{ in-touch: {{ scope: \"{string.Join(" OR ", Enumerable.Range(0, 9000).Select(i => $"Name = '{i}'"))}\" }} }}", "a condition can have at most" },
        { $"rules: {{ in-touch: {{ scope: \"{new string('(', 40_000)}Name = 'a'{new string(')', 40_000)}\" }} }}", "rules.in-touch.scope: at character" },
        { $"rules: {{ in-touch: {{ scope: \"{string.Concat(Enumerable.Repeat("NOT ", 20_000))}Name = 'a'\" }} }}", "rules.in-touch.scope: at character" },
        { $"rules: {{ in-touch: {{ scope: \"Name LIKE '{string.Concat(Enumerable.Repeat("%_", 3_000))}x'\" }} }}", "a text can have at most" },
        { $"\"{new string('x', 900)}\": 1", "there is no setting 'xxx" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_gets_one_sentence_and_status_2(string rules, string sentence)
    {
        var run = await OnExportAsync(rules);
        run.Status.ShouldBe(2, run.Error);
        var lines = run.Output.TrimEnd().Split('\n');
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("rules.yaml, line 1");
        lines[0].ShouldContain(sentence);
        lines[0].Length.ShouldBeLessThan(400);
        lines[1].ShouldBe("1 thing is wrong.");
    }

    [Fact]
    public async Task A_like_of_many_wildcards_is_answered_at_once()
    {
        var run = await OnExportAsync($"rules: {{ in-touch: {{ scope: \"Name LIKE '{string.Concat(Enumerable.Repeat("%_", 1_900))}x'\" }} }}");
        run.Status.ShouldBe(0, run.Output);
        var audit = await Shell.PocSync("audit", "--export", Path.Combine(_folder, "export"), "--rules", Path.Combine(_folder, "rules.yaml"));
        audit.Status.ShouldBe(0, audit.Error);
    }

    [Fact]
    public async Task What_is_wrong_with_text_and_fields_is_said_at_once()
    {
        var run = await OnExportAsync("rules:\n  in-tuch: {}\n  in-touch:\n    scope: \"Rgion__c = 'x' AND Rgion__c != 'y' AND Plant__c = 1\"\n  certified: { mode: x }\n");
        run.Status.ShouldBe(2);
        run.Output.Split('\n').Count(l => l.StartsWith("rules.yaml, line ", StringComparison.Ordinal)).ShouldBe(5, run.Output);
        run.Output.ShouldContain("rules.yaml, line 4: rules.in-touch.scope: at character 1 of");
        run.Output.ShouldContain("5 things are wrong.");
    }

    [Fact]
    public async Task What_does_nothing_or_is_nobody_is_remarked_and_right_all_the_same()
    {
        const string Rules = "rules: { scopes-bounded: { mode: auto }, in-touch: { tiers: [{ when: \"Name = 'x'\", mode: propose }] }, one-primary: { mode: auto } }\nallowedUserTypes: [Standard, Standart]\ndefaultDepartment: Front desk";
        string[] remarks =
        [
            "Remark: rules.scopes-bounded.mode: auto does no more than alert here: the rule only tells what it finds, there is nothing that PocSync could correct.",
            "Remark: rules.in-touch.mode: propose does no more than alert here: the rule only tells what it finds, there is nothing that PocSync could correct.",
            "Remark: allowedUserTypes: no user is of the type 'Standart'; a user's type is the value of User.UserType.",
        ];
        var export = await OnExportAsync(Rules);
        export.Status.ShouldBe(0, export.Output);
        export.Output.Split('\n').Where(l => l.StartsWith("Remark")).ShouldBe(remarks);

        await using var org = await RunHost.StartAsync(Rules, RunHost.Accounts(RunHost.Ana), new OrgTable("POC_Department__c", ["Id", "Name"], [["a015f0000000001AAA", "Desk"]]));
        var live = await org.RunAsync("rules", "check");
        live.Status.ShouldBe(0, live.Output + live.Error);
        live.Output.Split('\n').Where(l => l.StartsWith("Remark"))
            .ShouldBe([.. remarks, "Remark: defaultDepartment: there is no department with the id or name 'Front desk', so that nothing falls to it."]);
        org.Rules(Rules.Replace("Standart", "PowerPartner").Replace("Front desk", " desk "));
        (await org.RunAsync("rules", "check")).Output.Split('\n').Where(l => l.StartsWith("Remark"))
            .ShouldBe([.. remarks[..2], remarks[2].Replace("Standart", "PowerPartner")]);
    }

    [Fact]
    public async Task Calendars_that_the_org_does_not_show_are_said()
    {
        await using var org = await RunHost.StartAsync("absences: { calendarEvents: true, resourceAbsences: true }", RunHost.Accounts(RunHost.Ana));
        (await org.RunAsync("rules", "check")).Status.ShouldBe(0);
        await org.Org.SetAsync(new { hidden = new[] { "ServiceResource", "Event.ShowAs" } });
        var run = await org.RunAsync("rules", "check");
        run.Status.ShouldBe(2);
        run.Output.ShouldContain("absences.calendarEvents: there is no field Event.ShowAs, or the org does not show it to this login");
        run.Output.ShouldContain("absences.resourceAbsences: there is no object ServiceResource, or the org does not show it to this login");
        run.Output.ShouldContain("2 things are wrong.");
    }

    [Fact]
    public async Task Of_each_rule_it_is_said_what_it_lacks()
    {
        var run = await OnExportAsync("rules: { reachable: { enabled: false } }");
        run.Status.ShouldBe(0, run.Output);
        run.Output.ShouldContain("Nothing is wrong with rules.yaml.");
        run.Output.ShouldMatch("one-primary +judged");
        run.Output.ShouldMatch("reachable +switched off");
        run.Output.ShouldMatch("in-touch +not judged: the data has no Account.LastActivityDate");
        var text = await Shell.PocSync("rules", "check", "--rules", Path.Combine(_folder, "rules.yaml"), "--format", "json");
        JsonDocument.Parse(text.Output).RootElement.GetProperty("problems").GetArrayLength().ShouldBe(0);
        text.Error.ShouldContain("Only the text is checked");
    }

    [Theory]
    [InlineData("rules: { in-touch: { scope: \"Regon__c = 'x'\" } }", "at character 1 of the condition: the org shows this login no field Account.Regon__c; did you mean 'Region__c'?")]
    [InlineData("rules: { in-touch: { scope: \"Name = 'a' AND Size__c = 'x'\" } }", "at character 26")]
    [InlineData("rules: { in-touch: { scope: \"Owner.AboutMe = 'x'\" } }", "User.AboutMe is a long text, by which Salesforce does not filter")]
    [InlineData("pool: \"Regon__c = :Account.Name\"", "pool: at character 1 of the condition: the org shows this login no field User.Regon__c.")]
    public async Task On_a_live_org_its_own_fields_decide(string rules, string sentence)
    {
        await using var org = await RunHost.StartAsync(rules, new OrgTable("Account", ["Id", "Name", "OwnerId", "Region__c", "Size__c"],
            [[RunHost.Account(0), "Bolt", RunHost.Ana, "North", "12"]]));
        var run = await org.RunAsync("rules", "check");
        run.Status.ShouldBe(2, run.Error);
        run.Output.ShouldContain(sentence);
        run.Output.ShouldContain("1 thing is wrong.");
        var sync = await org.RunAsync("audit");
        sync.Status.ShouldBe(2, sync.Error);
        sync.Error.ShouldContain(sentence);

        org.Rules("rules: { in-touch: { scope: \"Region__c = 'x' AND Size__c > 3\" } }");
        var right = await org.RunAsync("rules", "check");
        right.Status.ShouldBe(0, right.Output + right.Error);
        right.Output.ShouldMatch("in-touch +judged");
    }

    [Theory]
    [InlineData("names: { POC_Assignment__c: Nope__c }", "names.POC_Assignment__c: there is no object Nope__c")]
    [InlineData("names: { POC_Assignment__c.User__c: Person__c }", "names.POC_Assignment__c.User__c: POC_Assignment__c has no field Person__c")]
    [InlineData("names: { Account.POC_Exempt_Until__c: Left_Out__c }", "names.Account.POC_Exempt_Until__c: Account has no field Left_Out__c")]
    [InlineData("names: { POC_Assignment__c: Nope__c }\nbinding: package", "binding: package keeps contacts in Nope__c, and the org does not show it")]
    public async Task A_name_that_the_org_does_not_have_is_wrong(string rules, string sentence)
    {
        await using var org = await RunHost.StartAsync(rules, RunHost.Accounts(RunHost.Ana));
        var run = await org.RunAsync("rules", "check");
        run.Status.ShouldBe(2, run.Error);
        run.Output.ShouldContain(sentence);
    }

    [Fact]
    public async Task The_largest_days_and_hours_that_may_be_given_are_judged_on_a_live_org()
    {
        var days = string.Join('\n', RuleBook.All.Select(r => r.Info).Select(r => $"  {r.Id}: {{ {string.Join(", ", r.Parameters
            .Where(p => p.Name.EndsWith("Days", StringComparison.Ordinal) || p.Name.EndsWith("Hours", StringComparison.Ordinal)).Select(p => $"{p.Name}: 1000000").Prepend("alertRows: true"))} }}"));
        await using var org = await RunHost.StartAsync($"rules:\n{days}\nfreeze: {{ closeDays: 1000000, minTenureDays: 1000000 }}", RunHost.Accounts(RunHost.Ana), RunHost.Rows((0, "Primary", RunHost.Gone)));

        (await org.RunAsync("rules", "check")).Status.ShouldBe(0);
        (await org.RunAsync("audit")).Status.ShouldBe(0);
        for (var twice = 0; twice < 2; twice++)
        {
            (await org.JsonAsync(0, "sync")).GetProperty("findings").GetInt32().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task What_is_wrong_is_said_also_where_the_org_does_not_answer()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Salesforce:LoginUrl"] = "http://127.0.0.1:9",
            ["Salesforce:ClientId"] = "x",
            ["Salesforce:ClientSecret"] = "y",
            ["Salesforce:MaxAttempts"] = "1",
        };
        var run = await Shell.PocSync(settings, "rules", "check", "--rules", Write("rules.yaml", "rules: { in-tuch: {} }"));
        run.Status.ShouldBe(2);
        run.Output.ShouldContain("did you mean 'in-touch'?");
        (await Shell.PocSync(settings, "rules", "check", "--rules", Write("rules.yaml", ""))).Status.ShouldBe(3);
    }
}
