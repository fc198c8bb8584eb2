namespace PocSync.Core.Records;

/// <summary>An account that is not deleted. <see cref="Index"/> is its place in the snapshot, which is ordered by id.</summary>
public sealed class Account
{
    /// <summary>The record's id.</summary>
    public required RecordId Id { get; init; }

    /// <summary>Its name; the id where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The owner as pulled; <see cref="Draft.OwnerOf"/> is the owner as corrected so far.</summary>
    public RecordId OwnerId { get; init; }

    /// <summary>The parent account, if any.</summary>
    public RecordId ParentId { get; init; }

    /// <summary>When the account was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Salesforce's date of the last completed activity.</summary>
    public DateOnly? LastActivityOn { get; init; }

    /// <summary>The last day on which no rule looks at the account.</summary>
    public DateOnly? ExemptUntil { get; init; }

    /// <summary>Whether no rule looks at the account on a day.</summary>
    public bool IsExempt(DateOnly day) => ExemptUntil >= day;

    /// <summary>Annual revenue in the org's currency.</summary>
    public decimal? AnnualRevenue { get; init; }

    /// <summary>Values of the fields that conditions mention, in the order of <see cref="Snapshot.AccountFields"/>.</summary>
    public object?[] Extra { get; init; } = [];

    /// <summary>The place in <see cref="Snapshot.Accounts"/>.</summary>
    public int Index { get; internal set; }

    /// <summary>The same account at a place of another snapshot: a copy, unless it has that place already.</summary>
    internal Account At(int index)
    {
        if (index == Index)
        {
            return this;
        }

        var copy = (Account)MemberwiseClone();
        copy.Index = index;
        return copy;
    }
}
