using System.Globalization;
using PocSync.Core.Alerts;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>A Salesforce org's rows of <c>POC_Alert__c</c>, read by one query and written each by itself.</summary>
public sealed class LiveAlerts(OrgReads reads, SingleRows singles) : IAlertRows
{
    private const string Object = "POC_Alert__c", Key = "Sync_Key__c", Status = "Status__c";

    /// <summary>One to describe the object, one for a page of rows.</summary>
    internal const int CallsToRead = 2;

    private static readonly string[] Read =
        ["Account__c", "Snoozed_Until__c", "Severity__c", "Sentence__c", "Count__c", "Assigned_To__c", "Escalated_On__c"];

    private static readonly string[] Written =
        [Key, Status, .. Read, "User__c", "Department__c", "Rule__c", "Code__c", "First_Seen__c", "Last_Seen__c"];

    /// <inheritdoc/>
    public Task<AlertsThere> ReadAsync(Settings settings, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        var (names, name) = (settings.Names, settings.Names.Object(Object));
        if ((await reads.DescribeManyAsync([name], stop)).FirstOrDefault(d => d.Queryable) is not { } describe)
        {
            return AlertsThere.None($"the org shows no object {name} to this login");
        }
        if (!describe.Createable || !describe.Updateable)
        {
            return AlertsThere.None($"this login may not create and change {name}");
        }
        if (new[] { Key, Status }.Select(f => names.Field(Object, f)).FirstOrDefault(f => describe.Field(f) is not { Updateable: true }) is { } missing)
        {
            return AlertsThere.None($"this login may not write {name}.{missing}");
        }
        string[] shown = [.. Read.Where(f => describe.Field(names.Field(Object, f)) is not null)];
        string[] columns = ["Id", names.Field(Object, Key), names.Field(Object, Status), "LastModifiedDate", "LastModifiedBy.Name", "LastModifiedById", .. shown.Select(f => names.Field(Object, f))];
        var rows = new List<AlertRow>();
        await foreach (var row in reads.Read(new TableQuery(describe.Name, columns, $"{names.Field(Object, Status)} != '{nameof(AlertStatus.Closed)}'")).Rows.WithCancellation(stop))
        {
            string? Says(string field) => Array.IndexOf(shown, field) is >= 0 and var at ? row[6 + at] : null;
            // A row that somebody else made, or whose key was changed, is nobody's here.
            if (AlertKey.TryParse(row[1], out var key))
            {
                rows.Add(new AlertRow(
                    RecordId.Parse(row[0]!), key, Id(Says("Account__c")), row[2] == nameof(AlertStatus.Snoozed) ? AlertStatus.Snoozed : AlertStatus.Open,
                    Day(Says("Snoozed_Until__c")), Says("Severity__c"), Says("Sentence__c"),
                    decimal.TryParse(Says("Count__c"), CultureInfo.InvariantCulture, out var count) ? (int)count : null, Id(Says("Assigned_To__c")), Day(Says("Escalated_On__c")),
                    row[3] is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var changed) ? changed : DateTimeOffset.MaxValue,
                    PlainText.Line(row[4] ?? "somebody"), Id(row[5])));
            }
        }
        return new AlertsThere(rows, Written.Where(f => describe.Field(names.Field(Object, f)) is { Updateable: true }).ToHashSet());
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<RowTaken>> WriteAsync(Settings settings, IReadOnlyList<AlertWrite> rows, CancellationToken abandon) => LiveOrg.AtTheBorder(async () =>
    {
        var (names, results) = (settings.Names, new RowTaken?[rows.Count]);
        var key = names.Field(Object, Key);
        await SendAsync(w => !w.Row.IsNone, IngestKind.Update, null);
        try
        {
            await SendAsync(w => w.Row.IsNone, IngestKind.Upsert, key);
        }
        catch (SalesforceException e) when (results.Any(r => r is not null))
        {
            // What is known of the others stands.
            return [.. results.Select(r => r ?? new RowTaken(false, $"it was not sent: {e.Message}", MayPass: true))];
        }
        return (IReadOnlyList<RowTaken>)results!;

        async Task SendAsync(Func<AlertWrite, bool> which, IngestKind kind, string? upsertKey)
        {
            var sent = rows.Index().Where(r => which(r.Item)).OrderBy(r => r.Item.Account).ToList();
            foreach (var ((place, _), result) in sent.Zip(await singles.WriteAsync(kind, upsertKey, [.. sent.Select(s => Row(s.Item))], abandon)))
            {
                // A request that is wrong as a whole is no fault of its rows.
                results[place] = result.Success ? new RowTaken(true) : result.IsUnknown ? new RowTaken(null, result.Message)
                    : new RowTaken(false, $"{result.ErrorCode}: {result.Message}", result.Class is ErrorClass.Transient or ErrorClass.RetryRow or ErrorClass.Bug);
            }
        }

        RowWrite Row(AlertWrite write)
        {
            var fields = write.Fields.ToDictionary(f => names.Field(Object, f.Key), f => f.Value);
            if (write.Row.IsNone)
            {
                fields[key] = write.Key.ToString();
            }
            return new RowWrite(names.Object(Object), write.Row.IsNone ? null : write.Row.ToString(), fields);
        }
    });

    private static RecordId Id(string? text) => RecordId.TryParse(text, out var id) ? id : default;

    private static DateOnly? Day(string? text) => DateOnly.TryParse(text, CultureInfo.InvariantCulture, out var day) ? day : null;
}
