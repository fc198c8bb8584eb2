namespace PocSync.Core.Records;

/// <summary>An open opportunity that can freeze its account.</summary>
/// <param name="Id">The record.</param>
/// <param name="Name">Its name.</param>
/// <param name="CloseOn">The expected close date.</param>
/// <param name="Probability">In percent.</param>
public sealed record Opportunity(RecordId Id, string? Name, DateOnly? CloseOn, decimal? Probability);

/// <summary>A contact that counts as a primary contact on the customer's side.</summary>
/// <param name="Id">The record.</param>
/// <param name="Name">Its name; kept only of one who cannot be reached, because nothing else is said of a contact.</param>
/// <param name="IsReachable">Whether an e-mail that has not bounced, a phone or a mobile phone is there.</param>
public sealed record CustomerContact(RecordId Id, string? Name, bool IsReachable);
