using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Somebody talks to the customer.</summary>
public sealed class InTouch : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "in-touch", ["silent"], Severity.Warning, RuleMode.Alert, "No account is without activity for too long.",
        new ParameterInfo("maxSilentDays", 30, "days without activity that are fine"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) => Needs.All(presence, "Account.LastActivityDate");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var most = scene.For(account).Number("maxSilentDays");
        var last = account.LastActivityOn ?? (account.CreatedAt is { } created ? scene.AsOf.DateOf(created) : null);
        if (last is { } day && scene.Today.DayNumber - day.DayNumber is var silent && silent > most)
        {
            yield return scene.Find(account, "silent", $"last activity {day:yyyy-MM-dd}, {silent} days ago", $"at most {most} days",
                $"{account.Name} has heard from nobody for {silent} days.");
        }
    }
}
