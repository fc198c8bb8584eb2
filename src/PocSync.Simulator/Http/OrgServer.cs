using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Http;

/// <summary>
/// One HTTP call from end to end: control paths apart, then limits of size, faults, session, quota, the resource, faults after a write, and the
/// answer with Sforce-Limit-Info and gzip. An error of the simulator itself is a 500 UNKNOWN_EXCEPTION.
/// </summary>
internal sealed class OrgServer(Org org, DataRoutes data, OAuth oauth, Sessions sessions, ApiUsage usage, Writers writers, RequestLog log,
    ControlRoutes control)
{
    private const int LongestUri = 16_384;
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(500);

    private static readonly ApiAnswer ProxyPage = new(502)
    {
        ContentType = "text/html; charset=utf-8",
        Body = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"u8.ToArray(),
    };

    public async Task HandleAsync(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = ApiPath.Split(target, out var query);
        var request = http.Request;
        var method = request.Method == "POST" && QueryHelpers.ParseQuery(query).TryGetValue("_HttpMethod", out var wanted)
            ? wanted.ToString().ToUpperInvariant() : request.Method;
        if (path.StartsWith("/_control", StringComparison.Ordinal))
        {
            await WriteAsync(http, control.Handle(method, path, await BodyAsync(request)));
            return;
        }
        FaultKind? fault = null;
        ApiAnswer answer;
        try
        {
            (answer, fault) = await AnswerAsync(http, method, path, query, target);
        }
        catch (ApiException e)
        {
            answer = e.Answer();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            answer = ApiAnswer.Errors(500,
                [new("UNKNOWN_EXCEPTION", $"An unexpected error occurred in the simulator: {e.GetType().Name}: {e.Message}")]);
        }
        var aborts = fault is FaultKind.ResetBefore or FaultKind.ResetAfterWrite;
        var spoils = aborts ? [] : writers.Faults.Spoils(path, answer);
        string[] struck = [.. (fault is { } first ? spoils.Prepend(first) : spoils).Select(FaultPlan.NameOf)];
        log.Add(org.Clock.GetUtcNow(), method, path + WithoutToken(query), aborts ? 0 : answer.Status, struck.Length > 0 ? string.Join(',', struck) : null);
        if (aborts)
        {
            http.Abort();
            return;
        }
        foreach (var spoil in spoils)
            answer = await answer.SpoilAsync(spoil, http.RequestAborted);
        await WriteAsync(http, answer, path.StartsWith("/services/data/", StringComparison.Ordinal), spoils.Contains(FaultKind.ClockSkew));
    }

    private async Task<(ApiAnswer, FaultKind?)> AnswerAsync(HttpContext http, string method, string path, string query, string target)
    {
        var headers = http.Request.Headers;
        if (target.Length > LongestUri)
            return (new(414) { ContentType = "text/html", Body = "<h1>URI Too Long</h1>"u8.ToArray() }, null);
        if (target.Length + headers.Sum(h => h.Key.Length + h.Value.ToString().Length + 4) > LongestUri)
            return (new(431) { ContentType = "text/html", Body = "<h1>Request Header Fields Too Large</h1>"u8.ToArray() }, null);
        var fault = writers.Faults.Strikes(path, FaultKind.ResetBefore, FaultKind.HtmlError, FaultKind.Unavailable, FaultKind.UnavailableRetryAfter,
            FaultKind.Slow,
            FaultKind.SessionKilled, FaultKind.DailyLimit, FaultKind.ConcurrentLimit);
        switch (fault)
        {
            case FaultKind.ResetBefore:
                return (ApiAnswer.NoContent, fault);
            case FaultKind.HtmlError:
                return (ProxyPage, fault);
            case FaultKind.Unavailable or FaultKind.UnavailableRetryAfter:
                var busy = ApiAnswer.Errors(503, [new("SERVER_UNAVAILABLE", "The server is too busy to answer.")]);
                return (fault == FaultKind.Unavailable ? busy : busy with { Headers = [("Retry-After", "1")] }, fault);
            case FaultKind.DailyLimit:
                return (DailyLimit(), fault);
            case FaultKind.ConcurrentLimit:
                return (ApiAnswer.Errors(403, [new("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.")]),
                    fault);
            case FaultKind.Slow:
                await Task.Delay(Slowness, TimeProvider.System, http.RequestAborted);
                break;
            case FaultKind.SessionKilled when Token(http, query) is { } token:
                sessions.End(token);
                break;
        }
        var body = await BodyAsync(http.Request);
        var changes = org.Journal.Changes;
        var answer = Resource(http, method, path, query, body);
        // What is sent to people leaves no trace in the org's records.
        var isSent = method == "POST" && answer.Status < 300 && path.Split('/', 6) is ["", "services", "data", _, "actions" or "chatter", _];
        if ((isSent || org.Journal.Changes > changes) && writers.Faults.Strikes(path, FaultKind.Hang) is not null)
        {
            log.Add(org.Clock.GetUtcNow(), method, path + WithoutToken(query), 0, FaultPlan.NameOf(FaultKind.Hang));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }
        var wrote = method is not ("GET" or "HEAD") && answer.Status < 300;
        switch (wrote ? writers.Faults.Strikes(path, FaultKind.ErrorAfterWrite, FaultKind.ResetAfterWrite) : null)
        {
            case FaultKind.ErrorAfterWrite:
                return (ApiAnswer.Errors(500,
                    [new("UNKNOWN_EXCEPTION",
                    "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345")]),
                    FaultKind.ErrorAfterWrite);
            case FaultKind.ResetAfterWrite:
                return (ApiAnswer.NoContent, FaultKind.ResetAfterWrite);
        }
        return (answer, fault);
    }

    private ApiAnswer Resource(HttpContext http, string method, string path, string query, ReadOnlyMemory<byte> body)
    {
        var baseUrl = $"{http.Request.Scheme}://{http.Request.Host}";
        switch (path)
        {
            case "/services/data":
                return ServiceRoutes.Versions();
            case "/services/oauth2/authorize":
                return oauth.Page.Answer(method, query, body);
            case "/services/oauth2/token":
                return method == "POST" ? oauth.Token(body, http.Request.Headers.Authorization, baseUrl) : Only("POST");
            case "/services/oauth2/revoke":
                return oauth.Revoke(body, QueryHelpers.ParseQuery(query).TryGetValue("token", out var token) ? token.ToString() : null);
        }
        if (!path.StartsWith("/services/", StringComparison.Ordinal) && !path.StartsWith("/id/", StringComparison.Ordinal))
            throw ApiException.NotFound();
        var user = (Token(http, query) is { } session ? sessions.Use(session) : null)
            ?? throw new ApiException(401, "INVALID_SESSION_ID", "Session expired or invalid");
        if (path == "/services/oauth2/userinfo" || path.StartsWith("/id/", StringComparison.Ordinal))
            return Identity(path, user, baseUrl);
        var (version, segments) = ApiPath.Data(path);
        if (!usage.TryCount())
            return DailyLimit();
        return data.Handle(new ApiCall
        {
            Method = method,
            Path = path,
            Version = version,
            Segments = segments,
            Query = QueryHelpers.ParseQuery(query),
            Body = body,
            UserId = user,
            BaseUrl = baseUrl,
            Headers = http.Request.Headers.ToFrozenDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        });
    }

    private ApiAnswer Identity(string path, string user, string baseUrl)
    {
        if (path.Split('/') is ["", "id", _, var asked] && asked != user)
            throw new ApiException(403, "INSUFFICIENT_ACCESS", "The session belongs to another user.");
        org.Lock.EnterReadLock();
        try
        {
            return oauth.Identity(user, baseUrl);
        }
        finally
        {
            org.Lock.ExitReadLock();
        }
    }

    private static ApiAnswer Only(string allowed) =>
        new ApiException(405, "METHOD_NOT_ALLOWED", $"HTTP Method not allowed. Allowed are {allowed}") { Allow = allowed }.Answer();

    private static ApiAnswer DailyLimit() => ApiAnswer.Errors(403, [new("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")]);

    /// <summary>From the header (Bearer, or the older OAuth) or, for the identity URL, the query string.</summary>
    private static string? Token(HttpContext http, string query)
    {
        var header = http.Request.Headers.Authorization.ToString();
        foreach (var scheme in (string[])["Bearer ", "OAuth "])
            if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return header[scheme.Length..].Trim();
        return QueryHelpers.ParseQuery(query).TryGetValue("oauth_token", out var token) ? token.ToString() : null;
    }

    private static string WithoutToken(string query) =>
        query.Contains("token=", StringComparison.OrdinalIgnoreCase)
            ? string.Join('&', query.Split('&')
                .Select(p => p.Contains("token=", StringComparison.OrdinalIgnoreCase) ? p[..(p.IndexOf('=') + 1)] + "…" : p))
            : query;

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength is 0)
            return default;
        await using var coded = request.Headers.ContentEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : null;
        var buffer = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, 1 << 28));
        await (coded ?? request.Body).CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.TryGetBuffer(out var bytes) ? bytes : buffer.ToArray();
    }

    private async Task WriteAsync(HttpContext http, ApiAnswer answer, bool counted = false, bool skewed = false)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers.Date = (org.Clock.GetUtcNow() + (skewed ? SpoiledAnswer.Skew : default)).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        if (counted)
            response.Headers["Sforce-Limit-Info"] = $"api-usage={usage.Used}/{usage.Limit}";
        if (answer.Status is 204 or 304 || (answer.Body.IsEmpty && answer.Streamed is null))
            return;
        response.ContentType = answer.ContentType;
        var body = Pretty(http.Request, answer);
        if (http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
            await SendAsync(gzip);
        }
        else
        {
            if (answer.Streamed is null)
                response.ContentLength = body.Length;
            await SendAsync(response.Body);
        }

        async Task SendAsync(Stream to)
        {
            if (http.Request.Method == "HEAD")
                return;
            if (answer.Streamed is { } stream)
                await stream(to, http.RequestAborted);
            else
                await to.WriteAsync(body, http.RequestAborted);
        }
    }

    private static ReadOnlyMemory<byte> Pretty(HttpRequest request, ApiAnswer answer)
    {
        if (request.Headers["X-PrettyPrint"] != "1" || !answer.ContentType.StartsWith("application/json", StringComparison.Ordinal))
            return answer.Body;
        using var document = JsonDocument.Parse(answer.Body);
        return JsonSerializer.SerializeToUtf8Bytes(document.RootElement, Indented);
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
