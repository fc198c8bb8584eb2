namespace PocSync.Core.Records;

/// <summary>A row of <c>POC_Handoff__c</c>: one account passed from one assignee to another.</summary>
/// <param name="Id">The record; none for one that this plan makes.</param>
/// <param name="From">Who had the account.</param>
/// <param name="To">Who has it now.</param>
/// <param name="EffectiveOn">The day it passed.</param>
/// <param name="DueOn">The day by which it must be acknowledged.</param>
/// <param name="Status">The picklist value.</param>
/// <param name="HasReason">Whether the reason is filled in.</param>
/// <param name="HasNotes">Whether the notes are filled in.</param>
public sealed record Handoff(
    RecordId Id, Assignee From, Assignee To, DateOnly? EffectiveOn, DateOnly? DueOn, string? Status, bool HasReason, bool HasNotes);

/// <summary>A change of primary: the account passed from one assignee to another on a day.</summary>
public sealed record PrimaryChange(DateOnly Day, Assignee From, Assignee To);
