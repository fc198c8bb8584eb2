namespace PocSync.Core.Rules;

/// <summary>How reports and pages speak of a rule to readers who do not know PocSync: its name where all is well and where it is not, why it matters,
/// and a few words for each of its codes.</summary>
public sealed record RuleWords(string Title, string Problem, string Why, IReadOnlyDictionary<string, string> Codes)
{
    private static readonly Dictionary<string, RuleWords> All = new()
    {
        ["one-primary"] = new("One primary contact for each account", "No single primary contact",
            "Without a primary contact nobody answers for the account; with two, each can leave it to the other.",
            new Dictionary<string, string> { ["missing"] = "No primary contact", ["several"] = "Several primary contacts" }),
        ["primary-able"] = new("The primary contact can act", "Primary contact cannot act",
            "Somebody who has left, is locked out or is not a colleague cannot look after a customer, whatever the record says.",
            new Dictionary<string, string>
            {
                ["unknown"] = "Primary contact unknown",
                ["inactive"] = "Primary contact has left",
                ["frozen"] = "Primary contact locked out",
                ["not-standard"] = "Primary contact not a colleague",
                ["department-unable"] = "Primary department cannot act",
                ["leaving"] = "Primary contact leaves",
                ["announced"] = "Primary contact leaves",
            }),
        ["owner-is-primary"] = new("Owner and primary contact agree", "Owner is not the primary contact",
            "Sharing, reports and forecasts follow the account owner. Where the owner is somebody else, they point to the wrong person.",
            new Dictionary<string, string> { ["differs"] = "Owner is not the primary contact" }),
        ["backup-present"] = new("A backup for every account", "No working backup",
            "Without a backup the customer waits whenever the primary contact is away.",
            new Dictionary<string, string>
            {
                ["missing"] = "No backup",
                ["same-as-primary"] = "Backup is the primary contact",
                ["not-able"] = "Backup cannot act",
                ["too-few"] = "Too few backups",
                ["leaving"] = "Backup leaves",
            }),
        ["backup-covers-absence"] = new("Absences are covered", "Absence not covered",
            "While the primary contact is away, somebody has to be there on every day of it.",
            new Dictionary<string, string> { ["uncovered"] = "Absence not covered" }),
        ["one-role-each"] = new("Everybody is listed once", "Same person listed twice",
            "Somebody who is their own backup, or is listed twice, looks like cover that is not there.",
            new Dictionary<string, string> { ["duplicate"] = "Same person twice" }),
        ["scopes-bounded"] = new("Specialists know what is theirs", "Unclear who specialises in what",
            "Where several specialists share an account, everybody has to know whom to ask for what.",
            new Dictionary<string, string> { ["unscoped"] = "Specialist for nothing in particular", ["overlap"] = "Specialists overlap", ["uncovered"] = "Specialist missing" }),
        ["handoff-documented"] = new("Handoffs are written down", "Handoff not written down",
            "When an account changes hands, what was promised to the customer must not be lost.",
            new Dictionary<string, string> { ["missing"] = "Handoff not written down", ["incomplete"] = "Handoff written down in part", ["documented"] = "Handoff written down", ["announced"] = "Handoff opened again", ["begun"] = "Handoff begins", ["called-off"] = "Handoff called off" }),
        ["handoff-acknowledged"] = new("Handoffs are acknowledged", "Handoff overdue",
            "Until the new contact acknowledges a handoff, nobody can be sure that they know the account is theirs.",
            new Dictionary<string, string> { ["overdue"] = "Handoff overdue", ["declined"] = "Handoff declined" }),
        ["no-mid-stream-switch"] = new("Contacts stay", "Contact changed too often",
            "A customer who is passed on again and again has to explain everything again and again.",
            new Dictionary<string, string> { ["churn"] = "Changed hands too often" }),
        ["load-within-capacity"] = new("Workload within capacity", "Too many accounts for one person",
            "Who answers for too many accounts answers for none of them well.",
            new Dictionary<string, string> { ["over"] = "Too many accounts" }),
        ["ownership-skew"] = new("No owner of very many records", "Owner of too many records",
            "Salesforce becomes slow, and sharing changes fail, where one user owns very many accounts.",
            new Dictionary<string, string> { ["skewed"] = "Owns too many accounts" }),
        ["in-touch"] = new("Customers hear from us", "No recent activity",
            "A long silence is often the first sign that an account is drifting away.",
            new Dictionary<string, string> { ["silent"] = "No recent activity" }),
        ["reachable"] = new("Contacts can be reached", "Contact cannot be reached",
            "A contact without an e-mail address or a phone number cannot be asked or reminded.",
            new Dictionary<string, string> { ["no-email"] = "No e-mail address", ["no-phone"] = "No phone number" }),
        ["customer-primary"] = new("Somebody to talk to at the customer", "No clear contact at the customer",
            "An account needs one person at the customer who is the first to talk to, and who can be reached.",
            new Dictionary<string, string>
            {
                ["missing"] = "Nobody named at the customer",
                ["several"] = "Several named at the customer",
                ["unreachable"] = "Customer's contact cannot be reached",
            }),
        ["department-staffed"] = new("Departments are staffed", "Department not staffed",
            "A department can answer for accounts only while somebody is accountable for it and enough of its people are there.",
            new Dictionary<string, string> { ["no-accountable-user"] = "Nobody accountable", ["unstaffed"] = "Too few people" }),
        ["escalation-path"] = new("A manager to turn to", "No manager to turn to",
            "When something goes wrong, it must be clear who decides next.",
            new Dictionary<string, string> { ["cycle"] = "Managers in a circle", ["no-manager"] = "No manager", ["manager-unable"] = "Manager cannot act" }),
        ["certified"] = new("Certifications are current", "Certification expired",
            "Who answers for customers has passed what the company asks for.",
            new Dictionary<string, string> { ["expired"] = "Certification expired" }),
        ["has-access"] = new("Contacts may edit their accounts", "No edit access",
            "Who answers for an account has to be able to change it.",
            new Dictionary<string, string> { ["no-edit"] = "May not edit the account" }),
        ["no-revert-war"] = new("Corrections last", "Correction changed back",
            "Where a correction is changed back, people and rules disagree, and somebody has to decide.",
            new Dictionary<string, string> { ["reverted"] = "Correction changed back" }),
    };

    /// <summary>The words for a rule. Each rule of the rule book has them.</summary>
    public static RuleWords Of(string ruleId) => All[ruleId];

    /// <summary>The words for a rule, or the id of one that a ledger knows and this version does not.</summary>
    public static string ProblemOf(string ruleId) => All.TryGetValue(ruleId, out var words) ? words.Problem : ruleId;

    /// <summary>A few words for what was found.</summary>
    public static string Of(Finding finding) => Of(finding.Rule, finding.Code);

    /// <summary>A few words for a rule's code; the code itself where this version does not know it.</summary>
    public static string Of(string ruleId, string code) =>
        All.TryGetValue(ruleId, out var words) && words.Codes.TryGetValue(code, out var text) ? text : code;
}
