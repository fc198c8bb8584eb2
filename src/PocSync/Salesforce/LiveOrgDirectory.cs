using System.Globalization;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Who is who in a Salesforce org, for those who tell people something.</summary>
public sealed class LiveOrgDirectory(OrgReads reads) : IDirectory
{
    private static readonly string[] Holders = ["POC_Administrator", "POC_Approver"];

    private const string OptOut = "POC_No_Notices__c";

    /// <summary>Managers and theirs are looked up, and those above only where these are gone, no higher than this.</summary>
    private const int Levels = 10;

    /// <summary>Of each there are two sums at most, of which the org answers 2,000 at once.</summary>
    private const int MostAccounts = 1_000;

    private readonly LiveOrgSchema _schema = new(reads);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RecordId, Colleague>> ColleaguesAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        await _schema.LoadAsync(["User"], stop);
        var fields = new[] { "Email", "TimeZoneSidKey", OptOut }.Where(f => _schema["User"]?.Field(f) is not null).ToList();
        var found = new Dictionary<RecordId, Colleague>();
        var asked = ids.ToHashSet();
        for (var level = 0; asked.Count > 0 && level < Levels; level++)
        {
            await foreach (var row in reads.ReadIn(new TableQuery("User", ["Id", "Name", "IsActive", "ManagerId", .. fields]), "Id", asked.Select(i => i.ToString())).Rows.WithCancellation(stop))
            {
                string? Field(string name) => fields.IndexOf(name) is >= 0 and var at && !string.IsNullOrWhiteSpace(row[4 + at]) ? row[4 + at] : null;
                var id = RecordId.Parse(row[0]!);
                found[id] = new Colleague(
                    id, PlainText.Line(row[1] ?? row[0]!), row[2] == "true", row[3] is { Length: > 0 } manager ? RecordId.Parse(manager) : default, Field("Email"),
                    Field("TimeZoneSidKey") is { } key && TimeZoneInfo.TryFindSystemTimeZoneById(key, out var zone) ? zone : null,
                    (Field(OptOut) ?? "").Split(';', StringSplitOptions.TrimEntries).Select(w => Enum.TryParse<ChannelKind>(w, true, out var kind) ? kind : (ChannelKind?)null)
                        .OfType<ChannelKind>().ToHashSet());
            }

            asked = [.. found.Values.Where(u => level < 2 || !u.IsActive).Select(u => u.Manager).Where(m => !m.IsNone && !found.ContainsKey(m))];
        }

