using System.Net.Http.Json;
using System.Text.RegularExpressions;
using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Notices;

/// <summary>One post for all to a channel of a team: JSON with a <c>text</c>, as incoming webhooks of Slack and Teams take it. The address is a secret.</summary>
public sealed partial class WebhookChannel(Uri url) : IChannel
{
    private const int Longest = 8_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Webhook;

    /// <inheritdoc/>
    public int Together => 1;

    /// <inheritdoc/>
    public Task<string?> WhyNotAsync(CancellationToken stop) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<Message> messages, CancellationToken stop)
    {
        var letter = messages.Single().Letter;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience };
        try
        {
            using var answer = await http.PostAsJsonAsync(url, new { text = Harmless(PlainText.Cut($"{letter.Title}\n{letter.Body}", Longest)) }, stop);
            var status = (int)answer.StatusCode;
            return [answer.IsSuccessStatusCode ? new Delivery(Fate.Sent) : new Delivery(status >= 500 ? Fate.Unknown : Fate.NotSent, $"Notices:Webhook:Url answers {status}")];
        }
        catch (HttpRequestException wrong) when (wrong.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return [new Delivery(Fate.NotSent, "Notices:Webhook:Url cannot be reached")];
        }
        catch (Exception wrong) when (wrong is HttpRequestException or OperationCanceledException)
        {
            return [new Delivery(Fate.Unknown, "Notices:Webhook:Url gave no answer")];
        }
    }

    /// <summary>Names of the org call nobody and mark nothing up: <c>&lt;!channel&gt;</c> and <c>@everyone</c> stay words.</summary>
    /// <remarks>
    /// What marks text up gives way to signs that look like it: an invisible space beside it would not do, as <c>*</c> and backticks work around one too.
    /// An underscore within a word marks nothing up, and may be part of a link.
    /// </remarks>
    internal static string Harmless(string text) => Underscore().Replace(text, "\uFF3F")
        .Replace('*', '\u2217').Replace('`', '\u02CB').Replace('~', '\u223C').Replace('[', '\uFF3B').Replace(']', '\uFF3D')
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("@", "@\u200B");

    [GeneratedRegex(@"(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])")]
    private static partial Regex Underscore();
}
