using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Tests.Runs;

/// <summary>What the next writing of a <see cref="SmallOrg"/> meets.</summary>
internal enum Fault
{
    None,

    /// <summary>It is refused, and that passes.</summary>
    Busy,

    /// <summary>It is refused for good.</summary>
    Refused,

    /// <summary>It is written and the answer is lost.</summary>
    AnswerLost,

    /// <summary>It is lost on the way.</summary>
    Lost,

    /// <summary>Half of the bundles are written, then the org is gone.</summary>
    GoneHalfway,
}

/// <summary>
/// An org in memory with Salesforce's ways with owners and teams: an owner change drops the team, nobody inactive becomes an owner or a member, an
/// account has one row of a user, and what has a key is made once.
/// </summary>
internal sealed class SmallOrg : IOrg
{
    public const string Team = "AccountTeamMember", Row = "POC_Assignment__c";

    private static readonly Dictionary<string, string[]> Columns = new()
    {
        ["Organization"] = ["Name"],
        ["User"] = ["Name", "IsActive"],
        ["Account"] = ["Name", "OwnerId"],
        [Team] = ["AccountId", "UserId", "TeamMemberRole", "AccountAccessLevel"],
        [Row] = ["Account__c", "Role__c", "User__c", "Scope__c", "Starts_On__c", "Ends_On__c", "Sync_Key__c"],
        ["POC_Handoff__c"] = ["Account__c", "From_User__c", "To_User__c", "Effective_On__c", "Status__c", "Reason__c", "Notes__c", "Sync_Key__c"],
    };

    private static readonly Dictionary<string, string> Prefixes = new() { [Team] = "01M", [Row] = "a00", ["POC_Handoff__c"] = "a03" };

    private int _ids = 1000;

    private SmallOrg(Dictionary<string, SortedDictionary<string, Dictionary<string, string?>>> rows) => Rows = rows;

    public SmallOrg() : this(Columns.Keys.ToDictionary(o => o, _ => new SortedDictionary<string, Dictionary<string, string?>>(StringComparer.Ordinal)))
    {
    }

    /// <summary>By object and id.</summary>
    public Dictionary<string, SortedDictionary<string, Dictionary<string, string?>>> Rows { get; private set; }

    /// <summary>Bundles with records that were written, by correction.</summary>
    public Dictionary<string, int> Written { get; } = [];

    /// <summary>Owners that were written, by account.</summary>
    public HashSet<(string Account, string Owner)> OwnersWritten { get; } = [];

    public Fault Next { get; set; }

    public SmallOrg Copy() => new(CopyOf(Rows));

    /// <summary>A record; without an id a new one.</summary>
    public string Add(string objectName, string? id, params (string Field, string? Value)[] fields)
    {
        id ??= RecordId.Parse($"{Prefixes[objectName]}{++_ids:D12}").ToString();
        Rows[objectName][id] = fields.ToDictionary(f => f.Field, f => f.Value);
        return id;
    }

    public void SetOwner(string account, string owner)
    {
        Rows["Account"][account]["OwnerId"] = owner;
        foreach (var id in Rows[Team].Where(t => t.Value["AccountId"] == account).Select(t => t.Key).ToList())
        {
            Rows[Team].Remove(id);
        }
    }

    public Task<OrgIdentity> IdentifyAsync(CancellationToken stop) =>
        Task.FromResult(new OrgIdentity(RecordId.Parse("00D5f0000000001"), "Lark", RecordId.Parse("0055f0000000099"), TimeZoneInfo.Utc));

    public Task<Snapshot> PullAsync(Settings settings, DateTimeOffset now, Snapshot? since, IProgress<string> progress, CancellationToken stop)
    {
        var builder = new SnapshotBuilder(settings, now);
        foreach (var name in SnapshotBuilder.Objects.Where(Rows.ContainsKey))
        {
            string[] columns = ["Id", .. Columns[name]];
            var table = builder.Begin(name, columns);
            foreach (var (id, fields) in Rows[name])
            {
                table.Add([.. table.Wanted.Select(i => i == 0 ? id : fields.GetValueOrDefault(columns[i]) ?? "")]);
            }
        }

        return Task.FromResult(builder.Build());
    }

