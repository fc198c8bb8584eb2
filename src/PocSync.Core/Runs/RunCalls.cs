using System.Globalization;
using PocSync.Core.Calls;
using PocSync.Core.Plans;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>What one run needs and takes of the budget of API calls, said beforehand.</summary>
internal sealed class RunCalls(ICallBudget? budget, Settings settings, IProgress<RunNews> progress, CancellationToken stop)
{
    private readonly long _before = budget?.Used ?? 0;
    private long? _read;

    /// <summary>About how many calls were said to be needed; null where nothing was.</summary>
    public int? Needed { get; private set; }

    /// <summary>Calls that were sent.</summary>
    public int Used => (int)((budget?.Used ?? 0) - _before);

    /// <summary>Those of them that came after reading.</summary>
    public int ToWrite => _read is { } read ? (int)(budget!.Used - read) : 0;

    /// <summary>Before the org is read. Throws <see cref="OrgException"/> where that alone is more than is left.</summary>
    public async Task AnnounceAsync(Memory memory, bool isDelta)
    {
        if (budget is null)
        {
            return;
        }

        var reading = await budget.PullAsync(settings, isDelta, stop);
        var left = await budget.LeftAsync();
        Needed = Used + reading + memory.CallsToWrite;
        if (left.Calls < reading + CallLimits.Reserve)
        {
            throw new OrgException(Text(
                $"Reading the org needs about {reading:N0} API calls, and {left.Sentence}: nothing was read. Run it again once there are enough, or raise the limit."));
        }

        progress.Report(new RunNews(Text(
            $"This run needs about {Needed:N0} API calls ({(memory.CallsToWrite > 0 ? Text($"{Used + reading:N0} to read, {memory.CallsToWrite:N0} to write if it is as the last time") : "to read; what writing takes is said before it begins")}); {left.Sentence}.")));
    }

    /// <summary>From here on calls write.</summary>
    public void EndReading() => _read = budget?.Used;

    /// <summary>Before something is written: as many of the corrections, from the first on, as the calls that are left reach for.</summary>
    public async Task<IReadOnlyList<Correction>> FittingAsync(IReadOnlyList<Correction> corrections)
    {
        if (budget is null || corrections.Count == 0)
        {
            return corrections;
        }

        var writing = CallEstimate.Of(corrections);
        var left = await budget.LeftAsync();
        Needed ??= Used + writing;
        progress.Report(new RunNews(Text(
            $"Writing {corrections.Count:N0} {(corrections.Count == 1 ? "correction" : "corrections")} needs about {writing:N0} API calls; {left.Sentence}.")));
        if (left.Calls is not { } calls || writing + CallLimits.Reserve <= calls)
        {
            return corrections;
        }

        // Some first ones that fit where one more would not; many alike may take fewer calls than fewer.
        var (fits, beyond) = (0, corrections.Count);
        while (beyond - fits > 1)
        {
            var middle = (fits + beyond) / 2;
            (fits, beyond) = CallEstimate.Of([.. corrections.Take(middle)]) + CallLimits.Reserve <= calls ? (middle, beyond) : (fits, middle);
        }

        return [.. corrections.Take(fits)];
    }

    /// <summary>Calls that are left for what is written beside corrections; null where nobody counts.</summary>
    public async Task<int?> LeftAsync() => budget is not null && (await budget.LeftAsync()).Calls is { } calls ? Math.Max(0, (int)Math.Min(int.MaxValue, calls) - CallLimits.Reserve) : null;

    /// <summary>Why not everything was written.</summary>
    public async Task<OrgException> SpentAsync(int written, int wanted) => new(Text(
        $"The budget of API calls reaches for {written:N0} of {wanted:N0} corrections, in the order of the plan: {(await budget!.LeftAsync()).Sentence}. The next run goes on with the others once there are enough."));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
