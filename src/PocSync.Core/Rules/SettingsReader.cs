using System.Globalization;
using PocSync.Core.Records;
using PocSync.Soql;

namespace PocSync.Core.Rules;

/// <summary>
/// Reads settings from nodes of JSON or YAML. Everything that is wrong is said at once, each in one sentence with its line; where anything is wrong there are no settings.
/// </summary>
public sealed class SettingsReader
{
    /// <summary>Characters of a wrong text that are shown.</summary>
    private const int MostShown = 60;

    /// <summary>Each is tried on every account.</summary>
    private const int MostTiers = 100;

    /// <summary>Of an API name in Salesforce, with its namespace and ending.</summary>
    private const int LongestName = 80;

    private static readonly string[] TopKeys =
        ["rules", "binding", "teamRoles", "pool", "defaultDepartment", "allowedUserTypes", "freeze", "ownerChange", "ownerAssignedBy", "hierarchy", "absences", "names", "paused", "Paused"];

    private static readonly string[] RuleKeys = ["enabled", "mode", "severity", "scope", "alertRows"];

    private readonly List<SettingsProblem> _problems = [];
    private string? _part;
    private Names _names = Names.None;

    private SettingsReader()
    {
    }

    /// <summary>The settings of a text's root node (null: an empty text, the defaults), or the problems.</summary>
    public static (Settings? Settings, IReadOnlyList<string> Problems) Read(SettingNode? root)
    {
        var (settings, problems) = ReadParts(root);
        return (problems.Count == 0 ? settings : null, [.. problems.Select(p => p.Sentence)]);
    }

    /// <summary>What is right of a text, with the defaults in place of the parts that are wrong, and the problems with the part that each concerns.</summary>
    internal static (Settings Usable, IReadOnlyList<SettingsProblem> Problems) ReadParts(SettingNode? root)
    {
        var reader = new SettingsReader();
        return (root is null ? Settings.Default : reader.All(root), reader._problems);
    }

    private Settings All(SettingNode root)
    {
        if (root is SettingScalar { Text: null } || Map(root, "the settings") is not { } top)
        {
            return Settings.Default;
        }

        foreach (var (key, _) in top.Entries.Where(e => !TopKeys.Contains(e.Key.Text)))
        {
            _part = Spelling.Nearest(key.Text, TopKeys);
            Problem(key, $"there is no setting '{Cut(key.Text)}'{Spelling.Suggestion(key.Text, TopKeys)}");
        }

        _names = Part("names", () => Names_(top));
        var rules = Part("rules", () => Rules(top));
        return new Settings(rules)
        {
            Names = _names,
            Binding = Part("binding", () => Word(top, "binding", ["owner", "team", "package"])) is { } binding ? Enum.Parse<Binding>(binding, ignoreCase: true) : null,
            TeamRoles = Part("teamRoles", () => TeamRoles_(top)),
            Pool = Part("pool", () => Condition_(top, "pool", "User", binds: true)),
            DefaultDepartment = Part("defaultDepartment", () => Text(top, "defaultDepartment")),
            AllowedUserTypes = Part("allowedUserTypes", () => Texts(top, "allowedUserTypes")) is { } types
                ? new HashSet<string>(types.Select(t => t.Trim()), StringComparer.OrdinalIgnoreCase) : Settings.Default.AllowedUserTypes,
            Freeze = Part("freeze", () => Freeze_(top)),
            OwnerChange = Part("ownerChange", () => OwnerChange_(top)),
            OwnerAssignedBy = Part("ownerAssignedBy", () => Word(top, "ownerAssignedBy", ["pocsync", "other"])) is { } assigner ? Enum.Parse<OwnerAssigner>(assigner, ignoreCase: true) : null,
            IsFamilyOfOne = Part("hierarchy", () => Word(top, "hierarchy", ["none", "one-owner"])) == "one-owner",
            Absences = Part("absences", () => Absences_(top)),
            Paused = Part("paused", () => Paused_(top)),
        };
    }

    /// <summary>What is found wrong while a part is read concerns that part.</summary>
    private T Part<T>(string part, Func<T> read)
    {
        _part = part;
        return read();
    }

    private Dictionary<string, RuleSettings> Rules(SettingMap top)
    {
        var rules = new Dictionary<string, RuleSettings>();
        if (Find(top, "rules") is not { } node || Map(node, "rules") is not { } map)
        {
            return rules;
        }

        foreach (var (key, value) in map.Entries)
        {
            var ids = RuleBook.All.Select(r => r.Info.Id);
            if (RuleBook.Find(key.Text ?? "") is not { } rule)
            {
                _part = Spelling.Nearest(key.Text, ids) is { } near ? $"rules.{near}" : null;
                Problem(key, $"there is no rule '{Cut(key.Text)}'{Spelling.Suggestion(key.Text, ids)}");
                continue;
            }

            _part = $"rules.{rule.Info.Id}";
            if (value is SettingScalar { Text: null })
            {
                continue;
            }

            if (Map(value, _part) is { } settings)
            {
                rules[rule.Info.Id] = Rule(rule.Info, settings);
            }
        }

        return rules;
    }

