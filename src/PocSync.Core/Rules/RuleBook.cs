using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>How one rule came out.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">Why it was not evaluated; null where it was.</param>
/// <param name="Findings">What it found.</param>
public sealed record RuleResult(RuleInfo Rule, string? Reason, IReadOnlyList<Finding> Findings);

/// <summary>All rules, in the catalogue's order.</summary>
public static class RuleBook
{
    internal static readonly OnePrimary OnePrimary = new();
    internal static readonly PrimaryAble PrimaryAble = new();
    internal static readonly OwnerIsPrimary OwnerIsPrimary = new();
    internal static readonly BackupPresent BackupPresent = new();
    internal static readonly BackupCoversAbsence BackupCoversAbsence = new();
    internal static readonly OneRoleEach OneRoleEach = new();
    internal static readonly HandoffDocumented HandoffDocumented = new();
    internal static readonly HandoffAcknowledged HandoffAcknowledged = new();
    internal static readonly CustomerPrimary CustomerPrimary = new();

    /// <summary>All rules.</summary>
    public static IReadOnlyList<IRule> All { get; } =
    [
        OnePrimary, PrimaryAble, OwnerIsPrimary, BackupPresent, BackupCoversAbsence, OneRoleEach, new ScopesBounded(), HandoffDocumented,
        HandoffAcknowledged, new NoMidStreamSwitch(), new LoadWithinCapacity(), new OwnershipSkew(), new InTouch(), new Reachable(),
        CustomerPrimary, new DepartmentStaffed(), new EscalationPath(), new Certified(),
        new NotJudgedHere(
            new("has-access", ["no-edit"], Severity.Error, RuleMode.Propose, "Every Primary and Backup may edit the account."),
            "only a live org tells who may edit what, and this version does not ask it"),
        new NotJudgedHere(
            new("no-revert-war", ["reverted"], Severity.Error, RuleMode.Alert, "Nobody changes back what PocSync corrected.",
                new ParameterInfo("windowDays", 7, "how many days back corrections are looked at")),
            "what was changed back is known only to a run, by its ledger"),
    ];

    /// <summary>
    /// What can be otherwise for some accounts: everything that a rule that looks at one account at a time does with it, the capacity that an account takes up, of other rules nothing.
    /// </summary>
    public static IReadOnlyList<string> TierKeys(RuleInfo rule) => Find(rule.Id) switch
    {
        AccountRule => ["mode", "severity", .. rule.Parameters.Select(p => p.Name)],
        LoadWithinCapacity => [.. rule.Own.Select(p => p.Name)],
        _ => [],
    };

    /// <summary>The rule of an id, or null.</summary>
    public static IRule? Find(string id) => All.FirstOrDefault(r => r.Info.Id == id);

    /// <summary>Why a rule is not evaluated on some data, or null where it is.</summary>
    public static string? WhyNotEvaluated(IRule rule, Snapshot snapshot, Settings settings)
    {
        var own = settings.Of(rule.Info);
        if (!own.Enabled)
        {
            return own.WhyOff ?? "disabled";
        }

        foreach (var settingsOfTier in own.All)
        {
            if (rule.Missing(snapshot.Presence, snapshot.Binding, settingsOfTier) is { } missing)
            {
                return missing;
            }
        }

        return own.Scope is { } scope && RecordConditions.MissingField(scope, "Account", snapshot.Presence) is { } field
            ? $"the data has no {field}, which the rule's scope names"
            : own.Tiers.Select(t => RecordConditions.MissingField(t.When, "Account", snapshot.Presence)).FirstOrDefault(f => f is not null) is { } ofTier
            ? $"the data has no {ofTier}, which the rule's tiers name" : null;
    }

    /// <summary>Judges everything by every rule.</summary>
    public static IReadOnlyList<RuleResult> Judge(Snapshot snapshot, Settings settings) => Judge(new Draft(snapshot), settings);

    /// <summary>The same of a snapshot with corrections.</summary>
    internal static IReadOnlyList<RuleResult> Judge(Draft draft, Settings settings)
    {
        var snapshot = draft.Snapshot;
        var ability = new Ability(snapshot, settings);
        return [.. All.Select(rule => WhyNotEvaluated(rule, snapshot, settings) is { } why
            ? new RuleResult(rule.Info, why, [])
            : new RuleResult(rule.Info, null, [.. rule.Judge(new Scene(rule.Info, draft, settings, ability)).Order(Finding.Order)]))];
    }
}
