namespace PocSync.Jobs;

/// <summary>What an engine's own pages need to know of PocSync.</summary>
/// <param name="MaySee">Who may see them.</param>
/// <param name="MayChange">Who may also begin, requeue and delete jobs there.</param>
/// <param name="Figures">What they show of PocSync.</param>
public sealed record EnginePages(Func<HttpContext, bool> MaySee, Func<HttpContext, bool> MayChange, Func<Task<RunFigures>> Figures);

/// <summary>How things stand after the last run.</summary>
/// <param name="OpenFindings">What is wrong.</param>
/// <param name="Waiting">Corrections that wait for a person or are held.</param>
/// <param name="LastRun">The last run in a sentence; null where there was none.</param>
public sealed record RunFigures(int OpenFindings, int Waiting, string? LastRun);
