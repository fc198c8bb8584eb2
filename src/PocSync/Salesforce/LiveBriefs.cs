using PocSync.Core.Handoffs;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Reads what briefs are made of, a query an object for many handoffs, and puts them into their records.</summary>
public sealed class LiveBriefs(OrgReads reads, OrgWrites writes) : IBriefRows
{
    private const string Handoff = "POC_Handoff__c", Made = "Briefed_On__c";

    /// <summary>As long as the package's fields are, in characters.</summary>
    private const int LongestBrief = 32_768, LongestIntroduction = 4000;

    private static readonly string[] OfGiver =
        ["From_User__c", "From_Department__c", "From_User__r.IsActive", .. BriefedHandoff.Above.SelectMany(a => new[] { $"{a}.Name", $"{a}.IsActive" })];

    private static readonly string[] OfHandoff =
    [
        .. Brief.FieldsOf(Handoff), "Account__c", "To_User__c", "To_Department__r.Accountable_User__c", "To_Department__r.Accountable_User__r.Name", "To_User__r.Email", "To_User__r.Phone", .. OfGiver,
    ];

    /// <summary>The objects of an account, with what leads to it and which of their records are read.</summary>
    private static readonly (string Object, string Account, string? Where, string[] More)[] Read =
    [
        ("Account", "Id", null, []),
        ("Opportunity", "AccountId", "IsClosed = false", []),
        ("Case", "AccountId", "IsClosed = false", []),
        ("Task", "AccountId", "(IsClosed = false OR ActivityDate >= LAST_N_DAYS:180)", []),
        ("Event", "AccountId", "ActivityDate >= LAST_N_DAYS:180", ["IsPrivate"]),
        ("Contact", "AccountId", null, []),
        (Handoff, "Account__c", null, ["To_User__c", "To_Department__c", .. OfGiver]),
    ];

