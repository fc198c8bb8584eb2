using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Tests;

public sealed class StoreTests
{
    [Fact]
    public void An_index_holds_each_values_rows_in_the_order_in_which_they_got_it()
    {
        var index = new ValueIndex(StringComparer.Ordinal);
        var expected = new List<(int Row, string Value)>();
        var random = new Random(5);
        for (var step = 0; step < 20_000; step++)
        {
            var row = random.Next(300);
            if (expected.FindIndex(e => e.Row == row) is >= 0 and var at)
            {
                index.Remove(expected[at].Value, row);
                expected.RemoveAt(at);
            }
            if (random.Next(4) > 0)
            {
                var value = $"{random.Next(20)}";
                index.Add(value, row);
                expected.Add((row, value));
            }
        }

        foreach (var value in Enumerable.Range(0, 21).Select(v => $"{v}"))
            index[value].Rows().ShouldBe(expected.Where(e => e.Value == value).Select(e => e.Row));
    }

    [Fact]
    public void Undoing_a_transaction_restores_rows_cells_and_indexes()
    {
        var schema = new SObject("X", "a00");
        schema.Add(StandardObjects.IdField("ID"));
        schema.Add(new Field("Parent", ApiType.Reference));
        schema.Add(new Field("Amount", ApiType.Double));
        var journal = new Journal();
        var table = new Table(schema, journal);
        var (kept, purged) = (table.Add("a00000000000001AAA"), table.Add("a00000000000002AAA"));
        foreach (var row in (int[])[kept, purged])
            table.Set(row, schema["Parent"], "p");
        table.LiveRows(schema["Parent"], "p").ShouldBe([kept, purged]);

        journal.Begin();
        table.Set(kept, schema["Parent"], "q");
        table.Set(kept, schema["Amount"], 5m);
        table.SetState(purged, RowState.Deleted);
        table.SetState(purged, RowState.Purged);
        var added = table.Add("a00000000000003AAA");
        table.Set(added, schema["Parent"], "p");
        journal.UndoTo(0);

        table.LiveRows(schema["Parent"], "p").Order().ShouldBe([kept, purged]);
        table.LiveRows(schema["Parent"], "q").ShouldBeEmpty();
        table[kept, schema["Amount"]].ShouldBeNull();
        (table.LiveCount, table.Find("a00000000000003AAA"), table.Find("a00000000000002AAA")).ShouldBe((2, -1, purged));
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(300, "300.0")]
    [InlineData(-1.25, "-1.25")]
    [InlineData(9999999.5, "9999999.5")]
    [InlineData(10000000, "1.0E7")]
    [InlineData(123456789.25, "1.2345678925E8")]
    [InlineData(-251410000, "-2.5141E8")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "1.0E-4")]
    [InlineData(100200000000, "1.002E11")]
    public void Doubles_are_printed_as_java_prints_them(double number, string text) => RecordJson.Double(number).ShouldBe(text);
}
