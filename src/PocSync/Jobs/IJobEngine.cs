namespace PocSync.Jobs;

/// <summary>
/// The port to what runs jobs: a clock and a queue. It begins every job of the <see cref="JobRunner"/> when its schedule says so, from the start of the
/// host until its end. What was missed while no worker ran is begun once. What a job has done is not its business: that stands in the ledger.
/// </summary>
public interface IJobEngine : IHostedService
{
    /// <summary>The engine and where it keeps its queue, such as <c>Quartz, in memory</c>.</summary>
    string Name { get; }

    /// <summary>Whether it begins jobs.</summary>
    bool IsRunning { get; }

    /// <summary>Begins a job once, at an instant or as soon as possible after it, on any worker.</summary>
    Task EnqueueAsync(JobCall call, DateTimeOffset at, CancellationToken stop);
}
