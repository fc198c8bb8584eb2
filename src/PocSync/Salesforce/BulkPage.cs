using CsvHelper;

namespace PocSync.Salesforce;

/// <summary>A page of Bulk results does not read as it should: part of it is missing or garbled.</summary>
internal sealed class TornPageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads the CSV of one page of Bulk results as it comes: a header, then quoted cells, blank for null.</summary>
internal sealed class BulkPage(Stream body, IReadOnlyList<string> columns) : IDisposable
{
    private static readonly CsvReaderOptions Format = new()
    {
        Separator = ',',
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        NullValues = [""],
        IncludeValuesInExceptions = false,
        // Owners, booleans and picklists repeat, and rows are kept.
        PoolStrings = true,
        // A row of Salesforce has at most 400,000 characters.
        MaxRecordSize = 4 * 1024 * 1024,
    };

    private readonly CsvReader _csv = CsvReader.Create(body, Format);
    private int[]? _places;

    /// <summary>The next row, its cells in the order of the columns; null after the last.</summary>
    /// <exception cref="TornPageException">A row or the header is not whole.</exception>
    public async ValueTask<string?[]?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            _places ??= await PlacesAsync(cancellation);
            if (!await _csv.ReadAsync(cancellation))
                return null;
            var row = new string?[_places.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = _csv.GetStringOrNull(_places[i]);
            return row;
        }
        catch (CsvFormatException e)
        {
            throw new TornPageException(e.Message, e);
        }
    }

    /// <summary>Where each column stands: in the order queried from version 50 on, by the alphabet before. A job without rows may answer without a header.</summary>
    private async Task<int[]> PlacesAsync(CancellationToken cancellation)
    {
        await _csv.ReadHeaderAsync(cancellation);
        if (_csv.Headers.Count == 0)
            return [];
        return [.. columns.Select(c => _csv.TryGetFieldIndex(c, out var place) ? place : throw new TornPageException($"no column {c}"))];
    }

    public void Dispose() => _csv.Dispose();
}
