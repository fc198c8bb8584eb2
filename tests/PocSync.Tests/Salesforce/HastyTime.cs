namespace PocSync.Tests.Salesforce;

/// <summary>The real clock at twenty times its pace, for waits that must leave another process's work its time.</summary>
internal sealed class HastyTime : TimeProvider
{
    private const int Pace = 20;

    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + (System.GetUtcNow() - _start) * Pace;

    public override long GetTimestamp() => System.GetTimestamp() * Pace;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private static TimeSpan Scaled(TimeSpan time) => time > TimeSpan.Zero ? time / Pace : time;
}
