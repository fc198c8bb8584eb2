using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Where a row comes from: its bundle, and its place among the bundle's writes and the members after them.</summary>
internal readonly record struct RowPlace(Bundle Bundle, int Write);

/// <summary>Bundles of one row each that are many and alike, with their rows; by account, which writes lock.</summary>
/// <param name="Key">The external id field of an upsert.</param>
internal sealed record ManyRows(IngestKind Kind, string? Key, IReadOnlyList<Bundle> Bundles, IReadOnlyList<RowWrite> Rows);

/// <summary>The rows that bundles write, in the org's terms, and the steps of a call that they go in.</summary>
internal sealed class LiveOrgRows
{
    /// <summary>Fields without which a handoff is one all the same: where an org has them not, or hides them, they are left out.</summary>
    private static readonly string[] MayLack = ["Due_On__c", "Necessity__c"];

    private readonly OrgReads _reads;
    private readonly LiveOrgSchema _schema;
    private readonly Names _names;
    private readonly Dictionary<Bundle, IReadOnlyList<Row>> _rows = new(ReferenceEqualityComparer.Instance);

    private LiveOrgRows(OrgReads reads, LiveOrgSchema schema, Names names) => (_reads, _schema, _names) = (reads, schema, names);

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
        await schema.LoadAsync(bundles.SelectMany(ObjectsOf).Select(names.Object), stop);
        var made = new LiveOrgRows(reads, schema, names);
        foreach (var bundle in bundles)
            made._rows[bundle] = made.RowsOf(bundle, null);
        return made;
    }

    private static IEnumerable<string> ObjectsOf(Bundle bundle) =>
        bundle.Writes.Select(w => w.Object).Concat(bundle.Team.Select(_ => "AccountTeamMember"));

    /// <summary>Why a bundle cannot be sent at all, or null where it can.</summary>
    public string? Problem(Bundle bundle)
    {
        if (ObjectsOf(bundle).Select(_names.Object).FirstOrDefault(o => _schema[o] is null) is { } missing)
            return $"the org shows no object {missing} to this login";
        var texts = _rows[bundle].SelectMany(r => r.Write.Fields);
        if (texts.FirstOrDefault(f => f.Value is string text && text.Contains("@{", StringComparison.Ordinal)).Key is { } field)
            return $"the text for {field} holds '@{{', which Salesforce would take for a reference to another record";
        return Fit([bundle]) ? null : $"it writes {_rows[bundle].Count} records, which are more than Salesforce takes at a time";
    }

    /// <summary>Of bundles of one row each those that are many and alike. A bundle of more rows is written whole or not at all.</summary>
    public IReadOnlyList<ManyRows> Many(IReadOnlyList<Bundle> bundles) =>
    [
        .. bundles.Where(b => _rows[b] is [var row] && KindOf(row.Kind) is not null && BulkIngest.Takes(row.Write) && _schema[row.Write.Object] is not null)
            .GroupBy(b => (KindOf(_rows[b][0].Kind)!.Value, _rows[b][0].Key, _rows[b][0].Write.Object))
            .Where(g => g.Count() > Batches.Many)
            .Select(g => (g.Key, Bundles: g.OrderBy(b => b.Account).ToList()))
            .Select(g => new ManyRows(g.Key.Value, g.Key.Key, g.Bundles, [.. g.Bundles.Select(b => _rows[b][0].Write)])),
    ];

    /// <summary>What is done to a row by itself; null for a row that must not be written twice.</summary>
    private static IngestKind? KindOf(Kind kind) => kind switch
    {
        Kind.Update => IngestKind.Update,
        Kind.Upsert => IngestKind.Upsert,
        Kind.Delete => IngestKind.Delete,
        _ => null,
    };

    /// <summary>Whether bundles go in one call.</summary>
    public bool Fit(IEnumerable<Bundle> bundles) =>
        bundles.SelectMany(b => _rows[b]).CountBy(r => r.Step).Sum(s => (s.Value + OrgWrites.MaxRows - 1) / OrgWrites.MaxRows)
            <= OrgWrites.MaxCollections;

    /// <summary>The steps of a call, and for each row of each step where it comes from.</summary>
    public (IReadOnlyList<CompositeStep> Steps, IReadOnlyList<RowPlace[]> Places) Call(IReadOnlyList<Bundle> bundles)
    {
        var steps = bundles.SelectMany(b => _rows[b].Select((row, i) => (Place: new RowPlace(b, i), Row: row)))
            .GroupBy(r => r.Row.Step).OrderBy(s => s.Key)
            // Several objects can be in a step if the rows of each stand together.
            .SelectMany(s => s.OrderBy(r => r.Row.Write.Object, StringComparer.Ordinal).Chunk(OrgWrites.MaxRows))
            .ToList();
        return (
            [.. steps.Select((rows, i) => Step($"{rows[0].Row.Kind}{i}", rows[0].Row, [.. rows.Select(r => r.Row.Write)]))],
            [.. steps.Select(rows => rows.Select(r => r.Place).ToArray())]);
    }

    private static CompositeStep Step(string reference, Row first, IReadOnlyList<RowWrite> writes) => first.Kind switch
    {
        Kind.Delete => CompositeStep.DeleteMany(reference, writes),
        Kind.Update => CompositeStep.UpdateMany(reference, writes),
        Kind.Upsert => CompositeStep.UpsertMany(reference, first.Key!, writes),
        _ => CompositeStep.InsertMany(reference, writes),
    };

    /// <summary>
    /// Salesforce refuses members who may no more than everyone, though it shows such members where the default was raised after them. Leaves the
    /// levels that are not above the default out of a bundle; false where that changes nothing.
    /// </summary>
    public async Task<bool> LeaveDefaultAccessOutAsync(Bundle bundle, CancellationToken stop)
    {
        if (!_rows[bundle].Any(r => r is { Kind: Kind.Insert, Write.Object: "AccountTeamMember" }))
            return false;
        await _schema.LoadAsync(["Organization"], stop);
        string[] known = [.. LiveOrgAccess.Fields.Select(f => f.Default).Where(d => _schema["Organization"]?.Field(d) is not null)];
        await foreach (var org in _reads.Query(new TableQuery("Organization", ["Id", .. known])).Rows.WithCancellation(stop))
        {
            var rows = RowsOf(bundle, known.Zip(org[1..]).ToDictionary());
            var isLess = rows.Sum(r => r.Write.Fields.Count) < _rows[bundle].Sum(r => r.Write.Fields.Count);
            _rows[bundle] = rows;
            return isLess;
        }
        return false;
    }

    private List<Row> RowsOf(Bundle bundle, IReadOnlyDictionary<string, string?>? accessDefaults)
    {
        var members = bundle.Team.Select(member =>
        {
            var after = new Dictionary<string, string?>
            {
                ["AccountId"] = bundle.Account.ToString(),
                ["UserId"] = member.UserId.ToString(),
                ["TeamMemberRole"] = member.Role,
            };
            foreach (var (field, level) in LiveOrgAccess.Of(member))
                after[field] = level;
            return new RecordWrite("AccountTeamMember", default, null, WriteAction.Insert, new Dictionary<string, string?>(), after);
        });
        return [.. bundle.Writes.Concat(members).Select(w => RowOf(w, accessDefaults))];
    }

    /// <summary>Salesforce takes no text for a checkbox.</summary>
    private static object? Typed(FieldDescribe? field, string? value) => field?.Type == "boolean" && bool.TryParse(value, out var flag) ? flag : value;

    private Row RowOf(RecordWrite write, IReadOnlyDictionary<string, string?>? accessDefaults)
    {
        var describe = _schema[_names.Object(write.Object)];
        var fields = write.After.Where(f => !MayLack.Contains(f.Key) || describe?.Field(_names.Field(write.Object, f.Key)) is not null)
            .ToDictionary(f => _names.Field(write.Object, f.Key), f => Typed(describe?.Field(_names.Field(write.Object, f.Key)), f.Value));
        var row = new RowWrite(describe?.Name ?? write.Object, write.Id.IsNone ? null : write.Id.ToString(), fields);
        if (write.Action != WriteAction.Insert)
            return new Row(write.Action == WriteAction.Delete ? Kind.Delete : Kind.Update, null, row);
        if (write.Object == "AccountTeamMember" && describe is not null)
            LiveOrgAccess.Fit(fields, describe, accessDefaults);
        if (write.Key is null || describe?.Field(_names.Field(write.Object, "Sync_Key__c")) is not { } key)
            return new Row(Kind.Insert, null, row);
        fields[key.Name] = write.Key;
        return key.ExternalId ? new Row(Kind.Upsert, key.Name, row) : new Row(Kind.Insert, null, row);
    }
}
