using System.IO.Compression;
using CsvHelper;

namespace PocSync.Simulator;

/// <summary>Reads a data export: a folder or a zip file of <c>&lt;ObjectApiName&gt;.csv</c>, one object a file, the first row naming the
/// fields.</summary>
public static class CsvTables
{
    /// <exception cref="InvalidDataException">One sentence: which file, where, what is wrong.</exception>
    /// <exception cref="IOException">The folder or file cannot be read.</exception>
    public static IReadOnlyList<OrgTable> Read(string folderOrZip)
    {
        if (Directory.Exists(folderOrZip))
        {
            var files = Directory.GetFiles(folderOrZip, "*.csv").Order(StringComparer.Ordinal).ToList();
            if (files.Count == 0)
                throw new InvalidDataException($"{folderOrZip} holds no CSV file; an export has one <Object>.csv an object.");
            return [.. files.Select(f => Table(Path.GetFileName(f), () => File.OpenRead(f)))];
        }
        if (!File.Exists(folderOrZip))
            throw new FileNotFoundException($"There is no folder or zip file {folderOrZip}.");
        using var zip = ZipFile.OpenRead(folderOrZip);
        var entries = zip.Entries.Where(e => e.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            .OrderBy(e => e.FullName, StringComparer.Ordinal).ToList();
        if (entries.Count == 0)
            throw new InvalidDataException($"{folderOrZip} holds no CSV file; an export has one <Object>.csv an object.");
        return [.. entries.Select(e => Table(e.Name, e.Open))];
    }

    private static readonly CsvReaderOptions Format = new()
    {
        Separator = ',',
        TrimWhitespace = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        PoolStrings = true,
        TrackLineNumbers = true,
        IncludeValuesInExceptions = false,
    };

    private static OrgTable Table(string fileName, Func<Stream> open)
    {
        using var csv = CsvReader.Create(open(), Format, leaveOpen: false);
        try
        {
            csv.ReadHeader();
            if (csv.Headers is not { Count: > 0 } header)
                throw new InvalidDataException($"{fileName} is empty; its first row must name the fields.");
            if (header.GroupBy(h => h, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new InvalidDataException($"{fileName} has the column {twice.Key} twice.");
            var rows = new List<string?[]>();
            while (csv.Read())
                rows.Add(csv.Current.ToArray());
            return new(Path.GetFileNameWithoutExtension(fileName), [.. header.Select(h => h.Trim())], rows);
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException($"{fileName}, line {csv.LineNumber}: not readable as CSV.", e);
        }
    }
}
