using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>A message on its way.</summary>
/// <param name="Id">Its number in the ledger.</param>
/// <param name="Key">The same for the same news to the same person: a channel that keeps it makes nothing twice.</param>
/// <param name="Receiver">The user; null for a channel that reaches many at once.</param>
/// <param name="Letter">What it says.</param>
/// <param name="Due">The day on which the receiver should be done.</param>
/// <param name="Account">The account that it is about; none where it is about several.</param>
/// <param name="IsAgain">Whether it was tried before.</param>
public sealed record Message(long Id, string Key, Colleague? Receiver, Letter Letter, DateOnly Due, RecordId Account, bool IsAgain);

/// <summary>How a message fared.</summary>
public enum Fate
{
    /// <summary>It was taken.</summary>
    Sent,

    /// <summary>Certainly nothing was sent: it may be tried again.</summary>
    NotSent,

    /// <summary>It will never be taken.</summary>
    Refused,

    /// <summary>Nobody can say; it is not sent again.</summary>
    Unknown,
}

/// <summary>How a message fared, and why.</summary>
public sealed record Delivery(Fate Fate, string? Reason = null);

/// <summary>The port to a way by which people are told.</summary>
public interface IChannel
{
    /// <summary>Which it is.</summary>
    ChannelKind Kind { get; }

    /// <summary>How many messages are marked and sent together.</summary>
    int Together { get; }

    /// <summary>Why nothing can be sent this way, in a sentence without its full stop; null where it can. Asked once before messages are sent.</summary>
    Task<string?> WhyNotAsync(CancellationToken stop);

    /// <summary>Sends messages; gives for each, in their order, how it fared. Throws nothing but the word to stop, before anything is sent.</summary>
    Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop);

    /// <summary>Closes what was sent with some keys and is open; gives for each, in their order, how it fared. Only a Task is ever open.</summary>
    Task<IReadOnlyList<Delivery>> CloseAsync(IReadOnlyList<string> keys, CancellationToken stop) => Task.FromResult<IReadOnlyList<Delivery>>([.. keys.Select(_ => new Delivery(Fate.Sent))]);
}
