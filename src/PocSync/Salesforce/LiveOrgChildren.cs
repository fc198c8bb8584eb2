using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>
/// Reads what belongs to accounts and to their owners: contacts, open opportunities and open cases, which some orgs give to the new owner with the
/// account.
/// </summary>
internal sealed class LiveOrgChildren(OrgReads reads, LiveOrgSchema schema)
{
    private static readonly (string Object, string? Where)[] Kinds = [("Case", "IsClosed = false"), ("Contact", null), ("Opportunity", "IsClosed = false")];

    /// <param name="ownerOf">The accounts, each with the owner whose children are asked for.</param>
    /// <param name="stop">Ends it at once.</param>
    public async Task<IReadOnlyDictionary<RecordId, IReadOnlyList<ChildRow>>> ReadAsync(IReadOnlyDictionary<RecordId, RecordId> ownerOf, CancellationToken stop)
    {
        var children = new List<(RecordId Account, ChildRow Row)>();
        if (ownerOf.Count > 0)
        {
            await schema.LoadAsync(Kinds.Select(k => k.Object), stop);
            var owners = string.Join(", ", ownerOf.Values.Distinct().Select(o => $"'{o}'"));
            foreach (var (name, where) in Kinds)
            {
                if (schema[name] is not { } describe || describe.Field("AccountId") is null || describe.Field("OwnerId") is null)
                    continue;
                // The owner of a person account's contact is the account's.
                var isReal = describe.Field("IsPersonAccount") is null ? null : "IsPersonAccount = false";
                var query = new TableQuery(name, ["Id", "AccountId", "OwnerId"],
                    string.Join(" AND ", new[] { $"OwnerId IN ({owners})", where, isReal }.OfType<string>()));
                await foreach (var row in reads.ReadIn(query, "AccountId", ownerOf.Keys.Select(a => a.ToString())).Rows.WithCancellation(stop))
                {
                    var (id, account, owner) = (RecordId.Parse(row[0]!), RecordId.Parse(row[1]!), RecordId.Parse(row[2]!));
                    if (ownerOf[account] == owner)
                        children.Add((account, new ChildRow(name, id, owner, IsOwnerActive: false)));
                }
            }
        }
        var active = new HashSet<RecordId>();
        var users = reads.ReadIn(new TableQuery("User", ["Id"], "IsActive = true"), "Id", children.Select(c => c.Row.Owner.ToString()).Distinct());
        await foreach (var row in users.Rows.WithCancellation(stop))
            active.Add(RecordId.Parse(row[0]!));
        return children.GroupBy(c => c.Account, c => c.Row with { IsOwnerActive = active.Contains(c.Row.Owner) }).ToDictionary(
            c => c.Key, c => (IReadOnlyList<ChildRow>)[.. c.OrderBy(r => r.Object, StringComparer.Ordinal).ThenBy(r => r.Id)]);
    }
}
