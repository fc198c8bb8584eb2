using System.Text;
using System.Text.Json.Nodes;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Plans;
using PocSync.RuleFiles;
using PocSync.Tests.Cli;

namespace PocSync.Tests.Plans;

/// <summary>A plan's file: equal bytes for equal input, read back as the same plan, and refused where it is not what was made.</summary>
public sealed class PlanFileTests : IDisposable
{
    private const string Rules = """
        names: { POC_Assignment__c: Contact_Row__c, POC_Assignment__c.User__c: Contact_Person__c }
        rules:
          one-primary: { mode: auto }
          backup-present: { mode: auto }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public PlanFileTests()
    {
        Write("export/Account.csv",
            "Id,Name,OwnerId\n001000000000001,Acme,005000000000001\n001000000000002,Bolt,005000000000001\n001000000000003,Coil,005000000000002\n");
        Write("export/User.csv", "Id,Name,IsActive\n005000000000001,Ana,true\n005000000000002,Ben,true\n005000000000003,Cy,true\n");
        Write("export/Contact_Row__c.csv", """
            Id,Account__c,Role__c,Contact_Person__c,Starts_On__c,Ends_On__c
            a01000000000001,001000000000001,Primary,005000000000001,2025-01-01,
            a01000000000002,001000000000001,Primary,005000000000002,2025-02-01,
            a01000000000003,001000000000002,Backup,005000000000003,2025-01-01,
            """);
        Write("rules.yaml", Rules);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_same_input_gives_the_same_bytes_under_the_orgs_own_names()
    {
        var first = await PlanAsync("--format", "json");
        var second = await PlanAsync("--format", "json");

        second.Output.ShouldBe(first.Output);
        var plan = JsonNode.Parse(first.Output)!;
        ((string)plan["digest"]!).Length.ShouldBe(64);
        var insert = plan["corrections"]!.AsArray()
            .Single(c => (string)c!["rule"]! == "one-primary" && (string)c["code"]! == "missing"
            && ((string)c["accountName"]!) == "Bolt")!["writes"]![0]!;
        ((string)insert["object"]!).ShouldBe("Contact_Row__c");
        ((string)insert["action"]!).ShouldBe("insert");
        insert["id"].ShouldBeNull();
        ((string)insert["key"]!).ShouldEndWith("|2026-01-31");
        ((string)insert["fields"]!["Contact_Person__c"]!["after"]!).ShouldBe("005000000000001AAA");
        ((string)insert["fields"]!["Starts_On__c"]!["after"]!).ShouldBe("2026-01-31");
        ((string)insert["fields"]!["Starts_On__c"]!["day"]!).ShouldBe("today");
    }

    [Fact]
    public async Task A_row_that_ends_says_what_it_was_and_what_it_becomes()
    {
        var plan = JsonNode.Parse((await PlanAsync("--format", "json")).Output)!;

        var write = plan["corrections"]!.AsArray().Single(c => (string)c!["code"]! == "several")!["writes"]!.AsArray().Single()!;

        ((string)write["action"]!).ShouldBe("update");
        ((string)write["id"]!).ShouldBe("a01000000000002AAA");
        write["fields"]!["Ends_On__c"]!["before"].ShouldBeNull();
        ((string)write["fields"]!["Ends_On__c"]!["after"]!).ShouldBe("2026-01-30");
    }

    [Fact]
    public async Task A_plan_read_back_is_the_same_plan()
    {
        var file = At("plan.json");
        var printed = await PlanAsync("--format", "json", "--out", file);
        var names = RulesFile.Read(At("rules.yaml")).Names;

        var read = PlanReader.Read(file, names);
        using var again = new MemoryStream();
        PlanJson.Write(read, Guard.Judge(read.Plan, new GuardLimits(), new GuardInput(read.Measure)), names, again);

        Encoding.UTF8.GetString(again.ToArray()).ShouldBe(printed.Output);
        File.ReadAllText(file).ShouldBe(printed.Output);
    }

    [Theory]
    [InlineData("\"after\": \"005000000000001AAA\"", "\"after\": \"005000000000003AAA\"")]
    [InlineData("\"after\": \"2026-01-30\"", "\"after\": \"2026-02-28\"")]
    [InlineData("\"object\": \"Contact_Row__c\"", "\"object\": \"Opportunity\"")]
    [InlineData("\"action\": \"update\"", "\"action\": \"delete\"")]
    [InlineData("\"digest\": \"", "\"digest\": \"0")]
    [InlineData("\"writes\": [", "\"writing\": [")]
    public async Task A_plan_that_was_changed_is_refused(string from, string to)
    {
        var file = At("plan.json");
        await PlanAsync("--out", file);
        var text = File.ReadAllText(file);
        text.ShouldContain(from);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));

        Should.Throw<PlanFileException>(() => PlanReader.Read(file, RulesFile.Read(At("rules.yaml")).Names))
            .Message.ShouldEndWith("make the plan again.");
    }

    [Fact]
    public async Task A_torn_plan_is_refused_with_the_place()
    {
        var file = At("plan.json");
        await PlanAsync("--out", file);
        File.WriteAllText(file, File.ReadAllText(file)[..900]);

        Should.Throw<PlanFileException>(() => PlanReader.Read(file, Names.None)).Message.ShouldContain("torn or no JSON (line ");
    }

    [Fact]
    public async Task What_the_guard_holds_is_held_whole_with_the_limit_named()
    {
        var shell = await Shell.PocSync(new Dictionary<string, string?> { ["Guard:MaxChanged"] = "1" }, [.. Arguments, "--format", "json"]);

        shell.Status.ShouldBe(4);
        var plan = JsonNode.Parse(shell.Output)!;
        ((string)plan["refusals"]![0]!["limit"]!).ShouldBe("MaxChanged");
        plan["corrections"]!.AsArray().Select(c => (string)c!["state"]!).ShouldContain("held");
    }

    [Fact]
    public async Task A_limit_that_is_misspelt_is_refused_and_not_ignored()
    {
        var shell = await Shell.PocSync(new Dictionary<string, string?> { ["Guard:MaxChangd"] = "1" }, Arguments);

        shell.Status.ShouldBe(2);
        shell.Error.ShouldContain("There is no setting Guard:MaxChangd");
        shell.Output.ShouldBeEmpty();
    }

    private string[] Arguments => ["plan", "--export", At("export"), "--as-of", "2026-01-31T08:00:00Z", "--rules", At("rules.yaml")];

    private async Task<Shell.Run> PlanAsync(params string[] more)
    {
        var run = await Shell.PocSync([.. Arguments, .. more]);
        run.Status.ShouldBe(0, run.Error);
        return run;
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }
}
