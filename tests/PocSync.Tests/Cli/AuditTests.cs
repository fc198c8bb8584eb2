using System.Text.Json;
using PocSync.Simulator;

namespace PocSync.Tests.Cli;

public sealed class AuditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public AuditTests()
    {
        Write("Account.csv", """"
            Id,Name,OwnerId,AnnualRevenue,POC_Exempt_Until__c,LastActivityDate
            001000000000001,"=Acme, ""Inc""",005000000000001,1000,,2026-11-20
            001000000000002,Bolt,005000000000002,5000,,31.12.2026
            001000000000003,Cup,005000000000002,,2026-11-22,2026-11-20

            """");
        Write("User.csv", """
            Id,Name,IsActive,Email,Phone,ManagerId
            005000000000001,Ann Low,true,ann@x.example,1,005000000000001
            005000000000002,Bob High,false,bob@x.example,1,005000000000001

            """);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder, file), text);
        return Path.Combine(_folder, file);
    }

    private Task<Shell.Run> Audit(params string[] args) => Shell.PocSync(["audit", "--export", _folder, .. args]);

    [Fact]
    public async Task Json_is_one_object_in_the_documented_shape()
    {
        var run = await Audit("--format", "json");
        run.Status.ShouldBe(0);
        var audit = JsonDocument.Parse(run.Output).RootElement;
        audit.EnumerateObject().Select(p => p.Name).ShouldBe(["asOf", "binding", "accounts", "exempt", "users", "rules", "findings"]);
        audit.GetProperty("asOf").GetString().ShouldBe("2026-11-22T08:00:00Z");
        audit.GetProperty("binding").GetString().ShouldBe("owner");
        audit.GetProperty("accounts").GetInt32().ShouldBe(3);
        audit.GetProperty("exempt").GetInt32().ShouldBe(1);
        audit.GetProperty("users").GetInt32().ShouldBe(2);
        var primaryAble = audit.GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("id").GetString() == "primary-able");
        primaryAble.GetProperty("evaluated").GetBoolean().ShouldBeTrue();
        primaryAble.GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
        primaryAble.GetProperty("findings").GetInt32().ShouldBe(1);
        audit.GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("id").GetString() == "certified").GetProperty("reason").GetString()!
            .ShouldContain("POC_Certified_Until__c");
        var finding = audit.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("rule").GetString() == "primary-able");
        finding.EnumerateObject().Select(p => p.Name).ShouldBe(["rule", "code", "subject", "account", "severity", "seen", "expected", "sentence"]);
        finding.GetProperty("account").GetString().ShouldBe("001000000000002AAA");
        finding.GetProperty("severity").GetString().ShouldBe("error");
        audit.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("rule").GetString() == "escalation-path")
            .Select(f => f.GetProperty("account").ValueKind).ShouldBe([JsonValueKind.Null, JsonValueKind.Null]);
    }

    [Fact]
    public async Task What_was_read_is_told_beside_the_result()
    {
        var run = await Audit("--format", "json");
        run.Error.ShouldContain("Account.csv (3 rows)");
        run.Error.ShouldContain("Not in the export: Organization.csv");
        run.Error.ShouldContain("Account.LastActivityDate in 1 row");
    }

    [Fact]
    public async Task Csv_is_safe_in_a_spreadsheet()
    {
        var rules = Write("rules.yaml", "rules:\n  in-touch:\n    maxSilentDays: 1\n");
        var run = await Audit("--format", "csv", "--rules", rules);
        run.Output.Split("\r\n")[0].ShouldBe("rule,code,subject,account,severity,seen,expected,sentence");
        run.Output.ShouldContain(",\"'=Acme, \"\"Inc\"\" has heard from nobody for 2 days.\"\r\n");
    }

    [Fact]
    public async Task A_table_names_what_was_not_evaluated_and_the_worst()
    {
        var run = await Audit();
        run.Output.ShouldContain("3 accounts (1 exempt), 2 users, binding owner");
        run.Output.ShouldContain("the data has no Contact");
        run.Output.ShouldContain("error    001000000000002AAA  Bolt has no working primary contact");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, "--fail-on", "error")]
    [InlineData(1, "--fail-on", "info")]
    [InlineData(0, "--fail-on", "error", "--rules", "mild.yaml")]
    [InlineData(1, "--fail-on", "warning", "--rules", "mild.yaml")]
    public async Task The_exit_status_tells_of_findings_where_it_is_asked_to(int status, params string[] args)
    {
        var mild = Write("mild.yaml", "rules: {primary-able: {severity: warning}}");
        (await Audit([.. args.Select(a => a == "mild.yaml" ? mild : a)])).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z")]
    [InlineData("2026-11-22T08:00:00.5+02:00", "2026-11-22T06:00:00.5Z")]
    [InlineData("2026-11-22", "2026-11-22T00:00:00Z")]
    public async Task As_of_is_an_instant_or_a_date(string given, string shown) =>
        JsonDocument.Parse((await Audit("--as-of", given, "--format", "json")).Output).RootElement.GetProperty("asOf").GetString().ShouldBe(shown);

    [Theory]
    [InlineData("There is no verb or option 'adit'", "adit")]
    [InlineData("'--exprt'", "audit", "--exprt", "x")]
    [InlineData("--as-of must be an instant", "audit", "--as-of", "tomorrow")]
    [InlineData("--format must be table, json, csv, not '1'", "audit", "--format", "1")]
    [InlineData("There is no folder or zip at nowhere", "audit", "--export", "nowhere")]
    [InlineData("There is no rules file none.yaml", "audit", "--export", "nowhere", "--rules", "none.yaml")]
    [InlineData("or give a data export with --export", "audit")]
    public async Task Wrong_usage_gets_a_sentence(string sentence, params string[] args)
    {
        var run = await Shell.PocSync(args);
        run.Status.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain(sentence);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task Without_an_export_the_live_org_is_audited()
    {
        OrgTable[] data =
        [
            new("User", ["Id", "Username", "Name", "IsActive"], [["005000000000002", "bob@x.example", "Bob High", "false"]]),
            new("Account", ["Id", "Name", "OwnerId"], [["001000000000002", "Bolt", "005000000000002"]]),
        ];
        await using var org = await Simulator.Simulator.StartAsync(new SimulatorOptions { Data = data });
        var login = new Dictionary<string, string?>
        {
            ["Salesforce:LoginUrl"] = org.Url.ToString(),
            ["Salesforce:ClientId"] = org.ClientId,
            ["Salesforce:ClientSecret"] = org.ClientSecret,
        };
        var page = Path.Combine(_folder, "report.html");

        var run = await Shell.PocSync(login, "audit", "--rules", Write("owner.yaml", "binding: owner"), "--format", "json", "--report", page);

        run.Status.ShouldBe(0, run.Error);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").EnumerateArray()
            .ShouldContain(f => f.GetProperty("sentence").GetString()!.StartsWith("Bolt has no working primary contact"));
        File.ReadAllText(page).ShouldContain("1 of 1 account has no primary contact who can act.");
    }

    [Fact]
    public async Task Without_arguments_the_verbs_are_printed()
    {
        var run = await Shell.PocSync();
        run.Status.ShouldBe(0);
        run.Output.ShouldContain("audit");
        run.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_export_says_gives_a_terminal_no_orders()
    {
        Write("Account.csv", "Id,Name,OwnerId\n001000000000001,\"\u001b[2Jred\u202e\",\n");
        var run = await Audit();
        run.Output.ShouldContain(" [2Jred ");
        run.Output.ShouldNotContain("\u001b");
    }
}
