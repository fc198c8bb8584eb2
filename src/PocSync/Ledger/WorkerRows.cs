namespace PocSync.Ledger;

/// <summary>How far the run under way is. Instants here and of workers are UTC ticks of the real clock, whichever clock the runs have.</summary>
public sealed class ProgressRow
{
    public long Run { get; init; }

    /// <summary>When it gave a sign of life last.</summary>
    public long At { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Text { get; init; }
    public int Done { get; init; }

    /// <summary>Of how much; 0 where that cannot be told.</summary>
    public int Of { get; init; }
}

/// <summary>A worker: a process that begins jobs.</summary>
public sealed class WorkerRow
{
    /// <summary>Host and process.</summary>
    public required string Name { get; init; }

    /// <summary>The engine that begins its jobs.</summary>
    public required string Engine { get; init; }
    public long Since { get; init; }
    public long SeenAt { get; init; }
}

/// <summary>What happened to a job.</summary>
public enum JobEvent
{
    /// <summary>It did its work, or found nothing to do.</summary>
    Done,

    /// <summary>It could not do its work.</summary>
    Failed,

    /// <summary>A person asked for it.</summary>
    Asked,

    /// <summary>A person paused it.</summary>
    Paused,

    /// <summary>A person let it go on.</summary>
    Resumed,
}

/// <summary>What happened to a job once; never changed.</summary>
public sealed class JobEventRow
{
    public long Id { get; init; }
    public long At { get; init; }
    public required string Job { get; init; }

    /// <summary>A word of <see cref="JobEvent"/>.</summary>
    public required string Kind { get; init; }
    public required string Sentence { get; init; }

    /// <summary>When what ended had begun.</summary>
    public long? BegunAt { get; init; }

    /// <summary>The run that the job was.</summary>
    public long? Run { get; init; }

    /// <summary>The person.</summary>
    public string? By { get; init; }
}
