using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>What is left of the budget of API calls.</summary>
/// <param name="Calls">How many may still be sent; null where the org does not tell and no limit is set.</param>
/// <param name="Sentence">The same in words, without a full stop: <c>9,360 are left (80 % of 15,000 a day, 2,640 used)</c>.</param>
public sealed record CallsLeft(int? Calls, string Sentence);

/// <summary>The port to the budget of API calls. Every call may throw <see cref="OrgException"/>.</summary>
public interface ICallBudget
{
    /// <summary>Calls that were sent so far.</summary>
    long Used { get; }

    /// <summary>What is left; known once the org has answered a call.</summary>
    Task<CallsLeft> LeftAsync();

    /// <summary>About how many calls it takes to read the org. Asks it for its numbers of records, in one call.</summary>
    /// <param name="settings">The rules.</param>
    /// <param name="isDelta">Whether only what changed is read.</param>
    /// <param name="stop">Stops asking.</param>
    Task<int> PullAsync(Settings settings, bool isDelta, CancellationToken stop);
}
