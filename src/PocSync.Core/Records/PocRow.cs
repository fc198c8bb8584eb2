namespace PocSync.Core.Records;

/// <summary>What a person or department is for an account.</summary>
public enum PocRole
{
    /// <summary>The one accountable.</summary>
    Primary,

    /// <summary>Stands in for the Primary.</summary>
    Backup,

    /// <summary>Answers for one scope, such as a region or product.</summary>
    Specialist,
}

/// <summary>Where a POC row is kept in the org, which decides how it is ended or made.</summary>
public enum RowSource
{
    /// <summary>A row of <c>POC_Assignment__c</c>.</summary>
    Assignment,

    /// <summary>The account's <c>OwnerId</c>; the row's id is the account's.</summary>
    Owner,

    /// <summary>A row of <c>AccountTeamMember</c>.</summary>
    Team,
}

/// <summary>A user or a department, or nobody. Two nobodies are never the same.</summary>
public readonly record struct Assignee(RecordId Id, bool IsDepartment)
{
    /// <summary>Neither a user nor a department.</summary>
    public static readonly Assignee Unknown = default;

    /// <summary>Whether there is neither.</summary>
    public bool IsUnknown => Id.IsNone;

    /// <summary>Whether it is a user's id (known or not).</summary>
    public bool IsUser => !Id.IsNone && !IsDepartment;

    /// <summary>A user.</summary>
    public static Assignee User(RecordId id) => new(id, false);

    /// <summary>A department.</summary>
    public static Assignee Department(RecordId id) => new(id, true);

    /// <summary>The same person or department; an unknown assignee is the same as nobody.</summary>
    public bool IsSameAs(Assignee other) => !IsUnknown && this == other;
}

/// <summary>One person or department in one role on one account. Days are inclusive; a blank start is the earliest, a blank end open.</summary>
/// <param name="Id">The source record; none for a row that this plan makes.</param>
/// <param name="Key">The external key of a row that this plan makes, else null.</param>
/// <param name="Role">The role.</param>
/// <param name="Assignee">Who.</param>
/// <param name="Scope">What a Specialist answers for; null where blank.</param>
/// <param name="StartsOn">First day.</param>
/// <param name="EndsOn">Last day.</param>
/// <param name="Source">Where the row is kept.</param>
public sealed record PocRow(
    RecordId Id, string? Key, PocRole Role, Assignee Assignee, string? Scope, DateOnly? StartsOn, DateOnly? EndsOn, RowSource Source)
{
    /// <summary>The role as the record has it, where that differs in case; else null.</summary>
    public string? RoleAsWritten { get; init; }

    /// <summary>Whether the row ends before it starts, so that it is never in force and no part of a change.</summary>
    public bool IsReversed => StartsOn > EndsOn;

    /// <summary>Whether the row is in force on a day.</summary>
    public bool IsInForce(DateOnly day) => (StartsOn is null || StartsOn <= day) && (EndsOn is null || EndsOn >= day);

    /// <summary>Whether the row is in force on every day from one to another, both included.</summary>
    public bool IsInForce(DateOnly from, DateOnly to) => IsInForce(from) && IsInForce(to);
}
