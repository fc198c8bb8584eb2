using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>Calls counted against the daily limit; the day begins with the first call and begins anew 24 hours later, by the org's clock. Safe for
/// concurrent use.</summary>
internal sealed class ApiUsage(Org org)
{
    private readonly Lock gate = new();
    private DateTimeOffset began;

    public int Used { get; private set; }

    public int Limit => org.Settings.DailyApiLimit;

    /// <summary>Counts a call; false = the limit is used up, and the call is refused.</summary>
    public bool TryCount()
    {
        lock (gate)
        {
            var now = org.Clock.GetUtcNow();
            if (Used == 0 || now - began >= TimeSpan.FromHours(24))
                (began, Used) = (now, 0);
            if (Used >= Limit)
                return false;
            Used++;
            return true;
        }
    }

    public void Set(int used)
    {
        lock (gate)
            (began, Used) = (org.Clock.GetUtcNow(), used);
    }
}
