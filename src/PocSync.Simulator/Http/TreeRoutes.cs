using System.Text.Json;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>/composite/tree/X: up to 200 new rows with their children and grandchildren, all or none.</summary>
internal sealed class TreeRoutes(Org org, Writers writers)
{
    private const int MostRows = 200, MostLevels = 5, MostTypes = 5;

    public ApiAnswer Create(ApiCall call)
    {
        if (!org.Schema.TryFind(call.Segments[2], out var root) || org.Settings.Hidden.Contains(root.Name))
            throw ApiException.NotFound();
        var nodes = new List<Node>();
        Collect(root, call.JsonBody(), null, 1, nodes);
        if (nodes.Count is 0 or > MostRows)
            throw new ApiException(400, "INVALID_INPUT", $"The request holds {nodes.Count} records; it may hold 1 to {MostRows}.");
        if (nodes.Select(n => n.Object).Distinct().Count() > MostTypes)
            throw new ApiException(400, "INVALID_INPUT", $"The request holds records of more than {MostTypes} types.");
        if (nodes.GroupBy(n => n.Reference, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ApiException(400, "INVALID_INPUT", $"Duplicate ReferenceId provided in the request: {twice.Key}.");
        return Save(writers.For(call), nodes);
    }

    private ApiAnswer Save(RecordWriter writer, List<Node> nodes)
    {
        var mark = org.Journal.Mark();
        var saved = new Dictionary<Node, RowOutcome>();
        // What hangs on a record that failed is not tried.
        foreach (var node in nodes.Where(n => n.Parent is null || (saved.TryGetValue(n.Parent, out var above) && above.Success)))
        {
            if (node.Parent is { } parent)
                node.Draft.Values.Add((node.Link!, saved[parent].Id));
            saved[node] = writer.Insert(node.Draft);
        }
        var failed = saved.Where(s => !s.Value.Success).ToList();
        if (failed.Count > 0)
            org.Journal.UndoTo(mark);
        return ApiAnswer.Json(failed.Count > 0 ? 400 : 201, w =>
        {
            w.WriteStartObject();
            w.WriteBoolean("hasErrors", failed.Count > 0);
            w.WriteStartArray("results");
            foreach (var (node, outcome) in failed.Count > 0 ? failed : [.. saved])
            {
                w.WriteStartObject();
                w.WriteString("referenceId", node.Reference);
                if (outcome.Success)
                    w.WriteString("id", outcome.Id);
                else
                    ApiAnswer.WriteRowErrors(w, outcome.Errors);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    /// <summary>Parents come before their children.</summary>
    private void Collect(SObject of, JsonElement list, (Node Node, Field Link)? parent, int level, List<Node> nodes)
    {
        if (list.ValueKind != JsonValueKind.Object || !list.TryGetProperty("records", out var records) || records.ValueKind != JsonValueKind.Array)
            throw new ApiException(400, "JSON_PARSER_ERROR", "The body, and each relationship to children, must hold an array 'records'.");
        if (level > MostLevels)
            throw new ApiException(400, "INVALID_INPUT", $"The request nests records more than {MostLevels} levels deep.");
        foreach (var json in records.EnumerateArray())
        {
            var attributes = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("attributes", out var given) ? given : default;
            if (Text(attributes, "referenceId") is not { } reference)
                throw new ApiException(400, "INVALID_INPUT", "Include a reference ID for each record in the request.");
            if (!of.Name.Equals(Text(attributes, "type"), StringComparison.OrdinalIgnoreCase))
                throw new ApiException(400, "INVALID_INPUT", $"The record {reference} must be of the type {of.Name}.");
            var children = json.EnumerateObject()
                .Select(p => (Way: of.Children.FirstOrDefault(c => p.Name.Equals(c.Name, StringComparison.OrdinalIgnoreCase)), p.Value))
                .Where(c => c.Way is not null).ToList();
            var names = children.Select(c => c.Way!.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var own = JsonSerializer.SerializeToElement(json.EnumerateObject().Where(p => !names.Contains(p.Name)).ToDictionary(p => p.Name, p => p.Value));
            var node = new Node(reference, of, DraftJson.Read(org, of, own, ignoreId: false), parent?.Node, parent?.Link);
            nodes.Add(node);
            foreach (var (way, value) in children)
                Collect(way!.Child, value, (node, way.Field), level + 1, nodes);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Node(string Reference, SObject Object, Draft Draft, Node? Parent, Field? Link);
}
