namespace PocSync.Exports;

/// <summary>An export that cannot be read, in one sentence that says what, where and what to do.</summary>
public sealed class ExportException(string message) : Exception(message);
