using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Exports;

/// <summary>One table of an export as it was read.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Rows">Rows below the header.</param>
/// <param name="MissingFields">Fields that the rules would read and the file does not have, by the org's names.</param>
public sealed record TableRead(string File, long Rows, IReadOnlyList<string> MissingFields);

/// <summary>What was found in an export.</summary>
/// <param name="Tables">The tables, in the order in which they were read.</param>
/// <param name="MissingFiles">Files of objects that the rules would read and the export does not have.</param>
/// <param name="IgnoredFiles">Files that nothing reads.</param>
public sealed record ExportContents(IReadOnlyList<TableRead> Tables, IReadOnlyList<string> MissingFiles, IReadOnlyList<string> IgnoredFiles);

/// <summary>Where reading stands: the file, bytes read of it and in all.</summary>
public readonly record struct ReadingProgress(string File, long Bytes, long Length, long AllBytes, long AllLength);

/// <summary>Reads an export into a snapshot, streaming. Throws <see cref="ExportException"/>.</summary>
public sealed class ExportReader(Settings settings, DateTimeOffset now)
{
    private const int RowsBetweenProgress = 4_096;
    private readonly List<TableRead> _tables = [];
    private readonly List<string> _missing = [];
    private readonly SnapshotBuilder _builder = new(settings, now);
    private long _bytesBefore;
    private long _allBytes;

    /// <summary>Told every few thousand rows and at the end of each file.</summary>
    public Action<ReadingProgress>? OnProgress { get; init; }

    /// <summary>Reads a folder or zip. A reader reads once.</summary>
    public (Snapshot Snapshot, ExportContents Contents) Read(string path, CancellationToken stop = default)
    {
        using var files = ExportFiles.Open(path);
        var wanted = SnapshotBuilder.ObjectsOf(settings).Select(o => (Object: o, File: files.Csvs.GetValueOrDefault(settings.Names.Object(o)))).ToList();
        if (wanted.Single(w => w.Object == "Account").File is null)
        {
            throw new ExportException($"{path} has no Account.csv, the one file that an audit cannot do without; export the object Account with its Id.");
        }

        _allBytes = wanted.Sum(w => w.File?.Length ?? 0);
        foreach (var (objectName, file) in wanted)
        {
            if (file is null)
            {
                _missing.Add(settings.Names.Object(objectName) + ".csv");
            }
            else
            {
                ReadTable(objectName, file, stop);
            }
        }

        ReadCustomerSides(wanted, stop);
        var used = wanted.Select(w => w.File).OfType<ExportFile>().ToHashSet();
        var ignored = files.Others.Concat(files.Csvs.Values.Where(f => !used.Contains(f)).Select(f => f.Name)).Order(StringComparer.Ordinal);
        return (_builder.Build(), new ExportContents(_tables, _missing, [.. ignored]));
    }

    private void ReadTable(string objectName, ExportFile file, CancellationToken stop)
    {
        long line = 1;
        try
        {
            using var csv = CsvTable.Open(file.Open);
            var table = _builder.Begin(objectName, csv.Header);
            csv.Want(table.Wanted);
            long rows = 0;
            while (csv.Read() is { } cells)
            {
                line = csv.Line;
                table.Add(cells);
                rows++;
                if (rows % RowsBetweenProgress == 0)
                {
                    stop.ThrowIfCancellationRequested();
                    Progress(file, csv.Offset);
                }
            }

            Progress(file, file.Length);
            _bytesBefore += file.Length;
            _tables.Add(new TableRead(file.Name, rows, MissingFields(objectName, csv.Header)));
        }
        catch (CsvException wrong)
        {
            throw new ExportException($"{Place(file, wrong.Line, wrong.Spot)}: {wrong.Message}");
        }
        catch (IntakeException wrong)
        {
            throw new ExportException($"{Place(file, line, null)}{(wrong.Field is { } field ? $", field {field}" : "")}: {wrong.Message}");
        }
        catch (IOException wrong)
        {
            throw new ExportException($"{file.Name} cannot be read: {wrong.Message}");
        }
    }

    /// <summary>Which accounts need more of their contacts is known only once all contacts were read, so that the file is read again.</summary>
    private void ReadCustomerSides(IReadOnlyList<(string Object, ExportFile? File)> wanted, CancellationToken stop)
    {
        if (_builder.OpenCustomerSides().Count == 0)
        {
            return;
        }

        foreach (var (name, _) in _builder.OpenFields)
        {
            if (wanted.First(w => w.Object == name).File is not { } file)
            {
                continue;
            }

            using var csv = CsvTable.Open(file.Open);
            var table = _builder.BeginOpen(name, csv.Header);
            csv.Want(table.Wanted);
            for (long rows = 0; csv.Read() is { } cells; rows++)
            {
                table.Add(cells);
                if (rows % RowsBetweenProgress == 0)
                {
                    stop.ThrowIfCancellationRequested();
                }
            }
        }
    }

    private void Progress(ExportFile file, long bytes) =>
        OnProgress?.Invoke(new ReadingProgress(file.Name, bytes, file.Length, _bytesBefore + bytes, _allBytes));

    private static string Place(ExportFile file, long line, long? spot)
    {
        if (spot is null)
        {
            return $"{file.Name}, line {line}";
        }

        using var stream = file.Open();
        var place = TextPlace.Find(stream, spot.Value);
        return place.Line == line
            ? $"{file.Name}, line {line}, column {place.Column}"
            : $"{file.Name}, in the record of line {line}, at line {place.Line}, column {place.Column}";
    }

    private List<string> MissingFields(string objectName, IReadOnlyList<string> header)
    {
        var there = header.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = SnapshotBuilder.FieldsOf(objectName, settings).Where(f => !there.Contains(f)).ToList();

        // A full name needs no parts; and a tool that leaves deleted rows out says nothing of deletion.
        missing.RemoveAll(f => (f is "FirstName" or "LastName" && there.Contains("Name")) || f == "IsDeleted");
        return missing;
    }
}
