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
    RecordId Id, Assignee From, Assignee To, DateOnly? EffectiveOn, DateOnly? DueOn, string? Status, bool HasReason, bool HasNotes)
{
    /// <summary>How much of the notes is kept, in characters; the org holds 32,768.</summary>
    public const int NotesKept = 4000;

    /// <summary>The days for which a handoff is shown after it took effect.</summary>
    public const int DaysShown = 90;

    private static readonly HashSet<string> Open = new(["Proposed", "Documenting", "Awaiting Acknowledgement"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The reason; null where it is blank, or the handoff is of no more interest.</summary>
    public string? Reason { get; init; }

    /// <summary>The beginning of the notes; null where they are blank, or the handoff is of no more interest.</summary>
    public string? Notes { get; init; }

    /// <summary>Why it was declined; null where that is blank, or the handoff is of no more interest.</summary>
    public string? Declined { get; init; }

    /// <summary>Whether whoever was to take over said no, not so long ago that it is forgotten.</summary>
    public bool IsDeclined(DateOnly today) =>
        string.Equals(Status, "Declined", StringComparison.OrdinalIgnoreCase) && EffectiveOn is { } on && on >= today.AddDays(-DaysShown);

    /// <summary>As much of the notes as is kept, as people read them.</summary>
    public static string? Beginning(string? notes) => notes is null ? null
        : PlainText.Lines(notes is not { Length: > NotesKept } ? notes : notes[..(char.IsHighSurrogate(notes[NotesKept - 1]) ? NotesKept - 1 : NotesKept)]);

    /// <summary>Whether people still look at it on a day: it is open, it took effect not long before, or nothing is known of it.</summary>
    public bool IsShown(DateOnly today) =>
        (Status is { } status && Open.Contains(status)) || EffectiveOn >= today.AddDays(-DaysShown) || (Status is null && EffectiveOn is null);
}

/// <summary>A change of primary: the account passed from one assignee to another on a day.</summary>
public sealed record PrimaryChange(DateOnly Day, Assignee From, Assignee To);
