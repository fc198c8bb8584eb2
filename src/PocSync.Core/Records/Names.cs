namespace PocSync.Core.Records;

/// <summary>
/// The names under which an org keeps what the package calls its own: package name (<c>POC_Assignment__c</c> or <c>POC_Assignment__c.User__c</c>) → the org's name.
/// Standard names stay as they are. Ignores case.
/// </summary>
public sealed class Names
{
    private readonly Dictionary<string, string> _orgNames;
    private readonly Dictionary<string, string> _packageNames = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every object and field of the package that the rules read.</summary>
    public static IReadOnlySet<string> Package { get; } = new HashSet<string>(
        Fields("POC_Assignment__c", "Account__c", "Role__c", "User__c", "Department__c", "Scope__c", "Starts_On__c", "Ends_On__c", "Sync_Key__c")
        .Concat(Fields("POC_Department__c", "Queue_Id__c", "Accountable_User__c", "Minimum_Staff__c"))
        .Concat(Fields("POC_Absence__c", "User__c", "Starts_On__c", "Ends_On__c", "Cover__c"))
        .Concat(Fields("POC_Handoff__c", "Account__c", "From_User__c", "From_Department__c", "To_User__c", "To_Department__c", "Reason__c", "Notes__c",
            "Effective_On__c", "Due_On__c", "Status__c", "Necessity__c", "Declined_Why__c", "Sync_Key__c"))
        .Concat(Fields("POC_Alert__c", "Sync_Key__c"))
        .Concat(["Account.POC_Exempt_Until__c", "User.POC_Capacity__c", "User.POC_Certified_Until__c", "Contact.POC_Customer_Primary__c", "Task.Sync_Key__c"]),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>No renaming.</summary>
    public static Names None { get; } = new([]);

    /// <summary>Renames; keys are names of <see cref="Package"/>.</summary>
    public Names(IEnumerable<KeyValuePair<string, string>> orgNames)
    {
        _orgNames = new(orgNames, StringComparer.OrdinalIgnoreCase);
        foreach (var (package, org) in _orgNames)
        {
            if (package.Split('.') is [var objectName, var field])
            {
                _packageNames[$"{objectName}.{org}"] = field;
            }
        }
    }

    /// <summary>What was renamed: package name → the org's name.</summary>
    public IReadOnlyDictionary<string, string> Renamed => _orgNames;

    /// <summary>The org's name of an object.</summary>
    public string Object(string objectName) => _orgNames.GetValueOrDefault(objectName, objectName);

    /// <summary>The org's name of a field; the object by its package name.</summary>
    public string Field(string objectName, string field) => _orgNames.GetValueOrDefault($"{objectName}.{field}", field);

    /// <summary>The package's name of an org's field, which is the same name where nothing was renamed; null where that name now stands for another field.</summary>
    public string? PackageField(string objectName, string orgField) =>
        _packageNames.TryGetValue($"{objectName}.{orgField}", out var field) ? field
        : _orgNames.ContainsKey($"{objectName}.{orgField}") ? null
        : orgField;

    /// <summary>Whether both rename the same.</summary>
    internal bool IsSameAs(Names other) => _orgNames.Count == other._orgNames.Count
        && _orgNames.All(n => other._orgNames.TryGetValue(n.Key, out var name) && name.Equals(n.Value, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Fields(string objectName, params string[] fields) =>
        fields.Select(f => $"{objectName}.{f}").Prepend(objectName);
}
