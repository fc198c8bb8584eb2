using PocSync.Soql;

namespace PocSync.Core.Rules;

/// <summary>The effective settings of one rule.</summary>
public sealed class RuleSettings
{
    private readonly Dictionary<string, object> _parameters;

    internal RuleSettings(RuleInfo rule, Dictionary<string, object>? parameters = null)
    {
        Severity = rule.Severity;
        Mode = rule.Mode;
        _parameters = rule.Parameters.ToDictionary(p => p.Name, p => p.Default);
        foreach (var (name, value) in parameters ?? [])
        {
            _parameters[name] = value;
        }
    }

    /// <summary>Whether the rule is judged at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Why it is off although nobody switched it off: its settings are wrong, and none are known that were right; else null.</summary>
    public string? WhyOff { get; init; }

    /// <summary>What happens with its findings.</summary>
    public RuleMode Mode { get; init; }

    /// <summary>The severity of its findings.</summary>
    public Severity Severity { get; init; }

    /// <summary>Which accounts it looks at; null is all.</summary>
    public Condition? Scope { get; init; }

    /// <summary>Whether its findings are kept as <c>POC_Alert__c</c> rows; null follows the severity.</summary>
    public bool? AlertRows { get; init; }

    /// <summary>For which accounts the rule has other settings; of those that match one the first holds.</summary>
    public IReadOnlyList<Tier> Tiers { get; private set; } = [];

    /// <summary>The same with tiers.</summary>
    internal RuleSettings With(IReadOnlyList<Tier> tiers)
    {
        var copy = (RuleSettings)MemberwiseClone();
        copy.Tiers = tiers;
        return copy;
    }

    /// <summary>The rule's own settings and those of its tiers.</summary>
    internal IEnumerable<RuleSettings> All => Tiers.Select(t => t.Settings).Prepend(this);

    /// <summary>A parameter that is a whole number.</summary>
    public int Number(string name) => (int)_parameters[name];

    /// <summary>A parameter that is a word.</summary>
    public string Word(string name) => (string)_parameters[name];

    /// <summary>A parameter that is a list of texts.</summary>
    public IReadOnlyList<string> Texts(string name) => (IReadOnlyList<string>)_parameters[name];
}

/// <summary>Accounts for which a rule has other settings.</summary>
/// <param name="When">Which accounts: a condition over Account.</param>
/// <param name="Settings">The rule's settings for them, in full.</param>
public sealed record Tier(Condition When, RuleSettings Settings);

/// <summary>When an optional switch waits.</summary>
/// <param name="CloseDays">An open opportunity that closes within so many days freezes its account,</param>
/// <param name="Probability">if it is at least so likely, in percent.</param>
/// <param name="MinTenureDays">So does a change of primary within so many days.</param>
public sealed record FreezeSettings(int CloseDays = 14, decimal Probability = 70, int MinTenureDays = 30);
