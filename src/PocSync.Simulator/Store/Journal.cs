using PocSync.Simulator.Schema;

namespace PocSync.Simulator.Store;

/// <summary>
/// What has to be undone, newest last, while a transaction runs. Ids and numbers handed out are not taken back, as on the platform.
/// Guarded by the org's write lock.
/// </summary>
internal sealed class Journal
{
    private readonly List<Entry> entries = [];
    private bool recording;

    /// <summary>How many transactions changed something.</summary>
    public int Changes { get; private set; }

    /// <summary>Everything done until <see cref="Commit"/> can be undone.</summary>
    public void Begin() => recording = true;

    /// <summary>A point to which <see cref="UndoTo"/> can go back.</summary>
    public int Mark() => entries.Count;

    public void UndoTo(int mark)
    {
        recording = false;
        for (var i = entries.Count - 1; i >= mark; i--)
            entries[i].Undo();
        entries.RemoveRange(mark, entries.Count - mark);
        recording = true;
    }

    public void Commit()
    {
        recording = false;
        Changes += entries.Count > 0 ? 1 : 0;
        entries.Clear();
    }

    public void CellChanged(Table table, int row, Field field, object? old)
    {
        if (recording)
            entries.Add(new(table, row, field, old));
    }

    public void StateChanged(Table table, int row, RowState old)
    {
        if (recording)
            entries.Add(new(table, row, null, old));
    }

    public void RowAdded(Table table, int row)
    {
        if (recording)
            entries.Add(new(table, row, null, RowState.Purged));
    }

    /// <summary>A cell's old value, or, without a field, the row's old state.</summary>
    private readonly record struct Entry(Table Table, int Row, Field? Field, object? Old)
    {
        public void Undo()
        {
            if (Field is not null)
                Table.Set(Row, Field, Old);
            else
                Table.SetState(Row, (RowState)Old!);
        }
    }
}