    private RuleSettings Rule(RuleInfo rule, SettingMap map)
    {
        var at = $"rules.{rule.Id}.";
        CheckKeys(map, [.. RuleKeys, "tiers", .. rule.Parameters.Select(p => p.Name)], at);
        var parameters = Parameters(rule, map, at);
        var own = new RuleSettings(rule, parameters)
        {
            Enabled = Boolean(map, "enabled", at) ?? true,
            Mode = Mode(map, at) ?? rule.Mode,
            Severity = Severity_(map, at) ?? rule.Severity,
            Scope = Condition_(map, "scope", "Account", binds: false, at),
            AlertRows = Boolean(map, "alertRows", at),
        };
        return Find(map, "tiers") is { } tiers ? own.With(Tiers(rule, own, parameters, tiers)) : own;
    }

    private List<Tier> Tiers(RuleInfo rule, RuleSettings own, Dictionary<string, object> parameters, SettingNode node)
    {
        var at = $"rules.{rule.Id}.tiers.";
        if (RuleBook.TierKeys(rule).Count == 0)
        {
            Problem(node, $"rules.{rule.Id} can have no tiers: it does not look at one account at a time, so that nothing in it can differ by account.");
            return [];
        }

        if (node is not SettingList list)
        {
            Problem(node, $"rules.{rule.Id}.tiers must be a list, each with when and what differs, not {Shown(node)}.");
            return [];
        }

        if (list.Items.Count > MostTiers)
        {
            Problem(node, $"rules.{rule.Id} can have at most {MostTiers} tiers, not {list.Items.Count:N0}.");
            return [];
        }

        var tiers = new List<Tier>();
        foreach (var item in list.Items)
        {
            if (Map(item, $"a tier of rules.{rule.Id}") is not { } map)
            {
                continue;
            }

            CheckKeys(map, ["when", .. RuleBook.TierKeys(rule)], at);
            if (Find(map, "when") is null || Find(map, "when") is SettingScalar { Text: var when } && string.IsNullOrWhiteSpace(when))
            {
                Problem(item, $"a tier of rules.{rule.Id} says no 'when': a SOQL condition over Account for the accounts that it is about.");
            }

            var settings = new RuleSettings(rule, parameters.Concat(Parameters(rule, map, at)).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value))
            {
                Mode = Mode(map, at) ?? own.Mode,
                Severity = Severity_(map, at) ?? own.Severity,
                Scope = own.Scope,
                Enabled = own.Enabled,
                AlertRows = own.AlertRows,
            };
            if (Condition_(map, "when", "Account", binds: false, at) is { } condition)
            {
                tiers.Add(new Tier(condition, settings));
            }
        }

