using System.IO.Compression;

namespace PocSync.Exports;

/// <summary>One CSV of an export: its name as a reader of messages knows it, its length in bytes once unpacked, and how to read it from the start.</summary>
public sealed record ExportFile(string Name, long Length, Func<Stream> Open);

/// <summary>
/// The files of a data export, in a folder or a zip: one CSV an object, named for it in any case. In a zip they may lie in one folder. Nothing is unpacked to disk.
/// Throws <see cref="ExportException"/>.
/// </summary>
public sealed class ExportFiles : IDisposable
{
    private readonly Dictionary<string, ExportFile> _csvs = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _others = [];
    private readonly string _path;
    private readonly ZipArchive? _zip;

    private ExportFiles(string path, ZipArchive? zip) => (_path, _zip) = (path, zip);

    /// <summary>The names of files that are no CSV, in order.</summary>
    public IReadOnlyList<string> Others => _others;

    /// <summary>The CSVs, by object name in any case.</summary>
    public IReadOnlyDictionary<string, ExportFile> Csvs => _csvs;

    /// <summary>Opens a folder or a zip.</summary>
    public static ExportFiles Open(string path)
    {
        try
        {
            var files = Directory.Exists(path) ? OpenFolder(path)
                : File.Exists(path) ? OpenZip(path)
                : throw new ExportException($"There is no folder or zip at {(path.Length == 0 ? "''" : path)}; give the folder with the export's CSV files, or the zip.");
            if (files._csvs.Count == 0)
            {
                files.Dispose();
                throw new ExportException($"{path} holds no CSV files; an export has one CSV for each object, such as Account.csv.");
            }

            return files;
        }
        catch (UnauthorizedAccessException)
        {
            throw new ExportException($"{path} may not be read; ask for permission to read it.");
        }
        catch (IOException wrong)
        {
            throw new ExportException($"{path} cannot be read: {wrong.Message}");
        }
    }

    private static ExportFiles OpenFolder(string path)
    {
        var files = new ExportFiles(path, null);
        foreach (var file in new DirectoryInfo(path).EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            files.Add(file.Name, file.Name, file.Length, () => OpenFile(file));
        }

        return files;
    }

    private static FileStream OpenFile(FileInfo file)
    {
        // Pipes and devices have no length either; opening one could wait for ever.
        if (file.Length == 0)
        {
            throw new ExportException($"{file.Name} is empty; it needs at least a header with the API names of the fields.");
        }

        try
        {
            return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        }
        catch (UnauthorizedAccessException)
        {
            throw new ExportException($"{file.Name} may not be read; ask for permission to read it.");
        }
        catch (IOException wrong)
        {
            throw new ExportException($"{file.Name} cannot be read: {wrong.Message}");
        }
    }

    private static ExportFiles OpenZip(string path)
    {
        ZipArchive zip;
        try
        {
            // Pipes and devices have no length; opening one could wait for ever.
            zip = new FileInfo(path).Length > 0 ? new ZipArchive(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)) : throw new InvalidDataException();
        }
        catch (InvalidDataException)
        {
            throw new ExportException($"{path} is neither a folder nor a zip that can be read; give the folder with the export's CSV files, or the zip.");
        }

        var files = new ExportFiles(path, zip);
        try
        {
            foreach (var entry in zip.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                // A Mac adds a twin of every file with what it knows of it.
                if (entry.Name.Length > 0 && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))
                {
                    files.Add(entry.Name, entry.FullName, entry.Length, () => files.OpenEntry(entry));
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new ExportException($"{path} is damaged: its list of files cannot be read; export or copy it again.");
        }

        return files;
    }

    private ZipEntryStream OpenEntry(ZipArchiveEntry entry)
    {
        var name = $"{entry.FullName} in {Path.GetFileName(_path)}";
        if (entry.IsEncrypted)
        {
            throw new ExportException($"{name} is encrypted; unpack the zip and give its folder.");
        }

        try
        {
            return new ZipEntryStream(entry, name);
        }
        catch (InvalidDataException)
        {
            throw new ExportException($"{name} is damaged, or packed in a way that is not known here; unpack the zip and give its folder.");
        }
    }

    private void Add(string fileName, string shownName, long length, Func<Stream> open)
    {
        if (fileName.StartsWith('.') || !fileName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            _others.Add(shownName);
        }
        else if (!_csvs.TryAdd(fileName[..^4], new ExportFile(shownName, length, open)))
        {
            throw new ExportException($"{_path} has both {_csvs[fileName[..^4]].Name} and {shownName}; keep the one that is the export.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _zip?.Dispose();
}
