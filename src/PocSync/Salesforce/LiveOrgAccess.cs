using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>What a team member may do with the account, and with its opportunities, cases and contacts, in Salesforce's fields and words.</summary>
internal static class LiveOrgAccess
{
    /// <summary>The fields of a member's levels, each with the field of Organization that says what everyone may do.</summary>
    public static IReadOnlyList<(string Field, string Default)> Fields { get; } =
    [
        ("AccountAccessLevel", "DefaultAccountAccess"), ("OpportunityAccessLevel", "DefaultOpportunityAccess"),
        ("CaseAccessLevel", "DefaultCaseAccess"), ("ContactAccessLevel", "DefaultContactAccess"),
    ];

    /// <summary>A member's levels by their fields.</summary>
    public static IEnumerable<(string Field, string? Level)> Of(TeamRow member) =>
        Fields.Select(f => f.Field).Zip([member.AccountAccess, member.OpportunityAccess, member.CaseAccess, member.ContactAccess]);

    /// <summary>
    /// Leaves of a new member's levels those that can be written. With the org's defaults (by their fields) only those above them: Salesforce refuses
    /// the others on a member who has no level above, and gives them anyway.
    /// </summary>
    public static void Fit(Dictionary<string, object?> member, ObjectDescribe describe, IReadOnlyDictionary<string, string?>? defaults)
    {
        foreach (var (field, orgDefault) in Fields)
        {
            if (!member.Remove(field, out var value) || value is not string level || describe.Field(field) is not { Createable: true })
                continue;
            if (defaults is null || IsAbove(level, defaults.GetValueOrDefault(orgDefault)))
                // All is the owner's alone: who was the owner keeps the highest level that can be given.
                member[field] = level == "All" ? "Edit" : level;
        }
    }

    /// <summary>Defaults in other words, such as ReadEditTransfer or ControlledByParent, leave nothing to be given.</summary>
    private static bool IsAbove(string level, string? orgDefault) => Rank(level) > (orgDefault is null ? 0 : Rank(orgDefault) ?? int.MaxValue);

    private static int? Rank(string level) => level switch
    {
        "None" => 0,
        "Read" => 1,
        "Edit" or "All" => 2,
        _ => null,
    };
}
