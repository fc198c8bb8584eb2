using CsvHelper;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Bulk;

/// <summary>
/// Reads the rows of an upload and saves them, 200 at a time. An empty cell leaves a field alone, <c>#N/A</c> sets it to null, a column
/// <c>Rel.Ext__c</c> names a parent by its external id. A header with a field that is not there fails the job before any row.
/// </summary>
internal sealed class BulkUpload(Org org, BulkIngestJob job, Func<RecordWriter> writer)
{
    private const int Chunk = 200;
    private readonly List<Column> columns = [];

    /// <summary>One column: the field it sets, and for a parent's external id that field of the parent.</summary>
    private sealed record Column(Field Field, Field? ParentKey, SObject? Parent);

    /// <summary>Ends between two chunks where the job was aborted: the chunk that is being saved then is saved.</summary>
    /// <param name="order">Puts the results in no order.</param>
    /// <param name="wait">Called before a chunk is saved, with the number of rows saved so far.</param>
    /// <param name="cancellation">Ends it too.</param>
    /// <exception cref="InvalidDataException">The job fails: its errorMessage.</exception>
    public void Run(Random order, Action<int> wait, CancellationToken cancellation)
    {
        var rows = Read();
        job.BeginRows(rows, order);
        for (var at = 0; at < rows.Count && job.State == BulkState.InProgress; at += Chunk)
        {
            wait(at);
            if (cancellation.IsCancellationRequested)
                return;
            org.Lock.EnterWriteLock();
            try
            {
                org.Journal.Begin();
                var save = writer();
                for (var i = at; i < Math.Min(at + Chunk, rows.Count); i++)
                    job.EndRow(i, Save(save, rows[i]));
            }
            finally
            {
                org.Journal.Commit();
                org.Lock.ExitWriteLock();
            }
        }
    }

    private List<string?[]> Read()
    {
        var options = new CsvReaderOptions
        {
            Separator = job.Delimiter,
            TrimWhitespace = false,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
            PoolStrings = true,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
        };
        using var csv = CsvReader.Create(job.Upload ?? default, options);
        try
        {
            csv.ReadHeader();
            job.Columns = [.. csv.Headers ?? []];
            foreach (var name in job.Columns)
                columns.Add(Find(name));
            var rows = new List<string?[]>();
            while (csv.Read())
                rows.Add(csv.Current.ToArray());
            return rows;
        }
        catch (CsvFormatException)
        {
            throw new InvalidDataException($"InvalidBatch : Failed to parse CSV at line {csv.LineNumber}");
        }
    }

    private Column Find(string name)
    {
        if (job.Object.Find(name) is { } field)
            return new(field, null, null);
        if (name.Split('.') is [var relationship, var key] && job.Object.FindRelationship(relationship) is { } reference
            && reference.ReferenceTo.Select(t => org.Schema.TryFind(t, out var found) ? found : null).FirstOrDefault(t => t is not null) is { } parent
            && parent.Find(key) is { } parentKey)
            return new(reference, parentKey, parent);
        throw new InvalidDataException($"InvalidBatch : Field name not found : {name}");
    }

    private RowOutcome Save(RecordWriter save, string?[] cells)
    {
        var draft = new Draft(job.Object);
        string? keyValue = null;
        for (var i = 0; i < columns.Count; i++)
        {
            var (field, parentKey, parent) = columns[i];
            if (cells[i] is not { Length: > 0 } cell)
                continue;
            object? value = null;
            if (cell == "#N/A")
            {
            }
            else if (parentKey is not null)
            {
                var matches = org[parent!].LiveRows(parentKey, cell).Take(2).ToList();
                if (matches.Count == 1)
                    value = org[parent!].Id(matches[0]);
                else
                    draft.Errors.Add(new("INVALID_FIELD",
                        $"Foreign key external ID: {cell} not found for field {parentKey.Name} in entity {parent!.Name}"));
            }
            else if (!CellText.TryRead(field.Type, cell, out value))
                draft.Errors.Add(field.Type.IsId()
                    ? new("MALFORMED_ID", $"{field.Label}: id value of incorrect type: {cell}", field.Name)
                    : new("INVALID_TYPE_ON_FIELD_IN_RECORD", $"{field.Label}: value not of required type: {cell}", field.Name));
            if (field.Type == ApiType.Id)
                draft.Id = (string?)value;
            else if (field == job.Key)
                keyValue = cell;
            else
                draft.Values.Add((field, value));
        }
        return job.Operation switch
        {
            "insert" => save.Insert(draft),
            "upsert" => save.Upsert(draft, job.Key!, job.Key!.Type == ApiType.Id ? draft.Id : keyValue),
            _ when draft.Id is null =>
                RowOutcome.Failed(null, draft.Errors.Count > 0 ? draft.Errors : [new RowError("MISSING_ARGUMENT", "Id not specified", "Id")]),
            "update" => save.Update(draft),
            _ => save.Delete(draft.Id, job.Object, forGood: job.Operation == "hardDelete"),
        };
    }
}
