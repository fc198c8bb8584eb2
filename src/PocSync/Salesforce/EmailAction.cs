using System.Text.Json;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>An e-mail that Salesforce sends, one to each receiver: plain text.</summary>
internal sealed class EmailAction(OrgCalls calls) : IChannel
{
    private const int LongestBody = 30_000;

    private readonly StandardAction _action = new(calls, "emailSimple");

    public ChannelKind Kind => ChannelKind.Email;

    public int Together => StandardAction.Together;

    public Task<string?> WhyNotAsync(CancellationToken stop) => Task.FromResult<string?>(null);

    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop)
    {
        var able = messages.Where(m => m.Receiver!.Email is not null).ToList();
        var fates = able.Count == 0 ? [] : (await _action.InvokeAsync([.. able.Select(m => (Action<Utf8JsonWriter>)(json => Write(m, json)))], stop))
            .Zip(able).ToDictionary(f => f.Second.Id, f => f.First);
        return [.. messages.Select(m => fates.GetValueOrDefault(m.Id) ?? new Delivery(Fate.Refused, "the receiver has no e-mail address"))];
    }

    private static void Write(Message message, Utf8JsonWriter json)
    {
        // An array: a comma in an address makes it no second one.
        json.WriteStartArray("emailAddressesArray");
        json.WriteStringValue(message.Receiver!.Email);
        json.WriteEndArray();
        json.WriteString("emailSubject", PlainText.Cut(message.Letter.Title, 200));
        json.WriteString("emailBody", PlainText.Cut(message.Letter.Body, LongestBody));
        json.WriteString("senderType", "CurrentUser");
    }
}
