using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;
using PocSync.Soql;

namespace PocSync.Salesforce;

/// <summary>One pull: asks the org what it has, and reads of that only the fields and the rows that rules can need.</summary>
internal sealed class LiveOrgPull(OrgReads reads, LiveOrgSchema schema, Settings settings, DateTimeOffset now, IProgress<string> progress)
{
    private const int RowsBetweenReports = 100_000;

    /// <summary>Days of owner changes that are read at least, whatever the windows of the settings.</summary>
    private const int LeastHistory = 400;

    public async Task<Snapshot> RunAsync(CancellationToken stop)
    {
        var objects = SnapshotBuilder.Objects.Except(["Group"]).ToList();
        await schema.LoadAsync(objects.Select(settings.Names.Object), stop);
        if (Find("Account") is null)
            throw new OrgException("The org shows no accounts to this login: give its user read access to Account.");
        CheckConditions();

        var tables = new List<(string Object, TableQuery Query)>();
        foreach (var name in objects)
        {
            if (Find(name) is { } describe)
            {
                var fields = SnapshotBuilder.FieldsOf(name, settings).Select(describe.Field).OfType<FieldDescribe>();
                tables.Add((name, new TableQuery(describe.Name, [.. fields.Select(f => f.Name)], Where(name, describe))));
            }
        }

        var counts = await CountAsync([.. tables.Where(t => t.Query.Where is null).Select(t => t.Query.Object)], stop);
        var builder = new SnapshotBuilder(settings, now);
        foreach (var (name, query) in tables)
        {
            long? expected = query.Where is null && counts.TryGetValue(query.Object, out var count) ? count : null;
            await TakeAsync(builder.Begin(name, query.Columns), reads.Read(query, expected), stop);
        }
        return builder.Build();
    }

    private ObjectDescribe? Find(string objectName) => schema[settings.Names.Object(objectName)];

    private async Task TakeAsync(TableIntake table, TableRead read, CancellationToken stop)
    {
        var wanted = table.Wanted.ToArray();
        var cells = new string?[wanted.Length];
        var rows = 0L;
        await foreach (var row in read.Rows.WithCancellation(stop))
        {
            for (var i = 0; i < wanted.Length; i++)
                cells[i] = row[wanted[i]];
            table.Add(cells);
            if (++rows % RowsBetweenReports == 0)
                Report();
        }
        Report();

        void Report() => progress.Report(string.Create(CultureInfo.InvariantCulture, $"{read.Object}: {rows:N0} rows"));
    }

    /// <summary>Rough numbers of rows, which choose between REST and Bulk without a try; none where the org does not tell them to this login.</summary>
    private async Task<IReadOnlyDictionary<string, long>> CountAsync(IReadOnlyList<string> objects, CancellationToken stop)
    {
        try
        {
            return await reads.RecordCountsAsync(objects, stop);
        }
        catch (SalesforceException e) when (e is not (OrgUnreachableException or BudgetSpentException))
        {
            return new Dictionary<string, long>();
        }
    }

    /// <summary>Which rows rules can need; null for all.</summary>
    private string? Where(string objectName, ObjectDescribe describe)
    {
        switch (objectName)
        {
            case "UserLogin":
                return And("IsFrozen = true");
            case "AccountHistory":
                // From whom to whom cannot be filtered on.
                return And("Field = 'Owner'", $"CreatedDate >= {now.UtcDateTime.AddDays(-HistoryDays):yyyy-MM-dd'T'HH:mm:ss'Z'}");
            case "Opportunity":
                // The org's today lies at most a day behind.
                return And("AccountId != null", "IsClosed = false", $"CloseDate >= {now.UtcDateTime.AddDays(-1):yyyy-MM-dd}");
            case "Case":
                return And("AccountId != null", "IsClosed = false", "IsEscalated = true");
            case "AccountContactRole":
                return And("IsPrimary = true");
            case "Contact" when describe.Field(settings.Names.Field("Contact", "POC_Customer_Primary__c")) is { } flag:
                return And("AccountId != null", $"{flag.Name} = true");
            case "Contact":
                return Find("AccountContactRole") is null
                    ? "Id = null"
                    : "Id IN (SELECT ContactId FROM AccountContactRole WHERE IsPrimary = true)";
            default:
                return null;
        }

        // A field that this login does not see narrows nothing.
        string? And(params string[] conditions) =>
            string.Join(" AND ", conditions.Where(c => describe.Field(c[..c.IndexOf(' ')]) is not null)) is { Length: > 0 } all ? all : null;
    }

    /// <summary>The longest window of the settings, and the week around a change that counts with it.</summary>
    private int HistoryDays => RuleBook.All.Where(r => r.Info.Parameters.Any(p => p.Name == "windowDays"))
        .Select(r => settings.Of(r.Info).Number("windowDays")).Append(settings.Freeze.MinTenureDays).Select(days => days + 8).Append(LeastHistory).Max();

    /// <summary>An org tells which fields it has, so that a scope or pool that names another one is wrong.</summary>
    private void CheckConditions()
    {
        var (accounts, users) = (Find("Account"), Find("User"));
        foreach (var rule in RuleBook.All)
        {
            if (settings.Of(rule.Info) is { Enabled: true, Scope: { } scope })
                Check($"rules.{rule.Info.Id}.scope", "Account", scope);
        }
        if (settings.Pool is { } pool)
            Check("pool", "User", pool);

        void Check(string setting, string objectName, Condition condition)
        {
            var paths = condition.Fields.Select(f => (f.Offset, On: objectName, f.Parts))
                .Concat(condition.Binds.Select(b => (b.Offset, On: "Account", Parts: (IReadOnlyList<string>)[.. b.Parts.Skip(1)])));
            foreach (var path in paths)
            {
                foreach (var (on, field) in WantedFields.Steps(path.On, path.Parts))
                {
                    if ((on == "Account" ? accounts : users)?.Field(field) is null)
                        throw new SettingsException(
                            $"{setting}: at character {path.Offset + 1} of the condition: the org shows no field {on}.{field} to this login.");
                }
            }
        }
    }
}
