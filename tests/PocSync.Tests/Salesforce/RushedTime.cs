namespace PocSync.Tests.Salesforce;

/// <summary>A clock on which waits of up to a minute end at once, moving it on by as much; longer ones end when a test moves it on.</summary>
internal sealed class RushedTime : TimeProvider
{
    private static readonly TimeSpan Rushed = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private readonly List<TimeSpan> waits = [];
    private DateTimeOffset now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
                return [.. waits];
        }
    }

    /// <summary>What is left of the waits that a test has to end.</summary>
    public IReadOnlyList<TimeSpan> Held
    {
        get
        {
            lock (gate)
                return [.. timers.Select(t => t.Due - now)];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public void Advance(TimeSpan by)
    {
        Timer[] due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(t => t.Due <= now)];
            timers.RemoveAll(due.Contains);
        }
        foreach (var timer in due)
            timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(RushedTime time, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => ThreadPool.QueueUserWorkItem(_ => fire());

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time.now + dueTime;
                if (dueTime > Rushed)
                {
                    time.timers.Add(this);
                    return true;
                }
                time.waits.Add(dueTime);
                time.now = Due;
            }
            Fire();
            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
