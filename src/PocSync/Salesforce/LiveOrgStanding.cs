using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Reads what the org says right now of records that are to be written: by id, by key, and the teams that are touched.</summary>
internal sealed class LiveOrgStanding(OrgReads reads, LiveOrgSchema schema, Names names)
{
    private readonly Dictionary<(string, RecordId), IReadOnlyDictionary<string, string?>> _records = [];
    private readonly Dictionary<(string, string), (RecordId, IReadOnlyDictionary<string, string?>)> _keys = [];
    private readonly Dictionary<RecordId, IReadOnlyList<TeamRow>> _teams = [];

    public async Task<Standing> ReadAsync(IReadOnlyList<RecordWrite> writes, CancellationToken stop)
    {
        var accounts = writes.Select(AccountOfTeam).Where(a => !a.IsNone).Distinct().ToList();
        await schema.LoadAsync([.. writes.Select(w => names.Object(w.Object)), .. accounts.Count > 0 ? (string[])["AccountTeamMember"] : []], stop);
        foreach (var ofObject in writes.GroupBy(w => w.Object))
        {
            if (schema[names.Object(ofObject.Key)] is not { } describe)
                continue;
            var fields = ofObject.SelectMany(w => w.Before.Keys.Concat(w.After.Keys)).Distinct()
                .Select(f => (Name: f, Field: describe.Field(names.Field(ofObject.Key, f)))).Where(f => f.Field is not null)
                .Select(f => (f.Name, f.Field!.Name)).ToList();
            await ReadRecordsAsync(describe, ofObject.Key, fields, [.. ofObject.Where(w => !w.Id.IsNone).Select(w => w.Id.ToString())], stop);
            await ReadKeysAsync(describe, ofObject.Key, fields, [.. ofObject.Where(w => w.Key is not null)], stop);
        }
        await ReadTeamsAsync(accounts, stop);
        var users = await StrangersAsync(writes, stop);
        return new Standing(_records, _keys, _teams)
        {
            Children = await new LiveOrgChildren(reads, schema).ReadAsync(OwnersOf(writes), stop),
            Names = names,
            NameOf = users.GetValueOrDefault,
        };
    }

    /// <summary>The account whose team a write touches: one that gets another owner, or whose team gets or loses a member.</summary>
    private static RecordId AccountOfTeam(RecordWrite write)
    {
        var account = write switch
        {
            { Object: "Account" } when write.After.ContainsKey("OwnerId") => write.Id.ToString(),
            { Object: "AccountTeamMember" } => write.After.GetValueOrDefault("AccountId") ?? write.Before.GetValueOrDefault("AccountId"),
            _ => null,
        };
        return RecordId.TryParse(account, out var id) ? id : default;
    }

    /// <summary>The accounts that are to get another owner and still have the one before.</summary>
    private Dictionary<RecordId, RecordId> OwnersOf(IReadOnlyList<RecordWrite> writes)
    {
        var owners = new Dictionary<RecordId, RecordId>();
        foreach (var write in writes.Where(w => w.Object == "Account" && w.After.ContainsKey("OwnerId")))
        {
            if (RecordId.TryParse(write.Before.GetValueOrDefault("OwnerId"), out var owner)
                && _records.TryGetValue(("Account", write.Id), out var now) && now.GetValueOrDefault("OwnerId") == owner.ToString())
                owners[write.Id] = owner;
        }
        return owners;
    }

    /// <summary>The names of users who stand where a write expects somebody else, and of those whom it expects: asked for only where there are such.</summary>
    private async Task<Dictionary<RecordId, string>> StrangersAsync(IReadOnlyList<RecordWrite> writes, CancellationToken stop)
    {
        var ids = writes.Where(w => _records.ContainsKey((w.Object, w.Id)))
            .SelectMany(w => w.Before.Select(f => (Before: f.Value, After: w.After.GetValueOrDefault(f.Key), Now: _records[(w.Object, w.Id)].GetValueOrDefault(f.Key))))
            .Where(f => f.Now != f.Before && f.Now != f.After)
            .SelectMany(f => new[] { f.Before, f.Now })
            .Select(v => RecordId.TryParse(v, out var id) && id.IsUser ? id.ToString() : null).OfType<string>().Distinct().ToList();
        var users = new Dictionary<RecordId, string>();
        await foreach (var row in reads.ReadIn(new TableQuery("User", ["Id", "Name"]), "Id", ids).Rows.WithCancellation(stop))
            users[RecordId.Parse(row[0]!)] = row[1] ?? row[0]!;
        return users;
    }

