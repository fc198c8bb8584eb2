namespace PocSync.Core.Rules;

/// <summary>What each setting means, in a few words, for whoever shows or explains settings.</summary>
public static class SettingMeaning
{
    private static readonly Dictionary<string, string> OfEveryRule = new()
    {
        ["enabled"] = "whether it is judged at all",
        ["mode"] = "what happens with its findings: alert (only tell), propose (correct after approval) or auto (correct within the guard's limits)",
        ["severity"] = "how bad its findings are: info, warning or error",
        ["scope"] = "which accounts it looks at: a SOQL condition over Account",
        ["alertRows"] = "whether its findings are kept as alert records in the org; by default those of severity error are",
    };

    private static readonly Dictionary<string, string> OfNoRule = new()
    {
        ["binding"] = "where contacts are kept: owner (the account's owner), team (and the account team) or package (POC Assignment records)",
        ["teamRoles"] = "what each role on the account team is: Primary, Backup or Specialist; every other role is a Specialist",
        ["pool"] = "who can be picked: a SOQL condition over User, which may name the account's fields as :Account.Field",
        ["defaultDepartment"] = "the department (id or name) that takes an account for which nobody can be picked",
        ["allowedUserTypes"] = "kinds of user that can be a contact",
        ["freeze.closeDays"] = "days before an open opportunity closes in which an optional change of contact waits",
        ["freeze.probability"] = "percent from which such an opportunity counts",
        ["freeze.minTenureDays"] = "days after a change of contact in which the next optional one waits",
        ["ownerChange.openOpportunities"] = "what becomes of the old owner's open opportunities: keep or follow",
        ["ownerChange.openCases"] = "what becomes of the old owner's open cases: keep or follow",
        ["ownerAssignedBy"] = "who assigns owners: pocsync, or other (then owners wait for a person); where it is not set PocSync notices territory management, and owners that are changed back again and again",
        ["hierarchy"] = "one-owner: whoever is Primary elsewhere in the family of accounts (by Parent Account) is picked first; none: families do not count",
        ["absences.calendarEvents"] = "whether calendar events that are shown as out of office count as absences of their owner, for the days that they take whole",
        ["absences.resourceAbsences"] = "whether resource absences (Field Service, Salesforce Scheduler) count as absences of the user who is the resource, for the days that they take whole",
        ["paused"] = "true, or why, and nothing is written",
        ["wrong"] = "what is wrong with the settings' text, and what holds in its place",
        ["names"] = "what the org calls an object or field that the package calls so",
        ["Guard:MaxChanged"] = "accounts that a rule, and a whole plan, may change without a person's yes",
        ["Guard:MaxChangedShare"] = "the same as a share of the accounts in scope",
        ["Guard:MaxCreated"] = "rows of one object that a plan may make",
        ["Guard:MaxPerPerson"] = "accounts that one person may gain or lose in one run",
        ["Guard:MaxOwnerChangesPerHour"] = "owners that may be written in 60 minutes",
        ["Guard:MinAnswered"] = "the share of the last run's records below which an org's answer is not believed",
    };

    /// <summary>The keys of the settings that belong to no single rule and that people set, the guard's included.</summary>
    public static IReadOnlyList<string> NoRule { get; } = [.. OfNoRule.Keys.Except(["wrong"])];

    /// <summary>The settings that every rule has beside its parameters.</summary>
    public static IReadOnlyList<string> EveryRule { get; } = [.. OfEveryRule.Keys];

    /// <summary>What the setting of a key means, as <see cref="SettingsText"/> has it; null where its name says it.</summary>
    public static string? Of(string key) => key.Split('.') switch
    {
        ["rules", _, "tiers"] => "settings that are otherwise for some accounts: a list, each with when (a SOQL condition over Account) and what differs; the first that matches holds",
        ["rules", var id, var name] => OfEveryRule.GetValueOrDefault(name) ?? RuleBook.Find(id)?.Info.Parameters.FirstOrDefault(p => p.Name == name)?.Meaning,
        ["names", ..] => OfNoRule["names"],
        _ => OfNoRule.GetValueOrDefault(key),
    };

    /// <summary>What a rule does with what it finds, by the values of <c>enabled</c> and <c>mode</c>.</summary>
    public static string ModeOf(string enabled, string mode) => enabled == "false" ? "off" : mode switch
    {
        "auto" => "corrects by itself, within the guard's limits",
        "propose" => "proposes corrections",
        _ => "only tells",
    };
}
