using PocSync.Core.Rules;

namespace PocSync.RuleFiles;

/// <summary>Reads the org's records (<c>POC_Rule__mdt</c>, <c>POC_Setting__mdt</c>) as the same settings that a rules file holds.</summary>
public static class OrgSettings
{
    /// <summary>The keys whose value is a text; every other is read as YAML is.</summary>
    private static readonly string[] Texts = ["binding", "pool", "defaultDepartment", "ownerAssignedBy", "hierarchy", "paused"];

    private static readonly string[] Lists = ["allowedUserTypes"];

    /// <summary>What the records say, and in which field.</summary>
    public static SettingsReading Read(IReadOnlyList<SettingRecord> records)
    {
        var problems = new List<SettingsProblem>();
        var top = new List<(SettingScalar, SettingNode)>();
        var rules = new List<(SettingScalar, SettingNode)>();
        foreach (var record in Once(records.Where(r => r.Type == SettingRecord.Rule), RuleNameOf, id => $"rules.{id}", problems))
        {
            var place = PlaceOf(record);
            rules.Add((Scalar(RuleNameOf(record), place), new SettingMap(0, 0, Rule(record, problems)) { Record = place }));
        }

        top.Add((Scalar("rules", SettingRecord.Rule), new SettingMap(0, 0, rules) { Record = SettingRecord.Rule }));
        var settings = Once(records.Where(r => r.Type == SettingRecord.Setting), SettingKeyOf, key => key.Split('.')[0], problems)
            .Select(r => (Key: SettingKeyOf(r), Node: Setting(r, problems), Place: PlaceOf(r, SettingMeaning.NoRule.Contains(SettingKeyOf(r)) ? "Value__c" : null))).Where(s => s.Node is not null).ToList();
        foreach (var part in settings.GroupBy(s => s.Key.Split('.')[0]))
        {
            var (key, node, place) = part.First();
            top.Add((Scalar(part.Key, place), !key.Contains('.') ? node!
                : new SettingMap(0, 0, [.. part.Select(s => (Scalar(s.Key.Split('.')[1], s.Place), s.Node!))]) { Record = place }));
        }

        return SettingsReading.Of(new SettingMap(0, 0, top), problems);
    }

    /// <summary>The name in Setup of the record that holds a setting of no rule: <c>freeze.closeDays</c> → <c>Freeze_Close_Days</c>.</summary>
    internal static string RecordOf(string key) =>
        string.Concat(key.Replace('.', '_').Select((c, i) => i == 0 || key[i - 1] == '.' ? $"{char.ToUpperInvariant(c)}" : char.IsUpper(c) ? $"_{c}" : $"{c}"));

    /// <summary>Records by what they are about; of several about the same the first counts, and that is said.</summary>
    private static List<SettingRecord> Once(IEnumerable<SettingRecord> records, Func<SettingRecord, string> about, Func<string, string> part, List<SettingsProblem> problems)
    {
        var first = new List<SettingRecord>();
        foreach (var same in records.OrderBy(r => r.Name, StringComparer.Ordinal).GroupBy(about))
        {
            first.Add(same.First());
            if (same.Count() > 1)
            {
                problems.Add(new(part(same.Key), $"{PlaceOf(same.First())}: {same.Count()} records say something of it ({string.Join(", ", same.Select(r => r.Name))}); keep one of them."));
            }
        }

        return first;
    }

    private static List<(SettingScalar, SettingNode)> Rule(SettingRecord record, List<SettingsProblem> problems)
    {
        var entries = new List<(SettingScalar, SettingNode)>();
        foreach (var (field, key, isText) in ((string, string, bool)[])
            [("Enabled__c", "enabled", false), ("Mode__c", "mode", true), ("Severity__c", "severity", true), ("Scope__c", "scope", true), ("Alert_Rows__c", "alertRows", false)])
        {
            if (record.Fields.GetValueOrDefault(field) is { } text)
            {
                var place = PlaceOf(record, field);
                entries.Add((Scalar(key, place), Scalar(text, place, isText)));
            }
        }

        var (part, at) = ($"rules.{RuleNameOf(record)}", PlaceOf(record, "Parameters__c"));
        switch (Yaml(record.Fields.GetValueOrDefault("Parameters__c"), at, part, problems))
        {
            case null or SettingScalar { Text: null }:
                break;
            case SettingMap map:
                foreach (var (key, value) in map.Entries)
                {
                    if (SettingMeaning.EveryRule.Contains(key.Text))
                    {
                        problems.Add(new(part, $"{key.Place}: '{key.Text}' has a field of its own on this record; set it there and take it out here."));
                    }
                    else
                    {
                        entries.Add((key, value));
                    }
                }

                break;
            case var other:
                problems.Add(new(part, $"{other.Place}: parameters are lines of 'name: value', or JSON."));
                break;
        }

        return entries;
    }

    /// <summary>Null where the record says nothing.</summary>
    private static SettingNode? Setting(SettingRecord record, List<SettingsProblem> problems)
    {
        var (key, place, text) = (SettingKeyOf(record), PlaceOf(record, "Value__c"), record.Fields.GetValueOrDefault("Value__c"));
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Texts.Contains(key))
        {
            return Scalar(text, place, isText: true);
        }

        var node = Yaml(text, place, key.Split('.')[0], problems);
        return node is SettingScalar { Text: { } words } && Lists.Contains(key)
            ? new SettingList(0, 0, [.. words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(w => Scalar(w, place, isText: true))]) { Record = place }
            : node is SettingScalar { Text: null } ? null : node;
    }

    private static SettingNode? Yaml(string? text, string place, string part, List<SettingsProblem> problems)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : YamlSettings.Read(text) is { } node ? In(place, node) : null;
        }
        catch (SettingsException wrong)
        {
            problems.Add(new(part, $"{place}, {wrong.Message}"));
            return null;
        }
    }

    private static SettingNode In(string place, SettingNode node) => node switch
    {
        SettingMap map => map with { Record = place, Entries = [.. map.Entries.Select(e => (e.Key with { Record = place }, In(place, e.Value)))] },
        SettingList list => list with { Record = place, Items = [.. list.Items.Select(i => In(place, i))] },
        _ => node with { Record = place },
    };

    private static SettingScalar Scalar(string text, string place, bool isText = false) => new(0, 0, text, isText) { Record = place };

    /// <summary>The rule that a record is about, however its name is written in Setup; a name that is no rule's as it would be one's.</summary>
    private static string RuleNameOf(SettingRecord record) =>
        RuleBook.All.FirstOrDefault(r => IsSame(r.Info.Id, record.Name))?.Info.Id ?? record.Name.Replace('_', '-');

    private static string SettingKeyOf(SettingRecord record) => SettingMeaning.NoRule.FirstOrDefault(k => IsSame(k, record.Name)) ?? record.Name;

    private static bool IsSame(string key, string name) => Letters(key).Equals(Letters(name), StringComparison.OrdinalIgnoreCase);

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    private static string PlaceOf(SettingRecord record, string? field = null) =>
        (record.Type == SettingRecord.Rule ? $"POC Rule '{RuleNameOf(record)}'" : $"POC Setting '{record.Name}'")
        + (field is null ? "" : $", field {field[..^"__c".Length].Replace('_', ' ')}");
}
