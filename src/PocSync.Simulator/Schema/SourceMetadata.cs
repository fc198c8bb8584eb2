using System.Reflection;
using System.Xml.Linq;

namespace PocSync.Simulator.Schema;

/// <summary>
/// The package's metadata (Salesforce DX source format, embedded in this assembly): custom objects and fields become schema; custom metadata records,
/// notification types, permission sets and queues become rows. Fields of <c>Activity</c> become fields of Task and Event, as in an org.
/// </summary>
internal static class SourceMetadata
{
    /// <summary>Adds the package's objects and fields, and answers its rows.</summary>
    /// <exception cref="InvalidDataException">A file names a type or an object that the simulator does not know.</exception>
    public static IReadOnlyList<OrgTable> AddTo(OrgSchema schema)
    {
        var files = Files().ToList();
        var customObjects = new Dictionary<string, XElement>(StringComparer.Ordinal);
        var fields = new List<(string Object, XElement Xml)>();
        foreach (var (path, xml) in files)
            if (path.EndsWith(".object-meta.xml", StringComparison.Ordinal))
                customObjects[FileName(path, ".object-meta.xml")] = xml;
            else if (path.EndsWith(".field-meta.xml", StringComparison.Ordinal))
                fields.Add((path.Split('/')[^3], xml));

        foreach (var (name, xml) in customObjects.OrderBy(o => o.Key, StringComparer.Ordinal))
            if (!schema.TryFind(name, out _))
                schema.Add(CustomObject(schema, name, xml));
        foreach (var (owner, xml) in fields)
            foreach (var name in owner == "Activity" ? ["Task", "Event"] : (string[])[owner])
            {
                if (!schema.TryFind(name, out var target))
                    throw new InvalidDataException($"Field {xml.Text("fullName")} belongs to {name}, which the simulator does not know.");
                target.Add(CustomField(xml));
            }
        return Rows(files);
    }

    private static SObject CustomObject(OrgSchema schema, string name, XElement xml)
    {
        var metadata = name.EndsWith("__mdt", StringComparison.Ordinal);
        var label = xml.Text("label") ?? name;
        var added = new SObject(name, schema.CustomPrefix(name, metadata))
        {
            Label = label,
            LabelPlural = xml.Text("pluralLabel") ?? label,
            Createable = !metadata,
            Updateable = !metadata,
            Deletable = !metadata,
        };
        added.Add(StandardObjects.IdField("Record ID"));
        if (metadata)
        {
            foreach (var (fieldName, fieldLabel) in (IEnumerable<(string, string)>)
                [("DeveloperName", "Name"), ("MasterLabel", "Label"), ("Language", "Master Language"), ("NamespacePrefix", "Namespace Prefix"),
                    ("Label", "Label"),
                    ("QualifiedApiName", "Qualified API Name")])
                added.Add(new Field(fieldName, ApiType.String)
                {
                    Label = fieldLabel,
                    Length = 80,
                    Createable = false,
                    Updateable = false,
                    IsName = fieldName == "MasterLabel"
                });
            StandardObjects.AddPart(added, "stamp");
            return added;
        }
        if (xml.Text("sharingModel") != "ControlledByParent")
            StandardObjects.AddPart(added, "queues");
        var nameField = xml.Element(Ns + "nameField");
        var numbered = nameField?.Text("type") == "AutoNumber";
        StandardObjects.AddPart(added, "deleted");
        added.Add(new Field("Name", ApiType.String)
        {
            Label = nameField?.Text("label") ?? "Name",
            Length = 80,
            IsName = true,
            IdLookup = true,
            Createable = !numbered,
            Updateable = !numbered,
            Nillable = false,
            DefaultedOnCreate = true,
            AutoNumber = numbered ? nameField!.Text("displayFormat") ?? "{0}" : null,
        });
        foreach (var part in (string[])["created", "modified", "stamp"])
            StandardObjects.AddPart(added, part);
        return added;
    }

