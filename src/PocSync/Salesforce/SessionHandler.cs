using System.Net;

namespace PocSync.Salesforce;

/// <summary>
/// Speaks for the current session: puts each call on the session's instance with its token, and on a 401 fetches a new session and sends the call once more.
/// </summary>
internal sealed class SessionHandler(Sessions sessions) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var path = request.RequestUri!.PathAndQuery;
        var session = await sessions.CurrentAsync(cancellation);
        var response = await SendAsAsync(session);
        if (response.StatusCode != HttpStatusCode.Unauthorized || await IsHopelessAsync(response))
            return response;
        response.Dispose();
        return await SendAsAsync(await sessions.RenewAsync(session, cancellation));

        // The instance may have moved with the session, and the token goes nowhere else.
        Task<HttpResponseMessage> SendAsAsync(Session session)
        {
            request.RequestUri = new Uri(session.InstanceUrl, path);
            request.Headers.Authorization = new("Bearer", session.AccessToken);
            return base.SendAsync(request, cancellation);
        }

        // These sessions are valid but never will be for the API.
        async Task<bool> IsHopelessAsync(HttpResponseMessage response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return text.Contains("not valid for use with the REST API", StringComparison.OrdinalIgnoreCase)
                || text.Contains("not attached to Agent", StringComparison.OrdinalIgnoreCase);
        }
    }
}
