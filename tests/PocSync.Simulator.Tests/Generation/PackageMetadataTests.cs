using System.Xml.Linq;

namespace PocSync.Simulator.Tests.Generation;

/// <summary>The SFDX project in deploy/salesforce: what administrators install and the simulator reads as its schema.</summary>
public class PackageMetadataTests
{
    private static readonly XNamespace Ns = "http://soap.sforce.com/2006/04/metadata";
    private static readonly string Project = FindProject();
    private static readonly string Source = Path.Combine(Project, "force-app", "main", "default");

    /// <summary>Every name ending in __c that the rules give a meaning, with the type that meaning needs.</summary>
    private static readonly Dictionary<string, string> NamedByTheRules = new()
    {
        ["POC_Assignment__c.Account__c"] = "MasterDetail",
        ["POC_Assignment__c.Role__c"] = "Picklist",
        ["POC_Assignment__c.User__c"] = "Lookup",
        ["POC_Assignment__c.Department__c"] = "Lookup",
        ["POC_Assignment__c.Scope__c"] = "Text",
        ["POC_Assignment__c.Starts_On__c"] = "Date",
        ["POC_Assignment__c.Ends_On__c"] = "Date",
        ["POC_Assignment__c.Sync_Key__c"] = "Text",
        ["POC_Department__c.Queue_Id__c"] = "Text",
        ["POC_Department__c.Accountable_User__c"] = "Lookup",
        ["POC_Department__c.Minimum_Staff__c"] = "Number",
        ["POC_Absence__c.User__c"] = "Lookup",
        ["POC_Absence__c.Starts_On__c"] = "Date",
        ["POC_Absence__c.Ends_On__c"] = "Date",
        ["POC_Absence__c.Cover__c"] = "Lookup",
        ["POC_Handoff__c.Account__c"] = "Lookup",
        ["POC_Handoff__c.From_User__c"] = "Lookup",
        ["POC_Handoff__c.From_Department__c"] = "Lookup",
        ["POC_Handoff__c.To_User__c"] = "Lookup",
        ["POC_Handoff__c.To_Department__c"] = "Lookup",
        ["POC_Handoff__c.Reason__c"] = "Text",
        ["POC_Handoff__c.Notes__c"] = "LongTextArea",
        ["POC_Handoff__c.Effective_On__c"] = "Date",
        ["POC_Handoff__c.Due_On__c"] = "Date",
        ["POC_Handoff__c.Status__c"] = "Picklist",
        ["POC_Handoff__c.Sync_Key__c"] = "Text",
        ["POC_Handoff__c.Necessity__c"] = "Picklist",
        ["POC_Handoff__c.Open_Items__c"] = "LongTextArea",
        ["POC_Handoff__c.Acknowledged_By__c"] = "Lookup",
        ["POC_Handoff__c.Acknowledged_On__c"] = "Date",
        ["POC_Handoff__c.Declined_By__c"] = "Lookup",
        ["POC_Handoff__c.Declined_On__c"] = "Date",
        ["POC_Handoff__c.Declined_Why__c"] = "Text",
        ["POC_Handoff__c.Brief__c"] = "Html",
        ["POC_Handoff__c.Introduction__c"] = "LongTextArea",
        ["POC_Handoff__c.Briefed_On__c"] = "DateTime",
        ["POC_Alert__c.Account__c"] = "Lookup",
        ["POC_Alert__c.User__c"] = "Lookup",
        ["POC_Alert__c.Department__c"] = "Lookup",
        ["POC_Alert__c.Rule__c"] = "Text",
        ["POC_Alert__c.Code__c"] = "Text",
        ["POC_Alert__c.Sentence__c"] = "LongTextArea",
        ["POC_Alert__c.Severity__c"] = "Picklist",
        ["POC_Alert__c.Status__c"] = "Picklist",
        ["POC_Alert__c.First_Seen__c"] = "DateTime",
        ["POC_Alert__c.Last_Seen__c"] = "DateTime",
        ["POC_Alert__c.Count__c"] = "Number",
        ["POC_Alert__c.Sync_Key__c"] = "Text",
        ["POC_Alert__c.Snoozed_Until__c"] = "Date",
        ["POC_Alert__c.Assigned_To__c"] = "Lookup",
        ["POC_Alert__c.Escalated_On__c"] = "Date",
        ["Account.POC_Exempt_Until__c"] = "Date",
        ["Account.POC_Exempt_Reason__c"] = "Text",
        ["User.POC_Capacity__c"] = "Number",
        ["User.POC_Certified_Until__c"] = "Date",
        ["User.POC_No_Notices__c"] = "MultiselectPicklist",
        ["Contact.POC_Customer_Primary__c"] = "Checkbox",
        ["Activity.Sync_Key__c"] = "Text",
        ["POC_Setting__mdt.Value__c"] = "LongTextArea",
        ["POC_Setting__mdt.Meaning__c"] = "LongTextArea",
        ["POC_Rule__mdt.Enabled__c"] = "Checkbox",
        ["POC_Rule__mdt.Mode__c"] = "Picklist",
        ["POC_Rule__mdt.Severity__c"] = "Picklist",
        ["POC_Rule__mdt.Scope__c"] = "LongTextArea",
        ["POC_Rule__mdt.Alert_Rows__c"] = "Picklist",
        ["POC_Rule__mdt.Parameters__c"] = "LongTextArea",
        ["POC_Rule__mdt.Meaning__c"] = "LongTextArea",
    };

