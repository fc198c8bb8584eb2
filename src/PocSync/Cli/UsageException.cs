namespace PocSync.Cli;

/// <summary>The program was called wrongly, in one sentence that says what is wrong and what to do.</summary>
public sealed class UsageException(string message) : Exception(message);
