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
/// <param name="Own">The parameters that it alone has.</param>
public sealed record RuleInfo(
    string Id, IReadOnlyList<string> Codes, Severity Severity, RuleMode Mode, string Meaning, params IReadOnlyList<ParameterInfo> Own)
{
    /// <summary>The parameter that says to whom its alert records are assigned.</summary>
    public const string AlertTo = "alertTo";

    /// <summary>The parameter that says after how many days the manager gets an alert record that nobody touches.</summary>
    public const string AlertEscalateDays = "alertEscalateDays";

    /// <summary>The parameters that every rule has.</summary>
    public static IReadOnlyList<ParameterInfo> OfEveryRule { get; } =
    [
        new(AlertTo, "primary",
            "to whom its alert records are assigned: the account's primary (or the user, or the department's accountable user, that they are about; what a handoff lacks goes to who had the account before), its backup or the primary's manager, the next of these who can act; administrators assigns them to nobody",
            ["primary", "backup", "manager", "administrators"]),
        new(AlertEscalateDays, 3, "working days after which an open alert record that nobody touched goes to the manager of whom it is assigned to; 0 is never"),
    ];

    /// <summary>Whether anything of what it finds can be corrected; else its mode means nothing.</summary>
    public bool HasCorrection { get; init; } = Mode != RuleMode.Alert;

    /// <summary>All its parameters, its own first.</summary>
    public IReadOnlyList<ParameterInfo> Parameters { get; } = [.. Own, .. OfEveryRule];
}
