using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.RuleFiles;

namespace PocSync.Tests.RuleFiles;

public sealed class RulesFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pocsync").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Settings Read(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return RulesFile.Read(path);
    }

    private string Refusal(string name, string text) =>
        Should.Throw<SettingsException>(() => Read(name, text)).Message.Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private static RuleSettings InTouch(Settings settings) => settings.Of(RuleBook.Find("in-touch")!.Info);

    [Theory]
    [InlineData("rules.yaml", "binding: team # where it lives\nrules:\n  in-touch:\n    maxSilentDays: 14\n    scope: Industry = 'Energy'\n    severity: error\n")]
    [InlineData("rules.yaml", "{binding: team, rules: {in-touch: {maxSilentDays: 14, scope: \"Industry = 'Energy'\", severity: error}}}")]
    [InlineData("rules.json", """{"binding": "team", "rules": {"in-touch": {"maxSilentDays": 14, "scope": "Industry = 'Energy'", "severity": "error"}}}""")]
    [InlineData("rules.JSON", "\uFEFF{\"binding\": \"team\", \"rules\": {\"in-touch\": {\"maxSilentDays\": 14, \"scope\": \"Industry = 'Energy'\", \"severity\": \"error\"}}}")]
    public void Yaml_and_json_say_the_same(string name, string text)
    {
        var settings = Read(name, text);
        settings.Binding.ShouldBe(Binding.Team);
        InTouch(settings).Number("maxSilentDays").ShouldBe(14);
        InTouch(settings).Severity.ShouldBe(Severity.Error);
        InTouch(settings).Scope.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("rules.yaml", "")]
    [InlineData("rules.yaml", "# nothing yet\n")]
    [InlineData("rules.yaml", "---\n...\n")]
    [InlineData("rules.json", " \n")]
    [InlineData("rules.json", "{}")]
    [InlineData("rules.yaml", "rules:\n  in-touch:\n")]
    public void A_file_without_settings_is_the_defaults(string name, string text) => InTouch(Read(name, text)).Number("maxSilentDays").ShouldBe(30);

    [Theory]
    [InlineData("rules.yaml", "rules:\n  in-tuch: {}\n", "rules.yaml, line 2, column 3: there is no rule 'in-tuch'; did you mean 'in-touch'?")]
    [InlineData("rules.json", "{\"rules\":\n {\"in-tuch\": {}}}", "rules.json, line 2, column 3: there is no rule 'in-tuch'; did you mean 'in-touch'?")]
    [InlineData("rules.yaml", "rules:\n  in-touch:\n    maxSilentDays: \"14\"\n", "rules.yaml, line 3, column 20: rules.in-touch.maxSilentDays must be a whole number")]
    [InlineData("rules.yaml", "rules:\n  in-touch:\n    scope: Name =\n", "rules.yaml, line 3, column 12: rules.in-touch.scope: at character")]
    [InlineData("rules.yaml", "binding: team\nbinding: owner\n", "rules.yaml, line 2, column 1: the key 'binding' is there twice")]
    [InlineData("rules.json", "{\"binding\": \"team\",\n\"binding\": \"owner\"}", "rules.json, line 2, column 1: the key 'binding' is there twice")]
    [InlineData("rules.yaml", "a: &x [1]\nb: *x\n", "rules.yaml, line 1, column 4: anchors")]
    [InlineData("rules.yaml", "binding: *x\n", "rules.yaml, line 1, column 10: aliases")]
    [InlineData("rules.yaml", "binding: !!str team\n", "rules.yaml, line 1, column 10: tags")]
    [InlineData("rules.yaml", "binding: team\n---\nbinding: owner\n", "rules.yaml, line 2, column 1: a second document")]
    [InlineData("rules.yaml", "rules:\n\tin-touch: {}\n", "rules.yaml, line 2, column 1: this is not YAML")]
    [InlineData("rules.yaml", "rules: {a: b\nx: [\n", "this is not YAML")]
    [InlineData("rules.yaml", "rules: [[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]", "nested at most")]
    [InlineData("rules.yaml", "? [a]\n: b\n", "a key must be a text")]
    [InlineData("rules.json", "{\"binding\": \"team\",}", "rules.json, line 1, column 20: this is not JSON")]
    [InlineData("rules.json", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}}}}}}}}}}", "nested at most")]
    [InlineData("rules.json", "{} {}", "rules.json, line 1, column 4: this is not JSON")]
    [InlineData("rules.json", "{\"binding\": \"\\ud800\"}", "rules.json, line 1, column 13: this text is not valid Unicode")]
    [InlineData("rules.json", "{\"é\": 1, \"bindin\": 2}", "rules.json, line 1, column 10: there is no setting 'bindin'; did you mean 'binding'?")]
    public void What_is_wrong_is_said_with_its_place(string name, string text, string sentence) => Refusal(name, text).ShouldContain(sentence);

    [Fact]
    public void A_sentence_ends_once() => Refusal("rules.yaml", "bindin: team\n").ShouldEndWith("did you mean 'binding'?");

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var lines = Refusal("rules.yaml", "bindin: team\nrules:\n  one-primary:\n    graceHours: soon\n").Split('\n');
        lines.Length.ShouldBe(2);
        lines.ShouldAllBe(l => l.StartsWith("rules.yaml, line "));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused()
    {
        Should.Throw<SettingsException>(() => RulesFile.Read(Path.Combine(_folder, "none.yaml"))).Message.ShouldContain("There is no rules file");
        Should.Throw<SettingsException>(() => RulesFile.Read(Path.Combine(_folder, "none", "none.yaml"))).Message.ShouldContain("There is no rules file");
        Should.Throw<SettingsException>(() => RulesFile.Read(_folder)).Message.ShouldContain("is a folder");
        Refusal("rules.yaml", new string(' ', 1_048_577)).ShouldContain("larger than 1,048,576 bytes");
        var latin = Path.Combine(_folder, "latin.yaml");
        File.WriteAllBytes(latin, [.. "pool: Name = '"u8, 0xE9, .. "'"u8]);
        Should.Throw<SettingsException>(() => RulesFile.Read(latin)).Message.ShouldContain("not UTF-8");
        File.Move(latin, Path.ChangeExtension(latin, ".json"));
        Should.Throw<SettingsException>(() => RulesFile.Read(Path.ChangeExtension(latin, ".json"))).Message.ShouldContain("not JSON");
    }
}
