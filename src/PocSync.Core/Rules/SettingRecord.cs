namespace PocSync.Core.Rules;

/// <summary>A record of the org in which administrators keep settings.</summary>
/// <param name="Type">Its type: <see cref="Rule"/> or <see cref="Setting"/>.</param>
/// <param name="Name">Its <c>DeveloperName</c>.</param>
/// <param name="Fields">Its fields by API name, as text; blank ones are null.</param>
public sealed record SettingRecord(string Type, string Name, IReadOnlyDictionary<string, string?> Fields)
{
    /// <summary>The type with one record a rule.</summary>
    public const string Rule = "POC_Rule__mdt";

    /// <summary>The type with one record for each setting that belongs to no rule.</summary>
    public const string Setting = "POC_Setting__mdt";

    /// <summary>What PocSync reads of each type, beside its name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [Rule] = ["Enabled__c", "Mode__c", "Severity__c", "Scope__c", "Alert_Rows__c", "Parameters__c"],
        [Setting] = ["Value__c"],
    };
}