    [Fact]
    public void Every_file_of_the_project_parses_in_the_metadata_namespace()
    {
        var files = Directory.GetFiles(Project, "*.xml", SearchOption.AllDirectories);
        files.ShouldNotBeEmpty();
        foreach (var file in files)
            XDocument.Load(file).Root!.Name.Namespace.ShouldBe(Ns, file);
    }

    [Fact]
    public void Every_field_that_the_rules_name_is_there_with_its_type()
    {
        var fields = Fields().ToDictionary(f => f.Name, f => Value(f.Xml, "type"));
        fields.Keys.Order().ShouldBe(NamedByTheRules.Keys.Order());
        foreach (var (name, type) in NamedByTheRules)
            fields[name].ShouldBe(type, name);
    }

    [Fact]
    public void Files_are_named_as_what_they_define()
    {
        foreach (var (name, xml) in Fields())
            Value(xml, "fullName").ShouldBe(name.Split('.')[1], name);
    }

    [Fact]
    public void Sync_keys_are_external_ids_unique_by_case()
    {
        var keys = Fields().Where(f => f.Name.EndsWith(".Sync_Key__c", StringComparison.Ordinal)).ToList();
        keys.Count.ShouldBe(4);
        foreach (var (name, xml) in keys)
            new[] { Value(xml, "length"), Value(xml, "externalId"), Value(xml, "unique"), Value(xml, "caseSensitive") }
                .ShouldBe(["255", "true", "true", "true"], name);
    }

    [Theory]
    [InlineData("POC_Assignment__c.Role__c", "Primary,Backup,Specialist")]
    [InlineData("POC_Handoff__c.Status__c", "Proposed,Documenting,Awaiting Acknowledgement,Acknowledged,Declined,Cancelled")]
    [InlineData("POC_Alert__c.Status__c", "Open,Closed,Snoozed")]
    [InlineData("POC_Alert__c.Severity__c", "error,warning,info")]
    public void Picklists_are_restricted_to_the_words_of_the_rules(string field, string values)
    {
        var set = Fields().Single(f => f.Name == field).Xml.Root!.Element(Ns + "valueSet")!;
        set.Element(Ns + "restricted")!.Value.ShouldBe("true");
        string.Join(',', set.Descendants(Ns + "value").Select(v => v.Element(Ns + "fullName")!.Value)).ShouldBe(values);
    }

    [Fact]
    public void Permission_sets_name_only_fields_that_a_deploy_accepts()
    {
        var fields = Fields().ToDictionary(f => f.Name.Replace("Activity.", "Task.", StringComparison.Ordinal), f => f.Xml);
        var named = Directory.GetFiles(Source, "*.permissionset-meta.xml", SearchOption.AllDirectories)
            .SelectMany(f => XDocument.Load(f).Descendants(Ns + "fieldPermissions"))
            .Select(p => p.Element(Ns + "field")!.Value)
            .Where(f => f.EndsWith("__c", StringComparison.Ordinal))
            .ToList();
        named.ShouldNotBeEmpty();
        foreach (var name in named)
        {
            fields.ShouldContainKey(name);
            Value(fields[name], "type").ShouldNotBe("MasterDetail", name);
            Value(fields[name], "required").ShouldNotBe("true", name);
        }
    }

