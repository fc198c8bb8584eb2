using System.Diagnostics.CodeAnalysis;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Alerts;

/// <summary>What an alert row is about: findings of one rule and code about one subject share it.</summary>
public readonly record struct AlertKey(string Rule, string Code, RecordId Subject)
{
    /// <summary>The key of a finding.</summary>
    public static AlertKey Of(Finding finding) => new(finding.Rule, finding.Code, finding.Subject);

    /// <summary>As <c>Sync_Key__c</c> has it.</summary>
    public override string ToString() => $"alert|{Rule}|{Code}|{Subject}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AlertKey key)
    {
        key = default;
        if (text?.Split('|') is not ["alert", var rule, var code, var subject] || !RecordId.TryParse(subject, out var id))
        {
            return false;
        }

        key = new AlertKey(rule, code, id);
        return true;
    }
}

/// <summary>The words of <c>POC_Alert__c.Status__c</c>.</summary>
public enum AlertStatus
{
    /// <summary>Its finding is there.</summary>
    Open,

    /// <summary>Its finding is gone.</summary>
    Closed,

    /// <summary>A person wants to hear no more of it until a day.</summary>
    Snoozed,
}

/// <summary>A row of <c>POC_Alert__c</c> that is not closed, as the org has it.</summary>
/// <param name="Id">The record.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Account">The account that it names; none where its subject is no account.</param>
/// <param name="Status">Open or snoozed.</param>
/// <param name="SnoozedUntil">The day from which one that is snoozed counts again; null where nobody said.</param>
/// <param name="Severity">A severity in lower case.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Count">How many findings share it.</param>
/// <param name="AssignedTo">Who is to deal with it; none where nobody.</param>
/// <param name="EscalatedOn">The day on which it went to a manager.</param>
/// <param name="ChangedAt">When it was changed last,</param>
/// <param name="ChangedBy">the name of whoever changed it,</param>
/// <param name="Changer">and their user.</param>
public sealed record AlertRow(
    RecordId Id, AlertKey Key, RecordId Account, AlertStatus Status, DateOnly? SnoozedUntil, string? Severity, string? Sentence, int? Count, RecordId AssignedTo,
    DateOnly? EscalatedOn, DateTimeOffset ChangedAt, string ChangedBy, RecordId Changer);

/// <summary>What PocSync knew of a row when it looked last; whatever else the row says since was said by a person.</summary>
/// <param name="Key">What it is about.</param>
/// <param name="Status">Its status.</param>
/// <param name="SnoozedUntil">The day from which it counts again.</param>
/// <param name="Assigned">To whom PocSync assigned it, escalation aside; null where that is not known.</param>
/// <param name="Refused">What of the row the org refused to write, and why; null where it took it.</param>
public sealed record KnownAlert(AlertKey Key, AlertStatus Status, DateOnly? SnoozedUntil, RecordId? Assigned, string? Refused);

/// <summary>What is done to an alert row.</summary>
public enum AlertDeed
{
    /// <summary>A finding that has no row, or a closed one, gets an open one.</summary>
    Opened,

    /// <summary>It says something else.</summary>
    Changed,

    /// <summary>A person's snooze is over, or was taken back.</summary>
    Reopened,

    /// <summary>A person snoozed its finding.</summary>
    Snoozed,

    /// <summary>Nobody touched it for so long that the manager gets it.</summary>
    Escalated,

    /// <summary>Its finding is gone, or no longer kept as a row.</summary>
    Closed,
}

/// <summary>A row to write, by its key where it is not there or closed.</summary>
/// <param name="Row">The record; none where it is written by its key.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Deed">What is done.</param>
/// <param name="Account">The account, for order; none where its subject is no account.</param>
/// <param name="Name">What the account, or else the subject, is called.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Fields">Fields by package name: texts, whole numbers, days and instants.</param>
/// <param name="After">What is known of the row once it is written.</param>
public sealed record AlertWrite(
    RecordId Row, AlertKey Key, AlertDeed Deed, RecordId Account, string Name, string Sentence, IReadOnlyDictionary<string, object?> Fields, KnownAlert After)
{
    /// <summary>Whose it becomes by this; none where that does not change.</summary>
    public RecordId Assigned => RecordId.TryParse(Fields.GetValueOrDefault("Assigned_To__c") as string, out var assigned) ? assigned : default;

    /// <summary>What it writes, without instants: what the org refused once is not tried again until it is something else.</summary>
    public string Print => string.Join('\u001f', Fields.Where(f => f.Value is not DateTimeOffset).Select(f => $"{f.Key}={f.Value}")) + "\u001e";
}

/// <summary>The org's alert rows that are not closed.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Fields">The fields, by package name, that this login may write.</param>
/// <param name="WhyNot">Why no rows can be kept there; null where they can.</param>
public sealed record AlertsThere(IReadOnlyList<AlertRow> Rows, IReadOnlySet<string> Fields, string? WhyNot = null)
{
    /// <summary>An org in which no rows can be kept.</summary>
    public static AlertsThere None(string whyNot) => new([], new HashSet<string>(), whyNot);
}
