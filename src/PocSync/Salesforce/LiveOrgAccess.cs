using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>What a team member may do with the account, and with its opportunities, cases and contacts, in Salesforce's fields and words.</summary>
internal static class LiveOrgAccess
{
    /// <summary>The fields of a member's levels.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel", "ContactAccessLevel"];

    /// <summary>The fields of Organization that say what everyone may do, in the same order.</summary>
    public static IReadOnlyList<string> Defaults { get; } = ["DefaultAccountAccess", "DefaultOpportunityAccess", "DefaultCaseAccess", "DefaultContactAccess"];

    /// <summary>
    /// The levels to write with a member. With the org's defaults (in their order) only those above them: Salesforce refuses the others on a member who has no level above,
    /// and gives them anyway.
    /// </summary>
    public static IEnumerable<(string Field, string Level)> Of(TeamRow member, IReadOnlyList<string?>? defaults)
    {
        string?[] levels = [member.AccountAccess, member.OpportunityAccess, member.CaseAccess, member.ContactAccess];
        foreach (var (i, level) in levels.Index())
        {
            // All is the owner's alone: who was the owner keeps the highest level that can be given.
            if (level is not null && (defaults is null || IsAbove(level, defaults[i])))
                yield return (Fields[i], level == "All" ? "Edit" : level);
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