    public Task<Standing> ReadAsync(Settings settings, IReadOnlyList<RecordWrite> writes, CancellationToken stop)
    {
        var records = new Dictionary<(string, RecordId), IReadOnlyDictionary<string, string?>>();
        var keys = new Dictionary<(string, string), (RecordId, IReadOnlyDictionary<string, string?>)>();
        var teams = new Dictionary<RecordId, IReadOnlyList<TeamRow>>();
        foreach (var write in writes)
        {
            if (!write.Id.IsNone && Rows[write.Object].TryGetValue(write.Id.ToString(), out var fields))
            {
                records[(write.Object, write.Id)] = Whole(write.Object, fields);
            }

            if (write.Key is not null && Rows[write.Object].FirstOrDefault(r => r.Value.GetValueOrDefault("Sync_Key__c") == write.Key) is { Key: not null } keyed)
            {
                keys[(write.Object, write.Key)] = (RecordId.Parse(keyed.Key), Whole(write.Object, keyed.Value));
            }

            var account = write.Object == "Account" ? write.Id.ToString() : write.After.GetValueOrDefault("AccountId") ?? write.Before.GetValueOrDefault("AccountId");
            if (write.Object is "Account" or Team && RecordId.TryParse(account, out var of))
            {
                teams[of] = [.. Rows[Team].Where(t => t.Value["AccountId"] == account).Select(t => new TeamRow(
                    RecordId.Parse(t.Key), RecordId.Parse(t.Value["UserId"]!), t.Value["UserId"]!, t.Value.GetValueOrDefault("TeamMemberRole"),
                    t.Value.GetValueOrDefault("AccountAccessLevel"), null, null, null, IsActive(t.Value["UserId"])))];
            }
        }

        return Task.FromResult(new Standing(records, keys, teams));
    }

    public Task<IReadOnlyDictionary<RecordId, OrgUser>> UsersAsync(IReadOnlyCollection<RecordId> ids, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<RecordId, OrgUser>>(ids.Where(i => Rows["User"].ContainsKey(i.ToString()))
            .ToDictionary(i => i, i => new OrgUser(i, Rows["User"][i.ToString()]["Name"]!, IsActive(i.ToString()))));

    public Task<IReadOnlyList<BundleResult>> WriteAsync(
        Settings settings, IReadOnlyList<Bundle> bundles, CancellationToken stop, CancellationToken abandon)
    {
        var (fault, results) = (Next, new List<BundleResult>());
        Next = Fault.None;
        foreach (var (bundle, i) in bundles.Select((b, i) => (b, i)))
        {
            if (fault == Fault.GoneHalfway && i >= (bundles.Count + 1) / 2)
            {
                break;
            }

            results.Add(fault switch
            {
                Fault.Busy => new BundleResult(bundle.CorrectionId, false, "UNABLE_TO_LOCK_ROW", "busy", MayPass: true),
                Fault.Refused => new BundleResult(bundle.CorrectionId, false, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "no"),
                Fault.Lost => new BundleResult(bundle.CorrectionId, null),
                Fault.AnswerLost => Write(bundle) with { Written = null, Created = [] },
                _ => Write(bundle),
            });
        }

        return fault == Fault.GoneHalfway ? throw new OrgException("The org is gone.") : Task.FromResult<IReadOnlyList<BundleResult>>(results);
    }

    /// <summary>All that is on an account, without ids, keys and what is blank.</summary>
    public IEnumerable<string> Of(string account) => Rows.SelectMany(o => o.Value
        .Where(r => (o.Key == "Account" && r.Key == account) || r.Value.GetValueOrDefault("Account__c") == account || r.Value.GetValueOrDefault("AccountId") == account)
        .Select(r => $"{o.Key} {string.Join(' ', r.Value.Where(f => f.Key != "Sync_Key__c" && !string.IsNullOrEmpty(f.Value)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"))}"))
        .Order(StringComparer.Ordinal);

