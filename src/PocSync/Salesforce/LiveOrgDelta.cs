using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Salesforce;

/// <summary>
/// A delta pull: asks each object only for what changed since an earlier pull, and brings both together. All of it is judged as after a full pull.
/// <list type="bullet">
/// <item>Users, accounts, team rows, opportunities, cases, contacts, POC rows, absences and handoffs: rows whose <c>SystemModstamp</c> moved, deleted
/// ones among them and without the full pull's filter, so that a row that no longer belongs is seen to leave.</item>
/// <item>The organization, frozen logins and departments: read whole, they are few. Group members: those of the departments' queues.</item>
/// <item>The team and the owner changes of every account that changed are read whole: an owner change drops the team without a trace.</item>
/// <item>An account that comes back from the recycle bin: its rows are read whole, for theirs may come back without a trace.</item>
/// <item>The last activity moves without a trace: accounts of changed tasks and events, and of events of these days, are read again.</item>
/// <item>Events that are absences, and absences of resources: those that changed or came within reach of the rules by time; more than a few, and those of resources where a resource changed, are read
/// whole.</item>
/// <item>Who could be the customer's primary contact: of accounts whose contacts, or activities, changed, the contacts are read whole.</item>
/// <item>Primary contacts by role: those of accounts whose roles or contacts changed are read whole.</item>
/// </list>
/// Together with the changes the org counts the rows of each object. Where changes do not account for the count (rows went without a trace, as team rows,
/// or came into sight), the object is read whole. So only a full pull finds out: rows that went without a trace while as many came into sight without one,
/// a lookup that the org cleared by itself, primary contact roles that went without a trace, and absences whose times mean other days since the person's time zone changed.
/// </summary>
internal sealed class LiveOrgDelta(
    OrgReads reads, LiveOrgTables tables, Settings settings, Snapshot before, DateTimeOffset now, IProgress<string> progress)
{
    /// <summary>A row is stamped when it is written and seen when its transaction ends, which may take ten minutes.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);

    /// <summary>The org shows deleted rows for 15 days.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromDays(14);

    /// <summary>Calls where little has changed: one to describe, five to ask, and one for each of what changes lead to.</summary>
    public const int UsualCalls = 13;

    /// <summary>Up to so many changed rows of an object are never too many; beyond it a share of the accounts.</summary>
    private const int AlwaysFew = 2_000;
    private const double FewShare = 0.1;

    /// <summary>Stands beside the objects of the snapshot for changes that only tell which accounts had an activity.</summary>
    private const string LastActivity = "activities";

    private static readonly IReadOnlySet<RecordId> Nobody = new HashSet<RecordId>();

    private readonly DateTimeOffset _since = (before.Watermark?.Instant ?? now) - Overlap;
    private readonly Dictionary<string, List<string?[]>> _rows = [];
    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, HashSet<RecordId>> _accounts = [];
    private readonly HashSet<string> _whole = [];
    private readonly List<string?[]> _activities = [];
    private readonly HashSet<RecordId> _customers = [];

    /// <summary>Why everything has to be read, in words after "because"; null where changes are enough.</summary>
    public string? Why { get; private set; }

    private string Since => _since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private bool HasRoles => !tables.HasContactFlag && tables.Find("AccountContactRole") is not null;

    /// <summary>The snapshot; null where everything has to be read.</summary>
    public async Task<Snapshot?> RunAsync(CancellationToken stop)
    {
        Why = before.WhyNotFrom(settings, now)
            ?? (tables.Watermark is not { } watermark ? "the org does not tell its time"
            : watermark.Instant - before.Watermark!.Instant > Reach ? "the earlier pull is older than what the org remembers of deletions"
            : tables.HistorySince < before.Watermark.HistorySince ? "the rules look further back than before"
            : !before.Presence.IsAllOf(tables.All.Select(t => (t.Name, t.Columns))) ? "the org shows other objects or fields than before"
            : tables.All.FirstOrDefault(t => t.Name == "Account") is { } accounts && !TellsChanges(accounts)
                ? "the rules look at account fields whose changes the org does not tell"
            : null);
        if (Why is not null || !await AskAsync(stop) || !await FollowAsync(stop))
            return null;
        var snapshot = await BuildAsync(stop);
        Why = snapshot.Org.Id != before.Org.Id || !snapshot.AsOf.Zone.Equals(before.AsOf.Zone) ? "the org's time zone has changed" : null;
        foreach (var (name, count) in _counts)
        {
            if (!_whole.Contains(name) && snapshot.AnsweredOf(name) is { } known && known != count)
            {
                progress.Report(string.Create(
                    CultureInfo.InvariantCulture, $"{name}: the org counts {count:N0} rows where its changes account for {known:N0}."));
                _whole.Add(name);
            }
        }
        // A resource that came into sight brings absences that did not change.
        if (_whole.Contains("ServiceResource"))
            _whole.Add("ResourceAbsence");
        if (_whole.Contains("Account"))
            Why ??= "the accounts are not those that the changes tell of";
        return Why is not null ? null : _counts.Keys.Any(_whole.Contains) ? await BuildAsync(stop) : snapshot;
    }

    /// <summary>A field that the org works out changes without a trace.</summary>
    private static bool TellsChanges(LiveOrgTable table) =>
        table.Describe.Field("SystemModstamp") is not null && !table.Columns.Any(c => table.Describe.Field(c)!.Calculated);

    private static TableQuery WithDeleted(TableQuery query, ObjectDescribe describe) => query with { Describe = describe, WithDeleted = describe.Field("IsDeleted") is not null };

    /// <summary>Asks for changes, and how many rows there are now. False where too much has changed.</summary>
    private async Task<bool> AskAsync(CancellationToken stop)
    {
        var today = new AsOf(now, before.AsOf.Zone).Today;
        var (changes, few) = (new List<(string Name, TableQuery Changes, TableQuery? Count)>(), new List<(string Name, TableQuery Query)>());
        foreach (var table in tables.All)
        {
            var name = table.Name;
            if (name is "Organization" or "UserLogin" or "POC_Department__c")
                few.Add((name, tables.Query(table, today)));
            else if (name is "AccountHistory" or "GroupMember" || IsUnused(name))
                _rows[name] = [];
            else if (!TellsChanges(table))
                _whole.Add(name);
            else
                changes.Add((name, WithDeleted(new TableQuery(table.Describe.Name, table.Columns, Changed(tables.ComeWithinReach(table, before.AsOf.Today, today))), table.Describe),
                    before.AnsweredOf(name) is null ? null : tables.Query(table, today) with { IsCount = true }));
        }
        if (tables.All.Single(t => t.Name == "Account").Columns.Contains("LastActivityDate"))
            few.AddRange(LiveOrgTables.Activities.Where(a => tables.Find(a) is { } d && d.Field("AccountId") is not null && d.Field("SystemModstamp") is not null)
                .Select(a => (LastActivity, Activity(tables.Find(a)!, today))));

        // A count stands beside the changes that it is compared with.
        var asked = new List<(string Name, TableQuery Query)>();
        var rest = new Queue<(string, TableQuery)>(few);
        foreach (var pairs in changes.OrderBy(c => c.Count is null).Chunk(2))
        {
            foreach (var (name, query, count) in pairs)
                asked.AddRange(count is null ? [(name, query)] : [(name, query), (name, count)]);
            if (rest.TryDequeue(out var one))
                asked.Add(one);
        }
        asked.AddRange(rest);

        var answers = await reads.QueryManyAsync(asked.Select(a => a.Query), stop);
        foreach (var ((name, query), (total, read)) in asked.Zip(answers))
        {
            if (query.IsCount)
            {
                _counts[name] = total;
                continue;
            }
            if (total > Math.Max(AlwaysFew, FewShare * before.Accounts.Count))
            {
                if (name is "Event" or "ResourceAbsence")
                {
                    _whole.Add(name);
                    continue;
                }
                Why = string.Create(CultureInfo.InvariantCulture, $"{total:N0} rows of {query.Object} changed");
                return false;
            }
            var rows = await ListAsync(read, stop);
            if (name == LastActivity)
                _activities.AddRange(rows);
            else
                _rows[name] = rows;
        }
        if (_whole.Contains("ServiceResource") || _rows.GetValueOrDefault("ServiceResource") is { Count: > 0 })
            _whole.Add("ResourceAbsence");
        var departments = Cells("POC_Department__c", "Id").Select(RecordId.Parse!).ToHashSet();
        if (before.Departments.Keys.Any(d => !departments.Contains(d)))
            Why = "a department was deleted, and what named it changes without a trace";
        return Why is null;
    }

    private string Changed(string? orWhere) => orWhere is null ? $"SystemModstamp >= {Since}" : $"SystemModstamp >= {Since} OR {orWhere}";

    /// <summary>POC rows of another binding, and roles where contacts carry a flag.</summary>
    private bool IsUnused(string name) => name switch
    {
        "POC_Assignment__c" => before.Binding != Binding.Package,
        "AccountContactRole" => !HasRoles,
        "Contact" => !HasRoles && !tables.HasContactFlag,
        _ => false,
    };

    private TableQuery Activity(ObjectDescribe describe, DateOnly today)
    {
        // An event becomes the last activity when its time comes.
        var days = describe.Name == "Event" && describe.Field("ActivityDate") is not null
            ? $" OR (ActivityDate >= {before.AsOf.Today.AddDays(-1):yyyy-MM-dd} AND ActivityDate <= {today.AddDays(1):yyyy-MM-dd})" : "";
        return WithDeleted(new TableQuery(describe.Name, ["Id", "AccountId"], $"AccountId != null AND (SystemModstamp >= {Since}{days})"), describe);
    }

    /// <summary>Reads what changes tell of without being it. False where too much has changed.</summary>
    private async Task<bool> FollowAsync(CancellationToken stop)
    {
        var accounts = tables.All.Single(t => t.Name == "Account");
        var changed = _rows["Account"].Select(r => Id(accounts, r)).ToHashSet();
        var live = Live(accounts).ToHashSet();
        var returned = Live(accounts, r => before.FindAccount(Id(accounts, r)) is null && !(Instant(accounts, r, "CreatedDate") >= _since)).ToHashSet();
        var again = new HashSet<RecordId>();
        again.UnionWith(_activities.Select(r => RecordId.Parse(r[1]!)).Where(a => before.FindAccount(a) is not null));
        var followsParents = settings.WantedFields.Account.ContainsKey("ParentId");
        if (followsParents && changed.Any(id => !live.Contains(id)))
            again.UnionWith(before.Accounts.Where(a => changed.Contains(a.ParentId) && !live.Contains(a.ParentId)).Select(a => a.Id));
        _customers.UnionWith(again);
        again.ExceptWith(changed);
        await AddAsync("Account", accounts, "Id", again, stop);
        if (followsParents)
            await AddAsync("Account", accounts, "ParentId", returned, stop);
        live = Live(accounts).ToHashSet();
        _customers.UnionWith(live);
        FollowContacts();

        foreach (var table in tables.All)
        {
            if (table.Name is "AccountTeamMember" or "AccountHistory" && !_whole.Contains(table.Name))
                await AddAsync(table.Name, table, "AccountId", live, stop);
            else if ((table.Name is "Opportunity" or "Case" or "POC_Assignment__c" or "POC_Handoff__c" || (table.Name == "Contact" && tables.HasContactFlag))
                && !_whole.Contains(table.Name) && !IsUnused(table.Name))
                await AddAsync(table.Name, table, settings.Names.Field(table.Name, table.Name.EndsWith("__c", StringComparison.Ordinal) ? "Account__c" : "AccountId"), returned, stop);
        }
        if (HasRoles && !_whole.Contains("Contact") && !_whole.Contains("AccountContactRole"))
            await FollowRolesAsync(returned, stop);
        else if (HasRoles)
            _whole.UnionWith(["Contact", "AccountContactRole"]);
        await FollowQueuesAsync(stop);
        return true;
    }

    /// <summary>The accounts that changed contacts belong to now, and those that they counted for before.</summary>
    private void FollowContacts()
    {
        if (_whole.Contains("Contact") || _whole.Contains("AccountContactRole") || !_rows.ContainsKey("Contact"))
            return;
        var changed = Cells("Contact", "Id").Concat(Cells("AccountContactRole", "ContactId")).OfType<string>().Select(RecordId.Parse!).ToHashSet();
        _customers.UnionWith(Cells("Contact", "AccountId").Concat(Cells("AccountContactRole", "AccountId")).OfType<string>().Select(RecordId.Parse!));
        if (changed.Count > 0)
            _customers.UnionWith(before.Accounts.Where(a => before.CustomerPrimaries[a.Index].ToArray().Any(c => changed.Contains(c.Id)) || before.CustomerSuccessors[a.Index].ToArray().Any(c => changed.Contains(c.Id))).Select(a => a.Id));
    }

    /// <summary>Reads primary contacts of the accounts whose roles, or whose contacts, changed.</summary>
    private async Task FollowRolesAsync(IReadOnlySet<RecordId> returned, CancellationToken stop)
    {
        var (roles, contacts) = (tables.All.Single(t => t.Name == "AccountContactRole"), tables.All.Single(t => t.Name == "Contact"));
        var primary = tables.Query(roles, default);
        var changed = _rows["Contact"].Select(r => Id(contacts, r)).ToHashSet();
        var accounts = Cells("AccountContactRole", "AccountId").Select(RecordId.Parse!).Concat(returned).ToHashSet();
        accounts.UnionWith(before.Accounts.Where(a => before.CustomerPrimaries[a.Index].ToArray().Any(c => changed.Contains(c.Id))).Select(a => a.Id));
        var named = await ListAsync(reads.ReadIn(primary, "ContactId", changed.Select(c => c.ToString())), stop);
        accounts.UnionWith(named.Select(r => RecordId.Parse(r[Place(roles, "AccountId")]!)));

        _accounts["AccountContactRole"] = _accounts["Contact"] = accounts;
        _rows["AccountContactRole"] = await ListAsync(reads.ReadIn(primary, "AccountId", accounts.Select(a => a.ToString())), stop);
        _rows["Contact"] = await ListAsync(
            reads.ReadIn(new TableQuery(contacts.Describe.Name, contacts.Columns) { Describe = contacts.Describe }, "Id", Cells("AccountContactRole", "ContactId").OfType<string>()), stop);
    }

    /// <summary>Reads the members of the departments' queues, and of the groups in them.</summary>
    private async Task FollowQueuesAsync(CancellationToken stop)
    {
        if (tables.All.SingleOrDefault(t => t.Name == "GroupMember") is not { } members || Place(members, "GroupId") < 0 || Place(members, "UserOrGroupId") < 0)
            return;
        var open = Cells("POC_Department__c", settings.Names.Field("POC_Department__c", "Queue_Id__c"))
            .Select(text => RecordId.TryParse(text, out var id) ? id : default).Where(id => !id.IsNone).ToHashSet();
        var seen = new HashSet<RecordId>();
        while (open.Count > 0)
        {
            seen.UnionWith(open);
            var rows = await ListAsync(reads.ReadIn(new TableQuery(members.Describe.Name, members.Columns) { Describe = members.Describe }, "GroupId", open.Select(g => g.ToString())), stop);
            _rows["GroupMember"].AddRange(rows);
            open = rows.Select(r => RecordId.Parse(r[Place(members, "UserOrGroupId")]!)).Where(id => !id.IsUser && !seen.Contains(id)).ToHashSet();
        }
    }

    /// <summary>Brings it together; objects that are read whole are read now.</summary>
    private async Task<Snapshot> BuildAsync(CancellationToken stop)
    {
        var builder = new SnapshotBuilder(settings, now, before);
        foreach (var table in tables.All)
        {
            var name = table.Name;
            if (_whole.Contains(name))
            {
                await LiveOrgPull.TakeAsync(builder.Begin(name, table.Columns), reads.Read(tables.Query(table, builder.Today)), progress, stop);
                continue;
            }
            var isWhole = name is "Organization" or "UserLogin" or "POC_Department__c" or "GroupMember";
            var intake = isWhole ? builder.Begin(name, table.Columns)
                : builder.BeginChanges(name, table.Columns, _accounts.GetValueOrDefault(name) ?? Nobody, name == "AccountHistory" || (HasRoles && name == "Contact"));
            var cells = new string?[intake.Wanted.Count];
            foreach (var row in _rows[name])
            {
                for (var i = 0; i < cells.Length; i++)
                    cells[i] = row[intake.Wanted[i]];
                intake.Add(cells);
            }
        }
        await LiveOrgPull.TakeCustomerSidesAsync(reads, tables, builder, _customers, progress, stop);
        return builder.Build(tables.Watermark! with { HistorySince = before.Watermark!.HistorySince });
    }

    /// <summary>Reads all rows of some parents, of those that rules can need.</summary>
    private async Task AddAsync(string name, LiveOrgTable table, string field, IReadOnlySet<RecordId> parents, CancellationToken stop)
    {
        if (parents.Count == 0 || table.Describe.Field(field) is null)
            return;
        var query = tables.Query(table, new AsOf(now, before.AsOf.Zone).Today);
        var rows = await ListAsync(reads.ReadIn(query, field, parents.Select(p => p.ToString())), stop);
        _rows[name].AddRange(rows);
        if (name != "Account")
            _accounts[name] = [.. parents];
    }

    private IEnumerable<RecordId> Live(LiveOrgTable table, Func<string?[], bool>? when = null)
    {
        var deleted = Place(table, "IsDeleted");
        return _rows[table.Name].Where(r => (deleted < 0 || r[deleted] != "true") && when?.Invoke(r) != false).Select(r => Id(table, r));
    }

    private IEnumerable<string?> Cells(string name, string column) =>
        tables.All.SingleOrDefault(t => t.Name == name) is { } table && Place(table, column) is >= 0 and var at ? _rows[name].Select(r => r[at]) : [];

    private static int Place(LiveOrgTable table, string column) =>
        table.Columns.ToList().FindIndex(c => c.Equals(column, StringComparison.OrdinalIgnoreCase));

    private static RecordId Id(LiveOrgTable table, string?[] row) => RecordId.Parse(row[Place(table, "Id")]!);

    private static DateTimeOffset? Instant(LiveOrgTable table, string?[] row, string column) =>
        Place(table, column) is >= 0 and var at && row[at] is { } text && CellText.TryInstant(text, out var instant) ? instant : null;

    private static async Task<List<string?[]>> ListAsync(TableRead read, CancellationToken stop)
    {
        var rows = new List<string?[]>();
        await foreach (var row in read.Rows.WithCancellation(stop))
            rows.Add(row);
        return rows;
    }
}
