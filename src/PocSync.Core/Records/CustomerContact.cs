using System.Globalization;

namespace PocSync.Core.Records;

/// <summary>A contact that counts as a primary contact on the customer's side.</summary>
/// <param name="Id">The record.</param>
/// <param name="Name">Its name; kept only of one who cannot be reached, because nothing else is said of a contact.</param>
/// <param name="IsReachable">Whether an e-mail that has not bounced, a phone or a mobile phone is there.</param>
public sealed record CustomerContact(RecordId Id, string? Name, bool IsReachable);

/// <summary>Who should be an account's one primary contact on the customer's side, where there is not exactly one who can be reached.</summary>
/// <param name="Id">The contact.</param>
/// <param name="Name">Its name.</param>
/// <param name="LastActivityOn">The day of its last activity; null where none is known.</param>
/// <param name="IsReachable">As of <see cref="CustomerContact"/>.</param>
public readonly record struct CustomerSuccessor(RecordId Id, string Name, DateOnly? LastActivityOn, bool IsReachable)
{
    /// <summary>The name, with why it is this one.</summary>
    public string Words => $"{Name}, {Evidence}";

    /// <summary>Why it is this one.</summary>
    public string Evidence => LastActivityOn is { } day ? string.Create(CultureInfo.InvariantCulture, $"last activity {day:yyyy-MM-dd}") : "no activity known";
}

/// <summary>A row of <c>AccountContactRole</c> of an account that has a <see cref="CustomerSuccessor"/>.</summary>
/// <param name="Id">The row.</param>
/// <param name="ContactId">Whose row it is.</param>
/// <param name="IsPrimary">Whether it makes the contact a primary one.</param>
public readonly record struct CustomerRole(RecordId Id, RecordId ContactId, bool IsPrimary);

/// <summary>How much is read of the customer's contacts beside the primary ones, where an account has not exactly one who can be reached.</summary>
public enum CustomerDepth
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Who should be it.</summary>
    Successors,

    /// <summary>And the contact roles that would be written.</summary>
    Roles,
}