    private LiveOrgSchema _schema = new(reads);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BriefedHandoff>> PendingAsync(Settings settings, IReadOnlyList<RecordId> again, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        var names = settings.Names;
        _schema = new LiveOrgSchema(reads);
        await _schema.LoadAsync(Read.Select(r => names.Object(r.Object)).Append("User"), stop);
        var pending = new List<BriefedHandoff>();
        if (_schema[names.Object(Handoff)] is not { } describe
            || new[] { Made, "Brief__c", "Introduction__c" }.Any(f => describe.Field(names.Field(Handoff, f)) is not { Updateable: true })
            || new[] { "Account__c", "Status__c", "Effective_On__c" }.Any(f => describe.Field(names.Field(Handoff, f)) is null))
        {
            return (IReadOnlyList<BriefedHandoff>)pending;
        }
        string F(string field) => names.Field(Handoff, field);
        var fields = Columns(Handoff, OfHandoff, names);
        var query = new TableQuery(describe.Name, ["Id", .. fields.Select(f => f.Column)],
            $"{F("Status__c")} IN ('Proposed','Documenting','Awaiting Acknowledgement') AND {F("Effective_On__c")} >= LAST_N_DAYS:30");
        var seen = new HashSet<string>();
        foreach (var read in new[] { reads.Read(query.And($"{F(Made)} = null")), reads.ReadIn(query, "Id", again.Select(i => i.ToString())) })
        {
            await foreach (var row in read.Rows.WithCancellation(stop))
            {
                var says = Says(row, fields);
                if (RecordId.TryParse(says.GetValueOrDefault("Account__c"), out var account) && seen.Add(row[0]!))
                {
                    pending.Add(new BriefedHandoff(RecordId.Parse(row[0]!), account,
                        RecordId.TryParse(says.GetValueOrDefault("To_User__c") ?? says.GetValueOrDefault("To_Department__r.Accountable_User__c"), out var to) ? to : default, says));
                }
            }
        }
        return pending;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<BriefFacts>> FactsAsync(Settings settings, IReadOnlyList<BriefedHandoff> handoffs, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        var names = settings.Names;
        var all = new Dictionary<string, ILookup<string, IReadOnlyDictionary<string, string?>>>();
        foreach (var (name, parent, where, more) in Read)
        {
            if (_schema[names.Object(name)] is not { } describe || (parent != "Id" && describe.Field(names.Field(name, parent)) is null))
            {
                continue;
            }
            var fields = Columns(name, [.. Brief.FieldsOf(name).Concat(more).Distinct()], names);
            string[] columns = ["Id", parent == "Id" ? "Id" : names.Field(name, parent), .. fields.Select(f => f.Column)];
            var query = new TableQuery(describe.Name, [.. columns.Distinct()], where);
            var skip = parent == "Id" ? 1 : 2;
            var rows = new List<(string, IReadOnlyDictionary<string, string?>)>();
            try
            {
                await foreach (var row in reads.ReadIn(query, columns[1], handoffs.Select(h => h.Account.ToString())).Rows.WithCancellation(stop))
                {
                    var says = Says(row, fields, skip);
                    if (says.GetValueOrDefault("IsPrivate") != "true")
                    {
                        rows.Add((row[skip - 1]!, says));
                    }
                }
            }
            catch (SalesforceException e) when (IsOfTheQuery(e))
            {
                continue;
            }
            all[name] = rows.ToLookup(r => r.Item1, r => r.Item2);
        }
        return (IReadOnlyList<BriefFacts>)
        [
            .. handoffs.Select(h => new BriefFacts(h, all.ToDictionary(
                o => o.Key, o => (IReadOnlyList<IReadOnlyDictionary<string, string?>>)[.. o.Value[h.Account.ToString()].Where(r => r["Id"] != h.Id.ToString())]))),
        ];
    });

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>?> VisibleAsync(RecordId user, IReadOnlyCollection<string> ids, CancellationToken stop)
    {
        var visible = new HashSet<string>();
        try
        {
            // The org answers for one user and 200 records a query.
            foreach (var part in ids.Chunk(OrgWrites.MaxRows))
            {
                var query = new TableQuery("UserRecordAccess", ["RecordId", "HasReadAccess"], $"UserId = '{user}'");
                await foreach (var row in reads.ReadIn(query, "RecordId", part).Rows.WithCancellation(stop))
                {
                    if (row[1] == "true")
                    {
                        visible.Add(row[0]!);
                    }
                }
            }
            return visible;
        }
        catch (SalesforceException e) when (IsOfTheQuery(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RowTaken>> WriteAsync(
        Settings settings, DateTimeOffset now, IReadOnlyList<(BriefedHandoff Handoff, Brief Brief)> briefs, CancellationToken abandon) => LiveOrg.AtTheBorder(async () =>
    {
        var names = settings.Names;
        RowWrite[] rows =
        [
            .. briefs.Select(b => new RowWrite(names.Object(Handoff), b.Handoff.Id.ToString(), new Dictionary<string, object?>
            {
                [names.Field(Handoff, "Brief__c")] = b.Brief.Html(LongestBrief),
                [names.Field(Handoff, "Introduction__c")] = PlainText.Cut(b.Brief.Introduction, LongestIntroduction),
                [names.Field(Handoff, Made)] = now,
            })),
        ];
        try
        {
            return (IReadOnlyList<RowTaken>)
            [
                .. (await writes.UpdateAsync(rows, new WriteOptions(), abandon)).Select(r => r.Success ? new RowTaken(true)
                    : new RowTaken(false, $"{r.ErrorCode}: {r.Message}", r.Class is ErrorClass.Transient or ErrorClass.RetryRow or ErrorClass.Stop)),
            ];
        }
        catch (WriteUnknownException e)
        {
            return [.. rows.Select(_ => new RowTaken(null, e.Message))];
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            return [.. rows.Select(_ => new RowTaken(null, "the run ended before the org answered"))];
        }
    });

    /// <summary>Whether the org did not answer one query, where it may well answer others.</summary>
    private static bool IsOfTheQuery(SalesforceException e) => e is not (OrgUnreachableException or OrgRefusedException or BudgetSpentException);

    /// <summary>Of fields and paths by package or standard name those that the org shows, with what it calls them.</summary>
    private List<(string Name, string Column)> Columns(string name, IReadOnlyList<string> paths, Names names)
    {
        var describe = _schema[names.Object(name)]!;
        return [.. paths.Select(p => (Name: p, Column: Column(p))).Where(c => c.Column is not null).Select(c => (c.Name, c.Column!))];

        string? Column(string path)
        {
            if (path.Split('.', 2) is not [var head, var field])
            {
                return describe.Field(names.Field(name, path))?.Name;
            }
            var reference = head.EndsWith("__r", StringComparison.Ordinal) ? head[..^1] + "c" : head + "Id";
            var known = describe.Field(names.Field(name, reference));
            // A department's own fields may have the org's names too.
            var leaf = reference.EndsWith("_Department__c", StringComparison.Ordinal) ? names.Field("POC_Department__c", field) : field;
            return known?.RelationshipName is { } relationship && (known.ReferenceTo?.Contains("User") != true || IsOfUser(leaf)) ? $"{relationship}.{leaf}" : null;
        }
    }

    /// <summary>Whether the org shows a field of a user, or of a user that one leads to.</summary>
    private bool IsOfUser(string path) => path.Split('.') is var steps && _schema["User"] is { } user
        && steps.Select((s, i) => i < steps.Length - 1 ? s + "Id" : s).All(f => user.Field(f) is not null);

    private static Dictionary<string, string?> Says(string?[] row, List<(string Name, string Column)> fields, int skip = 1)
    {
        var says = fields.Select((f, i) => (f.Name, Value: row[skip + i] is { } text ? PlainText.Lines(text) : null)).ToDictionary(f => f.Name, f => f.Value);
        says["Id"] = row[0];
        return says;
    }
}