    private BundleResult Write(Bundle bundle)
    {
        var before = CopyOf(Rows);
        var created = new RecordId[bundle.Writes.Count];
        try
        {
            foreach (var (write, i) in bundle.Writes.Select((w, i) => (w, i)).OrderBy(w => w.w.Action switch { WriteAction.Delete => 0, WriteAction.Update => 1, _ => 2 }))
            {
                created[i] = Write(write);
            }

            foreach (var member in bundle.Team)
            {
                Join(bundle.Account.ToString(), member.UserId.ToString(), member.Role, member.AccountAccess);
            }
        }
        catch (InvalidOperationException no)
        {
            Rows = before;
            return new BundleResult(bundle.CorrectionId, false, "REFUSED", no.Message);
        }

        if (bundle.Writes.Count > 0)
        {
            Written[bundle.CorrectionId] = Written.GetValueOrDefault(bundle.CorrectionId) + 1;
        }

        return new BundleResult(bundle.CorrectionId, true) { Created = created };
    }

    private RecordId Write(RecordWrite write)
    {
        var rows = Rows[write.Object];
        var id = write.Id.ToString();
        switch (write.Action)
        {
            case WriteAction.Delete:
                return rows.Remove(id) ? default : throw new InvalidOperationException($"{write.Object} {id} is not there");
            case WriteAction.Update when write.Object == "Account" && write.After.TryGetValue("OwnerId", out var owner):
                if (!IsActive(owner))
                {
                    throw new InvalidOperationException($"{owner} is not active");
                }

                SetOwner(id, owner!);
                OwnersWritten.Add((id, owner!));
                return default;
            case WriteAction.Update:
                foreach (var (field, value) in write.After)
                {
                    rows[id][field] = value;
                }

                return default;
            case var _ when write.Object == Team:
                return Join(write.After["AccountId"]!, write.After["UserId"]!, write.After.GetValueOrDefault("TeamMemberRole"), write.After.GetValueOrDefault("AccountAccessLevel"));
            default:
                var there = rows.FirstOrDefault(r => write.Key is not null && r.Value.GetValueOrDefault("Sync_Key__c") == write.Key).Key;
                return RecordId.Parse(Add(write.Object, there, [.. write.After.Select(f => (f.Key, f.Value)), ("Sync_Key__c", write.Key)]));
        }
    }

    private RecordId Join(string account, string user, string? role, string? access)
    {
        if (!IsActive(user))
        {
            throw new InvalidOperationException($"{user} is not active");
        }

        var there = Rows[Team].FirstOrDefault(t => t.Value["AccountId"] == account && t.Value["UserId"] == user).Key;
        return RecordId.Parse(Add(Team, there, ("AccountId", account), ("UserId", user), ("TeamMemberRole", role), ("AccountAccessLevel", access)));
    }

    public bool IsActive(string? user) => user is not null && Rows["User"].TryGetValue(user, out var found) && found["IsActive"] == "true";

    private static Dictionary<string, string?> Whole(string objectName, Dictionary<string, string?> fields) =>
        Columns[objectName].ToDictionary(c => c, fields.GetValueOrDefault);

    private static Dictionary<string, SortedDictionary<string, Dictionary<string, string?>>> CopyOf(
        Dictionary<string, SortedDictionary<string, Dictionary<string, string?>>> rows) => rows.ToDictionary(
        o => o.Key, o => new SortedDictionary<string, Dictionary<string, string?>>(o.Value.ToDictionary(r => r.Key, r => new Dictionary<string, string?>(r.Value)), StringComparer.Ordinal));
}
