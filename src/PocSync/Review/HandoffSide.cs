using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Review;

/// <summary>A person's part in a handoff: who they speak for, and what they may say to it now.</summary>
/// <param name="Id">Themselves, or a department for which they are accountable.</param>
/// <param name="MayAnswer">Whether they may acknowledge or decline it.</param>
/// <param name="MayNote">Whether they may add to its notes.</param>
/// <param name="IsUnderWay">Whether what was said to it is not in the book yet, so that nothing else can be said.</param>
public sealed record HandoffSide(string Id, bool MayAnswer, bool MayNote, bool IsUnderWay)
{
    /// <summary>The part of a user; null where they have none.</summary>
    public static async Task<HandoffSide?> OfAsync(LedgerDatabase ledger, HandoffRow handoff, string user, TimeProvider time)
    {
        var sides = await new PeopleQueries(ledger).SidesOfAsync(user);
        if (!sides.Contains(handoff.ToId) && !sides.Contains(handoff.FromId))
        {
            return null;
        }

        var last = (await new BookQueries(ledger).FiguresAsync())?.At ?? 0;
        var errands = new Errands(ledger, time);
        var said = await errands.AboutAsync(ErrandKind.Answer, handoff.Id, 1);
        var isReceiver = sides.Contains(handoff.ToId);
        return new HandoffSide(
            isReceiver ? handoff.ToId : handoff.FromId, isReceiver && !HandoffQueries.IsOver(handoff.Status), handoff.Status is not ("Declined" or "Cancelled"),
            said is [var newest] && (newest.DoneAt is not { } done || (done > last && await IsWrittenAsync(errands, newest))));
    }

    /// <summary>Whether what was said is in the org, or will be when writing is resumed; not where it was refused, or the handoff had changed.</summary>
    private static async Task<bool> IsWrittenAsync(Errands errands, ErrandRow said) =>
        said.Run is { } run && (await errands.RunsAsync([said])).GetValueOrDefault(run) is { Applied: > 0 } or { Status: nameof(RunStatus.Paused) };
}
