using PocSync.Core.Records;

namespace PocSync.Core.Plans;

/// <summary>Somebody who was announced to leave.</summary>
/// <param name="User">Who.</param>
/// <param name="On">The first day on which others have the accounts, in the org's time zone.</param>
/// <param name="To">The user who is to have the accounts; none where they are to be picked.</param>
/// <param name="By">Who announced it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Withdrawn">Who took it back and why; null where nobody did.</param>
/// <param name="HasLeft">Whether the day is past and the user was gone since, who may be back.</param>
public sealed record Leaver(RecordId User, DateOnly On, RecordId To, string By, string Reason, string? Withdrawn = null, bool HasLeft = false)
{
    /// <summary>Whether the user is to leave, or about to.</summary>
    public bool Holds => Withdrawn is null && !HasLeft;

    /// <summary>Whether a handoff is one that PocSync opened before the day, which nobody has moved on yet.</summary>
    internal bool Announced(Handoff handoff) => handoff is { Status: "Proposed", Id.IsNone: false } && IsOf(handoff);

    /// <summary>Whether a handoff is from the leaver and for the day.</summary>
    internal bool IsOf(Handoff handoff) => handoff.From == Assignee.User(User) && handoff.EffectiveOn == On;
}

/// <summary>An approval of something to come that holds no more.</summary>
/// <param name="Correction">What was approved.</param>
/// <param name="Why">Why not any more, as a clause.</param>
public sealed record Lapsed(Correction Correction, string Why);

/// <summary>
/// What follows at once from the approval of a switch to come: the handoff's record, so that whoever leaves can write notes and introduce their successor. A pure function of
/// the switch; the switch makes the record itself only where it is not there on the day.
/// </summary>
public static class Announcement
{
    /// <summary>The code of corrections that open a handoff before its day.</summary>
    public const string Code = "announced";

    /// <summary>The code of those that cancel one,</summary>
    public const string CalledOff = "called-off";

    /// <summary>and of those that let it begin when the day has come.</summary>
    public const string Begun = "begun";

    private const string Object = "POC_Handoff__c";

    /// <summary>Whether a correction only follows from what a person said: who approved a switch to come opens its handoff and lets it begin, who takes that back calls it off.</summary>
    public static bool Follows(Correction correction) => correction.Code is Code or CalledOff or Begun && correction.Writes.All(w => w.Object == Object);

    /// <summary>Opens the handoff of a correction; null where it makes no record of one, or has no day to come.</summary>
    public static Correction? Of(Correction correction, DateOnly today)
    {
        if (correction.NotBefore is not { } day || day <= today || correction.Writes.FirstOrDefault(w => w is { Object: Object, Action: WriteAction.Insert }) is not { } handoff)
        {
            return null;
        }

        string NameOf(string side) => handoff[$"{side}_User__c"].Text is { } user ? correction.People.FirstOrDefault(p => p.Id.ToString() == user)?.Name ?? user : "a department";
        var ids = new[] { "From_User__c", "To_User__c" }.Select(f => handoff[f].Text).OfType<string>().ToList();
        return new Correction
        {
            Rule = correction.Rule,
            Code = Code,
            Account = correction.Account,
            AccountName = correction.AccountName,
            Mode = Rules.RuleMode.Auto,
            State = CorrectionState.Ready,
            Reasons = [],
            Sentence = $"Open the handoff of {correction.AccountName} from {NameOf("From")} to {NameOf("To")} on {day:yyyy-MM-dd}, so that notes and introductions come before.",
            Trace = [],
            BuildsOn = [],
            People = [.. ids.SelectMany(id => correction.People.Where(p => p.Id.ToString() == id))],
            Writes =
            [
                handoff with
                {
                    Fields =
                    [
                        .. handoff.Fields.Select(f => f.Field switch
                        {
                            "Status__c" => f with { After = PlannedValue.Of("Proposed") },
                            "Due_On__c" => f with { After = PlannedValue.Of(day) },
                            _ => f,
                        }),
                    ],
                },
            ],
        };
    }
}
