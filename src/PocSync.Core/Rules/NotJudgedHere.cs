using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>A rule whose answer does not lie in the records of a snapshot.</summary>
public sealed class NotJudgedHere(RuleInfo info, string why) : IRule
{
    /// <inheritdoc/>
    public RuleInfo Info => info;

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) => why;

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene) => [];
}
