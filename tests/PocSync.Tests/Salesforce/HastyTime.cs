namespace PocSync.Tests.Salesforce;

/// <summary>The real clock at a multiple of its pace, for waits that must leave another process's work its time.</summary>
internal sealed class HastyTime(int pace = 20) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + (System.GetUtcNow() - _start) * pace;

    public override long GetTimestamp() => System.GetTimestamp() * pace;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private TimeSpan Scaled(TimeSpan time) => time > TimeSpan.Zero ? time / pace : time;
}
