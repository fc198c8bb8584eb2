using System.Text.Json;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Salesforce's bell: the package's notification type, which each user sees in the browser and on the phone.</summary>
internal sealed class Bell(OrgCalls calls, OrgReads reads, NoticeLinks links) : IChannel
{
    public const string Type = "PocSync_Notice";
    private const int LongestTitle = 250, LongestBody = 750;

    private readonly StandardAction _action = new(calls, "customNotificationAction");
    private string? _type;

    public ChannelKind Kind => ChannelKind.Bell;

    public int Together => StandardAction.Together;

    public async Task<string?> WhyNotAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var row in reads.Query(new TableQuery("CustomNotificationType", ["Id"], $"DeveloperName = '{Type}'")).Rows.WithCancellation(stop))
                _type = row[0];
        }
        catch (SalesforceException e)
        {
            return e.Message.TrimEnd('.');
        }
        return _type is null ? $"the org has no notification type {Type}: deploy the package" : null;
    }

    public Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop) =>
        _action.InvokeAsync([.. messages.Select(m => (Action<Utf8JsonWriter>)(json => Write(m, json)))], stop);

    private void Write(Message message, Utf8JsonWriter json)
    {
        json.WriteString("customNotifTypeId", _type);
        json.WriteStartArray("recipientIds");
        json.WriteStringValue(message.Receiver!.Id.ToString());
        json.WriteEndArray();
        json.WriteString("title", PlainText.Cut(message.Letter.Title, LongestTitle));
        json.WriteString("body", PlainText.Cut(message.Letter.Body, LongestBody));
        if (!message.Account.IsNone)
            json.WriteString("targetId", message.Account.ToString());
        else
            json.WriteString("targetPageRef", JsonSerializer.Serialize(new { type = "standard__webPage", attributes = new { url = links.All } }));
    }
}
