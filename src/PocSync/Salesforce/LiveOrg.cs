using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>
/// A Salesforce org over its API. What goes wrong there is an <see cref="OrgException"/>; a scope or pool that names a field that the org does not
/// have, a <see cref="SettingsException"/>.
/// </summary>
public sealed class LiveOrg(OrgReads reads, OrgWrites writes, SingleRows singles, BulkIngest bulk, ApiBudget budget, SalesforceSettings salesforce) : IOrg, IBrake, ICallBudget
{
    private bool _hasNoSettings;

    private int _settingsCalls;

    private LiveOrgSchema _schema = new(reads);

    /// <summary>The org's API calls of the last 24 hours, everyone's together; null until the org has told them.</summary>
    public ApiUsage? Usage => budget.Usage;

    /// <inheritdoc/>
    public long Used => budget.Calls;

    /// <inheritdoc/>
    public Task<CallsLeft> LeftAsync() => budget.LeftAsync();

    /// <inheritdoc/>
    public Task<int> PullAsync(Settings settings, bool isDelta, CancellationToken stop) =>
        AtTheBorder(() => Sparing(async () => _settingsCalls + LiveAlerts.CallsToRead + await new PullEstimate(reads, salesforce, settings).CallsAsync(isDelta, stop)));

    /// <summary>
    /// The records in which administrators keep settings, one call a type; they count with the run that they are read for. Throws <see cref="SettingsException"/> where the
    /// org does not have or show them.
    /// </summary>
    public Task<IReadOnlyList<SettingRecord>> SettingsAsync(CancellationToken stop) => AtTheBorder(async () =>
    {
        var records = new List<SettingRecord>();
        foreach (var (type, fields) in SettingRecord.Read)
        {
            try
            {
                await foreach (var row in reads.Query(new TableQuery(type, ["Id", "DeveloperName", .. fields])).Rows.WithCancellation(stop))
                    records.Add(new SettingRecord(type, row[1]!, fields.Zip(row.Skip(2)).ToDictionary(f => f.First, f => f.Second)));
            }
            catch (SalesforceException e) when (e.Code is "INVALID_TYPE" or "INVALID_FIELD")
            {
                throw new SettingsException($"The org does not show {type} with its fields to this login, and Rules:Home says that the settings are there: deploy the package, give PocSync's user the permission set PocSync Integration, or set Rules:Home to File.");
            }
        }
        _settingsCalls = SettingRecord.Read.Count;
        return (IReadOnlyList<SettingRecord>)records;
    });

    /// <summary>What was changed in Setup since an instant, in the org's own words (SetupAuditTrail); nothing where the login may not see it.</summary>
    public Task<IReadOnlyList<SetupChange>> SetupChangesAsync(DateTimeOffset since, CancellationToken stop) => AtTheBorder(async () =>
    {
        var changes = new List<SetupChange>();
        try
        {
            // Display cannot be filtered by.
            var query = new TableQuery("SetupAuditTrail", ["Id", "CreatedDate", "CreatedBy.Name", "Display"], $"CreatedDate >= {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
            await foreach (var row in reads.Query(query).Rows.WithCancellation(stop))
            {
                if (row[1] is { } text && CellText.TryInstant(text, out var at) && row[2] is { } who && row[3] is { } what)
                    changes.Add(new SetupChange(at, PlainText.Line(who), PlainText.Line(what)));
            }
        }
        catch (SalesforceException e) when (e.Code is "INVALID_TYPE" or "INVALID_FIELD" or "INSUFFICIENT_ACCESS" or "INSUFFICIENT_ACCESS_OR_READONLY")
        {
            return [];
        }
        return (IReadOnlyList<SetupChange>)changes;
    });

    /// <summary>After a pull: the name of the territory model that is active; null where there is none.</summary>
    public Task<string?> TerritoryModelAsync(CancellationToken stop) => AtTheBorder(async () =>
    {
        if (_schema[LiveOrgTables.TerritoryModel]?.Field("State") is null)
            return null;
        await foreach (var row in reads.Query(new TableQuery(LiveOrgTables.TerritoryModel, ["Id", "Name"], "State = 'Active'")).Rows.WithCancellation(stop))
            return row[1] ?? row[0];
        return null;
    });

    /// <inheritdoc/>
    public Task<OrgIdentity> IdentifyAsync(CancellationToken stop) => AtTheBorder(async () =>
    {
        var (organization, user) = await reads.IdentityAsync(stop);
        await foreach (var row in reads.Query(new TableQuery("Organization", ["Id", "Name", "TimeZoneSidKey", "IsSandbox"])).Rows.WithCancellation(stop))
        {
            var zone = row[2] is { } key && TimeZoneInfo.TryFindSystemTimeZoneById(key, out var found) ? found : TimeZoneInfo.Utc;
            return new OrgIdentity(RecordId.Parse(row[0]!), PlainText.Line(row[1] ?? row[0]!), RecordId.Parse(user), zone)
            {
                IsSandbox = row[3] is { } sandbox ? sandbox == "true" : null,
            };
        }
        throw new OrgException($"The org {organization} does not show its Organization record to this login: give its user read access.");
    });

    /// <summary>Waits for the jobs that an earlier run left the org at work on.</summary>
    public Task AwaitAsync(IProgress<string> progress, CancellationToken stop) => AtTheBorder(async () =>
    {
        await bulk.AwaitAsync(progress, stop);
        return 0;
    });

    /// <inheritdoc/>
    public Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Snapshot? since, IProgress<string> progress, CancellationToken stop) => AtTheBorder(async () =>
    {
        // Fields come and go while a worker lives.
        _schema = new LiveOrgSchema(reads);
        _hasNoSettings = false;
        return await Sparing(async () =>
        {
            var tables = await LiveOrgTables.AskAsync(reads, _schema, settings, now, stop);
            if (since is not null)
            {
                var delta = new LiveOrgDelta(reads, tables, settings, since, now, progress);
                if (await delta.RunAsync(stop) is { } snapshot)
                    return snapshot;
                progress.Report($"Reading everything, because {delta.Why}.");
            }
            return await new LiveOrgPull(reads, tables, settings, now, progress).RunAsync(stop);
        });
    });

