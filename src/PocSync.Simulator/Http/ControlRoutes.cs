using System.Text.Json;
using PocSync.Simulator.Bulk;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>
/// /_control, apart from Salesforce's paths and without sign-in, for tests and people: <c>GET requests|outbox|snapshot|settings</c>, <c>DELETE
/// requests</c>, <c>POST faults {"spec"}</c>, <c>POST sessions/kill [{"token"}]</c>, <c>POST clock {"now","speed"}</c>, <c>POST settings
/// {"cascadeChildren","dailyApiLimit","dailyApiUsed", "holdBulkJobs","holdBulkJobsAfter","mostQueryRows","hidden":["Object"|"Object.Field"|"id"],"validationRules":[{"object","condition","message","field"}]}</c>,
/// <c>POST metadata {"type","record","field","value"}</c> (what an administrator changes in a custom metadata record), <c>POST jwt-keys
/// {"clientId","publicKey"}</c>, <c>POST undelete {"id"}</c>. Wrong input is a 400 with {"error"}.
/// </summary>
internal sealed class ControlRoutes(Org org, Sessions sessions, ApiUsage usage, Writers writers, RequestLog log, Outbox outbox, OAuth oauth,
    BulkJobs jobs, int seed)
{
    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web);

    public ApiAnswer Handle(string method, string path, ReadOnlyMemory<byte> body)
    {
        try
        {
            return (method, path["/_control".Length..].Trim('/')) switch
            {
                ("GET", "requests") => Json(log.All()),
                ("DELETE", "requests") => Done(log.Clear),
                ("GET", "outbox") => Json(outbox.All()),
                ("GET", "snapshot") => Snapshot(),
                ("GET", "settings") => Settings(),
                ("POST", "settings") => Set(Parse(body, "cascadeChildren", "dailyApiLimit", "dailyApiUsed", "holdBulkJobs", "holdBulkJobsAfter", "mostQueryRows", "hidden", "validationRules")),
                ("POST", "faults") => Done(() => writers.Faults = FaultPlan.Parse(Text(Parse(body, "spec"), "spec"), seed)),
                ("POST", "sessions/kill") => Kill(body),
                ("POST", "clock") => Clock(Parse(body, "now", "speed")),
                ("GET", "clock") => Json(new { now = org.Clock.GetUtcNow() }),
                ("POST", "metadata") => Metadata(Parse(body, "type", "record", "field", "value")),
                ("POST", "jwt-keys") => Key(Parse(body, "clientId", "publicKey")),
                ("POST", "undelete") => Undelete(Parse(body, "id")),
                _ => Json(new
                {
                    error = "There is no such control path; there are GET requests, outbox, snapshot, settings, clock, DELETE requests, "
                        + "and POST faults, sessions/kill, clock, settings, metadata, jwt-keys, undelete.",
                }, 404),
            };
        }
        catch (Exception e) when (e is ArgumentException or JsonException or FormatException or InvalidOperationException)
        {
            return Json(new { error = e.Message }, 400);
        }
    }

    private ApiAnswer Kill(ReadOnlyMemory<byte> body) =>
        Json(new { killed = !body.IsEmpty && Text(Parse(body, "token"), "token") is { } token ? sessions.End(token) ? 1 : 0 : sessions.EndAll() });

    private ApiAnswer Clock(JsonElement body)
    {
        DateTimeOffset? now = null;
        if (Text(body, "now") is { } text)
            now = CellText.TryReadInstant(text, out var instant) ? instant
                : throw new ArgumentException($"'{text}' is no instant; write 2026-01-31T08:00:00Z.");
        double? speed = body.TryGetProperty("speed", out var given) ? given.GetDouble() : null;
        org.Clock.Set(now, speed);
        return Json(new { now = org.Clock.GetUtcNow() });
    }

    /// <summary>Custom metadata is read-only by the API.</summary>
    private ApiAnswer Metadata(JsonElement body) => Done(() =>
    {
        var (type, name, field) = (Required(body, "type"), Required(body, "record"), Required(body, "field"));
        if (!org.Schema.TryFind(type, out var schema) || !schema.IsCustomMetadata || schema.Fields.FirstOrDefault(f => f.Name == field) is not { } written)
            throw new ArgumentException($"There is no custom metadata type {type} with a field {field}.");
        org.Lock.EnterWriteLock();
        try
        {
            var table = org[schema];
            var row = Enumerable.Range(0, table.Slots).FirstOrDefault(r => table.Text(r, schema["DeveloperName"]) == name, -1);
            table.Set(row >= 0 ? row : throw new ArgumentException($"{type} has no record {name}."), written, Text(body, "value"));
        }
        finally
        {
            org.Lock.ExitWriteLock();
        }
    });

    private static string Required(JsonElement body, string name) => Text(body, name) ?? throw new ArgumentException($"{name} is missing.");

    private ApiAnswer Key(JsonElement body) => Done(() => oauth.RegisterKey(Required(body, "clientId"), Required(body, "publicKey")));

    /// <summary>REST cannot do it; people do it on a page of the org.</summary>
    private ApiAnswer Undelete(JsonElement body)
    {
        org.Lock.EnterWriteLock();
        try
        {
            var id = Required(body, "id");
            if (org.Find(id) is not var (table, row) || table.State(row) != RowState.Deleted)
                throw new ArgumentException($"'{id}' is not in the recycle bin.");
            new Deletion(org, new Stamps(org), org.RunAsUserId).Undelete(table, row);
            return ApiAnswer.NoContent;
        }
        finally
        {
            org.Lock.ExitWriteLock();
        }
    }

    private ApiAnswer Settings() => Json(new
    {
        org.Settings.CascadeChildren,
        org.Settings.DailyApiLimit,
        org.Settings.Hidden,
        org.Settings.MostQueryRows,
        dailyApiUsed = usage.Used,
        holdBulkJobs = jobs.Hold,
        holdBulkJobsAfter = jobs.HoldAfter,
        org.Settings.ValidationRules,
    });

    private ApiAnswer Set(JsonElement body)
    {
        if (body.TryGetProperty("validationRules", out var rules))
        {
            var read = rules.Deserialize<List<ValidationRule>>(Shape) ?? [];
            SaveRules.Verify(org, read);
            org.Settings.ValidationRules = read;
        }
        if (body.TryGetProperty("hidden", out var hidden))
            org.Settings.Hidden = new HashSet<string>(hidden.Deserialize<List<string>>(Shape) ?? [], StringComparer.OrdinalIgnoreCase);
        if (body.TryGetProperty("cascadeChildren", out var cascade))
            org.Settings.CascadeChildren = cascade.GetBoolean();
        if (body.TryGetProperty("dailyApiLimit", out var limit))
            org.Settings.DailyApiLimit = limit.GetInt32();
        if (body.TryGetProperty("mostQueryRows", out var most))
            org.Settings.MostQueryRows = most.ValueKind == JsonValueKind.Null ? null : most.GetInt32();
        if (body.TryGetProperty("dailyApiUsed", out var used))
            usage.Set(used.GetInt32());
        if (body.TryGetProperty("holdBulkJobsAfter", out var after))
            jobs.HoldAfter = after.GetInt32();
        if (body.TryGetProperty("holdBulkJobs", out var hold))
            jobs.Hold = hold.GetBoolean();
        return Settings();
    }

    /// <summary>Every table that has rows, live or in the recycle bin, each row with the fields that are not null; sorted by id.</summary>
    private ApiAnswer Snapshot()
    {
        org.Lock.EnterReadLock();
        try
        {
            return ApiAnswer.Json(200, w =>
            {
                w.WriteStartObject();
                foreach (var table in org.Schema.Objects.Select(o => org[o])
                    .Where(t => Enumerable.Range(0, t.Slots).Any(r => t.State(r) != RowState.Purged)))
                {
                    w.WriteStartArray(table.Schema.Name);
                    foreach (var row in Enumerable.Range(0, table.Slots).Where(r => table.State(r) != RowState.Purged)
                        .OrderBy(table.Id, StringComparer.Ordinal))
                    {
                        w.WriteStartObject();
                        foreach (var field in table.Schema.Fields.Where(f => f.Type != ApiType.Address))
                            if (table[row, field] is { } value && (value is not false || field.Name == "IsDeleted"))
                            {
                                w.WritePropertyName(field.Name);
                                RecordJson.WriteValue(w, field.Type, value);
                            }
                        w.WriteEndObject();
                    }
                    w.WriteEndArray();
                }
                w.WriteEndObject();
            });
        }
        finally
        {
            org.Lock.ExitReadLock();
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body, params string[] keys)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.ValueKind != JsonValueKind.Object ? throw new ArgumentException("The body must be a JSON object.")
            : document.RootElement.EnumerateObject().FirstOrDefault(p => !keys.Contains(p.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other
                ? throw new ArgumentException($"This control knows no '{other.Name}'; it knows {string.Join(", ", keys)}.")
            : document.RootElement.Clone();
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ApiAnswer Json<T>(T shape, int status = 200) => new(status) { Body = JsonSerializer.SerializeToUtf8Bytes(shape, Shape) };

    private static ApiAnswer Done(Action act)
    {
        act();
        return ApiAnswer.NoContent;
    }
}
