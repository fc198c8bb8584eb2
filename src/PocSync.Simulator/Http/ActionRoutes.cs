using System.Text.Json;
using PocSync.Simulator.Platform;
using PocSync.Simulator.Queries;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Http;

/// <summary>A bell, an e-mail or a post that left the org.</summary>
/// <param name="Kind"><c>notification</c>, <c>email</c> or <c>post</c>.</param>
/// <param name="Recipients">User, group or record ids, or e-mail addresses.</param>
/// <param name="Target">The record it is about, if one.</param>
internal sealed record OutboxItem(string Kind, DateTimeOffset At, IReadOnlyList<string> Recipients, string? Target, string? Title, string Body);

/// <summary>What left the org, oldest first. Safe for concurrent use.</summary>
internal sealed class Outbox
{
    private readonly List<OutboxItem> items = [];

    public void Add(OutboxItem item)
    {
        lock (items)
            items.Add(item);
    }

    public IReadOnlyList<OutboxItem> All()
    {
        lock (items)
            return [.. items];
    }
}

/// <summary>
/// Standard actions customNotificationAction, emailSimple and chatterPost, and Chatter feed elements; what they send goes to the outbox. Recipients
/// that are inactive users are skipped without a word, as on the platform.
/// </summary>
internal sealed class ActionRoutes(Org org, Outbox outbox)
{
    private const int MostRecipients = 500, MostAddresses = 5, MostMentions = 25;
    private static readonly string[] Names = ["chatterPost", "customNotificationAction", "emailSimple"];
    private long posts;

    public ApiAnswer Handle(ApiCall call)
    {
        var s = call.Segments;
        if (s.Count is 2 or 3 && s[1].Equals("standard", StringComparison.OrdinalIgnoreCase))
        {
            if (s.Count == 2)
            {
                var actions = Names.Select(n => new { label = n, name = n, type = n.ToUpperInvariant(), url = call.DataPath($"actions/standard/{n}") });
                return ApiAnswer.Of(200, new { actions });
            }
            if (Names.FirstOrDefault(n => n.Equals(s[2], StringComparison.OrdinalIgnoreCase)) is { } action)
                return call.Method == "POST" ? Invoke(call, action) : throw call.NotAllowed("POST");
        }
        throw ApiException.NotFound();
    }

    public ApiAnswer Chatter(ApiCall call)
    {
        if (call.Segments is not [_, var resource] || !resource.Equals("feed-elements", StringComparison.OrdinalIgnoreCase))
            throw ApiException.NotFound();
        if (call.Method != "POST")
            throw call.NotAllowed("POST");
        var body = call.JsonBody();
        var subject = Text(body, "subjectId");
        var segments = body.TryGetProperty("body", out var message) && message.TryGetProperty("messageSegments", out var list)
            && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToList()
            : throw new ApiException(400, "MISSING_ARGUMENT", "The body must hold body.messageSegments.");
        var mentions = segments.Where(s => Text(s, "type") == "Mention").Select(s => Text(s, "id")).ToList();
        if (mentions.Count > MostMentions)
            throw new ApiException(400, "LIMIT_EXCEEDED", $"A post may mention {MostMentions} people at most.");
        if (!RecordId.TryNormalize(subject, out var subjectId) || org.Find(subjectId) is null)
            throw new ApiException(404, "NOT_FOUND", "The requested resource does not exist");
        var text = string.Concat(segments.Select(s => Text(s, "type") == "Mention" ? $"@{NameOf(Text(s, "id"))}" : Text(s, "text")));
        var id = Post(subjectId, mentions, text);
        return ApiAnswer.Of(201, new
        {
            id,
            feedElementType = "FeedItem",
            body = new { text, isRichText = false },
            actor = new { id = call.UserId, type = "User" },
            parent = new { id = subjectId },
            createdDate = CellText.Write(org.Now),
            url = call.DataPath($"chatter/feed-elements/{id}"),
        });
    }

