using PocSync.Core.Calls;

namespace PocSync.Core.Runs;

/// <summary>Calls that were granted.</summary>
/// <param name="Slot">The slot in which they are counted.</param>
/// <param name="Calls">How many; 0 where none is free.</param>
/// <param name="Room">What was left before.</param>
public sealed record CallGrant(long Slot, int Calls, CallRoom Room);

/// <summary>The port to the count of API calls that workers share. Taken in advance, so that who dies has counted too many and never too few.</summary>
public interface ICallCount
{
    /// <summary>Takes calls, as many as are free; 0 only looks.</summary>
    Task<CallGrant> TakeAsync(int calls, CallLimits limits);

    /// <summary>Gives back what was taken and not sent.</summary>
    Task GiveBackAsync(long slot, int calls);
}
