using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Nobody owns so many accounts that Salesforce's sharing slows down.</summary>
public sealed class OwnershipSkew : IRule
{
    /// <inheritdoc/>
    public RuleInfo Info { get; } = new(
        "ownership-skew", ["skewed"], Severity.Warning, RuleMode.Alert, "Nobody owns so many accounts that sharing recalculation suffers.",
        new ParameterInfo("limit", 10000, "accounts that one user may own"));

    /// <inheritdoc/>
    public string? Missing(Presence presence, Binding binding, RuleSettings settings) => Needs.All(presence, "Account.OwnerId");

    /// <inheritdoc/>
    public IEnumerable<Finding> Judge(Scene scene)
    {
        var limit = scene.Settings.Number("limit");
        return scene.Accounts.Select(scene.Draft.OwnerOf).Where(owner => !owner.IsNone).CountBy(owner => owner).Where(c => c.Value > limit).Select(c =>
            scene.Find(c.Key, "skewed", $"owns {c.Value} accounts", $"at most {limit}",
                $"{scene.Snapshot.NameOf(c.Key)} owns {c.Value} accounts; beyond {limit} Salesforce's sharing becomes slow for everybody."));
    }
}
