using System.Globalization;
using PocSync.Core.Guards;
using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Every effective setting as text, by the key under which a person sets it, defaults included.</summary>
public static class SettingsText
{
    /// <summary>What is said of a setting that has no value.</summary>
    public const string None = "not set";

    /// <summary>The rules file's: <c>rules.one-primary.mode</c> → <c>auto</c>; sorted by key.</summary>
    public static SortedDictionary<string, string> Of(Settings settings)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["binding"] = settings.Binding is { } binding ? Word(binding) : "the richest that the org has",
            ["pool"] = settings.Pool?.Text ?? "whoever is Primary or Backup of some account",
            ["defaultDepartment"] = settings.DefaultDepartment ?? None,
            ["allowedUserTypes"] = List(settings.AllowedUserTypes),
            ["freeze.closeDays"] = Number(settings.Freeze.CloseDays),
            ["freeze.probability"] = settings.Freeze.Probability.ToString("0.##", CultureInfo.InvariantCulture),
            ["freeze.minTenureDays"] = Number(settings.Freeze.MinTenureDays),
            ["ownerChange.openOpportunities"] = Word(settings.OwnerChange.OpenOpportunities),
            ["ownerChange.openCases"] = Word(settings.OwnerChange.OpenCases),
            ["ownerAssignedBy"] = settings.OwnerAssignedBy is { } assigner ? Word(assigner) : "pocsync, unless something else is noticed",
            ["hierarchy"] = settings.IsFamilyOfOne ? "one-owner" : "none",
            ["absences.calendarEvents"] = settings.Absences.CalendarEvents ? "true" : "false",
            ["absences.resourceAbsences"] = settings.Absences.ResourceAbsences ? "true" : "false",
            ["paused"] = settings.Paused ?? None,
            ["wrong"] = settings.Wrong.Count == 0 ? "nothing" : string.Join(' ', settings.Wrong),
            ["teamRoles"] = List(settings.TeamRoles.All.Select(r => $"{r.Key}: {r.Value}")),
        };
        foreach (var (package, org) in settings.Names.Renamed)
        {
            all[$"names.{package}"] = org;
        }

        foreach (var rule in RuleBook.All.Select(r => r.Info))
        {
            var own = settings.Of(rule);
            all[$"rules.{rule.Id}.enabled"] = own.Enabled ? "true" : "false";
            all[$"rules.{rule.Id}.mode"] = Word(own.Mode);
            all[$"rules.{rule.Id}.severity"] = Word(own.Severity);
            all[$"rules.{rule.Id}.scope"] = own.Scope?.Text ?? "all accounts";
            all[$"rules.{rule.Id}.alertRows"] = own.AlertRows switch { true => "true", false => "false", null => "by severity" };
            foreach (var parameter in rule.Parameters)
            {
                all[$"rules.{rule.Id}.{parameter.Name}"] = Value(own, parameter);
            }

            if (RuleBook.TierKeys(rule).Count > 0)
            {
                all[$"rules.{rule.Id}.tiers"] = own.Tiers.Count == 0 ? "none" : string.Join("; ", own.Tiers.Select(t => $"where {t.When.Text}: {Other(rule, own, t.Settings)}"));
            }
        }

        return all;
    }

    /// <summary>What differs: key, value before and after, sorted by key.</summary>
    public static IReadOnlyList<(string Key, string Before, string After)> Changes(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
    [
        .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(k => (Key: k, Before: before.GetValueOrDefault(k) ?? None, After: after.GetValueOrDefault(k) ?? None)).Where(c => c.Before != c.After),
    ];

    /// <summary>The guard's: <c>Guard:MaxChanged</c> → <c>100</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(GuardLimits limits) =>
    [
        new("Guard:MaxChanged", Number(limits.MaxChanged)),
        new("Guard:MaxChangedShare", Share(limits.MaxChangedShare)),
        new("Guard:MaxCreated", Number(limits.MaxCreated)),
        new("Guard:MaxPerPerson", limits.MaxPerPerson is { } person ? Number(person) : None),
        new("Guard:MaxOwnerChangesPerHour", limits.MaxOwnerChangesPerHour is { } hour ? Number(hour) : None),
        new("Guard:MinAnswered", Share(limits.MinAnswered)),
    ];

    private static string Value(RuleSettings own, ParameterInfo parameter) => parameter.Default switch
    {
        int => Number(own.Number(parameter.Name)),
        string => own.Word(parameter.Name),
        _ => List(own.Texts(parameter.Name)),
    };

    /// <summary>What a tier has otherwise than its rule.</summary>
    private static string Other(RuleInfo rule, RuleSettings own, RuleSettings tier)
    {
        var others = rule.Parameters.Where(p => Value(own, p) != Value(tier, p)).Select(p => $"{p.Name} {Value(tier, p)}");
        return string.Join(", ", others.Concat(own.Mode == tier.Mode ? [] : [$"mode {Word(tier.Mode)}"]).Concat(own.Severity == tier.Severity ? [] : [$"severity {Word(tier.Severity)}"]))
            is { Length: > 0 } all ? all : "as the rule";
    }

    private static string Word<T>(T word) where T : struct, Enum => word.ToString().ToLowerInvariant();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Share(decimal share) => share.ToString("0.####", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> texts) => string.Join(", ", texts.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";
}
