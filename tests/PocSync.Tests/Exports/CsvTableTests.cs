using System.Text;
using PocSync.Exports;

namespace PocSync.Tests.Exports;

public class CsvTableTests
{
    private static List<string?[]> Rows(byte[] bytes, Func<byte[], Stream>? open = null)
    {
        using var csv = CsvTable.Open(() => open?.Invoke(bytes) ?? new MemoryStream(bytes));
        csv.Want([.. Enumerable.Range(0, csv.Header.Count)]);
        var rows = new List<string?[]>();
        while (csv.Read() is { } cells)
        {
            rows.Add([.. cells]);
        }

        return rows;
    }

    private static List<string?[]> Rows(string text) => Rows(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("Id,Name\n1,a\n2,b\n")]
    [InlineData("Id,Name\r\n1,a\r\n2,b\r\n")]
    [InlineData("Id,Name\r1,a\r2,b")]
    [InlineData("\uFEFFId,Name\n1,a\n2,b")]
    [InlineData("\"Id\",\"Name\"\r\n\"1\",\"a\"\r\n\"2\",\"b\"\r\n")]
    [InlineData("\n\nId,Name\n\n1,a\r\n\r\n2,b\n\n")]
    public void Line_ends_marks_quotes_and_blank_lines_change_nothing(string text)
    {
        var rows = Rows(text);
        rows.Count.ShouldBe(2);
        rows[0].ShouldBe(["1", "a"]);
        rows[1].ShouldBe(["2", "b"]);
    }

    [Fact]
    public void A_quoted_cell_holds_commas_line_ends_and_doubled_marks() =>
        Rows("Id,Name\n1,\"a, \"\"b\"\"\r\nc\"\n").Single().ShouldBe(["1", "a, \"b\"\r\nc"]);

    [Fact]
    public void An_empty_cell_is_null_quoted_or_not() => Rows("A,B,C\n,\"\",x\n").Single().ShouldBe([null, null, "x"]);

    [Fact]
    public void Cells_are_whole_wherever_a_buffer_ends()
    {
        var random = new Random(7);
        string[] alphabet = ["a", "é", "漢", "😀", "\"", ",", "\r\n", "\n", " "];
        var rows = Enumerable.Range(0, 3_000).Select(i => new[]
        {
            i.ToString(), string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.GetItems(alphabet, 1)[0])), new string('x', random.Next(300)),
        }).ToList();
        var text = new StringBuilder("Id,A,B\r\n");
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(c => $"\"{c.Replace("\"", "\"\"")}\"")).Append("\r\n");
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        bytes.Length.ShouldBeGreaterThan(3 * 128 * 1024);
        var read = Rows(bytes, b => new Dripping(b));
        read.Count.ShouldBe(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            read[i].Select(c => c ?? "").ShouldBe(rows[i]);
        }
    }

    [Fact]
    public void Only_wanted_cells_are_made_into_text()
    {
        using var csv = CsvTable.Open(() => new MemoryStream([.. "Id,Junk,Name\n1,"u8, 0xE9, .. ",b\n"u8]));
        csv.Want([2, 0]);
        csv.Read().ShouldBe(["b", "1"]);
    }

    [Theory]
    [InlineData("Id,Name\n1,\"a\n2,b\n", 2, 0, "never closed")]
    [InlineData("Id,Name\n1,\"a,\"x\"\n2,b\n", 2, 7, "text follows the quotation mark that closes a cell")]
    [InlineData("Id,Name\n1,a\n2,b\"\n", 3, 4, "stands inside a cell")]
    [InlineData("Id,Na\"me\n1,a\n", 1, 6, "stands inside a cell")]
    [InlineData("Id,Name\n1,é\"\n", 2, 4, "stands inside")]
    [InlineData("Id,Name\n1,a,c\n", 2, 0, "the row has 3 cells where the header has 2")]
    [InlineData("Id,Name\n1,a\n2\n", 3, 0, "the row has 1 cell where the header has 2")]
    [InlineData("Id,Name\n1,\"a\nb\"\n2\n", 4, 0, "the row has 1 cell")]
    [InlineData("Id,Name,id\n1,a,2\n", 1, 0, "two columns are named Id")]
    [InlineData("Id;Name\n1;a\n", 1, 0, "semicolons")]
    [InlineData("", 1, 0, "empty")]
    [InlineData("\uFEFF\n", 1, 0, "empty")]
    [InlineData("Id,Name\n1,a\0b\n", 2, 0, "NUL")]
    public void What_would_have_to_be_guessed_is_refused_with_its_place(string text, int line, int column, string problem)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var wrong = Should.Throw<CsvException>(() => Rows(bytes));
        wrong.Message.ShouldContain(problem);
        wrong.Line.ShouldBe(line);
        if (column == 0)
        {
            wrong.Spot.ShouldBeNull();
        }
        else
        {
            TextPlace.Find(new MemoryStream(bytes), wrong.Spot!.Value).Column.ShouldBe(column);
        }
    }

    [Fact]
    public void Text_of_another_encoding_is_refused()
    {
        Should.Throw<CsvException>(() => Rows([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("Id\n1\n")])).Message.ShouldContain("UTF-16");
        Should.Throw<CsvException>(() => Rows(Encoding.Unicode.GetBytes("Id\n1\n"))).Message.ShouldContain("NUL");
        Should.Throw<CsvException>(() => Rows(Encoding.Latin1.GetBytes("Id,Name\n1,Café\n"))).Message.ShouldContain("not UTF-8");
    }

    [Fact]
    public void A_cell_may_be_a_long_text_field_but_not_endless()
    {
        Rows($"Id,Name\n1,\"{new string('x', CsvTable.MaxCell)}\"\n").Single()[1]!.Length.ShouldBe(CsvTable.MaxCell);
        foreach (var mark in new[] { "", "\"" })
        {
            Should.Throw<CsvException>(() => Rows($"Id,Name\n1,{mark}{new string('x', CsvTable.MaxCell + 1)}{mark}\n"))
                .Message.ShouldContain("the cell of Name is longer than 1,048,576 bytes");
        }
    }

    [Fact]
    public void A_record_is_bounded_even_where_no_cell_of_it_is_wanted()
    {
        var rows = Encoding.UTF8.GetBytes($"Id,Name\n1,a\n2,\"{new string('x', 10_000_000)}\n");
        using var csv = CsvTable.Open(() => new MemoryStream(rows));
        csv.Want([0]);
        csv.Read().ShouldBe(["1"]);
        var wrong = Should.Throw<CsvException>(() => csv.Read());
        wrong.Line.ShouldBe(3);
        wrong.Message.ShouldContain("longer than 8,388,608 bytes");
    }

    /// <summary>Gives at most a few bytes at a time, as an unpacker may.</summary>
    private sealed class Dripping(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 977)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 977));
    }
}
