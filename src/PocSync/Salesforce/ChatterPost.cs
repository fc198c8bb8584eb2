using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>A post on the receiver's own feed that mentions them.</summary>
internal sealed class ChatterPost(OrgCalls calls) : IChannel
{
    private const int Longest = 9_000;

    public ChannelKind Kind => ChannelKind.Chatter;

    public int Together => 1;

    public Task<string?> WhyNotAsync(CancellationToken stop) => Task.FromResult<string?>(null);

    public Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop) => StandardAction.SafelyAsync(1, async () =>
    {
        var (receiver, letter) = (messages.Single().Receiver!.Id.ToString(), messages[0].Letter);
        using var answer = await calls.JsonAsync(HttpMethod.Post, calls.Data("chatter/feed-elements"), CallEffect.Once, json =>
        {
            json.WriteStartObject();
            json.WriteString("feedElementType", "FeedItem");
            json.WriteString("subjectId", receiver);
            json.WriteStartObject("body");
            json.WriteStartArray("messageSegments");
            json.WriteStartObject();
            json.WriteString("type", "Mention");
            json.WriteString("id", receiver);
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteString("type", "Text");
            // A text segment is never read as a mention.
            json.WriteString("text", PlainText.Cut($" {letter.Title}\n{letter.Body}", Longest));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }, [], stop);
        return [new Delivery(Fate.Sent)];
    });
}
