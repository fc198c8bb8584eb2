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
            $"This run needs about {Needed:N0} API calls ({Used + reading:N0} to read, {memory.CallsToWrite:N0} to write if it is as the last time); {left.Sentence}.")));
    }

    /// <summary>From here on calls write.</summary>
    public void EndReading() => _read = budget?.Used;

    /// <summary>Before something is written.</summary>
    public async Task AnnounceAsync(IReadOnlyList<Correction> corrections)
    {
        if (budget is null || corrections.Count == 0)
        {
            return;
        }

        var writing = CallEstimate.Of(corrections);
        var left = await budget.LeftAsync();
        Needed ??= Used + writing;
        progress.Report(new RunNews(Text(
            $"Writing {corrections.Count:N0} {(corrections.Count == 1 ? "correction" : "corrections")} needs about {writing:N0} API calls; {left.Sentence}.{(left.Calls < writing ? " It goes as far as they reach, and the next run goes on." : "")}")));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
