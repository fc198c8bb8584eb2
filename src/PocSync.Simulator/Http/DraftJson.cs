using System.Text.Json;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Http;

/// <summary>Reads a row out of JSON. What cannot be read becomes the row's errors, so that the other rows of the call are not concerned.</summary>
internal static class DraftJson
{
    /// <param name="ignoreId">Whether an Id among the fields names the row (collections), rather than being an error (row resources).</param>
    public static Draft Read(Org org, SObject of, JsonElement json, bool ignoreId)
    {
        var draft = new Draft(of);
        if (json.ValueKind != JsonValueKind.Object)
        {
            draft.Errors.Add(new("JSON_PARSER_ERROR", "A record must be a JSON object."));
            return draft;
        }
        foreach (var property in json.EnumerateObject())
        {
            if (property.NameEquals("attributes"))
                continue;
            if (property.Name.Equals("id", StringComparison.OrdinalIgnoreCase))
            {
                if (ignoreId)
                    ReadId(draft, property.Value);
                else
                    draft.Errors.Add(new("INVALID_FIELD", $"The Id field should not be specified in the sobject data.", "Id"));
                continue;
            }
            if (property.Value.ValueKind == JsonValueKind.Object && of.FindRelationship(property.Name) is { } reference)
                ReadReference(org, draft, reference, property.Value);
            else if (of.Find(property.Name) is { } field)
                ReadValue(draft, field, property.Value);
            else
                draft.Errors.Add(new("INVALID_FIELD", $"No such column '{property.Name}' on sobject of type {of.Name}"));
        }
        return draft;
    }

    private static void ReadId(Draft draft, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null)
            return;
        if (RecordId.TryNormalize(value.ToString(), out var id))
            draft.Id = id;
        else
            draft.Errors.Add(new("MALFORMED_ID", $"{draft.Object.Label} ID: id value of incorrect type: {value}", "Id"));
    }

    /// <summary>A parent named by its external id: <c>"Account": {"Ext__c": "x"}</c>.</summary>
    private static void ReadReference(Org org, Draft draft, Field reference, JsonElement value)
    {
        var target = reference.ReferenceTo.Select(t => org.Schema.TryFind(t, out var found) ? found : null).OfType<SObject>().FirstOrDefault();
        var key = value.EnumerateObject().FirstOrDefault(p => !p.NameEquals("attributes"));
        var field = key.Value.ValueKind == JsonValueKind.Undefined ? null : target?.Find(key.Name);
        if (target is null || field is null)
        {
            draft.Errors.Add(new("INVALID_FIELD", $"Foreign key external ID field does not exist on {target?.Name ?? reference.Name}"));
            return;
        }
        var matches = org[target].LiveRows(field, key.Value.ToString()).Take(2).ToList();
        if (matches.Count == 1)
            draft.Values.Add((reference, org[target].Id(matches[0])));
        else
            draft.Errors.Add(new("INVALID_FIELD", $"Foreign key external ID: {key.Value} not found for field {field.Name} in entity {target.Name}"));
    }

    private static void ReadValue(Draft draft, Field field, JsonElement json)
    {
        object? value = null;
        var fits = json.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.True or JsonValueKind.False => field.Type == ApiType.Boolean
                && CellText.TryRead(ApiType.Boolean, json.ToString(), out value),
            JsonValueKind.Number when field.Type.IsText() => (value = json.GetRawText()) is not null,
            JsonValueKind.Number => field.Type.IsNumber() && CellText.TryRead(field.Type, json.GetRawText(), out value),
            JsonValueKind.String => CellText.TryRead(field.Type, json.GetString(), out value),
            _ => false,
        };
        if (fits)
            draft.Values.Add((field, value));
        else if (field.Type.IsId())
            draft.Errors.Add(new("MALFORMED_ID", $"{field.Label}: id value of incorrect type: {json}", field.Name));
        else
            draft.Errors.Add(new("JSON_PARSER_ERROR",
                $"Cannot deserialize instance of {field.Type.DescribeName()} from VALUE_{json.ValueKind.ToString().ToUpperInvariant()} value {json} "
                + "or request may be missing a required field"));
    }
}