    [Fact]
    public void Layouts_and_list_views_show_fields_that_exist()
    {
        string[] standard = ["NAME", "Name", "OwnerId", "CreatedById", "LastModifiedById", "MasterLabel", "DeveloperName"];
        var fields = Fields().Select(f => f.Name).ToHashSet();
        foreach (var file in Directory.GetFiles(Source, "*.listView-meta.xml", SearchOption.AllDirectories))
        {
            var about = Directory.GetParent(file)!.Parent!.Name;
            var xml = XDocument.Load(file);
            foreach (var shown in xml.Descendants(Ns + "columns").Concat(xml.Descendants(Ns + "field")).Select(e => e.Value))
                (standard.Contains(shown) || fields.Contains($"{about}.{shown}")).ShouldBeTrue($"{file}: {shown}");
        }
        foreach (var file in Directory.GetFiles(Path.Combine(Source, "layouts")))
        {
            var about = Path.GetFileName(file).Split('-')[0];
            foreach (var shown in XDocument.Load(file).Descendants(Ns + "field").Select(e => e.Value))
                (standard.Contains(shown) || fields.Contains($"{about}.{shown}")).ShouldBeTrue($"{file}: {shown}");
        }
    }

    [Fact]
    public void Quick_actions_are_on_the_layout_and_write_fields_and_words_that_exist()
    {
        var fields = Fields().ToDictionary(f => f.Name, f => f.Xml);
        var placed = Directory.GetFiles(Path.Combine(Source, "layouts")).SelectMany(f => XDocument.Load(f).Descendants(Ns + "actionName").Select(a => a.Value)).ToList();
        var actions = Directory.GetFiles(Path.Combine(Source, "quickActions"));
        placed.Order().ShouldBe(actions.Select(a => Path.GetFileName(a).Replace(".quickAction-meta.xml", "", StringComparison.Ordinal)).Order());
        foreach (var file in actions)
        {
            var about = Path.GetFileName(file).Split('.')[0];
            var xml = XDocument.Load(file);
            foreach (var name in xml.Descendants(Ns + "field").Select(e => e.Value))
                fields.ShouldContainKey($"{about}.{name}");
            foreach (var write in xml.Descendants(Ns + "fieldOverrides").Where(o => o.Element(Ns + "field")!.Value == "Status__c"))
                fields[$"{about}.Status__c"].Descendants(Ns + "fullName").Select(v => v.Value).ShouldContain(write.Element(Ns + "literalValue")!.Value);
        }
    }

    [Fact]
    public void The_manifest_names_everything_in_the_project_and_nothing_else()
    {
        var manifest = XDocument.Load(Path.Combine(Project, "manifest", "package.xml")).Descendants(Ns + "types")
            .SelectMany(t => t.Elements(Ns + "members").Select(m => $"{t.Element(Ns + "name")!.Value}:{m.Value}"));
        var there = Fields().Where(f => !f.Name.StartsWith("POC_", StringComparison.Ordinal)).Select(f => "CustomField:" + f.Name)
            .Concat(Named("CustomObject", "objects", ".object-meta.xml"))
            .Concat(Named("CustomMetadata", "customMetadata", ".md-meta.xml"))
            .Concat(Named("CustomTab", "tabs", ".tab-meta.xml"))
            .Concat(Named("Layout", "layouts", ".layout-meta.xml"))
            .Concat(Named("QuickAction", "quickActions", ".quickAction-meta.xml"))
            .Concat(Named("PermissionSet", "permissionsets", ".permissionset-meta.xml"))
            .Concat(Named("CustomNotificationType", "notificationtypes", ".notiftype-meta.xml"));
        manifest.Order(StringComparer.Ordinal).ShouldBe(there.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Named(string type, string folder, string suffix) =>
        Directory.GetFiles(Path.Combine(Source, folder), "*" + suffix, SearchOption.AllDirectories)
            .Select(f => $"{type}:{Path.GetFileName(f)[..^suffix.Length]}");

    private static IEnumerable<(string Name, XDocument Xml)> Fields()
    {
        const string suffix = ".field-meta.xml";
        foreach (var file in Directory.GetFiles(Source, "*" + suffix, SearchOption.AllDirectories))
            yield return ($"{Directory.GetParent(file)!.Parent!.Name}.{Path.GetFileName(file)[..^suffix.Length]}", XDocument.Load(file));
    }

    private static string? Value(XDocument xml, string element) => xml.Root!.Element(Ns + element)?.Value;

    private static string FindProject()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "PocSync.sln")))
                return Path.Combine(folder.FullName, "deploy", "salesforce");
        throw new DirectoryNotFoundException("No PocSync.sln above " + AppContext.BaseDirectory);
    }
}
