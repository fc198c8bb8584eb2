using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Soql;

namespace PocSync.Salesforce;

/// <summary>An object that a pull reads.</summary>
/// <param name="Name">By package or standard name.</param>
/// <param name="Describe">As the org describes it to this login.</param>
/// <param name="Columns">What is read of it, by the org's names.</param>
internal sealed record LiveOrgTable(string Name, ObjectDescribe Describe, IReadOnlyList<string> Columns);

/// <summary>What the org has of what rules can need: objects, fields, and which of their rows.</summary>
internal sealed class LiveOrgTables
{
    /// <summary>Days of owner changes that are read at least, whatever the windows of the settings.</summary>
    private const int LeastHistory = 400;

    /// <summary>Days of owner changes that are read at most: no org is older.</summary>
    private const int MostHistory = 36_500;

    private readonly LiveOrgSchema _schema;
    private readonly Settings _settings;

    private LiveOrgTables(LiveOrgSchema schema, Settings settings, DateTimeOffset now, DateTimeOffset? begun)
    {
        (_schema, _settings) = (schema, settings);
        // The longest window of the settings, and the week around a change that counts with it.
        HistorySince = now.AddDays(-Math.Clamp(settings.LongestWindow + 8, LeastHistory, MostHistory));
        // A row is kept or not by our clock as well: where that one lags, what lies between the two has to be asked for again.
        Watermark = begun is { } instant ? new Watermark(instant < now ? instant : now, HistorySince) : null;
        foreach (var name in SnapshotBuilder.ObjectsOf(settings))
        {
            if (name != "Group" && Find(name) is { } describe)
            {
                var fields = SnapshotBuilder.FieldsOf(name, settings).Select(describe.Field).OfType<FieldDescribe>();
                All.Add(new LiveOrgTable(name, describe, [.. fields.Select(f => f.Name)]));
            }
        }
    }

    /// <summary>Objects beside those of the snapshot whose changes tell of accounts.</summary>
    public static IReadOnlyList<string> Activities { get; } = ["Task", "Event"];

    /// <summary>The object of territory management's models; an org without it does not have it.</summary>
    public const string TerritoryModel = "Territory2Model";

    /// <summary>In the order in which a snapshot takes them.</summary>
    public List<LiveOrgTable> All { get; } = [];

    /// <summary>From when on owner changes are read.</summary>
    public DateTimeOffset HistorySince { get; }

    /// <summary>Where the next pull can go on after this one; null where the org does not tell its time.</summary>
    public Watermark? Watermark { get; }

    /// <summary>Characters from which on a text area is a long one.</summary>
    private const int LongestShortText = 255;

    /// <summary>Asks the org. Throws <see cref="ConditionsException"/> where a scope or pool does not fit the fields that it has.</summary>
    public static async Task<LiveOrgTables> AskAsync(
        OrgReads reads, LiveOrgSchema schema, Settings settings, DateTimeOffset now, CancellationToken stop)
    {
        var tables = await AskAllAsync(reads, schema, settings, now, stop);
        return tables.CheckConditions() is { Count: > 0 } problems ? throw new ConditionsException(problems) : tables;
    }

    /// <summary>Asks the org, whatever the conditions name.</summary>
    public static async Task<LiveOrgTables> AskAllAsync(
        OrgReads reads, LiveOrgSchema schema, Settings settings, DateTimeOffset now, CancellationToken stop)
    {
        await schema.LoadAsync(SnapshotBuilder.ObjectsOf(settings).Except(["Group"]).Select(settings.Names.Object).Concat(Activities).Append(TerritoryModel), stop);
        var tables = new LiveOrgTables(schema, settings, now, reads.AnsweredAt);
        if (tables.Find("Account") is null)
            throw new OrgException("The org shows no accounts to this login: give its user read access to Account.");
        return tables;
    }

    /// <summary>An object by its package or standard name.</summary>
    public ObjectDescribe? Find(string objectName) => _schema[_settings.Names.Object(objectName)];

    /// <summary>Whether contacts carry a flag that tells the primary ones; else the account contact roles tell.</summary>
    public bool HasContactFlag => Find("Contact")?.Field(_settings.Names.Field("Contact", "POC_Customer_Primary__c")) is not null;

    /// <summary>All rows that rules can need on a day.</summary>
    public TableQuery Query(LiveOrgTable table, DateOnly today) => new(table.Describe.Name, table.Columns, Where(table, today)) { Describe = table.Describe };