        return (IReadOnlyDictionary<RecordId, Colleague>)found;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RecordId, (string Name, RecordId Accountable)>> DepartmentsAsync(
        Names names, IReadOnlyCollection<RecordId> ids, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        var found = new Dictionary<RecordId, (string, RecordId)>();
        var (table, user) = (names.Object("POC_Department__c"), names.Field("POC_Department__c", "Accountable_User__c"));
        await _schema.LoadAsync([table], stop);
        if (_schema[table]?.Field(user) is not null)
        {
            await foreach (var row in reads.ReadIn(new TableQuery(table, ["Id", "Name", user]), "Id", ids.Select(i => i.ToString())).Rows.WithCancellation(stop))
                found[RecordId.Parse(row[0]!)] = (PlainText.Line(row[1] ?? row[0]!), row[2] is { Length: > 0 } accountable ? RecordId.Parse(accountable) : default);
        }

        return (IReadOnlyDictionary<RecordId, (string, RecordId)>)found;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RecordId, OpenWork>> OpenWorkAsync(IReadOnlyCollection<RecordId> accounts, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        await _schema.LoadAsync(["Opportunity", "Case"], stop);
        var opportunities = await OpenAsync(new TableQuery("Opportunity", ["AccountId", "Number", "Earliest"]) { Sums = ("AccountId,COUNT(Id) Number,MIN(CloseDate) Earliest", 1) }, "CloseDate");
        var cases = await OpenAsync(new TableQuery("Case", ["AccountId", "IsEscalated", "Number"]) { Sums = ("AccountId,IsEscalated,COUNT(Id) Number", 2) }, "IsEscalated");
        return (IReadOnlyDictionary<RecordId, OpenWork>)accounts.Where(a => opportunities.Contains(a) || cases.Contains(a)).ToDictionary(
            a => a, a => new OpenWork(
                opportunities[a].Sum(o => Number(o[1])), opportunities[a].Min(o => Day(o[2])),
                cases[a].Sum(c => Number(c[2])), cases[a].Where(c => c[1] == "true").Sum(c => Number(c[2]))));

        // An org, or a user, without the object or the field has nothing to tell of it.
        async Task<ILookup<RecordId, string?[]>> OpenAsync(TableQuery sums, string field)
        {
            var rows = new List<string?[]>();
            if (_schema[sums.Object] is { } describe && new[] { "AccountId", "IsClosed", field }.All(f => describe.Field(f) is not null))
            {
                foreach (var some in accounts.Select(a => a.ToString()).Chunk(MostAccounts))
                {
                    await foreach (var row in reads.ReadIn(sums.And("IsClosed = false"), "AccountId", some).Rows.WithCancellation(stop))
                        rows.Add(row);
                }
            }

            return rows.ToLookup(r => RecordId.Parse(r[0]!));
        }

        static int Number(string? cell) => int.Parse(cell!, CultureInfo.InvariantCulture);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<Absence>> AbsencesAsync(Names names, IReadOnlyCollection<RecordId> users, DateOnly day, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        var absences = new List<Absence>();
        var table = names.Object("POC_Absence__c");
        string[] fields = [.. new[] { "User__c", "Starts_On__c", "Ends_On__c", "Cover__c" }.Select(f => names.Field("POC_Absence__c", f))];
        await _schema.LoadAsync([table], stop);
        if (_schema[table] is { } describe && fields.All(f => describe.Field(f) is not null))
        {
            await foreach (var row in reads.ReadIn(new TableQuery(table, ["Id", .. fields]), fields[0], users.Select(u => u.ToString())).Rows.WithCancellation(stop))
            {
                var absence = new Absence(RecordId.Parse(row[0]!), RecordId.Parse(row[1]!), Day(row[2]), Day(row[3]), row[4] is { Length: > 0 } cover ? RecordId.Parse(cover) : default);
                if (absence.Overlaps(day, day) && !(absence.StartsOn > absence.EndsOn))
                    absences.Add(absence);
            }
        }

        return (IReadOnlyList<Absence>)absences;
    });

    /// <summary>
    /// Active users by their usernames or ids; without any those who have one of the package's permission sets for administrators and approvers. Throws <see cref="OrgException"/>.
    /// </summary>
    public Task<IReadOnlyList<RecordId>> AdministratorsAsync(IReadOnlyList<string> named, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        var found = new SortedSet<RecordId>();
        var ids = named.Where(n => RecordId.TryParse(n, out _)).ToList();
        var asked = named.Count > 0
            ? new[] { reads.ReadIn(new TableQuery("User", ["Id"], "IsActive = true"), "Id", ids), reads.ReadIn(new TableQuery("User", ["Id"], "IsActive = true"), "Username", named.Except(ids)) }
            : [reads.Query(new TableQuery("PermissionSetAssignment", ["AssigneeId"], $"PermissionSet.Name IN ({string.Join(',', Holders.Select(TableQuery.Quote))}) AND Assignee.IsActive = true"))];
        foreach (var read in asked)
        {
            await foreach (var row in read.Rows.WithCancellation(stop))
                found.Add(RecordId.Parse(row[0]!));
        }

        return (IReadOnlyList<RecordId>)[.. found];
    });

    /// <summary>The users whom a text names: by id or username one, else all of that name. Throws <see cref="OrgException"/>.</summary>
    public Task<IReadOnlyList<OrgUser>> FindUsersAsync(string text, CancellationToken stop) => LiveOrg.AtTheBorder(async () =>
    {
        var found = new List<OrgUser>();
        foreach (var field in RecordId.TryParse(text, out _) ? new[] { "Id", "Name" } : ["Username", "Name"])
        {
            if (found.Count == 0)
            {
                await foreach (var row in reads.ReadIn(new TableQuery("User", ["Id", "Name", "IsActive"]), field, [text]).Rows.WithCancellation(stop))
                    found.Add(new OrgUser(RecordId.Parse(row[0]!), PlainText.Line(row[1] ?? row[0]!), row[2] == "true"));
            }
        }

        // Of several of a name those who are gone are not meant.
        return (IReadOnlyList<OrgUser>)(found.Count(u => u.IsActive) == 1 ? found.FindAll(u => u.IsActive) : found);
    });

    private static DateOnly? Day(string? cell) => CellText.TryDate(cell ?? "", out var day) ? day : null;
}
