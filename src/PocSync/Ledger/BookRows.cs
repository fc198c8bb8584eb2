namespace PocSync.Ledger;

// Days are text such as 2026-01-31, whole amounts are numbers; what is not known is null.

/// <summary>The figures of a run.</summary>
public sealed class FiguresRow
{
    public long Run { get; init; }
    public long At { get; init; }
    public int InScope { get; init; }
    public long Worth { get; init; }
    public int Exempt { get; init; }
    public int? Primary { get; init; }
    public long? PrimaryWorth { get; init; }
    public int? Backup { get; init; }
    public long? BackupWorth { get; init; }
    public int? Handoffs { get; init; }
    public long? HandoffsWorth { get; init; }

    /// <summary>Findings, by severity.</summary>
    public int Errors { get; init; }
    public int Warnings { get; init; }
    public int Infos { get; init; }
}

/// <summary>Something that the last run saw in the org.</summary>
public abstract class SeenRow
{
    /// <summary>The record.</summary>
    public required string Id { get; init; }

    /// <summary>Tells whether anything about it has changed.</summary>
    public long Print { get; set; }
}

/// <summary>An account.</summary>
public sealed class AccountRow : SeenRow
{
    public required string Name { get; init; }

    /// <summary>The account's name and that of whom it concerns, in lower case, to look for.</summary>
    public required string Folded { get; init; }
    public long? Worth { get; init; }
    public required string Owner { get; init; }
    public required string OwnerName { get; init; }

    /// <summary>Whom what is wrong with it concerns: the primary contact, else the owner.</summary>
    public required string Person { get; init; }
    public required string PersonName { get; init; }
    public bool? HasPrimary { get; init; }
    public bool? HasBackup { get; init; }
    public bool? HasCleanHandoffs { get; init; }
    public string? ExemptUntil { get; init; }

    /// <summary>A list of <see cref="Core.Runs.BookRole"/>.</summary>
    public required string Roles { get; init; }
}

/// <summary>A user or department.</summary>
public sealed class PersonRow : SeenRow
{
    public required string Name { get; init; }

    /// <summary>The name in lower case, to look for.</summary>
    public required string Folded { get; init; }
    public int AsPrimary { get; init; }
    public int AsBackup { get; init; }
    public int AsSpecialist { get; init; }

    /// <summary>More accounts than this are too many.</summary>
    public int? Capacity { get; init; }
    public string? WhyNotAble { get; init; }
    public required string Manager { get; init; }
    public string? ManagerName { get; init; }
    public string? CertifiedUntil { get; init; }
}

/// <summary>An absence.</summary>
public sealed class AbsenceRow : SeenRow
{
    public required string Person { get; init; }
    public required string PersonName { get; init; }
    public string? StartsOn { get; init; }
    public string? EndsOn { get; init; }
    public required string Cover { get; init; }
    public string? CoverName { get; init; }
}

/// <summary>A handoff.</summary>
public sealed class HandoffRow : SeenRow
{
    public required string Account { get; init; }
    public required string AccountName { get; init; }

    /// <summary>The names of the account and of both sides in lower case, to look for.</summary>
    public required string Folded { get; init; }
    public required string FromId { get; init; }
    public required string FromName { get; init; }
    public required string ToId { get; init; }
    public required string ToName { get; init; }
    public string? EffectiveOn { get; init; }
    public string? DueOn { get; init; }
    public string? Status { get; init; }
    public string? Reason { get; init; }

    /// <summary>The beginning of the notes.</summary>
    public string? Notes { get; init; }
    public bool FromIsGone { get; init; }

    /// <summary>Who is asked where whoever had the account has left; null where nobody is there to ask.</summary>
    public string? AskName { get; init; }

    /// <summary>See <see cref="Core.Runs.BookHandoff.EscalateDays"/>.</summary>
    public int? EscalateDays { get; init; }
}

/// <summary>Somebody in a role on an account, now or later: what <see cref="AccountRow.Roles"/> says, to look for.</summary>
public sealed class RoleRow
{
    public required string Account { get; init; }
    public int Position { get; init; }

    /// <summary>A word of <see cref="Core.Records.PocRole"/>.</summary>
    public required string Role { get; init; }
    public required string Who { get; init; }
    public string? StartsOn { get; init; }
    public string? EndsOn { get; init; }
}

/// <summary>How a rule came out at the last run that judged the org.</summary>
public sealed class RuleRow
{
    public required string Rule { get; init; }
    public long Run { get; init; }

    /// <summary>Why it was not evaluated; null where it was.</summary>
    public string? WhyNot { get; init; }
}

/// <summary>A key with which cookies are protected, so that workers who share a ledger know each other's.</summary>
public sealed class KeyRow
{
    public required string Id { get; init; }
    public required string Xml { get; init; }
}

/// <summary>A sign-in of the console that its person ended.</summary>
public sealed class SignOutRow
{
    public required string Session { get; init; }

    /// <summary>When it would have ended by itself, in UTC ticks of the real clock.</summary>
    public long Until { get; init; }
}
