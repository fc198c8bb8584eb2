using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Platform;

/// <summary>
/// Saves rows as the platform does: checks, writes, then whatever a write brings along. Each row is whole or not at all; the caller decides, by the
/// journal's marks, whether all rows are. One writer serves one call: it may remember what it looked up. Needs the org's write lock.
/// </summary>
/// <param name="byUser">Id of the user who writes.</param>
/// <param name="lockFails">Asked for each row; true = the row cannot be locked.</param>
internal sealed class RecordWriter(Org org, string byUser, Func<bool> lockFails)
{
    private readonly Stamps stamps = new(org);
    private readonly SaveRules rules = new(org);
    private readonly Ownership ownership = new(org, new Stamps(org));

    public RowOutcome Insert(Draft draft) => Guarded(draft.Id, () => new(Create(draft), Created: true, []));

    public RowOutcome Update(Draft draft) => Guarded(draft.Id, () =>
    {
        Change(draft);
        return new(draft.Id, Created: false, []);
    });

    /// <param name="key">An external id, or Id.</param>
    /// <param name="keyValue">Null creates.</param>
    /// <param name="mayCreate">False = a value that no row has is an error.</param>
    public RowOutcome Upsert(Draft draft, Field key, string? keyValue, bool mayCreate = true)
    {
        if (keyValue is null && key.Type == ApiType.Id)
            return mayCreate ? Insert(draft) : RowOutcome.Failed(null, new RowError("NOT_FOUND", "The requested resource does not exist"));
        if (keyValue is null)
            return RowOutcome.Failed(null, new RowError("MISSING_ARGUMENT", $"{key.Name} not specified", key.Name));
        var table = org[draft.Object];
        var matches = table.LiveRows(key, keyValue).Take(2).ToList();
        if (matches.Count > 1)
            return RowOutcome.Failed(null, new RowError("DUPLICATE_EXTERNAL_ID",
                $"{key.Name}: more than one record found for external id field: [{string.Join(", ", matches.Select(table.Id))}]"));
        if (matches.Count == 1)
        {
            draft.Id = table.Id(matches[0]);
            return Update(draft);
        }
        if (key.Type == ApiType.Id || !mayCreate)
            return RowOutcome.Failed(null, new RowError(key.Type == ApiType.Id ? "INVALID_CROSS_REFERENCE_KEY" : "NOT_FOUND",
                key.Type == ApiType.Id ? "invalid cross reference id" : "The requested resource does not exist"));
        draft.Values.Add((key, keyValue));
        return Insert(draft);
    }

    /// <param name="forGood">Without the recycle bin.</param>
    public RowOutcome Delete(string id, SObject? expected = null, bool forGood = false) => Guarded(id, () =>
    {
        var schema = org.Schema.OfId(id);
        if (schema is null || (expected is not null && schema != expected))
            throw new RowRefusedException("MALFORMED_ID", $"{expected?.Label ?? "Record"} ID: id value of incorrect type: {id}", "Id");
        if (!schema.Deletable)
            throw new RowRefusedException("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id");
        var table = org[schema];
        var row = Existing(table, id);
        CheckLockable(table, row);
        new Deletion(org, stamps, byUser).Delete(table, row);
        if (forGood)
            table.SetState(row, RowState.Purged);
        return new(id, Created: false, []);
    });

    private RowOutcome Guarded(string? id, Func<RowOutcome> save)
    {
        var mark = org.Journal.Mark();
        try
        {
            return save();
        }
        catch (RowRefusedException e)
        {
            org.Journal.UndoTo(mark);
            return RowOutcome.Failed(id, e.Errors);
        }
    }

    private string Create(Draft draft)
    {
        var schema = draft.Object;
        if (!schema.Createable)
            throw new RowRefusedException("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", $"entity type {schema.Name} does not support create");
        if (draft.Id is not null)
            throw new RowRefusedException("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", "Id");
        FieldChecks.Check(org, draft, creating: true);
        CheckRowLock(draft.Values.Select(v => v.Value).OfType<string>().FirstOrDefault(v => v.StartsWith("001", StringComparison.Ordinal)) ?? "");
        var table = org[schema];
        var row = table.Add(org.NewId(schema));
        foreach (var field in schema.Fields)
            if (field.AutoNumber is not null)
                table.Set(row, field, org.NextNumber(schema, field));
            else if (field.Default is not null)
                table.Set(row, field, field.Default);
        foreach (var (field, value) in draft.Values)
            table.Set(row, field, value);
        if (schema.Owner is { } owner)
        {
            if (!draft.TryGet(owner, out _))
                table.Set(row, owner, byUser);
            else
                ownership.CheckNewOwner(owner, schema, table.Text(row, owner));
        }
        if (schema.NameField is { Type: ApiType.String, Nillable: false } name && table[row, name] is null)
            table.Set(row, name, table.Id(row)); // a custom object's row without a name is named by its id
        DerivedFields.Work(org, table, row, draft, creating: true);
        stamps.Created(table, row, byUser);
        rules.CheckUnique(table, row, draft);
        rules.CheckTeamMember(table, row);
        rules.CheckValidation(table, row);
        if (schema.Name == "Account")
            ownership.WriteHistory(table.Id(row), "created", null, null, "Text", byUser);
        return table.Id(row);
    }

    private void Change(Draft draft)
    {
        var schema = draft.Object;
        var table = org[schema];
        if (org.Schema.OfId(draft.Id!) != schema)
            throw new RowRefusedException("MALFORMED_ID", $"{schema.Label} ID: id value of incorrect type: {draft.Id}", "Id");
        if (!schema.Updateable)
            throw new RowRefusedException("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", $"entity type {schema.Name} does not support update");
        var row = Existing(table, draft.Id!);
        FieldChecks.Check(org, draft, creating: false);
        CheckLockable(table, row);
        var oldOwner = schema.Owner is { } owned ? table.Text(row, owned) : null;
        foreach (var (field, value) in draft.Values)
            table.Set(row, field, value);
        var newOwner = schema.Owner is { } owner ? table.Text(row, owner) : null;
        if (newOwner != oldOwner)
            ownership.CheckNewOwner(schema.Owner!, schema, newOwner);
        DerivedFields.Work(org, table, row, draft, creating: false);
        stamps.Modified(table, row, byUser);
        rules.CheckUnique(table, row, draft);
        rules.CheckValidation(table, row);
        if (newOwner != oldOwner && schema.Name == "Account")
            ownership.AccountOwnerChanged(row, oldOwner, newOwner!, byUser);
    }

    private static int Existing(Table table, string id) => table.Find(id) switch
    {
        < 0 => throw new RowRefusedException("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
        var row when !table.IsLive(row) => throw new RowRefusedException("ENTITY_IS_DELETED", "entity is deleted"),
        var row => row,
    };

    private void CheckLockable(Table table, int row)
    {
        CheckRowLock(table.Id(row));
        rules.CheckLock(table, row);
    }

    private void CheckRowLock(string id)
    {
        if (lockFails())
            throw new RowRefusedException("UNABLE_TO_LOCK_ROW", $"unable to obtain exclusive access to this record or 1 records: {id}");
    }
}
