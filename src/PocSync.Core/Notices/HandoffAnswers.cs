using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Core.Notices;

/// <summary>What people learn of what others did on a handoff, each once. That it was acknowledged is told to nobody: nothing is left to be done.</summary>
public static class HandoffAnswers
{
    /// <summary>How old a handoff that was never seen before may be to be told of, in days.</summary>
    private const int Fresh = 30;

    /// <summary>What is new about a handoff.</summary>
    /// <param name="handoff">As it is now.</param>
    /// <param name="before">The status in which it was seen last, and who was to take over; null where it was never seen.</param>
    /// <param name="proposed">Who is proposed in place of whoever declined, by name; null where nobody is.</param>
    /// <param name="today">The org's date.</param>
    public static IEnumerable<News> Of(BookHandoff handoff, (string? Status, RecordId To)? before, string? proposed, DateOnly today)
    {
        if ((handoff.Status, handoff.To) == before || (before is null && !(handoff.EffectiveOn >= today.AddDays(-Fresh))))
        {
            return [];
        }

        IEnumerable<News> news = handoff.Status switch
        {
            "Awaiting Acknowledgement" => [ToAcknowledge(handoff)],
            "Declined" when before?.Status != "Declined" =>
            [
                About(handoff, NewsKind.HandoffDeclined, handoff.From) with { Reason = Why(handoff, proposed) },
                About(handoff, NewsKind.ReceiverDeclined, handoff.To) with { Reason = Why(handoff, proposed) },
            ],
            _ => [],
        };
        return news.Where(n => !n.Receiver.IsNone);
    }

    /// <summary>What whoever takes over learns where the notes are there.</summary>
    public static News ToAcknowledge(BookHandoff handoff) => About(handoff, NewsKind.HandoffToAcknowledge, handoff.To) with { Due = handoff.DueOn };

    private static News About(BookHandoff handoff, NewsKind kind, RecordId receiver) => new($"{handoff.Id}|{kind}|{handoff.To}", kind, receiver)
    {
        Account = handoff.Account,
        AccountName = handoff.AccountName,
        From = handoff.From,
        To = handoff.To,
        About = handoff.Id.ToString(),
    };

    private static string Why(BookHandoff handoff, string? proposed) => string.Join(' ', new[]
    {
        handoff.Declined is { } why ? why.TrimEnd('.', ' ') + "." : null,
        proposed is null ? null : $"{proposed} is proposed instead, which waits for a person's yes.",
    }.OfType<string>());
}