    private string? Where(LiveOrgTable table, DateOnly today)
    {
        switch (table.Name)
        {
            case "UserLogin":
                return And("IsFrozen = true");
            case "AccountHistory":
                // From whom to whom cannot be filtered on.
                return And("Field = 'Owner'", $"CreatedDate >= {HistorySince.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
            case "Opportunity":
                return And("AccountId != null", "IsClosed = false", $"CloseDate >= {today:yyyy-MM-dd}");
            case "Case":
                return And("AccountId != null", "IsClosed = false", "IsEscalated = true");
            case "AccountContactRole":
                return And("IsPrimary = true");
            case "POC_Handoff__c":
                // The org clears the account of a deleted one without a trace, so that such rows would be counted and not accounted for.
                return And($"{_settings.Names.Field("POC_Handoff__c", "Account__c")} != null");
            case "Event":
                return And(["ShowAs = 'OutOfOffice'", "IsRecurrence = false", .. Around("StartDateTime", "EndDateTime")]);
            case "ResourceAbsence":
                return And(Around("Start", "End"));
            case "Contact" when HasContactFlag:
                return And("AccountId != null", $"{_settings.Names.Field("Contact", "POC_Customer_Primary__c")} = true");
            case "Contact":
                return Find("AccountContactRole") is null
                    ? "Id = null"
                    : "Id IN (SELECT ContactId FROM AccountContactRole WHERE IsPrimary = true)";
            default:
                return null;
        }

        // A day more at either end, since time zones are not known here; which rows count is said by the snapshot alone.
        string[] Around(string starts, string ends) => [$"{ends} >= {Midnight(today, -2)}", $"{starts} <= {Midnight(today, CalendarDaysAhead + 1)}"];

        // A field that this login does not see narrows nothing.
        string? And(params string[] conditions) =>
            string.Join(" AND ", conditions.Where(c => table.Describe.Field(c[..c.IndexOf(' ')]) is not null)) is { Length: > 0 } all ? all : null;
    }

    /// <summary>How far ahead of a day events and resource absences are read.</summary>
    private const int CalendarDaysAhead = SnapshotBuilder.CalendarDaysAhead + 1;

    /// <summary>The condition for rows that come within reach by time alone, between one day and another; null where the object has no such rows.</summary>
    public string? ComeWithinReach(LiveOrgTable table, DateOnly from, DateOnly to)
    {
        var starts = table.Name == "Event" ? "StartDateTime" : "Start";
        return from >= to || table.Name is not ("Event" or "ResourceAbsence") || table.Describe.Field(starts) is null ? null
            : $"({starts} >= {Midnight(from, CalendarDaysAhead - 1)} AND {starts} <= {Midnight(to, CalendarDaysAhead + 1)})";
    }

    private static string Midnight(DateOnly today, int days) => $"{DateOnly.FromDayNumber(Math.Max(0, today.DayNumber + days)):yyyy-MM-dd}T00:00:00Z";

    /// <summary>What is wrong with the scopes and pools, since an org tells which fields it has.</summary>
    public IReadOnlyList<ConditionProblem> CheckConditions()
    {
        var known = new[] { "Account", "User" }.ToDictionary(name => name, name => (IReadOnlyDictionary<string, ConditionField>)
            (Find(name)?.Fields ?? []).ToDictionary(f => f.Name, FieldOf, StringComparer.OrdinalIgnoreCase));
        return ConditionCheck.Of(_settings, name => known[name], "the org shows this login");
    }

    private static ConditionField FieldOf(FieldDescribe field) => new(
        field.Type switch
        {
            "id" or "reference" => FieldType.Id,
            "boolean" => FieldType.Boolean,
            "int" or "double" or "currency" or "percent" or "long" => FieldType.Number,
            "date" => FieldType.Date,
            "datetime" => FieldType.DateTime,
            "time" => FieldType.Time,
            "multipicklist" => FieldType.MultiPicklist,
            "textarea" when field.Length > LongestShortText => FieldType.LongText,
            "string" or "textarea" or "picklist" or "combobox" or "email" or "phone" or "url" or "encryptedstring" => FieldType.Text,
            _ => FieldType.Untyped,
        },
        field.Filterable ? null : field.Type == "textarea" ? "a long text" : $"of the type {field.Type}");
}
