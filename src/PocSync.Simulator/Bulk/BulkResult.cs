using Microsoft.Win32.SafeHandles;
using PocSync.Soql;

namespace PocSync.Simulator.Bulk;

/// <summary>The rows of a finished query job as CSV in a temporary file that goes when it is closed, so that any number of rows takes little
/// memory.</summary>
internal sealed class BulkResult : IDisposable
{
    private const int Chunk = 1 << 16;
    private readonly SafeFileHandle file;
    private readonly byte[] header;

    /// <summary>Where each row begins, and where the last one ends.</summary>
    private readonly long[] starts;

    private BulkResult(SafeFileHandle file, byte[] header, long[] starts) => (this.file, this.header, this.starts) = (file, header, starts);

    public int Count => starts.Length - 1;

    public static BulkResult Write(QueryResult result, BulkJob job, CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), $"simulator-{Guid.NewGuid():N}.csv");
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        try
        {
            var cells = result.Cells;
            var csv = new CsvBytes(job.Delimiter, job.NewLine);
            foreach (var cell in cells)
                csv.Cell(cell.Heading);
            csv.EndRow();
            var header = csv.Written.ToArray();
            csv.Clear();
            var starts = new List<long>(result.Count + 1);
            long flushed = 0;
            foreach (var record in result.Records())
            {
                starts.Add(flushed + csv.Written.Length);
                foreach (var cell in cells)
                    csv.Cell(cell.Read(record));
                csv.EndRow();
                if (csv.Written.Length < Chunk)
                    continue;
                cancellation.ThrowIfCancellationRequested();
                RandomAccess.Write(handle, csv.Written, flushed);
                flushed += csv.Written.Length;
                csv.Clear();
            }
            RandomAccess.Write(handle, csv.Written, flushed);
            starts.Add(flushed + csv.Written.Length);
            return new(handle, header, [.. starts]);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The header and these rows.</summary>
    public async Task SendAsync(Stream to, int from, int count, CancellationToken cancellation)
    {
        await to.WriteAsync(header, cancellation);
        var (at, end) = (starts[from], starts[from + count]);
        var buffer = new byte[Chunk];
        while (at < end)
        {
            var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(Chunk, end - at)), at, cancellation);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            at += read;
        }
    }

    public void Dispose() => file.Dispose();
}
