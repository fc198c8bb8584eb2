namespace PocSync.Core.Rules;

/// <summary>How bad a finding is; in this order.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>To be dealt with.</summary>
    Warning,

    /// <summary>An account is not in good hands.</summary>
    Error,
}

/// <summary>What happens with a finding that has a correction.</summary>
public enum RuleMode
{
    /// <summary>Only tell.</summary>
    Alert,

    /// <summary>Correct after a person's approval.</summary>
    Propose,

    /// <summary>Correct within the guard's limits.</summary>
    Auto,
}

/// <summary>A parameter of a rule. The default's type is the parameter's: a whole number not below 0, one of several words, or a list of texts.</summary>
public sealed record ParameterInfo(string Name, object Default, string Meaning, IReadOnlyList<string>? Words = null);

/// <summary>What a rule is, apart from how it judges.</summary>
/// <param name="Id">The id in settings and output.</param>
/// <param name="Codes">Its findings' codes.</param>
/// <param name="Severity">The default severity.</param>
/// <param name="Mode">The default mode.</param>
/// <param name="Meaning">One sentence for people.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record RuleInfo(
    string Id, IReadOnlyList<string> Codes, Severity Severity, RuleMode Mode, string Meaning, params IReadOnlyList<ParameterInfo> Parameters);
