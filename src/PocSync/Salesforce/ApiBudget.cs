using System.Globalization;
using System.Text.RegularExpressions;
using PocSync.Core.Calls;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>The org's API calls of the last 24 hours, everyone's together, as Salesforce last told it.</summary>
public sealed record ApiUsage(int Used, int Max);

/// <summary>
/// Counts every data call and refuses the one that would go beyond the budget: <c>BudgetShare</c> of the org's daily calls, and the calls an hour and a
/// day that PocSync itself may send. Safe for many threads.
/// </summary>
public sealed partial class ApiBudget(SalesforceSettings settings, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Calls that are taken together from a count that is shared.</summary>
    private const int Block = 25;

    // The count falls by itself as calls grow older than a day, and only a call shows it: so one may pass an hour.
    private static readonly TimeSpan Probe = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CallLimits _limits = new(settings.MaxCallsPerHour, settings.MaxCallsPerDay);
    private ICallCount _count = new CallsOfThisProcess(time);
    private (long Slot, int Calls) _granted;
    private int _inFlight;
    private DateTimeOffset _told;

    /// <summary>Data calls sent by this process, repeated ones included.</summary>
    public long Calls { get; private set; }

    /// <summary>Null until the org has told it.</summary>
    public ApiUsage? Usage { get; private set; }

    /// <summary>Whether the reserve is left alone: while the org is read for rules.</summary>
    internal bool IsReserveKept { get; set; }

    private int Kept => IsReserveKept ? CallLimits.Reserve : 0;

    private int Allowed(ApiUsage usage) => (int)(usage.Max * settings.BudgetShare);

    /// <summary>Counts with everyone else who counts there, from now on. Before the first call.</summary>
    public void CountIn(ICallCount count) => _count = count;

    /// <summary>What is left before a call is refused.</summary>
    public async Task<CallsLeft> LeftAsync()
    {
        await _turn.WaitAsync();
        try
        {
            // What is taken and not sent is ours to send.
            var room = _limits.IsNone ? null : (await _count.TakeAsync(0, _limits)).Room is var shared
                ? shared with { Free = shared.Free + _granted.Calls, Used = shared.Used - _granted.Calls } : null;
            var own = room?.Free;
            if (Usage is not { } usage)
            {
                return own is { } free ? new CallsLeft(free, Left(free, room!.ToString())) : new CallsLeft(null, "the org does not tell how many are left");
            }

            var share = Math.Max(0, Allowed(usage) - usage.Used);
            return own < share
                ? new CallsLeft(own, Left(own.Value, room!.ToString()))
                : new CallsLeft(share, Left(share, string.Create(CultureInfo.InvariantCulture,
                    $"{settings.BudgetShare * 100:0.##} % of {usage.Max:N0} a day, {usage.Used:N0} used")));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <exception cref="BudgetSpentException">The call must not be sent.</exception>
    internal async Task TakeAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            TakeOfTheOrg();
            if (!_limits.IsNone)
                await TakeOfOurOwnAsync();
            Calls++;
            _inFlight++;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends what <see cref="TakeAsync"/> began; <paramref name="response"/> is null where none came.</summary>
    internal async Task SettleAsync(HttpResponseMessage? response)
    {
        await _turn.WaitAsync();
        try
        {
            _inFlight--;
            if (response is not null && response.Headers.TryGetValues("Sforce-Limit-Info", out var values)
                && Parse(string.Join(';', values)) is { } usage)
            {
                Usage = usage;
                _told = time.GetUtcNow();
            }
            else if (Usage is not null)
            {
                Usage = Usage with { Used = Usage.Used + 1 };
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives back what was taken and not sent.</summary>
    public async ValueTask DisposeAsync()
    {
        await GiveBackAsync();
        _turn.Dispose();
    }

    /// <summary>Reads <c>api-usage=25/5000</c>; other quotas may stand before and after it.</summary>
    internal static ApiUsage? Parse(string header)
    {
        var match = ApiUsagePart().Match(header);
        return match.Success && int.TryParse(match.Groups[1].ValueSpan, out var used) && int.TryParse(match.Groups[2].ValueSpan, out var max)
            ? new ApiUsage(used, max)
            : null;
    }

    private void TakeOfTheOrg()
    {
        if (Usage is { } usage && usage.Used + _inFlight >= Allowed(usage) - Kept)
        {
            if (time.GetUtcNow() - _told < Probe)
                throw new BudgetSpentException(string.Create(CultureInfo.InvariantCulture,
                    $"{usage.Used:N0} of the org's {usage.Max:N0} API calls of the last 24 hours are used and PocSync stops at {Allowed(usage):N0} (Salesforce:BudgetShare){OfWhichKept()}. The next run goes on where this one stopped, once calls are older than a day."));
            _told = time.GetUtcNow();
        }
    }

    private async Task TakeOfOurOwnAsync()
    {
        var limits = _limits.Less(Kept);
        // Calls that were counted a while ago are not sent as though they had been sent then.
        if (_granted.Calls == 0 || _granted.Slot != CallWindow.SlotOf(time.GetUtcNow()))
        {
            await GiveBackAsync();
            var grant = await _count.TakeAsync(Block, limits);
            if (grant.Calls == 0)
            {
                var room = grant.Room with { Limit = grant.Room.Limit + Kept };
                throw new BudgetSpentException($"PocSync's budget of API calls is spent: {room}{OfWhichKept()}. The next run goes on where this one stopped; calls are free again from {room.Until?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.");
            }

            _granted = (grant.Slot, grant.Calls);
        }

        _granted.Calls--;
    }

    private async Task GiveBackAsync()
    {
        if (_granted.Calls > 0)
            await _count.GiveBackAsync(_granted.Slot, _granted.Calls);
        _granted = default;
    }

    private string OfWhichKept() => Kept == 0 ? "" : $", {Kept} kept to find out what became of what is begun";

    private static string Left(int calls, string why) => string.Create(CultureInfo.InvariantCulture, $"{calls:N0} {(calls == 1 ? "is" : "are")} left ({why})");

    [GeneratedRegex(@"(?<![-\w])api-usage=(\d+)/(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex ApiUsagePart();

    /// <summary>Where no ledger is there to count in.</summary>
    private sealed class CallsOfThisProcess(TimeProvider time) : ICallCount
    {
        private readonly Dictionary<long, int> _slots = [];

        public Task<CallGrant> TakeAsync(int calls, CallLimits limits)
        {
            var now = time.GetUtcNow();
            var slot = CallWindow.SlotOf(now);
            foreach (var old in _slots.Keys.Where(s => s < slot - CallWindow.DaySlots).ToList())
                _slots.Remove(old);
            var room = CallWindow.Room([.. _slots.Select(s => new CallSlot(s.Key, s.Value))], limits, now);
            var granted = Math.Min(calls, room.Free);
            _slots[slot] = _slots.GetValueOrDefault(slot) + granted;
            return Task.FromResult(new CallGrant(slot, granted, room));
        }

        public Task GiveBackAsync(long slot, int calls)
        {
            _slots[slot] -= calls;
            return Task.CompletedTask;
        }
    }
}
