using PocSync.Simulator.Store;

namespace PocSync.Simulator.Platform;

/// <summary>Who wrote a row and when. A row's SystemModstamp moves by at least a second with every write, so that no write goes unseen at the
/// platform's precision.</summary>
internal sealed class Stamps(Org org)
{
    public void Created(Table table, int row, string byUser)
    {
        Put(table, row, "CreatedDate", org.Now);
        Put(table, row, "CreatedById", byUser);
        Modified(table, row, byUser);
    }

    public void Modified(Table table, int row, string byUser)
    {
        var instant = org.Now;
        if (table.Schema.Find("SystemModstamp") is { } stamp && table[row, stamp] is DateTimeOffset last && last >= instant)
            instant = last.AddSeconds(1);
        Put(table, row, "SystemModstamp", instant);
        Put(table, row, "LastModifiedDate", instant);
        Put(table, row, "LastModifiedById", byUser);
    }

    private static void Put(Table table, int row, string field, object value)
    {
        if (table.Schema.Find(field) is { } found)
            table.Set(row, found, value);
    }
}