    private async Task ReadRecordsAsync(
        ObjectDescribe describe, string objectName, List<(string Name, string OrgName)> fields, IReadOnlyList<string> ids, CancellationToken stop)
    {
        var query = new TableQuery(describe.Name, ["Id", .. fields.Select(f => f.OrgName)]) { Describe = describe };
        await foreach (var row in reads.ReadIn(query, "Id", ids).Rows.WithCancellation(stop))
            _records[(objectName, RecordId.Parse(row[0]!))] = Values(fields, row[1..]);
    }

    private async Task ReadKeysAsync(
        ObjectDescribe describe, string objectName, List<(string Name, string OrgName)> fields, IReadOnlyList<RecordWrite> keyed, CancellationToken stop)
    {
        if (describe.Field(names.Field(objectName, "Sync_Key__c")) is not { } key)
        {
            await ReadAlikeAsync(describe, objectName, fields, keyed, stop);
            return;
        }
        var query = new TableQuery(describe.Name, ["Id", key.Name, .. fields.Select(f => f.OrgName)]) { Describe = describe };
        await foreach (var row in reads.ReadIn(query, key.Name, keyed.Select(w => w.Key!)).Rows.WithCancellation(stop))
        {
            var (id, says) = (RecordId.Parse(row[0]!), Values(fields, row[2..]));
            _keys[(objectName, row[1]!)] = (id, says);
            _records[(objectName, id)] = says;
        }
    }

    /// <summary>Without a field for keys: a row that says all that the insert says is the one that the key would name.</summary>
    private async Task ReadAlikeAsync(
        ObjectDescribe describe, string objectName, List<(string Name, string OrgName)> fields, IReadOnlyList<RecordWrite> keyed, CancellationToken stop)
    {
        var parent = fields.FirstOrDefault(f => f.Name is "Account__c" or "AccountId");
        var parents = keyed.Select(w => parent.Name is null ? null : w.After.GetValueOrDefault(parent.Name)).OfType<string>().Distinct().ToList();
        if (parents.Count == 0)
            return;
        var wanted = keyed.ToLookup(w => w.After.GetValueOrDefault(parent.Name));
        var query = new TableQuery(describe.Name, ["Id", .. fields.Select(f => f.OrgName)]) { Describe = describe };
        await foreach (var row in reads.ReadIn(query, parent.OrgName, parents).Rows.WithCancellation(stop))
        {
            var says = Values(fields, row[1..]);
            foreach (var write in wanted[says[parent.Name]].Where(w => w.After.All(f => !says.TryGetValue(f.Key, out var now) || (now ?? "").Trim() == (f.Value ?? "").Trim())))
                _keys[(objectName, write.Key!)] = (RecordId.Parse(row[0]!), says);
        }
    }

    private async Task ReadTeamsAsync(IReadOnlyList<RecordId> accounts, CancellationToken stop)
    {
        var teams = accounts.ToDictionary(a => a, _ => new List<TeamRow>());
        if (accounts.Count > 0 && schema["AccountTeamMember"] is { } describe)
        {
            var levels = LiveOrgAccess.Fields.Select(f => f.Field).Where(f => describe.Field(f) is not null).ToList();
            var query = new TableQuery(describe.Name, ["Id", "AccountId", "UserId", "User.Name", "User.IsActive", "TeamMemberRole", .. levels]) { Describe = describe };
            await foreach (var row in reads.ReadIn(query, "AccountId", accounts.Select(a => a.ToString())).Rows.WithCancellation(stop))
            {
                teams[RecordId.Parse(row[1]!)].Add(new TeamRow(
                    RecordId.Parse(row[0]!), RecordId.Parse(row[2]!), row[3] ?? row[2]!, Value(row[5]),
                    Level("AccountAccessLevel"), Level("OpportunityAccessLevel"), Level("CaseAccessLevel"), Level("ContactAccessLevel"),
                    IsUserActive: row[4] == "true"));

                string? Level(string field) => levels.IndexOf(field) is >= 0 and var at ? Value(row[6 + at]) : null;
            }
        }
        foreach (var (account, team) in teams)
            _teams[account] = [.. team.OrderBy(m => m.UserId)];
    }

    private static Dictionary<string, string?> Values(List<(string Name, string OrgName)> fields, string?[] cells) =>
        fields.Zip(cells).ToDictionary(f => f.First.Name, f => Value(f.Second));

    private static string? Value(string? cell) => string.IsNullOrWhiteSpace(cell) ? null : cell;
}
