namespace PocSync.Salesforce;

/// <summary>Something that somebody changed in the org's Setup.</summary>
/// <param name="At">When.</param>
/// <param name="Who">The name of who did.</param>
/// <param name="What">The org's own sentence.</param>
public sealed record SetupChange(DateTimeOffset At, string Who, string What);
