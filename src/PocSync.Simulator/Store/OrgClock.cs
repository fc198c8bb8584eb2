namespace PocSync.Simulator.Store;

/// <summary>The org's clock: can be set, and run faster or slower than the real one. Safe for concurrent use.</summary>
internal sealed class OrgClock(TimeProvider real, DateTimeOffset? start, double speed) : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset realAtSet = real.GetUtcNow();
    private DateTimeOffset setTo = start ?? real.GetUtcNow();
    private double speed = speed;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return setTo + (real.GetUtcNow() - realAtSet) * speed;
    }

    public void Set(DateTimeOffset? now, double? newSpeed)
    {
        lock (gate)
        {
            setTo = now ?? setTo + (real.GetUtcNow() - realAtSet) * speed;
            realAtSet = real.GetUtcNow();
            speed = newSpeed ?? speed;
        }
    }
}
