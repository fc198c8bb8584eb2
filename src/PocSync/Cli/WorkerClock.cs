using System.Globalization;
using Microsoft.Extensions.Configuration;
using PocSync.Core.Records;

namespace PocSync.Cli;

/// <summary>
/// A clock that starts at <c>Clock:Start</c> and runs <c>Clock:Speed</c> times as fast as the real one, to see weeks of the worker in minutes. Only the
/// instant is simulated: what waits for an answer waits in real time.
/// </summary>
internal sealed class WorkerClock : TimeProvider
{
    private const double Fastest = 10_000;

    private readonly TimeProvider _real;
    private readonly DateTimeOffset _begun;
    private readonly DateTimeOffset _start;
    private readonly double _speed;

    private WorkerClock(TimeProvider real, DateTimeOffset? start, double speed) =>
        (_real, _begun, _start, _speed) = (real, real.GetUtcNow(), start ?? real.GetUtcNow(), speed);

    /// <summary>The clock that the section <c>Clock</c> asks for, or the real one. Throws <see cref="UsageException"/>.</summary>
    public static TimeProvider Read(IConfiguration settings, TimeProvider real)
    {
        var section = settings.GetSection("Clock");
        DateTimeOffset? start = string.IsNullOrWhiteSpace(section["Start"]) ? null
            : CellText.TryInstant(section["Start"]!, out var instant) ? instant
            : throw new UsageException($"Clock:Start must be an instant such as 2026-01-31T08:00:00Z, not '{section["Start"]}'.");
        var speed = string.IsNullOrWhiteSpace(section["Speed"]) ? 1
            : double.TryParse(section["Speed"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var times) && times is > 0 and <= Fastest
                ? times
            : throw new UsageException($"Clock:Speed must be a number above 0 and at most {Fastest:0}, not '{section["Speed"]}'.");
        return start is null && speed == 1 ? real : new WorkerClock(real, start, speed);
    }

    public override DateTimeOffset GetUtcNow() => _start + (_real.GetUtcNow() - _begun) * _speed;

    public override long GetTimestamp() => _real.GetTimestamp();

    public override long TimestampFrequency => _real.TimestampFrequency;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _real.CreateTimer(callback, state, dueTime, period);
}