        return tiers;
    }

    private RuleMode? Mode(SettingMap map, string at) => Word(map, "mode", ["alert", "propose", "auto"], at) is { } mode ? Enum.Parse<RuleMode>(mode, ignoreCase: true) : null;

    private Severity? Severity_(SettingMap map, string at) =>
        Word(map, "severity", ["info", "warning", "error"], at) is { } severity ? Enum.Parse<Severity>(severity, ignoreCase: true) : null;

    /// <summary>The parameters that a rule's settings, or those of a tier, give.</summary>
    private Dictionary<string, object> Parameters(RuleInfo rule, SettingMap map, string at)
    {
        var parameters = new Dictionary<string, object>();
        foreach (var parameter in rule.Parameters)
        {
            object? value = parameter.Default switch
            {
                int => Whole(map, parameter.Name, at),
                string => Word(map, parameter.Name, parameter.Words!, at),
                _ => Texts(map, parameter.Name, at),
            };
            if (value is not null)
            {
                parameters[parameter.Name] = value;
            }
        }

        return parameters;
    }

    private OwnerChange OwnerChange_(SettingMap top)
    {
        if (Find(top, "ownerChange") is not { } node || Map(node, "ownerChange") is not { } map)
        {
            return new OwnerChange();
        }

        CheckKeys(map, ["openOpportunities", "openCases"], "ownerChange.");
        return new OwnerChange(Policy("openOpportunities"), Policy("openCases"));

        ChildPolicy Policy(string key) =>
            Word(map, key, ["keep", "follow"], "ownerChange.") is { } word ? Enum.Parse<ChildPolicy>(word, ignoreCase: true) : ChildPolicy.Keep;
    }

    private AbsenceSources Absences_(SettingMap top)
    {
        if (Find(top, "absences") is not { } node || Map(node, "absences") is not { } map)
        {
            return new AbsenceSources();
        }

        CheckKeys(map, ["calendarEvents", "resourceAbsences"], "absences.");
        return new AbsenceSources(Boolean(map, "calendarEvents", "absences.") ?? false, Boolean(map, "resourceAbsences", "absences.") ?? false);
    }

    /// <summary>True, false, or a text that says why. Whoever is in a hurry writes it in either case.</summary>
    private string? Paused_(SettingMap top)
    {
        if ((Find(top, "paused") ?? Find(top, "Paused")) is not { } node)
        {
            return null;
        }

        if (Find(top, "paused") is not null && Find(top, "Paused") is { } second)
        {
            Problem(second, "paused is there twice, small and with a capital; keep one of them.");
        }

        if (node is SettingScalar { Text: var text })
        {
            return text;
        }

        Problem(node, $"paused must be true, false or a text that says why, not {Shown(node)}.");
        return null;
    }

    private FreezeSettings Freeze_(SettingMap top)
    {
        var freeze = new FreezeSettings();
        if (Find(top, "freeze") is not { } node || Map(node, "freeze") is not { } map)
        {
            return freeze;
        }

        CheckKeys(map, ["closeDays", "probability", "minTenureDays"], "freeze.");
        decimal? probability = null;
        if (Find(map, "probability") is { } at)
        {
            if (at is SettingScalar { IsQuoted: false, Text: { } text } && CellText.TryNumber(text, out var number) && number is >= 0 and <= 100)
            {
                probability = number;
            }
            else
            {
                Problem(at, $"freeze.probability must be a number from 0 to 100, not {Shown(at)}.");
            }
        }

        return new FreezeSettings(
            Whole(map, "closeDays", "freeze.") ?? freeze.CloseDays, probability ?? freeze.Probability, Whole(map, "minTenureDays", "freeze.") ?? freeze.MinTenureDays);
    }

    private TeamRoles TeamRoles_(SettingMap top)
    {
        if (Find(top, "teamRoles") is not { } node || Map(node, "teamRoles") is not { } map)
        {
            return TeamRoles.Default;
        }

        var roles = new Dictionary<string, PocRole>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in map.Entries)
        {
            if (Word(map, key.Text!, ["Primary", "Backup", "Specialist"], "teamRoles.") is not { } role)
            {
                continue;
            }

            if (!roles.TryAdd(key.Text!.Trim(), Enum.Parse<PocRole>(role, ignoreCase: true)))
            {
                Problem(key, $"teamRoles names the role '{key.Text.Trim()}' twice (case and white space around it do not count).");
            }
        }

        return new TeamRoles(roles);
    }

    private Names Names_(SettingMap top)
    {
        if (Find(top, "names") is not { } node || Map(node, "names") is not { } map)
        {
            return Names.None;
        }

        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in map.Entries)
        {
            if (!Names.Package.Contains(key.Text ?? ""))
            {
                Problem(key, $"names.{Cut(key.Text)}: the package has no such object or field{Spelling.Suggestion(key.Text, Names.Package)}");
            }
            else if (Text(map, key.Text!, "names.") is { } name)
            {
                if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || !char.IsAsciiLetter(name[0]) || name.Length > LongestName)
                {
                    Problem(value, $"names.{key.Text}: {Shown(value)} is not an API name (at most {LongestName} letters, digits and underscores).");
                }
                else if (names.FirstOrDefault(n => n.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && !n.Key.Equals(key.Text, StringComparison.OrdinalIgnoreCase) && ObjectOf(n.Key) == ObjectOf(key.Text!)).Key is { } other)
                {
                    Problem(value, $"names.{key.Text} and names.{other} both say '{name}'; each needs a name of its own.");
                }
                else if (!names.TryAdd(key.Text!, name))
                {
                    Problem(key, $"names.{key.Text} is there twice.");
                }
            }
        }

        return new Names(names);
    }

    /// <summary>The object that a field's name begins with; of an object nothing.</summary>
    private static string ObjectOf(string name) => name.Contains('.') ? name[..name.IndexOf('.', StringComparison.Ordinal)] : "";

    private Condition? Condition_(SettingMap map, string key, string objectName, bool binds, string at = "")
    {
        if (Find(map, key) is not { } node || Text(map, key, at, blankIsFine: true) is not { } text || text.Trim().Length == 0)
        {
            return null;
        }

        if (text.IndexOf('\0', StringComparison.Ordinal) is var nul && nul >= 0)
        {
            Problem(node, $"{at}{key}: at character {nul + 1} of the condition: the character U+0000 cannot stand here; take it out.");
            return null;
        }

        try
        {
            var condition = Condition.Parse(text, binds);
            if (condition.Binds.FirstOrDefault(b => b.Parts.Count < 2 || !b.Parts[0].Equals("Account", StringComparison.OrdinalIgnoreCase)) is { } bind)
            {
                Problem(node, $"{at}{key}: ':{bind}' must name a field of the account, such as ':Account.Region__c'.");
                return null;
            }

            RecordConditions.CheckTypes(condition, objectName, _names);
            return condition;
        }
        catch (SoqlException wrong)
        {
            Problem(node, $"{at}{key}: at character {wrong.Offset + 1} (line {wrong.Line}, column {wrong.Column} of the condition): {wrong.Problem.TrimEnd('.')}.");
            return null;
        }
    }

    private int? Whole(SettingMap map, string key, string at)
    {
        if (Find(map, key) is not { } node)
        {
            return null;
        }

        if (node is SettingScalar { IsQuoted: false, Text: { } text }
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 1_000_000)
        {
            return number;
        }

        Problem(node, $"{at}{key} must be a whole number from 0 to 1000000, not {Shown(node)}.");
        return null;
    }

    private bool? Boolean(SettingMap map, string key, string at)
    {
        if (Find(map, key) is not { } node)
        {
            return null;
        }

        if (node is SettingScalar { IsQuoted: false, Text: { } text } && bool.TryParse(text, out var value))
        {
            return value;
        }

        Problem(node, $"{at}{key} must be true or false, not {Shown(node)}.");
        return null;
    }

    private string? Word(SettingMap map, string key, IReadOnlyList<string> words, string at = "")
    {
        if (Find(map, key) is not { } node)
        {
            return null;
        }

        if (node is SettingScalar { Text: { } text } && words.FirstOrDefault(w => w.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } word)
        {
            return word;
        }

        Problem(node, $"{at}{key} must be {string.Join(", ", words.SkipLast(1))} or {words[^1]}, not {Shown(node)}.");
        return null;
    }

    private string? Text(SettingMap map, string key, string at = "", bool blankIsFine = false)
    {
        if (Find(map, key) is not { } node)
        {
            return null;
        }

        if (node is SettingScalar scalar && (IsText(scalar) || (blankIsFine && scalar.Text is null)) && (blankIsFine || !string.IsNullOrWhiteSpace(scalar.Text)))
        {
            return scalar.Text ?? "";
        }

        Problem(node, node is SettingScalar { IsQuoted: true } ? $"{at}{key} must be a text that says something; this one is blank." : $"{at}{key} must be a text, not {Shown(node)}.");
        return null;
    }

    /// <summary>A number or a boolean that is not quoted is no text.</summary>
    private static bool IsText(SettingScalar scalar) =>
        scalar.Text is { } text && (scalar.IsQuoted || (!bool.TryParse(text, out _) && !CellText.TryNumber(text, out _)));

    private List<string>? Texts(SettingMap map, string key, string at = "")
    {
        if (Find(map, key) is not { } node)
        {
            return null;
        }

        if (node is not SettingList list)
        {
            Problem(node, $"{at}{key} must be a list of texts, not {Shown(node)}.");
            return null;
        }

        if (list.Items.FirstOrDefault(i => i is not SettingScalar scalar || !IsText(scalar) || string.IsNullOrWhiteSpace(scalar.Text)) is { } other)
        {
            Problem(other, $"{at}{key} must be a list of texts; this is {Shown(other)}.");
            return null;
        }

        return [.. list.Items.Select(i => ((SettingScalar)i).Text!)];
    }

    private static SettingNode? Find(SettingMap map, string key) => map.Entries.FirstOrDefault(e => e.Key.Text == key).Value;

    private SettingMap? Map(SettingNode node, string what)
    {
        if (node is SettingMap map)
        {
            return map;
        }

        Problem(node, $"{what} must hold keys and values, not {Shown(node)}.");
        return null;
    }

    private void CheckKeys(SettingMap map, IReadOnlyList<string> known, string at)
    {
        foreach (var (key, _) in map.Entries)
        {
            if (!known.Contains(key.Text))
            {
                Problem(key, $"there is no setting '{at}{Cut(key.Text)}'{Spelling.Suggestion(key.Text, known)}");
            }
        }
    }

    private void Problem(SettingNode node, string sentence) => _problems.Add(new(_part, $"{node.Place}: {sentence}"));

    /// <summary>So much of a text as a sentence shows.</summary>
    public static string? Cut(string? text) => text is { Length: > MostShown }
        ? text[..(char.IsHighSurrogate(text[MostShown - 1]) ? MostShown - 1 : MostShown)] + "…" : text;

    private static string Shown(SettingNode node) => node switch
    {
        SettingScalar { Text: null } => "nothing",
        SettingScalar { Text: { Length: > MostShown } text } => $"'{Cut(text)}'",
        SettingScalar { Text: var text, IsQuoted: true } => $"the text '{text}'",
        SettingScalar { Text: var text } => $"'{text}'",
        SettingList => "a list",
        _ => "a group of keys",
    };
}
