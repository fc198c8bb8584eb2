using PocSync.Core.Records;
using PocSync.Soql;

namespace PocSync.Core.Rules;

/// <summary>What an administrator decides: bindings, names, and each rule's settings. Without any text it is the defaults.</summary>
public sealed class Settings
{
    private readonly Dictionary<string, RuleSettings> _rules;
    private readonly Settings? _beside;

    internal Settings(Dictionary<string, RuleSettings> rules) => _rules = rules;

    private Settings(Settings like, Settings? beside = null, Dictionary<string, RuleSettings>? rules = null)
    {
        (_rules, _beside, Wrong) = (rules ?? like._rules, beside, like.Wrong);
        (Binding, TeamRoles, Pool, DefaultDepartment) = (like.Binding, like.TeamRoles, like.Pool, like.DefaultDepartment);
        (AllowedUserTypes, Paused, OwnerChange, Freeze, Names) = (like.AllowedUserTypes, like.Paused, like.OwnerChange, like.Freeze, like.Names);
        (OwnerAssignedBy, IsFamilyOfOne, Absences) = (like.OwnerAssignedBy, like.IsFamilyOfOne, like.Absences);
    }

    /// <summary>The defaults.</summary>
    public static Settings Default { get; } = new([]);

    /// <summary>Where POC rows live; null is the richest binding that the org has.</summary>
    public Binding? Binding { get; init; }

    /// <summary>What a team role is.</summary>
    public TeamRoles TeamRoles { get; init; } = TeamRoles.Default;

    /// <summary>Who can be picked: a condition over User that may name the account's fields; null is whoever is Primary or Backup of some account.</summary>
    public Condition? Pool { get; init; }

    /// <summary>The department that takes an account for which nobody can be picked: an id or a name.</summary>
    public string? DefaultDepartment { get; init; }

    /// <summary>Kinds of user that can be a contact; ignores case.</summary>
    public IReadOnlySet<string> AllowedUserTypes { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "Standard" };

    /// <summary>Whether nothing is to be written, and why; see <see cref="Runs.PauseSetting"/>.</summary>
    public string? Paused { get; init; }

    /// <summary>What goes with an account to its new owner.</summary>
    public OwnerChange OwnerChange { get; init; } = new();

    /// <summary>Who assigns owners; null is PocSync, unless it notices that something else does.</summary>
    public OwnerAssigner? OwnerAssignedBy { get; init; }

    /// <summary>Whether accounts of one family (an account and all below it) are to have one Primary, as far as somebody is picked.</summary>
    public bool IsFamilyOfOne { get; init; }

    /// <summary>What counts as an absence beside the package's records.</summary>
    public AbsenceSources Absences { get; init; } = new();

    /// <summary>How much of the customer's contacts is read beside the primary ones.</summary>
    public CustomerDepth CustomerDepth => new[] { _beside?.CustomerDepth ?? CustomerDepth.None, Of(RuleBook.CustomerPrimary.Info) is { Enabled: true } own
        ? own.All.All(s => s.Mode == RuleMode.Alert) ? CustomerDepth.Successors : CustomerDepth.Roles : CustomerDepth.None }.Max();

    /// <summary>When an optional switch waits.</summary>
    public FreezeSettings Freeze { get; init; } = new();

    /// <summary>What is wrong with the text that they come from, and what holds in its place, a sentence each; empty where all of it is in force.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>The org's own names.</summary>
    public Names Names { get; init; } = Names.None;

    /// <summary>The fields that the conditions mention.</summary>
    public WantedFields WantedFields => field ??= new WantedFields(this);

    /// <summary>The effective settings of a rule.</summary>
    public RuleSettings Of(RuleInfo rule) => _rules.TryGetValue(rule.Id, out var settings) ? settings : _rules[rule.Id] = new RuleSettings(rule);

    /// <summary>
    /// These settings, to read records by which others can be judged as well: what those name is read too. Null where the two look at records in different ways (binding, names, team
    /// roles, absences), so that each needs a snapshot of its own.
    /// </summary>
    /// <param name="other">The others.</param>
    /// <param name="richest">The richest binding that the org has, which holds where none is named; null where that is not known.</param>
    public Settings? Beside(Settings other, Binding? richest = null) =>
        (Binding ?? richest) == (other.Binding ?? richest) && Names.IsSameAs(other.Names) && TeamRoles.IsSameAs(other.TeamRoles) && Absences == other.Absences ? new Settings(this, other) : null;

