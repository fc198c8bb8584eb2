using System.Text;
using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>One error as Salesforce words it: its messages are untrusted text, here without control characters, on one line and at most 500 characters.</summary>
internal sealed record OrgError(string Code, string Message, IReadOnlyList<string> Fields)
{
    /// <summary>Reads every shape an error has: an array or a bare object, with <c>errorCode</c> (REST), <c>statusCode</c> (rows) or <c>error</c> (login).</summary>
    public static IReadOnlyList<OrgError> Parse(JsonElement body)
    {
        var errors = new List<OrgError>();
        if (body.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in body.EnumerateArray())
                Add(item);
        }
        else
        {
            Add(body);
        }
        return errors;

        void Add(JsonElement item)
        {
            if (item.ValueKind != JsonValueKind.Object)
                return;
            if ((Text(item, "errorCode") ?? Text(item, "statusCode") ?? Text(item, "error")) is not { } code)
                return;
            var fields = item.TryGetProperty("fields", out var names) && names.ValueKind == JsonValueKind.Array
                ? names.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => OneLine(n.GetString()!)).ToArray()
                : [];
            errors.Add(new OrgError(OneLine(code), OneLine(Text(item, "message") ?? Text(item, "error_description") ?? ""), fields));
        }
    }

    /// <summary>Why the org refuses something, for people: words first, its code last.</summary>
    public static string Why(string? code, string? message) => $"{code switch
    {
        "OP_WITH_INVALID_USER_TYPE_EXCEPTION" => "the org lets nobody with this kind of user own it",
        "INACTIVE_OWNER_OR_USER" => "the receiver is not active",
        _ => message is { Length: > 0 } ? $"the org says “{message.TrimEnd('.')}”" : "the org refuses it",
    }} ({code})";

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var c in text)
        {
            if (line.Length == 500)
                return line.Append('…').ToString();
            if (!char.IsControl(c) && !char.IsWhiteSpace(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }
        return line.ToString().TrimEnd();
    }
}
