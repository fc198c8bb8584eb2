using System.Globalization;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Core.Notices;

/// <summary>What somebody is told, in the order in which a message tells it.</summary>
public enum NewsKind
{
    /// <summary>A handoff is past its due date.</summary>
    HandoffOverdue,

    /// <summary>To the manager: a handoff is long past its due date.</summary>
    HandoffEscalated,

    /// <summary>Whoever was to take over declined: to who had the account.</summary>
    HandoffDeclined,

    /// <summary>The same, to the manager of whoever declined.</summary>
    ReceiverDeclined,

    /// <summary>An alert record that nobody touched is the manager's now.</summary>
    AlertEscalated,

    /// <summary>An alert record is somebody's to deal with.</summary>
    AlertAssigned,

    /// <summary>A handoff is due on the next working day.</summary>
    HandoffDueSoon,

    /// <summary>The notes are there, and whoever takes over is to acknowledge.</summary>
    HandoffToAcknowledge,

    /// <summary>Somebody became the primary contact.</summary>
    BecamePrimary,

    /// <summary>Who had the account is asked for notes.</summary>
    HandoffToDocument,

    /// <summary>To the manager, and to a team's channel: somebody became the primary contact.</summary>
    TookOver,

    /// <summary>Somebody becomes the primary contact on a day to come.</summary>
    WillTakeOver,

    /// <summary>What somebody was told of a day to come is not so any more: to both.</summary>
    HandoffCalledOff,

    /// <summary>Somebody is no longer the primary contact.</summary>
    WasPrimary,

    /// <summary>Somebody became a backup contact.</summary>
    BecameBackup,

    /// <summary>Somebody is no longer a backup contact.</summary>
    WasBackup,

    /// <summary>Somebody stands in while another is away: to both.</summary>
    CoverBegan,

    /// <summary>That ends on another day than both were told.</summary>
    CoverChanged,

    /// <summary>That is over.</summary>
    CoverEnded,

    /// <summary>What somebody was told of was taken back.</summary>
    PutBack,

    /// <summary>What administrators and approvers find in the morning.</summary>
    Digest,
}

/// <summary>Something that concerns somebody, once.</summary>
/// <param name="Key">The same for the same thing whenever it is found, so that it is told once.</param>
/// <param name="Kind">What.</param>
/// <param name="Receiver">The user or department that it is about; whom that reaches is decided when it is sent. None where it concerns whoever a channel reaches.</param>
public sealed record News(string Key, NewsKind Kind, RecordId Receiver)
{
    private const string Handoff = "POC_Handoff__c";

    /// <summary>The account; none in a digest.</summary>
    public RecordId Account { get; init; }

    /// <summary>The account's name; of cover those of several.</summary>
    public string AccountName { get; init; } = "";

    /// <summary>Who was the primary contact, if anybody.</summary>
    public RecordId From { get; init; }

    /// <summary>Who is the primary contact, if anybody.</summary>
    public RecordId To { get; init; }

    /// <summary>Why, in a sentence; of a digest all of it.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The handoff, by its record or, where that is not known, its key; of cover the same for as long as it lasts; null where there is none.</summary>
    public string? About { get; init; }

    /// <summary>The day on which the receiver should be done; null where nothing is to be done.</summary>
    public DateOnly? Due { get; init; }

    /// <summary>Whether the receiver has a Task for it already, which the correction itself wrote.</summary>
    public bool HasTask { get; init; }