    private ApiAnswer Invoke(ApiCall call, string action)
    {
        var body = call.JsonBody();
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Array)
            throw new ApiException(400, "JSON_PARSER_ERROR", "The body must hold an array 'inputs'.");
        var results = inputs.EnumerateArray().Select(input => action switch
        {
            "customNotificationAction" => Notify(input),
            "emailSimple" => Mail(input),
            _ => PostAction(input),
        }).ToList();
        return ApiAnswer.Json(results.Any(r => r.Error is not null) ? 400 : 200, w =>
        {
            w.WriteStartArray();
            foreach (var (error, outputs) in results)
            {
                w.WriteStartObject();
                w.WriteString("actionName", action);
                if (error is null)
                    w.WriteNull("errors");
                else
                    ApiAnswer.WriteRowErrors(w, [error]);
                w.WriteBoolean("isSuccess", error is null);
                w.WritePropertyName("outputValues");
                if (outputs is { } output)
                    w.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { [output.Name] = output.Value }));
                else
                    w.WriteNullValue();
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    private (RowError? Error, (string Name, string Value)? Output) Notify(JsonElement input)
    {
        var types = org["CustomNotificationType"];
        if (!RecordId.TryNormalize(Text(input, "customNotifTypeId"), out var type) || types.FindLive(type) < 0)
            return (new("INVALID_ARGUMENT_TYPE", "The custom notification type ID isn't valid.", "customNotifTypeId"), null);
        if (Text(input, "title") is not { Length: > 0 and <= 250 } title)
            return (new("INVALID_ARGUMENT_TYPE", "The title must have 1 to 250 characters.", "title"), null);
        if (Text(input, "body") is not { Length: > 0 and <= 750 } body)
            return (new("INVALID_ARGUMENT_TYPE", "The body must have 1 to 750 characters.", "body"), null);
        var target = Text(input, "targetId");
        if (target.Length == 0 && Text(input, "targetPageRef").Length == 0)
            return (new("MISSING_ARGUMENT", "Missing required input parameter: targetId or targetPageRef", "targetId"), null);
        var recipients = List(input, "recipientIds");
        if (recipients.Count is 0 or > MostRecipients)
            return (new("INVALID_ARGUMENT_TYPE", $"There must be 1 to {MostRecipients} recipients.", "recipientIds"), null);
        var users = org["User"];
        var reached = new List<string>();
        foreach (var text in recipients)
        {
            if (!RecordId.TryNormalize(text, out var id) || org.Find(id) is not var (table, row))
                return (new("INVALID_ARGUMENT_TYPE", $"Invalid recipient: {text}", "recipientIds"), null);
            if (table != users || users[row, users.Schema["IsActive"]] is true)
                reached.Add(id);
        }
        outbox.Add(new("notification", org.Now, reached, target.Length == 0 ? null : target, title, body));
        return (null, ("SuccessMessage", "Your custom notification is processed successfully."));
    }

    private (RowError? Error, (string Name, string Value)? Output) Mail(JsonElement input)
    {
        var addresses = Text(input, "emailAddresses").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Concat(List(input, "emailAddressesArray")).ToList();
        if (Text(input, "recipientId") is { Length: > 0 } recipient)
            addresses.Add(recipient);
        if (addresses.Count is 0 or > MostAddresses)
            return (new("INVALID_ARGUMENT_TYPE", $"There must be 1 to {MostAddresses} addresses.", "emailAddresses"), null);
        if (Text(input, "emailSubject") is not { Length: > 0 } subject)
            return (new("MISSING_ARGUMENT", "Missing required input parameter: emailSubject", "emailSubject"), null);
        var target = Text(input, "relatedRecordId") is { Length: > 0 } related ? related : null;
        outbox.Add(new("email", org.Now, addresses, target, subject, Text(input, "emailBody")));
        return (null, null);
    }

    private (RowError? Error, (string Name, string Value)? Output) PostAction(JsonElement input)
    {
        if (!RecordId.TryNormalize(Text(input, "subjectNameOrId"), out var subject) || org.Find(subject) is null)
            return (new("INVALID_ARGUMENT_TYPE", "The subject isn't a record.", "subjectNameOrId"), null);
        return (null, ("feedItemId", Post(subject, [], Text(input, "text"))));
    }

    private string Post(string subject, List<string> mentions, string text)
    {
        outbox.Add(new("post", org.Now, mentions, subject, null, text));
        return SalesforceId.Make("0D5", "sm", Interlocked.Increment(ref posts));
    }

    private string NameOf(string user) =>
        RecordId.TryNormalize(user, out var id) && org["User"] is var users && users.Find(id) is >= 0 and var row
            ? (string?)users[row, users.Schema["Name"]] ?? id : user;

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static List<string> List(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(e => e.ToString())] : [];
}
