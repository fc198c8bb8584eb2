using PocSync.Core.Records;

namespace PocSync.Core.Rules;

/// <summary>While the Primary is away, somebody is there all the time.</summary>
public sealed class BackupCoversAbsence : AccountRule
{
    /// <summary>An open absence is judged so far ahead.</summary>
    internal const int OpenDays = 365;

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new(
        "backup-covers-absence", ["uncovered"], Severity.Warning, RuleMode.Propose,
        "For each absence of a Primary that is on or near, one Backup (or the cover that the absence names) is there for all of it.",
        new ParameterInfo("horizonDays", 14, "how many days ahead absences are looked at"));

    /// <inheritdoc/>
    public override string? Missing(Presence presence, Binding binding, RuleSettings settings) =>
        Needs.RolesBesidePrimary(presence, binding) ?? Needs.Absences(presence) ?? Needs.All(presence, "User.IsActive");

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Scene scene, Account account)
    {
        var horizon = scene.AsOf.DaysAway(scene.For(account).Number("horizonDays"));
        var users = scene.InForce(account, PocRole.Primary).Where(p => p.Assignee.IsUser).Select(p => p.Assignee.Id).Distinct();
        foreach (var user in users)
        {
            foreach (var absence in scene.Ability.AbsencesOf(user))
            {
                if (!absence.Overlaps(scene.Today, horizon) || IsCovered(scene, account, absence))
                {
                    continue;
                }

                var name = scene.Snapshot.NameOf(user);
                var (from, to) = DaysToCome(scene.AsOf, absence);
                var days = absence.EndsOn is null ? $"from {Day(from)} on, with no end" : from == to ? $"on {Day(from)}" : $"from {Day(from)} to {Day(to)}";
                yield return scene.Find(account, "uncovered", $"{name} is away {days}, no Backup is there all that time", "a Backup for every day of the absence",
                    $"{account.Name} is not covered while {name} is away {days}.", absence);
            }
        }
    }

    /// <summary>The days of an absence that are still to come, both inclusive.</summary>
    internal static (DateOnly From, DateOnly To) DaysToCome(AsOf asOf, Absence absence) =>
        (absence.StartsOn > asOf.Today ? absence.StartsOn.Value : asOf.Today, absence.EndsOn ?? asOf.DaysAway(OpenDays));

    private static bool IsCovered(Scene scene, Account account, Absence absence)
    {
        var (from, to) = DaysToCome(scene.AsOf, absence);
        if (IsFree(absence.CoverId) && scene.Ability.IsAbleUser(absence.CoverId))
        {
            return true;
        }

        foreach (var row in scene.Draft.RowsOf(account))
        {
            if (row.Role == PocRole.Backup && row.IsInForce(from, to) && scene.Ability.IsAble(row.Assignee)
                && (row.Assignee.IsDepartment || IsFree(row.Assignee.Id)))
            {
                return true;
            }
        }

        return false;

        bool IsFree(RecordId user) => !user.IsNone && user != absence.UserId && !scene.Ability.IsAbsent(user, from, to);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
