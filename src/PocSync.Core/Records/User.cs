namespace PocSync.Core.Records;

/// <summary>A user of the org.</summary>
public sealed class User
{
    /// <summary>The record's id.</summary>
    public required RecordId Id { get; init; }

    /// <summary>Full name; the id where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>Login name.</summary>
    public string? Username { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Whether a phone or a mobile phone number is there.</summary>
    public bool HasPhone { get; init; }

    /// <summary>Blank counts as false.</summary>
    public bool IsActive { get; init; }

    /// <summary>Whether the login is frozen (<c>UserLogin.IsFrozen</c>).</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>The kind of licence; <c>Standard</c> where the data does not say.</summary>
    public required string UserType { get; init; }

    /// <summary>The manager, if any.</summary>
    public RecordId ManagerId { get; init; }

    /// <summary>How many accounts this person can be Primary of; overrides the setting.</summary>
    public decimal? Capacity { get; init; }

    /// <summary>The last day on which the person counts as certified; blank is for ever.</summary>
    public DateOnly? CertifiedUntil { get; init; }

    /// <summary>The time zone; null where it is not known.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>Values of the fields that conditions mention, in the order of <see cref="Snapshot.UserFields"/>.</summary>
    public object?[] Extra { get; init; } = [];

    /// <summary>The same user with a login that is frozen or not: a copy, unless it is so already.</summary>
    internal User Frozen(bool isFrozen)
    {
        if (isFrozen == IsFrozen)
        {
            return this;
        }

        var copy = (User)MemberwiseClone();
        copy.IsFrozen = isFrozen;
        return copy;
    }
}
