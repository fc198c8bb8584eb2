using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>One rule. Judges state, never events; the same scene gives the same findings.</summary>
public interface IRule
{
    /// <summary>What the rule is.</summary>
    RuleInfo Info { get; }

    /// <summary>What the rule needs and the data does not have, in words after "not evaluated: ", or null where all is there.</summary>
    string? Missing(Presence presence, Binding binding, RuleSettings settings);

    /// <summary>Every finding, in no particular order.</summary>
    IEnumerable<Finding> Judge(Scene scene);
}

/// <summary>A rule that looks at one account at a time, so that a correction of one account is judged again without the others.</summary>
public abstract class AccountRule : IRule
{
    /// <inheritdoc/>
    public abstract RuleInfo Info { get; }

    /// <inheritdoc/>
    public abstract string? Missing(Presence presence, Binding binding, RuleSettings settings);

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene) => scene.Accounts.SelectMany(account => Judge(scene, account));

    /// <summary>The findings about one account that is in scope.</summary>
    public abstract IEnumerable<Finding> Judge(Scene scene, Account account);
}
