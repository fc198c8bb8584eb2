using System.Globalization;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Exports;

namespace PocSync.Cli;

/// <summary>Reads an export for a verb, and says on standard error what was read, missing and not used.</summary>
internal static class ExportReading
{
    /// <summary>The snapshot of an export, and what was found in it. Throws <see cref="ExportException"/>.</summary>
    public static (Snapshot Snapshot, ExportContents Contents) Read(string path, Settings settings, DateTimeOffset now, Surroundings around, CancellationToken stop)
    {
        var (snapshot, contents) = ReadingDisplay.Show(around, progress => new ExportReader(settings, now) { OnProgress = progress }.Read(path, stop));
        foreach (var line in Summary(contents, snapshot))
        {
            around.Error.WriteLine(PlainText.Line(line));
        }

        return (snapshot, contents);
    }

    private static IEnumerable<string> Summary(ExportContents contents, Snapshot snapshot)
    {
        yield return $"Read {string.Join(", ", contents.Tables.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.File} ({t.Rows:N0} rows)")))}.";
        if (contents.MissingFiles.Count > 0)
        {
            yield return $"Not in the export: {string.Join(", ", contents.MissingFiles)}.";
        }

        foreach (var table in contents.Tables.Where(t => t.MissingFields.Count > 0))
        {
            yield return $"Not in {table.File}: {string.Join(", ", table.MissingFields)}.";
        }

        if (contents.IgnoredFiles.Count > 0)
        {
            yield return $"Not used: {string.Join(", ", contents.IgnoredFiles.Take(20))}{(contents.IgnoredFiles.Count > 20 ? $" and {contents.IgnoredFiles.Count - 20} more" : "")}.";
        }

        foreach (var (field, count) in snapshot.Unreadable.OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Taken as blank, because it could not be read: {field} in {count:N0} {(count == 1 ? "row" : "rows")}.");
        }
    }
}
