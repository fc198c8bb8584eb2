using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>What became of a correction.</summary>
public enum OutcomeKind
{
    /// <summary>Written, and read back as written.</summary>
    Written,

    /// <summary>Everything was as planned already; nothing was written.</summary>
    AlreadyDone,

    /// <summary>Nothing was written, for a reason that passes: the next run tries again.</summary>
    NotWritten,

    /// <summary>A record is not what it was when it was planned: nothing was written, and the next run judges anew.</summary>
    Stale,

    /// <summary>The org refused it: tried again when what it starts from changes, or when a person says so.</summary>
    Refused,

    /// <summary>What it builds on was not written.</summary>
    Skipped,

    /// <summary>It was approved, and could not be written for so long that the approval holds no more.</summary>
    Expired,

    /// <summary>It was approved for a day to come, and what it is for is no longer so: it is proposed anew where it still has to be.</summary>
    Withdrawn,
}

/// <summary>What became of a correction in a run.</summary>
/// <param name="CorrectionId">Which correction.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Code">The org's code where it refused.</param>
/// <param name="Reason">Why, in a sentence or in the org's words; null where there is nothing to add.</param>
public sealed record Outcome(string CorrectionId, OutcomeKind Kind, string? Code = null, string? Reason = null)
{
    /// <summary>Whether the org is as the correction wants it.</summary>
    public bool IsDone => Kind is OutcomeKind.Written or OutcomeKind.AlreadyDone;
}

/// <summary>What is about to be written, in the ledger before the org: whatever happens, a later run finds out from it what became of it.</summary>
/// <param name="Starting">What the correction starts from; see <see cref="Proposal.StartingPoint"/>.</param>
/// <param name="Bundle">The writes with their days and keys, which a later run keeps, and the team to put back.</param>
/// <param name="Lost">Members of the team who leave it with the owner change, since the org takes no inactive member.</param>
public sealed record Intent(string Starting, Bundle Bundle, IReadOnlyList<TeamRow> Lost)
{
    /// <summary>The account's whole team as it was before, where the owner or the team is written; what an undo puts back comes from it.</summary>
    public IReadOnlyList<TeamRow> TeamBefore { get; init; } = [];

    /// <summary>
    /// With an owner change: what stays with the owner before. Where the org moves it along, it is given back; without what belongs to an owner who
    /// is not active and so gets nothing back. What goes to the new owner is among the writes.
    /// </summary>
    public IReadOnlyList<ChildRow> Staying { get; init; } = [];

    /// <summary>The writing that it takes back; null where it puts a finding right.</summary>
    public long? Undoes { get; init; }
}

/// <summary>What was begun and has no outcome yet.</summary>
/// <param name="Intent">What was to be written.</param>
/// <param name="Created">Once the org said yes: for each write of the intent's bundle the record that it made, none where it made none. Null as long as
/// its answer is not known.</param>
public sealed record Begun(Intent Intent, IReadOnlyList<RecordId>? Created)
{
    /// <summary>Everything that tells how far it is: what it writes, and what must stay.</summary>
    internal IEnumerable<RecordWrite> Reads => Intent.Bundle.Writes.Concat(Returns);

    /// <summary>For all that stays the write that gives it back from the account's new owner.</summary>
    internal IEnumerable<RecordWrite> Returns => Bundling.NewOwner(Intent.Bundle.Writes) is { } owner
        ? Intent.Staying.Select(c => c.Give(owner, c.Owner)) : [];

    /// <summary>The correction.</summary>
    public string CorrectionId => Intent.Bundle.CorrectionId;

    /// <summary>The same with the org's yes to a bundle of some of the intent's writes.</summary>
    public Begun With(Bundle sent, BundleResult yes) => this with
    {
        Created =
        [
            .. Intent.Bundle.Writes.Select((write, i) =>
                sent.Writes.TakeWhile(w => !ReferenceEquals(w, write)).Count() is var at && at < yes.Created.Count ? yes.Created[at]
                : Created is { } known ? known[i] : default),
        ],
    };
}
