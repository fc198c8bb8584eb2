using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Platform;

/// <summary>Deletes a row and what hangs on it, or takes both out of the recycle bin: details go with it, other lookups are cleared, a restricted one refuses.</summary>
internal sealed class Deletion(Org org, Stamps stamps, string byUser)
{
    /// <exception cref="RowRefusedException">A row points to it that must not lose it.</exception>
    public void Delete(Table table, int row)
    {
        var id = table.Id(row);
        foreach (var (child, field, _) in table.Schema.Children)
        {
            var children = org[child];
            if (children.Slots == 0)
                continue;
            foreach (var dependent in children.LiveRows(field, id).ToList())
                if (field.RestrictedDelete)
                    throw new RowRefusedException("DELETE_FAILED",
                        $"Your attempt to delete {table.Schema.Label} could not be completed because it "
                        + $"is associated with the following {child.LabelPlural}.: {children.Id(dependent)}");
                else if (field.CascadeDelete)
                    Delete(children, dependent);
                else
                    children.Set(dependent, field, null);
        }
        stamps.Modified(table, row, byUser);
        table.SetState(row, table.Schema.BypassesRecycleBin ? RowState.Purged : RowState.Deleted);
    }

    /// <summary>Details come back with the row. Only the row's own stamp moves, and lookups that were cleared stay so: both are unverified.</summary>
    public void Undelete(Table table, int row)
    {
        foreach (var (child, field, _) in table.Schema.Children.Where(c => c.Field.CascadeDelete))
            foreach (var dependent in org[child].RowsWith(field, table.Id(row)).ToList())
                if (org[child].State(dependent) == RowState.Deleted)
                    org[child].SetState(dependent, RowState.Live);
        table.SetState(row, RowState.Live);
        stamps.Modified(table, row, byUser);
    }
}
