using System.Globalization;
using System.Text;
using System.Xml.Linq;
using PocSync.Core.Rules;

namespace PocSync.RuleFiles;

/// <summary>Writes settings as the org's records, in the source format that <c>sf project deploy</c> takes: one for every rule and every other setting, so that deploying them leaves nothing of what was.</summary>
public static class SettingRecordFiles
{
    private static readonly XNamespace Ns = "http://soap.sforce.com/2006/04/metadata", Xsd = "http://www.w3.org/2001/XMLSchema", Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>File name and text of each record.</summary>
    public static IEnumerable<(string File, string Text)> Of(Settings settings)
    {
        var (all, set) = (SettingsNodes.Of(settings, all: true), SettingsNodes.Of(settings, all: false));
        foreach (var rule in RuleBook.All.Select(r => r.Info))
        {
            yield return ($"POC_Rule.{rule.Id.Replace('-', '_')}.md-meta.xml", Rule(rule, Map(Map(all, "rules"), rule.Id), Map(Map(set, "rules"), rule.Id)));
        }

        foreach (var key in SettingMeaning.NoRule.Where(k => !k.Contains(':')))
        {
            var value = key.Split('.').Aggregate((SettingNode?)all, (node, name) => (node as SettingMap)?.Entries.FirstOrDefault(e => e.Key.Text == name).Value);
            var name = OrgSettings.RecordOf(key);
            yield return ($"POC_Setting.{name}.md-meta.xml", Record(name.Replace('_', ' '),
                ("Meaning__c", Sentence(SettingMeaning.Of(key)!)), ("Value__c", Text(value) ?? (key == "paused" ? "false" : null))));
        }
    }

    private static string Rule(RuleInfo rule, SettingMap all, SettingMap set) => Record(
        Sentence(rule.Id.Replace('-', ' '))[..^1],
        ("Alert_Rows__c", Text(Find(all, "alertRows"))),
        ("Enabled__c", Find(all, "enabled") is SettingScalar { Text: "true" }),
        ("Meaning__c", rule.Meaning),
        ("Mode__c", Text(Find(all, "mode"))),
        ("Parameters__c", Parameters(rule, all, set)),
        ("Scope__c", Text(Find(all, "scope"))),
        ("Severity__c", Text(Find(all, "severity"))));

    /// <summary>What is set as lines; what is not as remarks, which say what could be.</summary>
    private static string? Parameters(RuleInfo rule, SettingMap all, SettingMap set)
    {
        var text = new StringBuilder();
        var others = all.Entries.Where(e => !SettingMeaning.EveryRule.Contains(e.Key.Text)
            && (RuleInfo.OfEveryRule.All(p => p.Name != e.Key.Text) || Find(set, e.Key.Text!) is not null));
        foreach (var (key, value) in others)
        {
            var line = SettingsWriter.Yaml(new SettingMap(0, 0, [(key, value)])).TrimEnd('\n');
            if (rule.Parameters.FirstOrDefault(p => p.Name == key.Text) is { } parameter)
            {
                text.Append(CultureInfo.InvariantCulture, $"# {Sentence(parameter.Meaning)}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{(Find(set, key.Text!) is null ? "# " : "")}{line}\n");
        }

        return text.Length == 0 ? null : text.ToString().TrimEnd('\n');
    }

    private static string? Text(SettingNode? node) => node switch
    {
        null => null,
        SettingScalar scalar => scalar.Text,
        SettingList list => string.Join(", ", list.Items.Cast<SettingScalar>().Select(i => i.Text)),
        SettingMap map => SettingsWriter.Yaml(map).TrimEnd('\n'),
        _ => throw new ArgumentException($"{node.GetType().Name} is no setting.", nameof(node)),
    };

    private static string Record(string label, params (string Field, object? Value)[] values)
    {
        var record = new XElement(Ns + "CustomMetadata", new XAttribute("xmlns", Ns), new XAttribute(XNamespace.Xmlns + "xsd", Xsd), new XAttribute(XNamespace.Xmlns + "xsi", Xsi),
            new XElement(Ns + "label", label), new XElement(Ns + "protected", false),
            values.Select(v => new XElement(Ns + "values", new XElement(Ns + "field", v.Field), v.Value is null
                ? new XElement(Ns + "value", new XAttribute(Xsi + "nil", true))
                : new XElement(Ns + "value", new XAttribute(Xsi + "type", v.Value is bool ? "xsd:boolean" : "xsd:string"), v.Value))));
        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        using (var xml = System.Xml.XmlWriter.Create(text, new() { Indent = true, IndentChars = "    ", NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            record.WriteTo(xml);
        }

        return text + "\n";
    }

    private static SettingNode? Find(SettingMap map, string key) => map.Entries.FirstOrDefault(e => e.Key.Text == key).Value;

    private static SettingMap Map(SettingMap map, string key) => Find(map, key) as SettingMap ?? new SettingMap(0, 0, []);

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..].TrimEnd('.') + ".";
}
