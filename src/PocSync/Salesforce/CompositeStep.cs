using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>
/// One step of a composite write. <see cref="Reference"/> (letters, digits, underscores) names it; a later step may use <c>@{reference.id}</c> as a value.
/// A text value that holds <c>@{</c> for another reason cannot go through a composite: Salesforce would take it for a reference.
/// </summary>
public sealed class CompositeStep
{
    private readonly Action<Utf8JsonWriter, WriteOptions>? _body;

    private CompositeStep(string reference, HttpMethod method, string path, IReadOnlyList<RowWrite> rows, bool many,
        Action<Utf8JsonWriter, WriteOptions>? body)
    {
        if (reference.Length == 0 || !reference.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"'{OrgError.OneLine(reference)}' cannot name a step: letters, digits and underscores can.", nameof(reference));
        if (rows.Count is 0 or > OrgWrites.MaxRows)
            throw new ArgumentException($"Step {reference} has {rows.Count} rows, 1 to {OrgWrites.MaxRows} are possible.", nameof(rows));
        (Reference, Method, Path, Rows, Many, _body) = (reference, method, path, rows, many, body);
    }

    public string Reference { get; }
    internal HttpMethod Method { get; }
    internal string Path { get; }
    internal IReadOnlyList<RowWrite> Rows { get; }

    /// <summary>A collection, of which a composite takes no more than five.</summary>
    internal bool Many { get; }

    /// <summary>
    /// Done twice it leaves the org the same and succeeds twice; a delete does not: the second finds nothing; nor does an upsert: the second is an update,
    /// which the org refuses for a field that only a new row takes, such as the parent of a detail.
    /// </summary>
    internal bool Repeatable { get; private init; }

    public static CompositeStep Insert(string reference, RowWrite row) =>
        new(reference, HttpMethod.Post, $"sobjects/{Name(row.Object)}", [row], false, (json, _) => Fields(json, row, null));

    public static CompositeStep Update(string reference, RowWrite row) =>
        new(reference, HttpMethod.Patch, $"sobjects/{Name(row.Object)}/{Name(row.Id!)}", [row], false, (json, _) => Fields(json, row, null))
        { Repeatable = true };

    /// <summary>The row's <paramref name="externalIdField"/> is among its fields, as text.</summary>
    public static CompositeStep Upsert(string reference, string externalIdField, RowWrite row) =>
        new(reference, HttpMethod.Patch, $"sobjects/{Name(row.Object)}/{Name(externalIdField)}/{Name((string)row.Fields[externalIdField]!)}", [row], false,
            (json, _) => Fields(json, row, externalIdField));

    public static CompositeStep Delete(string reference, string @object, string id) =>
        new(reference, HttpMethod.Delete, $"sobjects/{Name(@object)}/{Name(id)}", [new(@object, id, new Dictionary<string, object?>())], false, null);

    public static CompositeStep InsertMany(string reference, IReadOnlyList<RowWrite> rows) => Collection(reference, HttpMethod.Post, rows);

    public static CompositeStep UpdateMany(string reference, IReadOnlyList<RowWrite> rows) => Collection(reference, HttpMethod.Patch, rows, repeatable: true);

    /// <summary>Rows of one object, each with <paramref name="externalIdField"/> among its fields.</summary>
    public static CompositeStep UpsertMany(string reference, string externalIdField, IReadOnlyList<RowWrite> rows) =>
        rows.Select(r => r.Object).Distinct().Skip(1).Any()
            ? throw new ArgumentException($"Step {reference} upserts rows of several objects, which take one call each.", nameof(rows))
            : Collection(reference, HttpMethod.Patch, rows, $"/{Name(rows[0].Object)}/{Name(externalIdField)}");

    /// <summary>Rows of any objects, by their ids.</summary>
    public static CompositeStep DeleteMany(string reference, IReadOnlyList<RowWrite> rows) =>
        new(reference, HttpMethod.Delete, $"composite/sobjects?ids={string.Join(',', rows.Select(r => Name(r.Id!)))}", rows, true, null);

    private static CompositeStep Collection(string reference, HttpMethod method, IReadOnlyList<RowWrite> rows, string path = "", bool repeatable = false) =>
        new(reference, method, "composite/sobjects" + path, rows, true, (json, options) => OrgWrites.WriteCollection(json, rows, options.AllOrNone))
        { Repeatable = repeatable };

    private static string Name(string part) => Uri.EscapeDataString(part);

    private static void Fields(Utf8JsonWriter json, RowWrite row, string? except)
    {
        json.WriteStartObject();
        row.WriteFields(json, except);
        json.WriteEndObject();
    }

    internal void Write(Utf8JsonWriter json, string url, WriteOptions options)
    {
        json.WriteStartObject();
        json.WriteString("method", Method.Method);
        json.WriteString("url", Many && Method == HttpMethod.Delete ? $"{url}&allOrNone={(options.AllOrNone ? "true" : "false")}" : url);
        json.WriteString("referenceId", Reference);
        // Steps do not inherit these from the composite call.
        json.WriteStartObject("httpHeaders");
        foreach (var (name, value) in OrgWrites.Headers(Rows, options))
            json.WriteString(name, value);
        json.WriteEndObject();
        if (_body is not null)
        {
            json.WritePropertyName("body");
            _body(json, options);
        }
        json.WriteEndObject();
    }

    /// <summary>Reads the answer to this step: a row's own answer, an array for a collection, or errors.</summary>
    internal StepResult Read(int status, JsonElement body)
    {
        if (Many && status < 300)
            return new(Reference, status, [.. body.EnumerateArray().Select((row, i) => RowResult.Read(row, Rows.ElementAtOrDefault(i)?.Id))]);
        var id = Rows[0].Id;
        // A second match of the external id is answered with the addresses of the rows.
        if (status == 300)
            return new(Reference, status, [RowResult.Failed(id, [new("DUPLICATE_EXTERNAL_ID", "More than one row has this external id.", [])])]);
        if (status > 300)
            return new(Reference, status, [.. Rows.Select(row => RowResult.Failed(row.Id, OrgError.Parse(body)))]);
        return new(Reference, status, [body.ValueKind == JsonValueKind.Object ? RowResult.Read(body, id) : RowResult.Done(id)]);
    }
}

/// <summary>What became of one step, row by row; <see cref="Status"/> is its own HTTP status.</summary>
public sealed record StepResult(string Reference, int Status, IReadOnlyList<RowResult> Rows)
{
    public bool Success => Status < 300 && Rows.All(r => r.Success);
}

/// <summary>
/// What became of a composite write, step by step in the order sent. <see cref="RolledBack"/>: of all or none a row failed and nothing at all was written;
/// <see cref="Cause"/> is then the failure that is to blame. Where neither it nor <see cref="Success"/> is true, the rows tell what was written.
/// </summary>
public sealed record CompositeResult(IReadOnlyList<StepResult> Steps, bool RolledBack, RowResult? Cause)
{
    public bool Success => Steps.All(s => s.Success);
}