    /// <summary>What a correction that was written means for people, from what it says itself.</summary>
    /// <param name="correction">The correction, which takes nothing back.</param>
    /// <param name="written">What was written of it.</param>
    /// <param name="writing">The number of the writing in the ledger.</param>
    public static IReadOnlyList<News> Of(Correction correction, Begun written, long writing)
    {
        var hands = correction.Writes.SelectMany(HandsOf).Distinct().ToList();
        // Who loses a row and gets another in the same role keeps it.
        var gains = hands.Where(h => h.Gains && !hands.Contains(h with { Gains = false })).ToList();
        var losses = hands.Where(h => !h.Gains && !hands.Contains(h with { Gains = true })).ToList();
        var (handoff, record) = HandoffOf(written);
        var (from, to) = handoff is null
            ? (losses.FirstOrDefault(l => l.Role == PocRole.Primary).Who, gains.FirstOrDefault(g => g.Role == PocRole.Primary).Who)
            : (Id(handoff, "From_User__c", "From_Department__c"), Id(handoff, "To_User__c", "To_Department__c"));
        var hasTask = correction.Writes.Any(w => w is { Object: "Task", Action: WriteAction.Insert });
        var news = new List<News>();
        foreach (var gain in gains)
        {
            if (gain.Role == PocRole.Primary)
            {
                Add(NewsKind.BecamePrimary, gain.Who);
                Add(NewsKind.TookOver, gain.Who);
            }
            else
            {
                Add(NewsKind.BecameBackup, gain.Who);
            }
        }

        foreach (var loss in losses)
        {
            if (loss.Role == PocRole.Primary && (handoff is null || loss.Who != from))
            {
                Add(NewsKind.WasPrimary, loss.Who);
            }
            else if (loss.Role == PocRole.Backup && !gains.Contains((loss.Who, PocRole.Primary, true)))
            {
                Add(NewsKind.WasBackup, loss.Who);
            }
        }

        if ((correction.Code == Announcement.Code || (correction.Code == Announcement.Begun && correction.People.Count > 1)) && correction.People is [var gone, ..]
            && written.Intent.Bundle.Writes is [{ Object: Handoff, Action: WriteAction.Update } step])
        {
            // A step says only what it changes. Whoever has left is asked for what they did not note in time: that reaches their manager.
            (from, to, handoff, record) = (gone.Id, correction.People.Skip(1).Select(p => p.Id).FirstOrDefault(), step.After, step.Id.ToString());
        }

        if (correction.Code == Announcement.CalledOff && written.Intent.Bundle.Writes is [{ Object: Handoff } cancelled])
        {
            record = cancelled.Id.ToString();
        }

        if (correction.Code == Announcement.Code && !to.IsNone)
        {
            Add(NewsKind.WillTakeOver, to);
        }

        foreach (var person in correction.Code == Announcement.CalledOff ? correction.People : [])
        {
            Add(NewsKind.HandoffCalledOff, person.Id);
        }

        if (handoff is not null && !from.IsNone)
        {
            Add(NewsKind.HandoffToDocument, from);
        }

        return news;

        void Add(NewsKind kind, RecordId receiver) => news.Add(new News(
            string.Create(CultureInfo.InvariantCulture, $"{correction.Id}|{writing}|{kind}|{receiver}"), kind, receiver)
        {
            Account = correction.Account,
            AccountName = correction.AccountName,
            From = from,
            To = to,
            Reason = handoff?.GetValueOrDefault("Reason__c") ?? ReasonOf(correction),
            About = record,
            Due = kind is NewsKind.BecamePrimary or NewsKind.WillTakeOver or NewsKind.HandoffToDocument && DateOnly.TryParseExact(
                handoff?.GetValueOrDefault("Due_On__c"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due) ? due : null,
            HasTask = hasTask && kind == NewsKind.BecamePrimary,
        });
    }

    /// <summary>The reason alone of what a correction does: as the handoff that it makes has it, else its own.</summary>
    private static string ReasonOf(Correction correction) =>
        correction.Writes.Select(w => w is { Object: Handoff, Action: WriteAction.Insert } ? w["Reason__c"].Text : null).FirstOrDefault(r => r is not null)
        ?? (correction.Why.Length > 0 ? correction.Why : correction.Sentence);

    private static IEnumerable<(RecordId Who, PocRole Role, bool Gains)> HandsOf(Write write)
    {
        if (write.Role is not (PocRole.Primary or PocRole.Backup))
        {
            return [];
        }

        RecordId Who(Func<FieldWrite, string?> said) => write.Fields.Where(f => f.Field is "User__c" or "UserId" or "Department__c" or "OwnerId")
            .Select(f => RecordId.TryParse(said(f), out var id) ? id : default).FirstOrDefault(id => !id.IsNone);
        IEnumerable<(RecordId Who, PocRole, bool)> hands = write switch
        {
            { Action: WriteAction.Insert } => [(Who(f => f.After.Text), write.Role.Value, true)],
            { Object: "Account" } => [(Who(f => f.Before), write.Role.Value, false), (Who(f => f.After.Text), write.Role.Value, true)],
            _ => [(write.User.IsNone ? Who(f => f.Before) : write.User, write.Role.Value, false)],
        };
        return hands.Where(h => !h.Who.IsNone);
    }

    /// <summary>The handoff that was written, with its record or key.</summary>
    private static (IReadOnlyDictionary<string, string?>? Says, string? Record) HandoffOf(Begun written)
    {
        var writes = written.Intent.Bundle.Writes;
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i] is { Object: Handoff } write && write.After.Keys.Any(f => f is "From_User__c" or "From_Department__c"))
            {
                return (write.After, !write.Id.IsNone ? write.Id.ToString() : written.Created is { } made && i < made.Count && !made[i].IsNone ? made[i].ToString() : write.Key);
            }
        }

        return (null, null);
    }

    private static RecordId Id(IReadOnlyDictionary<string, string?> says, string user, string department) =>
        RecordId.TryParse(says.GetValueOrDefault(user) ?? says.GetValueOrDefault(department), out var id) ? id : default;
}
