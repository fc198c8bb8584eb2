using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>The rows that bundles write, in the org's terms, and the steps of a call that they go in.</summary>
internal sealed class LiveOrgRows
{
    private readonly OrgReads _reads;
    private readonly Names _names;
    private readonly Dictionary<string, ObjectDescribe> _describes = [];
    private readonly Dictionary<Bundle, IReadOnlyList<Row>> _rows = new(ReferenceEqualityComparer.Instance);

    private LiveOrgRows(OrgReads reads, Names names) => (_reads, _names) = (reads, names);

    /// <summary>The kinds of steps, in the order in which they are done: an owner is written before the team that the account loses by it.</summary>
    private enum Kind
    {
        Delete,
        Update,
        Upsert,
        Insert,
    }

    /// <param name="Key">The external id field of an upsert.</param>
    private sealed record Row(Kind Kind, string? Key, RowWrite Write)
    {
        /// <summary>Rows of one step; only upserts are told apart by their object.</summary>
        public (Kind, string?) Step => (Kind, Kind == Kind.Upsert ? Write.Object : null);
    }

    public static async Task<LiveOrgRows> ForAsync(
        OrgReads reads, LiveOrgSchema schema, Names names, IReadOnlyList<Bundle> bundles, CancellationToken stop)
    {
        var made = new LiveOrgRows(reads, names);
        var objects = bundles.SelectMany(b => b.Writes).Select(w => w.Object);
        foreach (var name in objects.Concat(bundles.Any(b => b.Team.Count > 0) ? ["AccountTeamMember", "Organization"] : []).Distinct())
        {
            if (await schema.FindAsync(names.Object(name), stop) is { } describe)
                made._describes[name] = describe;
        }
        foreach (var bundle in bundles)
            made._rows[bundle] = made.RowsOf(bundle, null);
        return made;
    }

    /// <summary>Why a bundle cannot be sent at all, or null where it can.</summary>
    public string? Problem(Bundle bundle)
    {
        if (bundle.Writes.FirstOrDefault(w => !_describes.ContainsKey(w.Object)) is { } write)
            return $"the org shows no object {_names.Object(write.Object)} to this login";
        var texts = _rows[bundle].SelectMany(r => r.Write.Fields);
        if (texts.FirstOrDefault(f => f.Value is string text && text.Contains("@{", StringComparison.Ordinal)).Key is { } field)
            return $"the text for {field} holds '@{{', which Salesforce would take for a reference to another record";
        return Fit([bundle]) ? null : $"it writes {_rows[bundle].Count} records, which are more than Salesforce takes at a time";
    }

    /// <summary>Whether bundles go in one call.</summary>
    public bool Fit(IEnumerable<Bundle> bundles) =>
        bundles.SelectMany(b => _rows[b]).CountBy(r => r.Step).Sum(s => (s.Value + OrgWrites.MaxRows - 1) / OrgWrites.MaxRows) <= OrgWrites.MaxCollections;

    /// <summary>The steps of a call, and for each row of each step the bundle that it is of.</summary>
    public (IReadOnlyList<CompositeStep> Steps, IReadOnlyList<Bundle[]> Bundles) Call(IReadOnlyList<Bundle> bundles)
    {
        var steps = bundles.SelectMany(b => _rows[b], (bundle, row) => (Bundle: bundle, Row: row))
            .GroupBy(r => r.Row.Step).OrderBy(s => s.Key)
            // Several objects can be in a step if the rows of each stand together.
            .SelectMany(s => s.OrderBy(r => r.Row.Write.Object, StringComparer.Ordinal).Chunk(OrgWrites.MaxRows))
            .ToList();
        return (
            [.. steps.Select((rows, i) => Step($"{rows[0].Row.Kind}{i}", rows[0].Row, [.. rows.Select(r => r.Row.Write)]))],
            [.. steps.Select(rows => rows.Select(r => r.Bundle).ToArray())]);
    }

    private static CompositeStep Step(string reference, Row first, IReadOnlyList<RowWrite> writes) => first.Kind switch
    {
        Kind.Delete => CompositeStep.DeleteMany(reference, writes),
        Kind.Update => CompositeStep.UpdateMany(reference, writes),
        Kind.Upsert => CompositeStep.UpsertMany(reference, first.Key!, writes),
        _ => CompositeStep.InsertMany(reference, writes),
    };

    /// <summary>
    /// Salesforce refuses members who may no more than everyone, though it shows such members where the default was raised after them. Leaves the levels that are not above
    /// the default out of a bundle; false where that changes nothing.
    /// </summary>
    public async Task<bool> LeaveDefaultAccessOutAsync(Bundle bundle, CancellationToken stop)
    {
        if (bundle.Team.Count == 0 || !_describes.TryGetValue("Organization", out var describe))
            return false;
        var known = LiveOrgAccess.Defaults.Where(d => describe.Field(d) is not null).ToList();
        await foreach (var row in _reads.Query(new TableQuery("Organization", ["Id", .. known])).Rows.WithCancellation(stop))
        {
            var rows = RowsOf(bundle, [.. LiveOrgAccess.Defaults.Select(d => known.IndexOf(d) is >= 0 and var at ? row[at + 1] : null)]);
            var isLess = rows.Sum(r => r.Write.Fields.Count) < _rows[bundle].Sum(r => r.Write.Fields.Count);
            _rows[bundle] = rows;
            return isLess;
        }
        return false;
    }

    private List<Row> RowsOf(Bundle bundle, IReadOnlyList<string?>? accessDefaults)
    {
        var rows = bundle.Writes.Select(RowOf).ToList();
        foreach (var member in bundle.Team)
        {
            var fields = new Dictionary<string, object?>
            {
                ["AccountId"] = bundle.Account.ToString(), ["UserId"] = member.UserId.ToString(), ["TeamMemberRole"] = member.Role,
            };
            foreach (var (field, level) in LiveOrgAccess.Of(member, accessDefaults))
            {
                if (_describes.GetValueOrDefault("AccountTeamMember")?.Field(field) is { Createable: true })
                    fields[field] = level;
            }
            rows.Add(new Row(Kind.Insert, null, new RowWrite("AccountTeamMember", null, fields)));
        }
        return rows;
    }

    private Row RowOf(RecordWrite write)
    {
        var describe = _describes.GetValueOrDefault(write.Object);
        var fields = write.After.ToDictionary(f => _names.Field(write.Object, f.Key), f => (object?)f.Value);
        var row = new RowWrite(describe?.Name ?? write.Object, write.Id.IsNone ? null : write.Id.ToString(), fields);
        if (write.Action != WriteAction.Insert)
            return new Row(write.Action == WriteAction.Delete ? Kind.Delete : Kind.Update, null, row);
        if (write.Key is null || describe?.Field(_names.Field(write.Object, "Sync_Key__c")) is not { } key)
            return new Row(Kind.Insert, null, row);
        fields[key.Name] = write.Key;
        return key.ExternalId ? new Row(Kind.Upsert, key.Name, row) : new Row(Kind.Insert, null, row);
    }
}
