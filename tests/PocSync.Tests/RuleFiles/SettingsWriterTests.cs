using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.RuleFiles;
using PocSync.Tests.Cli;

namespace PocSync.Tests.RuleFiles;

/// <summary>What <c>rules export</c> writes reads back to the same settings.</summary>
public sealed class SettingsWriterTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements("EMEA", "true", "No", "null", "~", "12", "1e3", "0x1F", "a: b", "# x", "- y", "'", "\"", "\\", "{", "[a]", "*x", "&x", "!x", "%", "@", "`", "é😀", "a b ", " a", "\u2028",
            "two\nlines", "tab\there", "\u0001", "2026-11-22", "=", "<<", "yes", "off"),
        Gen.Choose(1, 400).Select(n => string.Join(' ', Enumerable.Repeat("long", n))));

    private static readonly Gen<string> Conditions =
        from value in Texts
        from field in Gen.Elements("Name", "Industry", "Region__c", "Owner.Name")
        select $"{field} = '{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'\nAND Name != null";

    private static Gen<(string, SettingNode)?> Maybe(string key, Gen<SettingNode> value) =>
        from isThere in Gen.Elements(true, false, false)
        from node in value
        select isThere ? ((string, SettingNode)?)(key, node) : null;

    private static Gen<SettingNode> Map(IEnumerable<Gen<(string, SettingNode)?>> entries) =>
        Gen.CollectToList(entries, e => e).Select(all => Node([.. all.Where(e => e is not null).Select(e => e!.Value)]));

    private static SettingNode Node(IReadOnlyList<(string Key, SettingNode Value)> entries) => new SettingMap(1, 1, [.. entries.Select(e => (Text(e.Key), e.Value))]);

    private static SettingScalar Text(string text) => new(1, 1, text, true);

    private static Gen<SettingNode> Words(params string[] words) => Gen.Elements(words).Select(w => (SettingNode)Text(w));

    private static Gen<SettingNode> Plain(params string[] words) => Gen.Elements(words).Select(w => (SettingNode)new SettingScalar(1, 1, w, false));

    private static Gen<SettingNode> Lists => Gen.Choose(0, 3).SelectMany(n => Texts.Where(t => !string.IsNullOrWhiteSpace(t)).ArrayOf(n))
        .Select(texts => (SettingNode)new SettingList(1, 1, [.. texts.Select(Text)]));

    private static Gen<SettingNode> Rule(RuleInfo rule) => Map(
    [
        Maybe("enabled", Plain("true", "false")), Maybe("mode", Words("alert", "propose", "auto")), Maybe("severity", Words("info", "warning", "error")),
        Maybe("scope", Conditions.Select(c => (SettingNode)Text(c))), Maybe("alertRows", Plain("true", "false")),
        .. Parameters(rule.Parameters),
        .. RuleBook.TierKeys(rule).Count > 0 ? [Maybe("tiers", Gen.Choose(0, 2).SelectMany(n => Tier(rule).ArrayOf(n)).Select(tiers => (SettingNode)new SettingList(1, 1, tiers)))] : Enumerable.Empty<Gen<(string, SettingNode)?>>(),
    ]);

    private static IEnumerable<Gen<(string, SettingNode)?>> Parameters(IEnumerable<ParameterInfo> parameters) =>
        parameters.Select(p => Maybe(p.Name, p.Default switch { int => Plain("0", "1", "7", "1000000"), string => Words([.. p.Words!]), _ => Lists }));

    private static Gen<SettingNode> Tier(RuleInfo rule) =>
        Map([Conditions.Select(c => ((string, SettingNode)?)("when", Text(c))),
            .. RuleBook.TierKeys(rule).Contains("mode") ? [Maybe("mode", Words("alert", "auto")), Maybe("severity", Words("info", "error"))] : Enumerable.Empty<Gen<(string, SettingNode)?>>(), .. Parameters(rule.Parameters.Where(p => RuleBook.TierKeys(rule).Contains(p.Name)))]);

    private static readonly Gen<SettingNode> Settings_ = Map(
    [
        Maybe("rules", Map(RuleBook.All.Select(r => Maybe(r.Info.Id, Rule(r.Info))))),
        Maybe("binding", Words("owner", "team", "package")),
        Maybe("teamRoles", Gen.Elements(0, 1, 2).SelectMany(n => Texts.Where(t => !string.IsNullOrWhiteSpace(t)).ArrayOf(n))
            .Select(names => Node([.. names.Select(n => n.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Select(n => (n, (SettingNode)Text("Backup")))]))),
        Maybe("pool", Conditions.Select(c => (SettingNode)Text(c.Replace("Region__c", "Title", StringComparison.Ordinal).Replace("Industry", "Title", StringComparison.Ordinal)
            .Replace("Owner.", "Manager.", StringComparison.Ordinal) + " AND Department = :Account.Industry"))),
        Maybe("defaultDepartment", Texts.Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => (SettingNode)Text(t))),
        Maybe("allowedUserTypes", Lists),
        Maybe("freeze", Map([Maybe("closeDays", Plain("0", "30")), Maybe("probability", Plain("0", "12.5", "100")), Maybe("minTenureDays", Plain("0", "1"))])),
        Maybe("ownerChange", Map([Maybe("openOpportunities", Words("keep", "follow")), Maybe("openCases", Words("keep", "follow"))])),
        Maybe("ownerAssignedBy", Words("pocsync", "other")),
        Maybe("hierarchy", Words("none", "one-owner")),
        Maybe("absences", Map([Maybe("calendarEvents", Plain("true", "false")), Maybe("resourceAbsences", Plain("true", "false"))])),
        Maybe("paused", Texts.Select(t => (SettingNode)Text(t))),
        Maybe("names", Map(Names.Package.Take(12).Select((name, i) => Maybe(name, Words($"Other{i}__c", $"X{i}"))))),
    ]);

    [Fact]
    public void Exported_settings_read_back_to_the_same() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(
        Settings_.ToArbitrary(),
        root =>
        {
            var read = SettingsReading.Of(root);
            var settings = read.Settings.ShouldNotBeNull(string.Join('\n', read.Problems));
            foreach (var all in new[] { false, true })
            {
                var nodes = SettingsNodes.Of(settings, all);
                foreach (var (name, text) in new[] { ("x.yaml", SettingsWriter.Yaml(nodes)), ("x.json", SettingsWriter.Json(nodes)) })
                {
                    var again = RulesFile.Read(name, Encoding.UTF8.GetBytes(text));
                    SettingsText.Of(again.Settings.ShouldNotBeNull(string.Join('\n', again.Problems) + text)).ShouldBe(SettingsText.Of(settings), text);
                }
            }
        }));

    [Fact]
    public async Task The_verb_writes_only_what_differs_unless_all_is_wanted()
    {
        var folder = Directory.CreateTempSubdirectory("pocsync").FullName;
        try
        {
            var file = Path.Combine(folder, "rules.json");
            await File.WriteAllTextAsync(file, """{ "rules": { "in-touch": { "maxSilentDays": 45, "mode": "alert" } }, "pool": "Department = 'Sales'" }""");
            (await Shell.PocSync("rules", "export", "--rules", file)).Output.ShouldBe("rules:\n  in-touch:\n    maxSilentDays: 45\npool: \"Department = 'Sales'\"\n");
            var all = (await Shell.PocSync("rules", "export", "--to", "json", "--all")).Output;
            all.ShouldContain("\"capacity\": 60");
            await File.WriteAllTextAsync(file, all);
            (await Shell.PocSync("rules", "export", "--rules", file)).Output.ShouldBe("{}\n");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
