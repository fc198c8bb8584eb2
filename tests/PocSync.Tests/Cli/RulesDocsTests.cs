using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.RuleFiles;

namespace PocSync.Tests.Cli;

/// <summary>The documentation for administrators: current, and true.</summary>
public sealed class RulesDocsTests
{
    private static string Docs => Path.Combine(Repository.Root, "docs");

    [Theory]
    [InlineData("docs", "rules.md")]
    [InlineData("schema", "rules.schema.json")]
    public async Task What_is_written_from_the_rules_is_current(string verb, string file)
    {
        var run = await Shell.PocSync("rules", verb);
        run.Status.ShouldBe(0, run.Error);
        (File.ReadAllText(Path.Combine(Docs, file)).ReplaceLineEndings("\n") == run.Output).ShouldBeTrue(
            $"docs/{file} is not what the rules say now; write it anew with: ./pocsync rules {verb} > docs/{file}");
    }

    [Fact]
    public void Each_rule_that_can_find_something_on_data_has_an_example()
    {
        var text = File.ReadAllText(Path.Combine(Docs, "rules.md"));
        foreach (var rule in RuleBook.All.Where(r => r is not NotJudgedHere))
        {
            foreach (var code in rule.Info.Codes)
            {
                text.ShouldMatch($"\\| `{code}` \\| {Regex.Escape(RuleWords.Of(rule.Info.Id, code))} \\| [^–|]{{20,}} \\|", $"{rule.Info.Id} {code}");
            }
        }
    }

    [Fact]
    public void Every_example_of_settings_is_right()
    {
        var examples = new[] { "rules.md", "admin.md" }.SelectMany(f => Regex.Matches(File.ReadAllText(Path.Combine(Docs, f)), "^( *)```yaml\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)).ToList();
        examples.Count.ShouldBeGreaterThan(20);
        foreach (Match example in examples)
        {
            var text = Regex.Replace(example.Groups[2].Value, $"^{example.Groups[1].Value}", "", RegexOptions.Multiline);
            RulesFile.Read("rules.yaml", Encoding.UTF8.GetBytes(text)).Problems.ShouldBeEmpty(text);
        }
    }

    [Fact]
    public void The_needs_are_those_that_rules_refuse_for()
    {
        RuleNeeds.Of(RuleBook.Find("reachable")!, Binding.Owner).Names.ShouldBe(["User.IsActive", "User.Email", "Account.OwnerId", "User.Phone or User.MobilePhone"], ignoreOrder: true);
        RuleNeeds.Of(RuleBook.Find("customer-primary")!, Binding.Team).Names.ShouldBe(["Contact", "AccountContactRole or Contact.POC_Customer_Primary__c"], ignoreOrder: true);
        RuleNeeds.Of(RuleBook.Find("backup-present")!, Binding.Owner).Never.ShouldNotBeNull();
        RuleNeeds.Of(RuleBook.Find("one-primary")!, Binding.Owner, numbers: 1).Names.ShouldBe(["Account.OwnerId", "Account.CreatedDate"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{ "rules": { "in-touch": { "maxSilentDays": 45, "mode": "alert", "scope": "Type = 'x'" }, "scopes-bounded": { "requiredScopes": ["EMEA"] }, "certified": null } }""", true)]
    [InlineData("""{ "binding": "team", "teamRoles": { "Deputy": "Backup" }, "freeze": { "probability": 12.5 }, "names": { "POC_Alert__c": "X__c" }, "paused": "why", "pool": "IsActive = true" }""", true)]
    [InlineData("{}", true)]
    [InlineData("""{ "rules": { "in-touch": { "tiers": [{ "when": "Type = 'x'", "maxSilentDays": 5, "severity": "error" }, { "when": "Type = 'y'" }] } } }""", true)]
    [InlineData("""{ "rules": { "in-touch": { "tiers": [{ "maxSilentDays": 5 }] } } }""", false)]
    [InlineData("""{ "rules": { "in-touch": { "tiers": [{ "when": "Type = 'x'", "scope": "Name = 'x'" }] } } }""", false)]
    [InlineData("""{ "rules": { "load-within-capacity": { "tiers": [{ "when": "Type = 'x'", "capacity": 5 }] } } }""", true)]
    [InlineData("""{ "rules": { "load-within-capacity": { "tiers": [{ "when": "Type = 'x'", "mode": "alert" }] } } }""", false)]
    [InlineData("""{ "rules": { "ownership-skew": { "tiers": [{ "when": "Type = 'x'", "limit": 5 }] } } }""", false)]
    [InlineData("""{ "rules": { "in-touch": { "maxSilentDay": 45 } } }""", false)]
    [InlineData("""{ "rules": { "in-tuch": {} } }""", false)]
    [InlineData("""{ "rules": { "in-touch": { "maxSilentDays": "45" } } }""", false)]
    [InlineData("""{ "rules": { "in-touch": { "maxSilentDays": -1 } } }""", false)]
    [InlineData("""{ "rules": { "in-touch": { "mode": "sometimes" } } }""", false)]
    [InlineData("""{ "rules": { "scopes-bounded": { "requiredScopes": "EMEA" } } }""", false)]
    [InlineData("""{ "names": { "POC_Alrt__c": "X__c" } }""", false)]
    [InlineData("""{ "teamRoles": { "Deputy": "Boss" } }""", false)]
    [InlineData("""{ "poool": "x" }""", false)]
    public void The_schema_accepts_what_the_program_accepts_and_refuses_what_it_refuses(string settings, bool isRight)
    {
        var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs, "rules.schema.json"))).RootElement;
        Fits(JsonDocument.Parse(settings).RootElement, schema).ShouldBe(isRight);
        (RulesFile.Read("rules.json", Encoding.UTF8.GetBytes(settings)).Problems.Count == 0).ShouldBe(isRight);
    }

    /// <summary>The part of JSON Schema that the schema uses; any other keyword fails, so that none is passed over.</summary>
    private static bool Fits(JsonElement value, JsonElement schema) => schema.EnumerateObject().All(word => word.Name switch
    {
        "$schema" or "title" or "description" or "default" => true,
        "type" => (word.Value.ValueKind == JsonValueKind.Array ? word.Value.EnumerateArray().Select(t => t.GetString()) : [word.Value.GetString()]).Any(t => IsOf(value, t!)),
        "required" => value.ValueKind != JsonValueKind.Object || word.Value.EnumerateArray().All(n => value.TryGetProperty(n.GetString()!, out _)),
        "enum" => word.Value.EnumerateArray().Any(v => v.GetString() == (value.ValueKind == JsonValueKind.String ? value.GetString() : null)),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= word.Value.GetDecimal(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= word.Value.GetDecimal(),
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, word.Value.GetString()!),
        "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(v => Fits(v, word.Value)),
        "properties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(p => !word.Value.TryGetProperty(p.Name, out var own) || Fits(p.Value, own)),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Where(p => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(p.Name, out _)))
                .All(p => word.Value.ValueKind == JsonValueKind.Object && Fits(p.Value, word.Value)),
        _ => throw new InvalidOperationException($"The schema uses '{word.Name}', which this test does not know."),
    });

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => false,
    };
}