    /// <summary>
    /// These settings where some parts of their text are wrong: those parts as they were when they were last right; rules of which that is not known are off. Null where another part than a rule is
    /// wrong, and not known either: then nothing can be judged by them.
    /// </summary>
    /// <param name="problems">What is wrong.</param>
    /// <param name="last">The last settings that a run went by; null where there are none.</param>
    internal Settings? Without(IReadOnlyCollection<SettingsProblem> problems, Settings? last)
    {
        var parts = problems.Select(p => p.Part).OfType<string>().ToHashSet();
        if (parts.Any(p => !p.StartsWith("rules.", StringComparison.Ordinal)) && (last is null || WasRefused("pool", last.Pool)))
        {
            return null;
        }

        var words = problems.Select(p => p.Sentence).ToList();
        var rules = new Dictionary<string, RuleSettings>(_rules);
        foreach (var rule in RuleBook.All.Select(r => r.Info).Where(r => parts.Contains($"rules.{r.Id}") || parts.Contains("rules")))
        {
            var good = last?.Of(rule) is { WhyOff: null } known && !known.Tiers.Select(t => t.When).Append(known.Scope).Any(c => WasRefused($"rules.{rule.Id}", c)) ? known : null;
            rules[rule.Id] = good ?? new RuleSettings(rule)
            {
                Enabled = false,
                WhyOff = $"its settings are wrong: {problems.First(p => p.Part == $"rules.{rule.Id}" || p.Part == "rules").Sentence.TrimEnd('.')}",
            };
            words.Add(good is null ? $"The rule {rule.Id} is off until its settings are right." : $"The rule {rule.Id} goes by its last good settings until then.");
        }

        words.AddRange(parts.Where(p => !p.StartsWith("rules", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(p => $"The last good {p} holds until then."));
        bool WasRefused(string part, Condition? condition) => condition is not null && problems.Any(p => p.Part == part && p.Refused == condition.Text);
        Settings From(string part) => parts.Contains(part) ? last! : this;
        return new Settings(this, rules: rules)
        {
            Names = From("names").Names,
            Binding = From("binding").Binding,
            TeamRoles = From("teamRoles").TeamRoles,
            Pool = From("pool").Pool,
            DefaultDepartment = From("defaultDepartment").DefaultDepartment,
            AllowedUserTypes = From("allowedUserTypes").AllowedUserTypes,
            Freeze = From("freeze").Freeze,
            OwnerChange = From("ownerChange").OwnerChange,
            OwnerAssignedBy = From("ownerAssignedBy").OwnerAssignedBy,
            IsFamilyOfOne = From("hierarchy").IsFamilyOfOne,
            Absences = From("absences").Absences,
            Paused = From("paused").Paused,
            Wrong = words,
        };
    }

    /// <summary>The most days back that a rule, or the freeze, looks at changes of contact.</summary>
    public int LongestWindow => RuleBook.All.Where(r => r.Info.Parameters.Any(p => p.Name == "windowDays")).SelectMany(r => Of(r.Info).All).Select(s => s.Number("windowDays"))
        .Append(Freeze.MinTenureDays).Append(_beside?.LongestWindow ?? 0).Max();

    /// <summary>The conditions of the rules that are on, of the capacities that picks go by, and the pool, each with its key in <see cref="SettingsText"/> and the object that it is about.</summary>
    internal IEnumerable<(string Key, string ObjectName, Condition Condition)> Conditions =>
        _rules.OrderBy(r => r.Key, StringComparer.Ordinal).Where(r => r.Value is { Enabled: true, Scope: not null })
            .Select(r => ($"rules.{r.Key}.scope", "Account", r.Value.Scope!))
            .Concat(_rules.OrderBy(r => r.Key, StringComparer.Ordinal).Where(r => r.Value.Enabled || r.Key == LoadWithinCapacity.Description.Id).SelectMany(r => r.Value.Tiers.Select(t => ($"rules.{r.Key}.tiers", "Account", t.When))))
            .Concat(Pool is null ? [] : [("pool", "User", Pool)])
            .Concat(_beside?.Conditions ?? []);
}