    /// <summary>What the org says of some settings, without reading a record: what is wrong with their conditions, and a snapshot that has its objects and fields alone.</summary>
    public Task<(IReadOnlyList<ConditionProblem> Problems, Snapshot Bare)> LookAsync(Settings settings, DateTimeOffset now, CancellationToken stop) => AtTheBorder(async () =>
    {
        var tables = await LiveOrgTables.AskAllAsync(reads, new LiveOrgSchema(reads), settings, now, stop);
        var builder = new SnapshotBuilder(settings, now);
        foreach (var table in tables.All)
            builder.Begin(table.Name, table.Columns);
        return (tables.CheckConditions(), builder.Build());
    });

    /// <summary>What settings name and nobody in the org is: of the allowed kinds of user those that no user is of, and whether the default department is there (null where that is not known).</summary>
    public Task<(IReadOnlyList<string> UserTypes, bool? HasDepartment)> NobodyAsync(Settings settings, CancellationToken stop) => AtTheBorder(async () =>
    {
        var types = new List<string>();
        foreach (var type in settings.AllowedUserTypes)
        {
            if (await reads.CountAsync("User", $"UserType = {TableQuery.Quote(type)}", stop) == 0)
                types.Add(type);
        }
        bool? hasDepartment = null;
        var departments = settings.Names.Object("POC_Department__c");
        if (settings.DefaultDepartment is { } wanted && (await reads.DescribeManyAsync([departments], stop)).Count > 0)
        {
            var isIt = RecordId.TryParse(wanted, out var id) ? $"Id = '{id}'" : $"Name = {TableQuery.Quote(wanted.Trim())}";
            hasDepartment = await reads.CountAsync(departments, isIt, stop) > 0;
        }
        return ((IReadOnlyList<string>)types, hasDepartment);
    });

    /// <summary>Whether the org has and allows what PocSync needs. Writes nothing; what fails is a line of the answer.</summary>
    public async Task<IReadOnlyList<OrgCheck>> ExamineAsync(Settings settings, TimeProvider time, CancellationToken stop) =>
        await new LiveOrgExamination(reads, budget, salesforce, settings, time).RunAsync(() => IdentifyAsync(stop), stop);

    /// <inheritdoc/>
    public Task<Standing> ReadAsync(Settings settings, IReadOnlyList<RecordWrite> writes, CancellationToken stop) =>
        AtTheBorder(() => new LiveOrgStanding(reads, _schema, settings.Names).ReadAsync(writes, stop));

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RecordId, OrgUser>> UsersAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop) => AtTheBorder(async () =>
    {
        var users = new Dictionary<RecordId, OrgUser>();
        await foreach (var row in reads.ReadIn(new TableQuery("User", ["Id", "Name", "IsActive"]), "Id", ids.Select(i => i.ToString())).Rows.WithCancellation(stop))
        {
            var id = RecordId.Parse(row[0]!);
            users[id] = new OrgUser(id, PlainText.Line(row[1] ?? row[0]!), row[2] == "true");
        }
        return (IReadOnlyDictionary<RecordId, OrgUser>)users;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<BundleResult>> WriteAsync(Settings settings, IReadOnlyList<Bundle> bundles, CancellationToken stop, CancellationToken abandon) =>
        AtTheBorder(async () =>
        {
            var rows = await LiveOrgRows.ForAsync(reads, _schema, settings.Names, bundles, abandon);
            return await new LiveOrgWriter(writes, singles, rows, stop, abandon).WriteAsync(bundles);
        });

    /// <summary>Leaves the reserve of the budget alone.</summary>
    private async Task<T> Sparing<T>(Func<Task<T>> read)
    {
        budget.IsReserveKept = true;
        try
        {
            return await read();
        }
        finally
        {
            budget.IsReserveKept = false;
        }
    }

    /// <summary>
    /// The org's own switch: the record <c>Paused</c> of the custom metadata type <c>POC_Setting__mdt</c>. An org without the type, or that does not show
    /// it to this login, has none.
    /// </summary>
    public Task<string?> WhyAsync(CancellationToken stop) => AtTheBorder(async () =>
    {
        if (_hasNoSettings)
            return null;
        try
        {
            await foreach (var row in reads.Query(new TableQuery("POC_Setting__mdt", ["Id", "Value__c"], "DeveloperName = 'Paused'")).Rows.WithCancellation(stop))
            {
                if (PauseSetting.Why("the record Paused of POC_Setting__mdt in the org", row[1]) is { } why)
                    return why;
            }
        }
        catch (SalesforceException e) when (e.Code is "INVALID_TYPE" or "INVALID_FIELD")
        {
            _hasNoSettings = true;
        }
        return null;
    });

    /// <summary>What the org's answers become for those who know of no Salesforce.</summary>
    internal static async Task<T> AtTheBorder<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (SalesforceException e)
        {
            throw new OrgException(e.Message, e) { Code = e.Code };
        }
        catch (IntakeException e)
        {
            throw new OrgException($"The org's {e.ObjectName} rows cannot be taken: {e.Message}", e);
        }
        catch (FormatException e)
        {
            throw new OrgException($"The org answers with an id that is none: {e.Message}", e);
        }
    }
}
