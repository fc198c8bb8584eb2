using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>News in the ledger.</summary>
/// <param name="Id">Its number.</param>
/// <param name="News">What.</param>
public sealed record Item(long Id, News News);

/// <summary>A message that is not sent yet and may be.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Receiver">The user; none for a channel that reaches many at once.</param>
/// <param name="Channel">How it goes.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Made">When it was made.</param>
/// <param name="News">What it tells; nothing where all of it was taken back since.</param>
/// <param name="Keys">The keys of all it holds, with what was taken back since: they stay the same from its first attempt on.</param>
public sealed record Envelope(
    long Id, RecordId Receiver, ChannelKind Channel, int Attempts, DateTimeOffset Made, IReadOnlyList<Told> News, IReadOnlyList<string> Keys);

/// <summary>What is to be sent.</summary>
/// <param name="News">What nobody has been told of yet, and no message holds.</param>
/// <param name="Due">The messages whose time has come.</param>
/// <param name="Over">Tasks that were sent and of which nothing is left to be done.</param>
/// <param name="StandIns">Of the accounts of that news the Backups who stand in for somebody now.</param>
public sealed record Post(IReadOnlyList<Item> News, IReadOnlyList<Envelope> Due, IReadOnlyList<Envelope> Over, IReadOnlyList<StandIn> StandIns);

/// <summary>News that goes into somebody's next message of a channel.</summary>
/// <param name="News">The number of the news.</param>
/// <param name="Receiver">The user; none for a channel that reaches many at once.</param>
/// <param name="ReceiverName">The user's name.</param>
/// <param name="Channel">How it goes.</param>
/// <param name="For">See <see cref="Told.For"/>.</param>
/// <param name="NotBefore">When the message may go, where it is a new one.</param>
public sealed record Enclosure(long News, RecordId Receiver, string ReceiverName, ChannelKind Channel, string? For, DateTimeOffset NotBefore);

/// <summary>What became of a message.</summary>
public enum MessageState
{
    /// <summary>It waits for its time.</summary>
    Waiting,

    /// <summary>It is being sent, or was when the program ended.</summary>
    Sending,

    /// <summary>It was taken by the channel.</summary>
    Sent,

    /// <summary>It was not sent; where a time stands with it, it is tried again then.</summary>
    Failed,

    /// <summary>Nobody can say whether it was sent; it is not sent again.</summary>
    Unknown,

    /// <summary>A Task that was sent and is closed, since nothing is left to be done.</summary>
    Done,

    /// <summary>It is not sent, for a reason that stays.</summary>
    Dropped,

    /// <summary>Its receiver is gone: what it holds is addressed anew.</summary>
    Returned,
}

/// <summary>What becomes of a message.</summary>
/// <param name="Message">Its number.</param>
/// <param name="State">What.</param>
/// <param name="Reason">Why; null where there is nothing to say.</param>
/// <param name="NotBefore">Where it waits or is tried again, when.</param>
/// <param name="Title">What it said.</param>
public sealed record MessageEnd(long Message, MessageState State, string? Reason = null, DateTimeOffset? NotBefore = null, string? Title = null);

/// <summary>The port to what is to be told and what was. Each call is kept when it returns.</summary>
public interface IMail
{
    /// <summary>What is to be sent at an instant. What a program was sending when it ended counts as not known, but for Tasks, which are written again.</summary>
    Task<Post> ReadAsync(DateTimeOffset now);

    /// <summary>News goes into messages; what reaches nobody is dropped with its reason.</summary>
    Task AddressAsync(IReadOnlyList<Enclosure> enclosures, IReadOnlyList<(long News, string Why)> dropped);

    /// <summary>These are being sent from now on.</summary>
    Task BeginAsync(IReadOnlyList<long> messages);

    /// <summary>This became of messages.</summary>
    Task EndAsync(IReadOnlyList<MessageEnd> ends);

    /// <summary>How many messages went or may have gone by a channel since an instant, and when the first of them.</summary>
    Task<(int Count, DateTimeOffset? First)> SentAsync(ChannelKind channel, DateTimeOffset since);
}
