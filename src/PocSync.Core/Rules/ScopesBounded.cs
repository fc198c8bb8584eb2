using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Where several Specialists share an account, it is clear who answers for what.</summary>
public sealed class ScopesBounded : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "scopes-bounded", ["unscoped", "overlap", "uncovered"], Severity.Warning, RuleMode.Alert,
        "Where several Specialists share an account each has a scope, no scope has two, and every required scope has one.",
        new ParameterInfo("requiredScopes", Array.Empty<string>(), "scopes that a Specialist must answer for on every account"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) => Needs.RolesBesidePrimary(presence, binding);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var specialists = scene.InForce(account, PocRole.Specialist);
        if (specialists.Count > 1)
        {
            foreach (var row in specialists.Where(r => Normalised(r.Scope).Length == 0))
            {
                var name = scene.Snapshot.NameOf(row.Assignee);
                yield return scene.Find(account, "unscoped", $"{name} is a Specialist without a scope", "a scope for each of several Specialists",
                    $"{name} is one of {specialists.Count} specialists of {account.Name}, but it is not said for what.");
            }

            foreach (var same in specialists.Where(r => Normalised(r.Scope).Length > 0).GroupBy(r => Normalised(r.Scope)).Where(g => g.Count() > 1))
            {
                var names = string.Join(", ", same.Select(r => scene.Snapshot.NameOf(r.Assignee)));
                var shown = same.First().Scope!.Trim();
                yield return scene.Find(account, "overlap", $"{same.Count()} Specialists for {shown}: {names}", "one Specialist a scope",
                    $"{names} are all specialists of {account.Name} for {shown}: nobody knows whom to ask.");
            }
        }

        foreach (var scope in scene.For(account).Texts("requiredScopes").DistinctBy(Normalised))
        {
            if (specialists.All(r => Normalised(r.Scope) != Normalised(scope)))
            {
                yield return scene.Find(account, "uncovered", $"no Specialist for {scope.Trim()}", $"a Specialist for {scope.Trim()}",
                    $"{account.Name} has no specialist for {scope.Trim()}.");
            }
        }
    }

    /// <summary>Scopes are the same when they are the same without white space around them and without case (ordinal).</summary>
    internal static string Normalised(string? scope) => scope is null ? "" : scope.Trim().ToUpperInvariant();
}
