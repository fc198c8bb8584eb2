namespace PocSync.Ledger;

/// <summary>How far news is.</summary>
public enum NewsState
{
    /// <summary>No message holds it yet.</summary>
    New,

    /// <summary>It is in messages.</summary>
    Addressed,

    /// <summary>What it tells was taken back: messages that are not sent leave it out.</summary>
    Undone,

    /// <summary>It reaches nobody.</summary>
    Dropped,
}

/// <summary>Something that concerns somebody, once; see <see cref="Core.Notices.News"/>.</summary>
public sealed class NewsRow
{
    public long Id { get; init; }

    /// <summary>Unique among what was not taken back.</summary>
    public required string Key { get; init; }

    /// <summary>A word of <see cref="Core.Notices.NewsKind"/>.</summary>
    public required string Kind { get; set; }
    public required string Receiver { get; init; }
    public required string Account { get; init; }
    public required string AccountName { get; init; }
    public required string FromId { get; init; }
    public required string ToId { get; init; }
    public required string Reason { get; init; }
    public string? About { get; init; }

    /// <summary>A day such as 2026-01-31.</summary>
    public string? Due { get; init; }
    public bool HasTask { get; init; }

    /// <summary>The correction that made it; null where none did.</summary>
    public string? Correction { get; init; }

    /// <summary>The run that made it; null where none did.</summary>
    public long? Run { get; init; }
    public long At { get; init; }

    /// <summary>A word of <see cref="NewsState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why it reaches nobody, or was taken back.</summary>
    public string? Why { get; init; }
}

/// <summary>Somebody who stands in for another; see <see cref="Core.Notices.Cover"/>. Days such as 2026-01-31.</summary>
public sealed class CoverRow
{
    public long Id { get; init; }
    public required string Person { get; init; }
    public required string By { get; init; }

    /// <summary>The day on which it was first seen.</summary>
    public required string Since { get; init; }

    /// <summary>The last day, as its people were told; null where there is no end.</summary>
    public string? Until { get; set; }
    public int Accounts { get; set; }

    /// <summary>See <see cref="Core.Notices.Cover.Named"/>.</summary>
    public required string Named { get; set; }

    /// <summary>How often the last day has changed.</summary>
    public int Changes { get; set; }

    /// <summary>The first day after it; null while it lasts.</summary>
    public string? EndedOn { get; set; }
}

/// <summary>One message to one person by one channel.</summary>
public sealed class MessageRow
{
    public long Id { get; init; }

    /// <summary>The user; empty for a channel that reaches many at once.</summary>
    public required string Receiver { get; init; }
    public required string ReceiverName { get; init; }

    /// <summary>A word of <see cref="Core.Notices.ChannelKind"/>.</summary>
    public required string Channel { get; init; }

    /// <summary>A word of <see cref="Core.Runs.MessageState"/>.</summary>
    public required string State { get; init; }
    public string? Reason { get; init; }

    /// <summary>When it may go, or is tried again; of one that was sent, when what it asked for is to be closed. Null where it is not.</summary>
    public long? NotBefore { get; init; }
    public long At { get; init; }

    /// <summary>When sending began.</summary>
    public long? SentAt { get; init; }
    public int Attempts { get; init; }

    /// <summary>What it said; null before it is sent.</summary>
    public string? Title { get; init; }
}

/// <summary>News in a message.</summary>
public sealed class EnclosureRow
{
    public long Message { get; init; }
    public long News { get; init; }

    /// <summary>See <see cref="Core.Notices.Told.For"/>.</summary>
    public string? For { get; init; }
}
