using PocSync.Core.Plans;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>A person's yes to corrections.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="Corrections">The corrections, by id.</param>
public sealed record Approval(string By, string Reason, IReadOnlyList<string> Corrections);

/// <summary>A person's wish that somebody else is picked for a correction.</summary>
/// <param name="Correction">The correction.</param>
/// <param name="To">Id or exact name of the user to pick instead.</param>
/// <param name="By">Who wishes it.</param>
/// <param name="Reason">Why.</param>
public sealed record Gift(Correction Correction, string To, string By, string Reason)
{
    /// <summary>The user that is meant. Throws <see cref="GiftException"/>.</summary>
    public RecordId UserIn(Snapshot snapshot)
    {
        var named = snapshot.Users.Values.Where(u => u.Name.Trim().Equals(To.Trim(), StringComparison.OrdinalIgnoreCase)).Select(u => u.Id).Order().ToList();
        return named.Count switch
        {
            1 => named[0],
            0 when RecordId.TryParse(To.Trim(), out var id) && snapshot.Users.ContainsKey(id) => id,
            0 => throw new GiftException($"The org has no user '{To}': give a user's id or exact name."),
            _ => throw new GiftException($"{named.Count} users are named '{To}': give one's id ({string.Join(", ", named)})."),
        };
    }
}

/// <summary>A correction cannot be given to the one who is wished for: one sentence.</summary>
public sealed class GiftException(string message) : Exception(message);

/// <summary>The port to people's word on corrections.</summary>
public interface IApprovals
{
    /// <summary>
    /// Corrections that a person approved (two, where it takes two) and that are not written yet, in the order of their plan; each builds only on what is
    /// not written either.
    /// </summary>
    Task<IReadOnlyList<Correction>> ApprovedAsync();

    /// <summary>On behalf of a run, notes what follows from approved corrections (<see cref="Announcement"/>) with the yes of whoever approved these, once; gives what is new.</summary>
    Task<IReadOnlyList<Correction>> AnnounceAsync(long run, IReadOnlyList<(Correction Approved, Correction Follows)> announced);

    /// <summary>Ends the approvals that are too old to be written; gives the outcomes, which are kept.</summary>
    Task<IReadOnlyList<Outcome>> ExpireAsync(long run);

    /// <summary>On behalf of a run, puts a correction in the place of another one of the newest plan, and notes its approval.</summary>
    Task ReplaceAsync(long run, Correction replaced, Correction given, Approval approval);
}
