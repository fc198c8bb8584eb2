using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Platform;

/// <summary>
/// Who may own a row, and what a change of an account's owner does: team rows and manual shares are gone for good, two history rows are written, and,
/// where the setting says so, the old owner's contacts and open opportunities follow.
/// </summary>
internal sealed class Ownership(Org org, Stamps stamps)
{
    private readonly Table users = org["User"];

    /// <summary>Frozen users can own: freezing is not asked.</summary>
    /// <exception cref="RowRefusedException"/>
    public void CheckNewOwner(Field field, SObject of, string? owner)
    {
        if (owner is null)
            throw new RowRefusedException("INVALID_CROSS_REFERENCE_KEY", "Owner ID: owner cannot be blank", "OwnerId");
        var kind = org.Schema.OfId(owner);
        if (kind is null || !field.ReferenceTo.Contains(kind.Name))
            throw new RowRefusedException("FIELD_INTEGRITY_EXCEPTION", $"{field.Label}: id value of incorrect type: {owner}", "OwnerId");
        if (org[kind].FindLive(owner) is var row && row < 0)
            throw new RowRefusedException("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
        if (kind.Name == "Group")
            CheckQueue(row, of);
        else if (kind == users.Schema)
            CheckUser(row, of);
    }

    /// <summary>To be called after the new owner was written.</summary>
    public void AccountOwnerChanged(int account, string? oldOwner, string newOwner, string byUser)
    {
        var accounts = org["Account"];
        var id = accounts.Id(account);
        Purge(org["AccountTeamMember"], "AccountId", id, _ => true);
        var shares = org["AccountShare"];
        var cause = shares.Schema["RowCause"];
        Purge(shares, "AccountId", id, row => shares.Text(row, cause) is "Manual" or "Team");
        foreach (var row in shares.LiveRows(shares.Schema["AccountId"], id).ToList())
            if (shares.Text(row, cause) == "Owner")
                shares.Set(row, shares.Schema["UserOrGroupId"], newOwner);
        WriteHistory(id, "Owner", NameOf(oldOwner), NameOf(newOwner), "Text", byUser);
        WriteHistory(id, "Owner", oldOwner, newOwner, "EntityId", byUser);
        if (!org.Settings.CascadeChildren || oldOwner is null)
            return;
        MoveChildren("Contact", id, oldOwner, newOwner, byUser, (_, _) => true);
        MoveChildren("Opportunity", id, oldOwner, newOwner, byUser, (table, row) => table[row, table.Schema["IsClosed"]] is false);
    }

    public void WriteHistory(string account, string field, string? old, string? now, string dataType, string byUser)
    {
        var history = org["AccountHistory"];
        var row = history.Add(org.NewId(history.Schema));
        foreach (var (name, value) in (IEnumerable<(string, object?)>)
            [("AccountId", account), ("Field", field), ("DataType", dataType), ("OldValue", old), ("NewValue", now), ("CreatedById", byUser),
                ("CreatedDate", org.Now)])
            history.Set(row, history.Schema[name], value);
    }

    private void CheckUser(int row, SObject of)
    {
        if (users[row, users.Schema["IsActive"]] is not true)
            throw new RowRefusedException("INACTIVE_OWNER_OR_USER",
                $"operation performed with inactive user [{SalesforceId.Short(users.Id(row))}] as owner of {of.Name.ToLowerInvariant()}", "OwnerId");
        if (users[row, users.Schema["UserType"]] is not "Standard")
            throw new RowRefusedException("OP_WITH_INVALID_USER_TYPE_EXCEPTION", "Operation not valid for this user type");
    }

    private void CheckQueue(int row, SObject of)
    {
        var (groups, served) = (org["Group"], org["QueueSobject"]);
        if (groups[row, groups.Schema["Type"]] is not "Queue")
            throw new RowRefusedException("FIELD_INTEGRITY_EXCEPTION", $"Owner ID: id value of incorrect type: {groups.Id(row)}", "OwnerId");
        if (!served.LiveRows(served.Schema["QueueId"], groups.Id(row))
            .Any(r => of.Name.Equals((string?)served[r, served.Schema["SobjectType"]], StringComparison.OrdinalIgnoreCase)))
            throw new RowRefusedException("FIELD_INTEGRITY_EXCEPTION", "Queue not associated with this SObject type", "OwnerId");
    }

    private void MoveChildren(string children, string account, string from, string to, string byUser, Func<Table, int, bool> moves)
    {
        var table = org[children];
        var owner = table.Schema["OwnerId"];
        foreach (var row in table.LiveRows(table.Schema["AccountId"], account).ToList())
            if (table.Text(row, owner) == from && moves(table, row))
            {
                table.Set(row, owner, to);
                stamps.Modified(table, row, byUser);
            }
    }

    private static void Purge(Table table, string field, string id, Func<int, bool> chosen)
    {
        foreach (var row in table.LiveRows(table.Schema[field], id).Where(chosen).ToList())
            table.SetState(row, RowState.Purged);
    }

    private string? NameOf(string? user) =>
        user is not null && users.Find(user) is >= 0 and var row ? (string?)users[row, users.Schema["Name"]] : null;
}
