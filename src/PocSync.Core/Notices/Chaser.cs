using System.Globalization;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Core.Notices;

/// <summary>A handoff that waits for somebody.</summary>
/// <param name="Id">The record.</param>
/// <param name="Account">Its account.</param>
/// <param name="AccountName">The account's name.</param>
/// <param name="From">The user or department that had the account; none where nobody had.</param>
/// <param name="To">The user or department that has it now.</param>
/// <param name="Status">The state that it is in.</param>
/// <param name="Due">The day on which it is due.</param>
/// <param name="IsFound">Whether the rule about it finds it overdue, and nobody said that it may be.</param>
/// <param name="EscalateDays">Working days past due after which the manager is told too.</param>
public sealed record OpenHandoff(
    RecordId Id, RecordId Account, string AccountName, RecordId From, RecordId To, string Status, DateOnly Due, bool IsFound, int EscalateDays)
{
    private const string Object = "POC_Handoff__c";

    /// <summary>Who has to act: until the notes are there who had the account, then who takes over; none where nobody has to.</summary>
    public RecordId Asked => Status switch
    {
        "Proposed" or "Documenting" => From.IsNone ? To : From,
        "Awaiting Acknowledgement" => To,
        _ => default,
    };

    /// <summary>What to read of the org, since what is known of it may be old.</summary>
    public RecordWrite Read => new(
        Object, Id, null, WriteAction.Update,
        new[] { "From_User__c", "From_Department__c", "To_User__c", "To_Department__c", "Status__c", "Due_On__c" }.ToDictionary(f => f, _ => (string?)null),
        new Dictionary<string, string?>());

    /// <summary>The same as the org has it now; null where it is gone or due on no day.</summary>
    public OpenHandoff? In(Standing standing)
    {
        if (!standing.Records.TryGetValue((Object, Id), out var says) || !CellText.TryDate(says.GetValueOrDefault("Due_On__c") ?? "", out var due))
        {
            return null;
        }

        RecordId Side(string side) =>
            RecordId.TryParse(says.GetValueOrDefault($"{side}_User__c") ?? says.GetValueOrDefault($"{side}_Department__c"), out var id) ? id : default;
        return this with { From = Side("From"), To = Side("To"), Status = says.GetValueOrDefault("Status__c") ?? "", Due = due };
    }
}

/// <summary>Reminds people of handoffs: the working day before they are due, when they are overdue, and so many working days later their manager; each once for each due date.</summary>
public static class Chaser
{
    /// <summary>What is to be said of a handoff on a day.</summary>
    /// <param name="handoff">The handoff.</param>
    /// <param name="hours">The working days.</param>
    /// <param name="today">The day, where who has to act is.</param>
    public static IEnumerable<News> Of(OpenHandoff handoff, WorkingHours hours, DateOnly today)
    {
        var who = handoff.Asked;
        if (who.IsNone)
        {
            yield break;
        }

        if (handoff.Due >= today)
        {
            if (hours.After(today, 1) >= handoff.Due)
            {
                yield return About(NewsKind.HandoffDueSoon, who);
            }
        }
        else if (handoff.IsFound)
        {
            yield return About(NewsKind.HandoffOverdue, who);
            if (hours.After(handoff.Due, handoff.EscalateDays) <= today)
            {
                yield return About(NewsKind.HandoffEscalated, who);
            }
        }

        News About(NewsKind kind, RecordId receiver) => new(string.Create(CultureInfo.InvariantCulture, $"{handoff.Id}|{kind}|{handoff.Due:yyyy-MM-dd}"), kind, receiver)
        {
            Account = handoff.Account,
            AccountName = handoff.AccountName,
            From = handoff.From,
            To = handoff.To,
            About = handoff.Id.ToString(),
            Due = handoff.Due,
        };
    }
}
