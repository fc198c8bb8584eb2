using System.Globalization;
using PocSync.Core.Records;

namespace PocSync.Core.Handoffs;

/// <summary>A handoff that has no brief yet.</summary>
/// <param name="Id">The record.</param>
/// <param name="Account">Its account.</param>
/// <param name="Receiver">The user who takes over; of a department its accountable user. None where that is not known.</param>
/// <param name="Fields">What the record says: fields and paths by package name, as text.</param>
public sealed record BriefedHandoff(RecordId Id, RecordId Account, RecordId Receiver, IReadOnlyDictionary<string, string?> Fields)
{
    /// <summary>Who is above whoever had the account, the nearest first: as far up as one query reaches.</summary>
    public static IReadOnlyList<string> Above { get; } = [.. Enumerable.Range(1, 4).Select(n => "From_User__r" + string.Concat(Enumerable.Repeat(".Manager", n)))];
}

/// <summary>What the org says of a handoff's account, from which its brief is made.</summary>
/// <param name="Handoff">The handoff.</param>
/// <param name="Records">By object: records with their fields and paths by package or standard name, as text; an object that PocSync could not read is missing.</param>
public sealed record BriefFacts(BriefedHandoff Handoff, IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>> Records)
{
    /// <summary>Objects whose records are shown only where the receiver may see the record itself; activities are seen by whoever sees the account.</summary>
    private static readonly string[] Checked = ["Case", "Contact", "Opportunity"];

    /// <summary>
    /// The declined handoffs by which the account came to whoever hands it over, the latest first: who really had it is where the last of them begins. Empty where nobody declined.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Declined { get; init; } = [];

    /// <summary>The handoff on which whoever really had the account hands it over.</summary>
    public IReadOnlyDictionary<string, string?> Origin => Declined.Count > 0 ? Declined[^1] : Handoff.Fields;

    /// <summary>Where all that the account's records say is left out, the sentence that says why.</summary>
    public string? LeftOut { get; init; }

    /// <summary>By object, how many records there are beside those that matter first.</summary>
    public IReadOnlyDictionary<string, int> More { get; init; } = new Dictionary<string, int>();

    /// <summary>By object, how many of the records that matter first are left out because the receiver may not see them.</summary>
    public IReadOnlyDictionary<string, int> Hidden { get; init; } = new Dictionary<string, int>();

    /// <summary>Whoever takes over, by name.</summary>
    public string Receiver => Handoff.Fields.GetValueOrDefault("To_User__r.Name") ?? "whoever takes over";

    /// <summary>The records of an object.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Of(string name) => Records.GetValueOrDefault(name, []);

    /// <summary>The account; null where it is not shown.</summary>
    public IReadOnlyDictionary<string, string?>? Account => Of("Account").FirstOrDefault();

    /// <summary>The ids that the receiver must be able to see.</summary>
    public IEnumerable<string> Ids => Of("Account").Concat(Checked.SelectMany(Of)).Select(r => r["Id"]!);

    /// <summary>Only as many records as a brief shows, those that matter first.</summary>
    public BriefFacts Trimmed(DateOnly today) => this with
    {
        Declined = [.. DeclinedTrail.Before(StepOf(Handoff.Fields), Of("POC_Handoff__c"), StepOf)],
        Records = Records.ToDictionary(r => r.Key, r => (IReadOnlyList<IReadOnlyDictionary<string, string?>>)[.. Sorted(r.Key, r.Value, today)]),
        More = Checked.Where(Records.ContainsKey).ToDictionary(o => o, o => Math.Max(0, Records[o].Count - Brief.Most)),
    };

    private static HandoffStep StepOf(IReadOnlyDictionary<string, string?> handoff) => new(
        handoff.GetValueOrDefault("Id"), handoff.GetValueOrDefault("From_User__c") ?? handoff.GetValueOrDefault("From_Department__c"),
        handoff.GetValueOrDefault("To_User__c") ?? handoff.GetValueOrDefault("To_Department__c"), handoff.GetValueOrDefault("Status__c"), handoff.GetValueOrDefault("Effective_On__c"));

    /// <summary>Without what the receiver may not see.</summary>
    /// <param name="visible">The ids that the receiver may see; null where that cannot be told.</param>
    public BriefFacts SeenBy(IReadOnlySet<string>? visible)
    {
        if (visible is null || Account is null || !visible.Contains(Account["Id"]!))
        {
            return this with
            {
                Records = Records.Where(r => r.Key == "POC_Handoff__c").ToDictionary(),
                LeftOut = Account is null ? "What the account's records say is left out: PocSync could not read the account."
                    : visible is null ? $"What the account's records say is left out, since Salesforce did not tell what {Receiver} may see."
                    : $"What the account's records say is left out: {Receiver} may not see the account in Salesforce. Ask an administrator for access.",
            };
        }

        var seen = Records.ToDictionary(r => r.Key, r => Checked.Contains(r.Key) ? [.. r.Value.Where(f => visible.Contains(f["Id"]!))] : r.Value);
        return this with
        {
            Records = seen,
            Hidden = Checked.Where(Records.ContainsKey).ToDictionary(o => o, o => Records[o].Count - seen[o].Count),
        };
    }

    private static IEnumerable<IReadOnlyDictionary<string, string?>> Sorted(string name, IEnumerable<IReadOnlyDictionary<string, string?>> records, DateOnly today)
    {
        var day = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return name switch
        {
            "Opportunity" => records.OrderBy(r => r.GetValueOrDefault("CloseDate"), StringComparer.Ordinal).ThenBy(r => r["Id"], StringComparer.Ordinal).Take(Brief.Most),
            "Case" => records.OrderBy(r => r.GetValueOrDefault("IsEscalated") == "true" ? 0 : 1).ThenBy(r => r.GetValueOrDefault("CreatedDate"), StringComparer.Ordinal).Take(Brief.Most),
            "Contact" => records.OrderBy(r => r.GetValueOrDefault("POC_Customer_Primary__c") == "true" ? 0 : 1)
                .ThenByDescending(r => r.GetValueOrDefault("LastActivityDate"), StringComparer.Ordinal).ThenBy(r => r["Id"], StringComparer.Ordinal).Take(Brief.Most),
            "Task" => Nearest(records.Where(r => r.GetValueOrDefault("IsClosed") != "true"), false).Concat(Nearest(records.Where(r => r.GetValueOrDefault("IsClosed") == "true"), true)),
            "Event" => Nearest(records.Where(r => IsToCome(r)), false).Concat(Nearest(records.Where(r => !IsToCome(r)), true)),
            "POC_Handoff__c" => records.OrderByDescending(r => r.GetValueOrDefault("Effective_On__c"), StringComparer.Ordinal).Take(2),
            _ => records,
        };

        bool IsToCome(IReadOnlyDictionary<string, string?> r) => string.CompareOrdinal(r.GetValueOrDefault("ActivityDate"), day) >= 0;

        static IEnumerable<IReadOnlyDictionary<string, string?>> Nearest(IEnumerable<IReadOnlyDictionary<string, string?>> of, bool newestFirst) =>
            (newestFirst ? of.OrderByDescending(r => r.GetValueOrDefault("ActivityDate"), StringComparer.Ordinal)
                : of.OrderBy(r => r.GetValueOrDefault("ActivityDate") ?? "9", StringComparer.Ordinal)).Take(Brief.Most);
    }
}
