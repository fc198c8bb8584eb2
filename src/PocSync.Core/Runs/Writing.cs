using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>Which writing is meant: a run's, all of an account, a correction, or all since an instant.</summary>
/// <param name="Run">The run; null where something else is meant.</param>
/// <param name="Account">The account; none where something else is meant.</param>
/// <param name="Correction">The correction, by its id; null where something else is meant.</param>
/// <param name="Since">Everything since an instant; null where something else is meant.</param>
/// <param name="UpTo">Nothing that has a higher <see cref="Writing.Number"/>, since it was not shown to whoever asked; null for all.</param>
public sealed record WritingsOf(long? Run = null, RecordId Account = default, string? Correction = null, DateTimeOffset? Since = null, long? UpTo = null);

/// <summary>What PocSync wrote and did not take back since.</summary>
/// <param name="Number">Its place in the order of all writing.</param>
/// <param name="Run">The run that wrote it.</param>
/// <param name="Binding">Where POC rows lived.</param>
/// <param name="Correction">The correction.</param>
/// <param name="Intent">What was written, and what it found.</param>
/// <param name="Created">For each write the record that it made; none where it made none or that is not known.</param>
/// <param name="IsTarget">Whether it is to be undone; the others came later on the same accounts.</param>
public sealed record Writing(
    long Number, long Run, Binding Binding, Correction Correction, Intent Intent, IReadOnlyList<RecordId> Created, bool IsTarget)
{
    /// <summary>The account.</summary>
    public RecordId Account => Intent.Bundle.Account;

    /// <summary>Each write with the record that it made.</summary>
    public IEnumerable<(RecordWrite Write, RecordId Created)> Writes =>
        Intent.Bundle.Writes.Select((w, i) => (w, i < Created.Count ? Created[i] : default));
}

/// <summary>A user as the org has it now.</summary>
/// <param name="Id">The user.</param>
/// <param name="Name">The user's name.</param>
/// <param name="IsActive">Whether the org gives accounts and places on teams to the user.</param>
public sealed record OrgUser(RecordId Id, string Name, bool IsActive);

/// <summary>Something that an undo leaves as it is.</summary>
/// <param name="Account">The account.</param>
/// <param name="AccountName">Its name.</param>
/// <param name="Sentence">What stays, what it says now, and why.</param>
public sealed record Stays(RecordId Account, string AccountName, string Sentence);

/// <summary>How to put back what was written.</summary>
/// <param name="Plan">One correction for each that is undone, the newest first.</param>
/// <param name="Stays">What cannot or must not go back.</param>
public sealed record UndoPlan(Plan Plan, IReadOnlyList<Stays> Stays);
