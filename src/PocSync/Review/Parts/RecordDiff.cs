using System.Globalization;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;
using PocSync.Ledger;

namespace PocSync.Review.Parts;

/// <summary>What a field says and is to say; null for nothing.</summary>
/// <param name="Name">The field, in words.</param>
/// <param name="Field">The field as the package or Salesforce names it.</param>
/// <param name="Before">What it says.</param>
/// <param name="After">What it is to say.</param>
public sealed record FieldDiff(string Name, string Field, string? Before, string? After);

/// <summary>What happens to one record, for people.</summary>
/// <param name="Record">What sort of record, in words.</param>
/// <param name="Action">What is done to it.</param>
/// <param name="Whose">Whose record it is, where its fields do not say it.</param>
/// <param name="Fields">Its fields but those that only say which account it belongs to.</param>
public sealed record RecordDiff(string Record, WriteAction Action, string? Whose, IReadOnlyList<FieldDiff> Fields)
{
    private static readonly Dictionary<string, string> Objects = new()
    {
        ["AccountTeamMember"] = "Account team",
        ["POC_Assignment__c"] = "Contact",
        ["POC_Handoff__c"] = "Handoff",
        ["Contact"] = "The customer's contact",
        ["AccountContactRole"] = "The customer's contact role",
    };

    private static readonly Dictionary<string, string> Names = new()
    {
        ["OwnerId"] = "owner",
        ["User__c"] = "person",
        ["UserId"] = "person",
        ["Department__c"] = "department",
        ["Role__c"] = "role",
        ["TeamMemberRole"] = "role",
        ["Starts_On__c"] = "from",
        ["Ends_On__c"] = "until",
        ["From_User__c"] = "hands over",
        ["From_Department__c"] = "hands over",
        ["To_User__c"] = "takes over",
        ["To_Department__c"] = "takes over",
        ["Effective_On__c"] = "on",
        ["Status__c"] = "status",
        ["Reason__c"] = "reason",
        ["ActivityDate"] = "due",
        ["Scope__c"] = "scope",
        ["POC_Customer_Primary__c"] = "primary on their side",
        ["IsPrimary"] = "primary on their side",
    };

    /// <summary>What a correction writes.</summary>
    public static IEnumerable<RecordDiff> Of(Correction correction, IReadOnlyDictionary<string, string> names) => correction.Writes.Select(w => Of(
        w.Object, w.Action, w.User, w.Fields.Select(f => (f.Field, f.Before, f.After.Day is { } day ? day switch { RelativeDay.Today => "the day it is written", RelativeDay.Yesterday => "the day before it is written", _ => "five working days after it is written" } : f.After.Text)),
        correction.Account, names));

    /// <summary>What a run wrote, or was about to write.</summary>
    public static IEnumerable<RecordDiff> Written(RunStep step, IReadOnlyDictionary<string, string> names) => (step.Intent?.Bundle.Writes ?? []).Select(w => Of(
        w.Object, w.Action, step.Correction?.Writes.FirstOrDefault(p => !p.Id.IsNone && p.Id == w.Id)?.User ?? default,
        w.Before.Keys.Union(w.After.Keys).Select(f => (f, w.Before.GetValueOrDefault(f), w.After.GetValueOrDefault(f))), step.Intent!.Bundle.Account, names));

    /// <summary>What goes back of what was written, where it is still as it was written.</summary>
    /// <param name="writing">It.</param>
    /// <param name="stays">What of it stays as it is.</param>
    /// <param name="names">Names by id.</param>
    public static IEnumerable<RecordDiff> Back(Writing writing, IReadOnlyCollection<RecordWrite> stays, IReadOnlyDictionary<string, string> names) =>
        writing.Intent.Bundle.Writes.Reverse().Where(w => !stays.Contains(w)).Select(w => Of(
        w.Object, w.Action switch { WriteAction.Insert => WriteAction.Delete, WriteAction.Delete => WriteAction.Insert, _ => WriteAction.Update },
        writing.Correction.Writes.FirstOrDefault(p => !p.Id.IsNone && p.Id == w.Id)?.User ?? default,
        w.Before.Keys.Union(w.After.Keys).Select(f => (f, w.After.GetValueOrDefault(f), w.Before.GetValueOrDefault(f))), writing.Account, names));

    private static RecordDiff Of(
        string @object, WriteAction action, RecordId whose, IEnumerable<(string Field, string? Before, string? After)> fields, RecordId account, IReadOnlyDictionary<string, string> names)
    {
        string? Words(string? value) => string.IsNullOrEmpty(value) ? null
            : names.TryGetValue(value, out var name) ? name
            : DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Viewer.Day(day) : value;
        return new RecordDiff(Objects.GetValueOrDefault(@object, @object), action, whose.IsNone ? null : Words(whose.ToString()),
        [
            .. fields.Where(f => f.Field is not "Sync_Key__c" && !(f.Field is "Account__c" or "AccountId" && (f.Before ?? f.After) == account.ToString()))
                .Select(f => new FieldDiff(Names.GetValueOrDefault(f.Field, f.Field), f.Field, Words(f.Before), Words(f.After))),
        ]);
    }
}
