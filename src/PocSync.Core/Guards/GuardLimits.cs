namespace PocSync.Core.Guards;

/// <summary>How much a run may change before a person looks at it.</summary>
/// <param name="MaxChanged">Accounts that a rule, and the whole plan, may change.</param>
/// <param name="MaxChangedShare">The share (0–1) of the accounts in scope at the last full run that a rule, and the whole plan, may change.</param>
/// <param name="MaxCreated">Rows of one object that the plan may make.</param>
/// <param name="MaxPerPerson">Accounts that one person may gain, and that one may lose, as Primary, owner or Backup; null is no limit.</param>
/// <param name="MaxOwnerChangesPerHour">Owners that may be written in 60 minutes, whatever run wrote them; null is no limit.</param>
/// <param name="MinAnswered">The share (0–1) of the records of the last full run that an org must answer with; below it something was lost, and nothing is concluded from it.</param>
public sealed record GuardLimits(
    int MaxChanged = 100, decimal MaxChangedShare = 0.05m, int MaxCreated = 1000, int? MaxPerPerson = null, int? MaxOwnerChangesPerHour = null,
    decimal MinAnswered = 0.7m)
{
    /// <summary>Below so many changed accounts the share is not judged: five of ten accounts are no mass change.</summary>
    public const int ShareFloor = 10;

    /// <summary>What a limit allows, by its name; null where there is none.</summary>
    internal decimal? Of(string limit) => limit switch
    {
        nameof(MaxChanged) => MaxChanged,
        nameof(MaxChangedShare) => MaxChangedShare,
        nameof(MaxCreated) => MaxCreated,
        nameof(MaxPerPerson) => MaxPerPerson,
        _ => null,
    };

    /// <summary>Below so many records last time a fall is not judged.</summary>
    public const int AnsweredFloor = 20;
}
