using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Runs;

/// <summary>What somebody says to a handoff of their own.</summary>
public enum AnswerKind
{
    /// <summary>Whoever takes over has read it.</summary>
    Acknowledge,

    /// <summary>Whoever is to take over does not, with a reason.</summary>
    Decline,

    /// <summary>Either side adds to the notes.</summary>
    Note,
}

/// <summary>A handoff cannot be answered so: one sentence.</summary>
public sealed class AnswerException(string message) : Exception(message);

/// <summary>
/// A person's answer to a handoff: a correction that a person makes. What is said is put at the end of the notes and takes nothing away. Where the notes
/// are blank only notes are written there: the rules go on asking for notes that say what the other side has to know.
/// </summary>
/// <param name="Handoff">The handoff.</param>
/// <param name="Account">Its account.</param>
/// <param name="AccountName">The account's name.</param>
/// <param name="Kind">What is said.</param>
/// <param name="Text">The reason or the notes; null for an acknowledgement.</param>
/// <param name="Who">Who says it.</param>
/// <param name="WhoName">Their name.</param>
/// <param name="Side">The side for which they speak: themselves, or a department for which they are accountable.</param>
/// <param name="On">The day on which they said it.</param>
/// <param name="Status">The status that they were shown.</param>
/// <param name="Notes">The notes that they were shown; see <see cref="Records.Handoff.Beginning"/>.</param>
public sealed record HandoffAnswer(
    RecordId Handoff, RecordId Account, string AccountName, AnswerKind Kind, string? Text, RecordId Who, string WhoName, RecordId Side, DateOnly On, string? Status,
    string? Notes)
{
    /// <summary>Of the corrections that answers make: nobody else changes them back but those whose handoff it is.</summary>
    public const string Code = "answered";

    /// <summary>Salesforce's limit for the notes, in characters.</summary>
    private const int LongestNotes = 32_768;

    private const string Object = "POC_Handoff__c", StatusField = "Status__c", NotesField = "Notes__c";

    /// <summary>What to read of the org first.</summary>
    internal RecordWrite Read => new(
        Object, Handoff, null, WriteAction.Update,
        ((string[])["From_User__c", "From_Department__c", "To_User__c", "To_Department__c", StatusField, NotesField, .. Signatures.Select(s => s.Field)]).ToDictionary(f => f, _ => (string?)null),
        new Dictionary<string, string?>());

    /// <summary>What it writes, where the handoff still is as it was shown. Throws <see cref="AnswerException"/>.</summary>
    internal Correction In(Standing standing)
    {
        if (!standing.Records.TryGetValue((Object, Handoff), out var now))
        {
            throw new AnswerException("The handoff is no longer there.");
        }

        bool IsSide(string side) => Says(now, $"{side}_User__c") == Side.ToString() || Says(now, $"{side}_Department__c") == Side.ToString();
        if (!IsSide("To") && !(Kind == AnswerKind.Note && IsSide("From")))
        {
            throw new AnswerException($"The handoff is no longer one that {WhoName} may answer.");
        }

        var (status, notes) = (Says(now, StatusField), Says(now, NotesField));
        // A worker that died over it may have written it.
        var isWritten = notes is not null && Lines(notes).EndsWith(Entry, StringComparison.Ordinal);
        var before = !isWritten ? notes : Lines(notes!)[..^Entry.Length].TrimEnd() is { Length: > 0 } earlier ? earlier : null;
        if (Lines(Records.Handoff.Beginning(before)) != Lines(Notes) || (status != Status && !(status == Target && (isWritten || before is null))))
        {
            throw new AnswerException("The handoff has been changed since it was shown: look at it again.");
        }

        var fields = new List<FieldWrite>();
        if (Target is { } target)
        {
            fields.Add(new FieldWrite(StatusField, Status, PlannedValue.Of(target)));
            // Not in an org that has no such fields.
            fields.AddRange(Signatures.Where(s => now.ContainsKey(s.Field)).Select(s => new FieldWrite(s.Field, Says(now, s.Field), PlannedValue.Of(s.Value))));
        }

        if (Kind == AnswerKind.Note || before is not null)
        {
            var after = isWritten ? notes! : before is null ? Entry : $"{before.TrimEnd()}\n\n{Entry}";
            fields.Add(after.Length <= LongestNotes ? new FieldWrite(NotesField, before, PlannedValue.Of(after))
                : throw new AnswerException($"The notes would be longer than the {LongestNotes:N0} characters that Salesforce keeps."));
        }

        return new Correction
        {
            Rule = Kind == AnswerKind.Note ? "handoff-documented" : "handoff-acknowledged",
            Code = Code,
            Account = Account,
            AccountName = AccountName,
            Mode = RuleMode.Propose,
            State = CorrectionState.Ready,
            Reasons = [],
            Sentence = Kind switch
            {
                AnswerKind.Acknowledge => $"{WhoName} acknowledges the handoff of {AccountName}.",
                AnswerKind.Decline => $"{WhoName} declines the handoff of {AccountName}: {Text}",
                _ => $"{WhoName} adds notes to the handoff of {AccountName}.",
            },
            Trace = [],
            BuildsOn = [],
            People = [new Person(Who, WhoName)],
            Writes = [new Write(Object, Handoff, null, WriteAction.Update, fields)],
        };
    }

    private string? Target => Kind switch { AnswerKind.Acknowledge => "Acknowledged", AnswerKind.Decline => "Declined", _ => null };

    /// <summary>Who said it, when and why, as the record's own actions keep it.</summary>
    private IEnumerable<(string Field, string? Value)> Signatures => Kind switch
    {
        AnswerKind.Acknowledge => [("Acknowledged_By__c", Who.ToString()), ("Acknowledged_On__c", Day)],
        AnswerKind.Decline => [("Declined_By__c", Who.ToString()), ("Declined_On__c", Day), ("Declined_Why__c", Lines(Text))],
        _ => [],
    };

    private string Day => On.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What goes to the end of the notes.</summary>
    private string Entry => Kind switch
    {
        AnswerKind.Acknowledge => $"Acknowledged by {WhoName}, {On:yyyy-MM-dd}.",
        AnswerKind.Decline => $"Declined by {WhoName}, {On:yyyy-MM-dd}: {Lines(Text)}",
        _ => $"{WhoName}, {On:yyyy-MM-dd}: {Lines(Text)}",
    };

    private static string? Says(IReadOnlyDictionary<string, string?> now, string field) => now.GetValueOrDefault(field);

    /// <summary>Without what an org or a browser may do to the ends of lines.</summary>
    private static string Lines(string? text) => (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
}
