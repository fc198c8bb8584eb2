using System.Text.RegularExpressions;

namespace PocSync.Simulator.Schema;

/// <summary>Reads <c>standard-objects.txt</c>, whose head says what its lines mean.</summary>
internal static partial class StandardObjects
{
    private const string Geocodes = "{Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;County;State;Unknown}";

    /// <summary>Adds the standard objects to a schema without any.</summary>
    public static void AddTo(OrgSchema schema)
    {
        using var text = typeof(StandardObjects).Assembly.GetManifestResourceStream("standard-objects.txt")!;
        using var reader = new StreamReader(text);
        SObject? current = null;
        while (reader.ReadLine() is { } line)
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
                continue;
            if (trimmed.StartsWith("object ", StringComparison.Ordinal))
            {
                if (current is not null)
                    schema.Add(current);
                current = ReadObject(trimmed);
                current.Add(IdField($"{current.Label} ID"));
            }
            else if (trimmed.StartsWith("with ", StringComparison.Ordinal))
                foreach (var part in trimmed[5..].Split(' '))
                    AddPart(current!, part);
            else if (trimmed.StartsWith("address ", StringComparison.Ordinal))
                AddAddress(current!, trimmed[8..].Replace("-", ""));
            else
                current!.Add(ReadField(trimmed));
        }
        schema.Add(current!);
    }

    public static Field IdField(string label) => new("Id", ApiType.Id)
    {
        Label = label,
        Length = 18,
        Nillable = false,
        Createable = false,
        Updateable = false,
        DefaultedOnCreate = true,
        IdLookup = true,
    };

    /// <summary>Adds a named group of fields that many objects share, see the head of the text.</summary>
    public static void AddPart(SObject to, string part)
    {
        string[] lines = part switch
        {
            "deleted" => ["IsDeleted boolean ro \"Deleted\""],
            "created" => ["CreatedDate datetime nn def ro \"Created Date\"",
                "CreatedById reference -> User as CreatedBy nn def ro \"Created By ID\""],
            "modified" => ["LastModifiedDate datetime nn def ro \"Last Modified Date\"",
                "LastModifiedById reference -> User as LastModifiedBy nn def ro \"Last Modified By ID\""],
            "stamp" => ["SystemModstamp datetime nn def ro \"System Modstamp\""],
            "owner" => ["OwnerId reference -> User as Owner nn def \"Owner ID\""],
            "queues" => ["OwnerId reference -> Group/User as Owner nn def \"Owner ID\""],
            "viewed" => ["LastViewedDate datetime ro \"Last Viewed Date\"", "LastReferencedDate datetime ro \"Last Referenced Date\""],
            "system" => [],
            _ => throw new InvalidDataException($"Unknown part '{part}'."),
        };
        foreach (var line in lines)
            to.Add(ReadField(line));
        if (part == "system")
            foreach (var piece in (string[])["deleted", "created", "modified", "stamp"])
                AddPart(to, piece);
    }

    private static void AddAddress(SObject to, string prefix)
    {
        var words = prefix.Length == 0 ? "" : prefix + " ";
        foreach (var (name, rest, label) in (IEnumerable<(string, string, string)>)
        [
            ("Street", "textarea(255)", "Street"), ("City", "string(40)", "City"), ("State", "string(80)", "State/Province"),
            ("PostalCode", "string(20)", "Zip/Postal Code"), ("Country", "string(80)", "Country"), ("Latitude", "double(18,15)", "Latitude"),
            ("Longitude", "double(18,15)", "Longitude"), ("GeocodeAccuracy", $"picklist(40) restricted {Geocodes}", "Geocode Accuracy"),
        ])
            to.Add(ReadField($"{prefix}{name} {rest} \"{words}{label}\"", compound: prefix + "Address"));
        to.Add(ReadField($"{prefix}Address address ro nosort \"{words}Address\""));
    }

    private static SObject ReadObject(string line)
    {
        var match = ObjectLine().Match(line);
        if (!match.Success)
            throw new InvalidDataException($"Not an object line: {line}");
        var flags = match.Groups["flags"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var prefix = match.Groups["prefix"].Value;
        return new SObject(match.Groups["name"].Value, prefix == "-" ? null : prefix)
        {
            Label = match.Groups["label"].Value,
            LabelPlural = match.Groups["plural"].Value,
            ShowsPrefix = !flags.Contains("noprefix"),
            Createable = !flags.Contains("readonly") && !flags.Contains("nocreate"),
            Updateable = !flags.Contains("readonly"),
            Deletable = !flags.Contains("readonly") && !flags.Contains("nodelete"),
            BypassesRecycleBin = flags.Contains("purge"),
        };
    }

    private static Field ReadField(string line, string? compound = null)
    {
        var match = FieldLine().Match(line);
        if (!match.Success || !Enum.TryParse<ApiType>(match.Groups["type"].Value, ignoreCase: true, out var type))
            throw new InvalidDataException($"Not a field line: {line}");
        var words = match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool Has(string word) => words.Contains(word);
        var values = match.Groups["picklist"].Value.Split(';', StringSplitOptions.RemoveEmptyEntries);
        var isBoolean = type == ApiType.Boolean;
        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan) : 0;
        return new Field(match.Groups["name"].Value, type)
        {
            Label = match.Groups["label"] is { Success: true } label ? label.Value : match.Groups["name"].Value,
            Length = type == ApiType.Reference ? 18 : Number("length"),
            Precision = Number("precision"),
            Scale = Number("scale"),
            Nillable = !isBoolean && !Has("req") && !Has("nn"),
            DefaultedOnCreate = isBoolean || Has("def") || Has("auto"),
            Createable = !Has("ro") && !Has("uo"),
            Updateable = !Has("ro") && !Has("co"),
            IsName = Has("name"),
            Unique = Has("unique"),
            IdLookup = Has("idlookup"),
            Filterable = !Has("nofilter") && !(type == ApiType.TextArea && Number("length") > 255),
            Sortable = !Has("nosort") && !(type == ApiType.TextArea && Number("length") > 255),
            AutoNumber = Has("auto") ? "{00000000}" : null,
            Picklist = [.. values.Select(v => v.TrimEnd('*'))],
            Default = values.FirstOrDefault(v => v.EndsWith('*'))?.TrimEnd('*'),
            RestrictedPicklist = Has("restricted"),
            ReferenceTo = match.Groups["targets"].Value.Split('/', StringSplitOptions.RemoveEmptyEntries),
            RelationshipName = match.Groups["rel"] is { Success: true } rel ? rel.Value : null,
            ChildRelationshipName = match.Groups["children"] is { Success: true } children ? children.Value : null,
            CascadeDelete = match.Groups["cascade"].Success,
            Compound = compound,
        };
    }

    [GeneratedRegex("""^object (?<name>\w+) (?<prefix>\S+) "(?<label>[^"]*)" "(?<plural>[^"]*)"(?<flags>( \w+)*)$""")]
    private static partial Regex ObjectLine();

    [GeneratedRegex("""
        ^(?<name>\w+)\ (?<type>\w+)(\((?<length>\d+)\)|\((?<precision>\d+),(?<scale>\d+)\))?
        (\ ->\ (?<targets>[\w/]+)(\ as\ (?<rel>\w+))?(\ children\ (?<children>\w+))?(?<cascade>\ cascade)?)?
        (?<words>(\ (req|nn|def|ro|co|uo|name|unique|idlookup|restricted|nofilter|nosort|auto))*)
        (\ \{(?<picklist>[^}]*)\})?(\ "(?<label>[^"]*)")?$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex FieldLine();
}
