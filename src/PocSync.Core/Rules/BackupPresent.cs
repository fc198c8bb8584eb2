using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>Somebody can stand in.</summary>
public sealed class BackupPresent : AccountRule
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "backup-present", ["missing", "same-as-primary", "not-able", "too-few"], Severity.Warning, RuleMode.Propose,
        "Every account has enough Backups who are able and not its Primary.",
        new ParameterInfo("minimum", 1, "how many Backups an account needs"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.RolesBesidePrimary(presence, binding) ?? Needs.All(presence, "User.IsActive");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var minimum = scene.For(account).Number("minimum");
        var backups = scene.InForce(account, PocRole.Backup);
        var counted = Count(scene, account, backups);
        if (counted >= minimum)
        {
            yield break;
        }

        var expected = minimum == 1 ? "an able Backup who is not the Primary" : $"{minimum} able Backups who are not the Primary";
        var names = string.Join(", ", backups.Select(b => scene.Snapshot.NameOf(b.Assignee)).Distinct());
        var (code, seen, sentence) = backups.Count == 0
            ? ("missing", "no Backup in force", $"{account.Name} has no backup: nobody stands in when its primary contact is away.")
            : backups.All(b => IsPrimary(scene, account, b))
            ? ("same-as-primary", $"Backup {names} is the Primary too", $"{account.Name} has only its own primary contact as backup ({names}).")
            : counted > 0
            ? ("too-few", $"{counted} of {minimum} Backups", $"{account.Name} has {counted} working backup(s) where {minimum} are wanted.")
            : ("not-able", $"no able Backup among {names}", $"{account.Name} has no working backup: {names} cannot stand in.");
        yield return scene.Find(account, code, seen, expected, sentence);
    }

    /// <summary>How many distinct Backups in force count.</summary>
    internal static int Count(Scene scene, Account account) => Count(scene, account, scene.InForce(account, PocRole.Backup));

    private static int Count(Scene scene, Account account, List<PocRow> backups) => backups
        .Where(b => scene.Ability.IsAble(b.Assignee) && !IsPrimary(scene, account, b))
        .Select(b => b.Assignee)
        .Distinct()
        .Count();

    private static bool IsPrimary(Scene scene, Account account, PocRow backup) =>
        scene.InForce(account, PocRole.Primary).Any(p => p.Assignee.IsSameAs(backup.Assignee));
}
