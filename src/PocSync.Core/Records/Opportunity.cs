namespace PocSync.Core.Records;

/// <summary>An open opportunity that can freeze its account.</summary>
/// <param name="Id">The record.</param>
/// <param name="Name">Its name.</param>
/// <param name="CloseOn">The expected close date.</param>
/// <param name="Probability">In percent.</param>
public sealed record Opportunity(RecordId Id, string? Name, DateOnly? CloseOn, decimal? Probability);