    private static Field CustomField(XElement xml)
    {
        var name = xml.Text("fullName")!;
        var kind = xml.Text("type");
        var formula = xml.Text("formula");
        var type = kind switch
        {
            "Text" or "AutoNumber" or "EncryptedText" => ApiType.String,
            "TextArea" or "LongTextArea" or "Html" => ApiType.TextArea,
            "Checkbox" => ApiType.Boolean,
            "Number" => ApiType.Double,
            "Lookup" or "MasterDetail" or "Hierarchy" => ApiType.Reference,
            "MultiselectPicklist" => ApiType.MultiPicklist,
            _ when Enum.TryParse<ApiType>(kind, out var same) && same is not (ApiType.Id or ApiType.Reference or ApiType.AnyType) => same,
            _ => throw new InvalidDataException($"Field {name} is of type '{kind}', which the simulator does not know."),
        };
        var values = xml.Descendants(Ns + "value").Where(v => v.Element(Ns + "fullName") is not null && v.Text("isActive") != "false").ToList();
        var length = xml.Number("length") ?? type switch
        {
            ApiType.TextArea or ApiType.Picklist or ApiType.Url => 255,
            ApiType.MultiPicklist => 4099,
            ApiType.Email => 80,
            ApiType.Phone => 40,
            ApiType.String => 30,
            ApiType.Reference => 18,
            _ => 0,
        };
        var isLong = kind is "LongTextArea" or "Html";
        var masterDetail = kind == "MasterDetail";
        var defaulted = type == ApiType.Boolean || values.Any(v => v.Text("default") == "true");
        var written = formula is null && kind != "AutoNumber";
        var relationship = type == ApiType.Reference ? name.Replace("__c", "__r", StringComparison.Ordinal) : null;
        return new Field(name, type)
        {
            Label = xml.Text("label") ?? name,
            Length = length,
            Precision = xml.Number("precision") ?? 0,
            Scale = xml.Number("scale") ?? 0,
            Nillable = type != ApiType.Boolean && !masterDetail && xml.Text("required") != "true",
            Createable = written,
            Updateable = written && !(masterDetail && xml.Text("reparentableMasterDetail") != "true"),
            DefaultedOnCreate = defaulted || kind == "AutoNumber",
            Default = type == ApiType.Boolean ? xml.Text("defaultValue") == "true"
                : values.FirstOrDefault(v => v.Text("default") == "true")?.Text("fullName"),
            Unique = xml.Text("unique") == "true",
            CaseSensitive = xml.Text("caseSensitive") == "true",
            ExternalId = xml.Text("externalId") == "true",
            IdLookup = xml.Text("externalId") == "true",
            Filterable = !isLong,
            Sortable = !isLong && type != ApiType.MultiPicklist,
            AutoNumber = kind == "AutoNumber" ? xml.Text("displayFormat") ?? "{0}" : null,
            Formula = formula,
            Picklist = [.. values.Select(v => v.Text("fullName")!)],
            RestrictedPicklist = xml.Element(Ns + "valueSet")?.Text("restricted") == "true",
            ReferenceTo = type == ApiType.Reference ? [xml.Text("referenceTo") ?? "User"] : [],
            RelationshipName = relationship,
            ChildRelationshipName = xml.Text("relationshipName") is { } children ? children + "__r" : null,
            CascadeDelete = masterDetail || xml.Text("deleteConstraint") == "Cascade",
            RestrictedDelete = xml.Text("deleteConstraint") == "Restrict",
            MasterDetail = masterDetail,
        };
    }

    private static List<OrgTable> Rows(IReadOnlyList<(string Path, XElement Xml)> files)
    {
        var tables = new List<OrgTable>();
        List<string?[]> Of(string suffix, Func<string, XElement, string?[]> row) =>
            [.. files.Where(f => f.Path.EndsWith(suffix, StringComparison.Ordinal)).Select(f => row(FileName(f.Path, suffix), f.Xml))];

        tables.Add(new("CustomNotificationType",
            ["DeveloperName", "CustomNotifTypeName", "MasterLabel", "Desktop", "Mobile", "Description", "Language"],
            Of(".notiftype-meta.xml", (name, x) =>
            [
                name, x.Text("customNotifTypeName") ?? name, x.Text("masterLabel") ?? name, x.Text("desktop") ?? "false", x.Text("mobile") ?? "false",
                x.Text("description"), "en_US",
            ])));
        tables.Add(new("TaskStatus", ["ApiName", "MasterLabel", "SortOrder", "IsClosed", "IsDefault"],
        [
            .. new[] { "Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred" }.Select((s, i) =>
                (string?[])[s, s, $"{i + 1}", s == "Completed" ? "true" : "false", i == 0 ? "true" : "false"]),
        ]));
        tables.Add(new("PermissionSet", ["Name", "Label", "Description", "IsCustom", "Type"],
            Of(".permissionset-meta.xml", (name, x) => [name, x.Text("label") ?? name, x.Text("description"), "true", "Regular"])));
        tables.Add(new("Group", ["DeveloperName", "Name", "Type", "Email", "DoesSendEmailToMembers"],
            Of(".queue-meta.xml", (name, x) =>
                [name, x.Text("name") ?? name, "Queue", x.Text("email"), x.Text("doesSendEmailToMembers") ?? "false"])));

        var records = files.Where(f => f.Path.EndsWith(".md-meta.xml", StringComparison.Ordinal))
            .Select(f => (Name: FileName(f.Path, ".md-meta.xml").Split('.'), f.Xml));
        foreach (var type in records.GroupBy(r => r.Name[0], StringComparer.Ordinal))
        {
            var columns = type.SelectMany(r => r.Xml.Elements(Ns + "values").Select(v => v.Text("field")!)).Distinct(StringComparer.Ordinal).ToList();
            tables.Add(new($"{type.Key}__mdt", ["DeveloperName", "QualifiedApiName", "MasterLabel", "Label", "Language", .. columns],
            [
                .. type.Select(r => (string?[])
                [
                    r.Name[1], r.Name[1], r.Xml.Text("label"), r.Xml.Text("label"), "en_US",
                    .. columns.Select(c => r.Xml.Elements(Ns + "values").FirstOrDefault(v => v.Text("field") == c)?.Text("value")),
                ]),
            ]));
        }
        return [.. tables.Where(t => t.Rows.Count > 0)];
    }

    private static readonly XNamespace Ns = "http://soap.sforce.com/2006/04/metadata";

    private static string? Text(this XElement parent, string name) => parent.Element(Ns + name) is { Value.Length: > 0 } found ? found.Value : null;

    private static int? Number(this XElement parent, string name) => parent.Text(name) is { } text ? int.Parse(text) : null;

    private static string FileName(string path, string suffix) => path[(path.LastIndexOf('/') + 1)..^suffix.Length];

    private static IEnumerable<(string Path, XElement Xml)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("metadata/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            yield return (name.Replace('\\', '/'), XElement.Load(stream));
        }
    }
}
