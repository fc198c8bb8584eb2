using System.Text;
using System.Xml.Linq;
using PocSync.Core.Rules;
using PocSync.RuleFiles;

namespace PocSync.Tests.RuleFiles;

/// <summary>The org's records and a rules file say the same in two ways.</summary>
public class OrgSettingsTests
{
    private static readonly XNamespace Ns = "http://soap.sforce.com/2006/04/metadata";

    [Fact]
    public void Records_written_from_settings_read_back_to_the_same_settings()
    {
        var settings = RulesFile.Read("rules.yaml", """
            rules:
              one-primary: { mode: auto, severity: warning, graceHours: 12, scope: "Type = 'Customer' AND Name != 'A \"B\" & <C>'" }
              owner-is-primary: { authority: owner, alertRows: false }
              scopes-bounded: { requiredScopes: ["EMEA", "yes", "#1: tools"] }
              in-touch: { enabled: false }
            binding: team
            teamRoles: { "Deputy: first": Backup }
            pool: "Department = :Account.Industry"
            defaultDepartment: Desk
            allowedUserTypes: [Standard, PowerPartner]
            freeze: { closeDays: 3, probability: 12.5 }
            ownerChange: { openCases: follow }
            names: { POC_Assignment__c.User__c: Contact_Person__c }
            paused: "until the merger"
            """u8.ToArray()).Settings!;

        var again = OrgSettings.Read([.. SettingRecordFiles.Of(settings).Select(f => Record(f.File, f.Text))]);

        again.Problems.ShouldBeEmpty();
        SettingsText.Of(again.Settings!).ShouldBe(SettingsText.Of(settings));
        again.SourceOf("rules.one-primary.graceHours", null).ShouldBe("POC Rule 'one-primary', field Parameters, line 2");
        again.SourceOf("freeze.closeDays", null).ShouldBe("POC Setting 'Freeze_Close_Days', field Value");
    }

    [Fact]
    public void The_packages_records_are_those_of_the_defaults()
    {
        var folder = Path.Combine(Repository.Root, "deploy", "salesforce", "force-app", "main", "default", "customMetadata");
        var defaults = SettingRecordFiles.Of(Settings.Default).ToList();
        Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(defaults.Select(f => f.File).Order(StringComparer.Ordinal));
        foreach (var (file, text) in defaults)
        {
            File.ReadAllText(Path.Combine(folder, file)).ShouldBe(text, $"{file} is not current: run `pocsync rules export --to sfdx deploy/salesforce/force-app/main/default` without a rules file.");
            XDocument.Parse(text).Root!.Element(Ns + "label")!.Value.Length.ShouldBeLessThanOrEqualTo(40, file);
        }
    }

    [Theory]
    [InlineData("one_primary", "Mode__c", "sometimes", "POC Rule 'one-primary', field Mode: rules.one-primary.mode must be alert, propose or auto, not the text 'sometimes'.")]
    [InlineData("one_primary", "Severity__c", "💥", "POC Rule 'one-primary', field Severity: rules.one-primary.severity must be info, warning or error, not the text '💥'.")]
    [InlineData("one_primary", "Scope__c", "Name = '; DROP", "POC Rule 'one-primary', field Scope: rules.one-primary.scope: at character 8")]
    [InlineData("one_primary", "Alert_Rows__c", "perhaps", "POC Rule 'one-primary', field Alert Rows: rules.one-primary.alertRows must be true or false, not 'perhaps'.")]
    [InlineData("one_primary", "Parameters__c", "# a remark\ngraceHuors: 3", "POC Rule 'one-primary', field Parameters, line 2, column 1: there is no setting 'rules.one-primary.graceHuors'; did you mean 'graceHours'?")]
    [InlineData("one_primary", "Parameters__c", "graceHours: soon", "POC Rule 'one-primary', field Parameters, line 1, column 13: rules.one-primary.graceHours must be a whole number from 0 to 1000000, not 'soon'.")]
    [InlineData("one_primary", "Parameters__c", "{\"graceHours\": ", "POC Rule 'one-primary', field Parameters, line 2, column 1: this is not YAML")]
    [InlineData("one_primary", "Parameters__c", "graceHours", "POC Rule 'one-primary', field Parameters, line 1, column 1: parameters are lines of 'name: value', or JSON.")]
    [InlineData("one_primary", "Parameters__c", "mode: auto", "POC Rule 'one-primary', field Parameters, line 1, column 1: 'mode' has a field of its own on this record; set it there and take it out here.")]
    [InlineData("one_pirmary", "Mode__c", "auto", "POC Rule 'one-pirmary': there is no rule 'one-pirmary'; did you mean 'one-primary'?")]
    public void A_broken_record_gives_a_sentence_with_its_place_and_the_other_rules_stay_usable(string record, string field, string value, string sentence)
    {
        var reading = OrgSettings.Read([new(SettingRecord.Rule, record, new Dictionary<string, string?> { ["Enabled__c"] = "true", [field] = value }),
            new(SettingRecord.Rule, "in_touch", new Dictionary<string, string?> { ["Parameters__c"] = "{\"maxSilentDays\": 7}" })]);

        reading.Settings.ShouldBeNull();
        reading.Problems.ShouldHaveSingleItem().ShouldStartWith(sentence);
        reading.OfParts.Select(p => p.Part).ShouldBe(["rules.one-primary"]);
        SettingsText.Of(reading.Usable!)["rules.in-touch.maxSilentDays"].ShouldBe("7");
    }

    [Theory]
    [InlineData("Pool", "Nmae = ", "POC Setting 'Pool', field Value: pool: at character")]
    [InlineData("Freeze_Close_Days", "many", "POC Setting 'Freeze_Close_Days', field Value, line 1, column 1: freeze.closeDays must be a whole number from 0 to 1000000, not 'many'.")]
    [InlineData("Bindnig", "team", "POC Setting 'Bindnig': there is no setting 'Bindnig'; did you mean 'binding'?")]
    [InlineData("Names", "Nowhere__c: Some__c", "POC Setting 'Names', field Value, line 1, column 1: names.Nowhere__c: the package has no such object or field.")]
    [InlineData("Team_Roles", "just words", "POC Setting 'Team_Roles', field Value, line 1, column 1: teamRoles must hold keys and values, not 'just words'.")]
    public void So_does_a_broken_setting_of_no_rule(string record, string value, string sentence) =>
        OrgSettings.Read([new(SettingRecord.Setting, record, new Dictionary<string, string?> { ["Value__c"] = value })]).Problems.ShouldHaveSingleItem().ShouldStartWith(sentence);

    [Fact]
    public void Two_records_about_one_rule_are_told_and_blank_ones_say_nothing()
    {
        OrgSettings.Read([new(SettingRecord.Rule, "OnePrimary", new Dictionary<string, string?>()), new(SettingRecord.Rule, "one_primary", new Dictionary<string, string?>())])
            .Problems.ShouldBe(["POC Rule 'one-primary': 2 records say something of it (OnePrimary, one_primary); keep one of them."]);
        SettingsText.Of(OrgSettings.Read([new(SettingRecord.Setting, "Pool", new Dictionary<string, string?> { ["Value__c"] = " " })]).Settings!).ShouldBe(SettingsText.Of(Settings.Default));
    }

    private static SettingRecord Record(string file, string text)
    {
        var name = file.Split('.');
        return new SettingRecord(name[0] + "__mdt", name[1], XDocument.Parse(text).Root!.Elements(Ns + "values")
            .ToDictionary(v => v.Element(Ns + "field")!.Value, v => v.Element(Ns + "value")!.Value is { Length: > 0 } value ? value : null));
    }
}
