using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Salesforce;

/// <summary>A full pull: reads of what the org has only the fields and the rows that rules can need.</summary>
internal sealed class LiveOrgPull(OrgReads reads, LiveOrgTables tables, Settings settings, DateTimeOffset now, IProgress<string> progress)
{
    private const int RowsBetweenReports = 100_000;

    /// <summary>Up to so many accounts are asked for by their ids.</summary>
    private const int FewAccounts = 2_000;

    public async Task<Snapshot> RunAsync(CancellationToken stop)
    {
        var whole = tables.All.Where(t => tables.Query(t, default).Where is null).Select(t => t.Describe.Name).ToList();
        var counts = await CountAsync(whole, stop);
        var builder = new SnapshotBuilder(settings, now);
        foreach (var table in tables.All)
        {
            var query = tables.Query(table, builder.Today);
            long? expected = query.Where is null && counts.TryGetValue(query.Object, out var count) ? count : null;
            await TakeAsync(builder.Begin(table.Name, query.Columns), reads.Read(query, expected), progress, stop);
        }
        await TakeCustomerSidesAsync(reads, tables, builder, null, progress, stop);
        return builder.Build(tables.Watermark);
    }

    /// <summary>Takes the contacts of accounts without exactly one primary contact who can be reached: of a few those accounts' alone, else all.</summary>
    /// <param name="reads">The org.</param>
    /// <param name="tables">What it has.</param>
    /// <param name="builder">Has taken all tables.</param>
    /// <param name="among">See <see cref="SnapshotBuilder.OpenCustomerSides"/>.</param>
    /// <param name="progress">Told how many rows there were.</param>
    /// <param name="stop">Ends it at once.</param>
    public static async Task TakeCustomerSidesAsync(
        OrgReads reads, LiveOrgTables tables, SnapshotBuilder builder, IReadOnlySet<RecordId>? among, IProgress<string> progress, CancellationToken stop)
    {
        var open = builder.OpenCustomerSides(among);
        foreach (var (name, fields) in open.Count == 0 ? [] : builder.OpenFields)
        {
            if (tables.Find(name) is not { } describe || describe.Field("AccountId") is null)
                continue;
            string[] columns = [.. fields.Select(describe.Field).OfType<FieldDescribe>().Select(f => f.Name)];
            await TakeAsync(builder.BeginOpen(name, columns), open.Count > FewAccounts ? reads.Read(new TableQuery(describe.Name, columns, "AccountId != null"))
                : reads.ReadIn(new TableQuery(describe.Name, columns), "AccountId", open.Select(a => a.ToString())), progress, stop);
        }
    }

    /// <summary>Takes rows as they come.</summary>
    public static async Task TakeAsync(TableIntake table, TableRead read, IProgress<string> progress, CancellationToken stop)
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

        void Report() => progress.Report(string.Create(CultureInfo.InvariantCulture, $"{read.Object}: {rows:N0} {(rows == 1 ? "row" : "rows")}"));
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
}
