using System.Text;

namespace PocSync.Simulator.Generation;

/// <summary>An org as tables. Rows of large tables are made while they are read, so that an org of any size takes little memory.</summary>
public sealed record GeneratedOrg(IReadOnlyList<OrgTable> Tables, IReadOnlyList<PlantedCase> Planted)
{
    /// <summary>Writes the org as a data export: a file <c>Object.csv</c> a table, UTF-8, every cell quoted. Replaces files of these names.</summary>
    public async Task WriteCsvAsync(string folder, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        foreach (var table in Tables)
        {
            await using var file = new StreamWriter(Path.Combine(folder, table.Object + ".csv"), append: false, new UTF8Encoding(false),
                bufferSize: 1 << 16);
            file.NewLine = "\n";
            WriteRow(file, table.Columns, table.Columns.Count);
            foreach (var row in table.Rows)
            {
                cancel.ThrowIfCancellationRequested();
                WriteRow(file, row, table.Columns.Count);
            }
        }
    }

    private static void WriteRow(StreamWriter file, IReadOnlyList<string?> cells, int width)
    {
        for (var i = 0; i < width; i++)
        {
            file.Write(i == 0 ? "\"" : ",\"");
            if (i < cells.Count && cells[i] is { } cell)
                file.Write(cell.Contains('"') ? cell.Replace("\"", "\"\"", StringComparison.Ordinal) : cell);
            file.Write('"');
        }
        file.WriteLine();
    }
}

/// <summary>Something that a demo org holds on purpose.</summary>
/// <param name="Rule">Id of the rule that must find it, as in the rules' catalogue.</param>
/// <param name="Code">The rule's code for it.</param>
/// <param name="SubjectId">18-character id of the account, user or department it is about.</param>
public sealed record PlantedCase(string Rule, string Code, string SubjectId);
