namespace PocSync.Core.Runs;

/// <summary>How the org took a row that is written by itself, beside corrections.</summary>
/// <param name="IsWritten">Whether it is written; null where the answer was lost.</param>
/// <param name="Why">The org's code and words where it refused.</param>
/// <param name="MayPass">Whether the refusal passes by itself.</param>
public sealed record RowTaken(bool? IsWritten, string? Why = null, bool MayPass = false);
