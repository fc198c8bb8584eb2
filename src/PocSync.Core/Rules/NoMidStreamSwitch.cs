using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>An account does not change hands again and again.</summary>
public sealed class NoMidStreamSwitch : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "no-mid-stream-switch", ["churn"], Severity.Warning, RuleMode.Alert, "An account does not change its Primary more often than allowed.",
        new ParameterInfo("maxSwitches", 1, "how many changes are fine"),
        new ParameterInfo("windowDays", 90, "within how many days"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) => Needs.Changes(presence, binding);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var (days, most) = (scene.For(account).Number("windowDays"), scene.For(account).Number("maxSwitches"));
        var since = scene.AsOf.DaysAway(-days);
        var count = PrimaryChanges.Of(scene.Draft, account, scene.Today).Count(c => c.Day >= since && c.Day <= scene.Today);
        if (count > most)
        {
            yield return scene.Find(account, "churn", $"{count} changes of Primary within {days} days", $"at most {most}",
                $"{account.Name} has changed hands {count} times within {days} days.");
        }
    }
}
