using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PocSync.Salesforce;

/// <summary>Sends single calls to the org and turns what is not a success into an exception.</summary>
internal sealed class OrgCalls(IHttpClientFactory http, SalesforceSettings settings)
{
    public const string Client = "Salesforce";

    private long _answeredAt;

    /// <summary>When the org answered last, by its own clock (to the second); null where it has not, or does not tell.</summary>
    public DateTimeOffset? AnsweredAt => Interlocked.Read(ref _answeredAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The path of something below <c>/services/data/vXX.0/</c>.</summary>
    public string Data(string path) => $"/services/data/v{settings.ApiVersion}/{path}";

    public Task<JsonDocument> GetAsync(string path, CancellationToken cancellation) =>
        JsonAsync(HttpMethod.Get, path, CallEffect.Read, null, [], cancellation);

    /// <summary>Sends a call whose answer is JSON. <paramref name="write"/> writes the body, if there is one.</summary>
    /// <param name="also">A status that is no success, and whose answer says more than that.</param>
    public async Task<JsonDocument> JsonAsync(
        HttpMethod method, string path, CallEffect effect, Action<Utf8JsonWriter>? write, IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellation, HttpStatusCode? also = null)
    {
        using var request = Request(method, path, new CallTraits(effect));
        request.Headers.Accept.Add(new("application/json"));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        if (write is not null)
            request.Content = Json(write);
        using var response = await http.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode != also)
            await CheckAsync(request, response, cancellation);
        if (response.Headers.Date is { } date)
            Interlocked.Exchange(ref _answeredAt, date.UtcTicks);
        var status = (int)response.StatusCode;
        return await JsonOrNullAsync(response, cancellation) ?? throw (effect == CallEffect.Read
            ? new OrgUnreachableException($"The answer to {Name(request)} is not JSON: something between here and Salesforce answers in its stead.", status)
            : new WriteUnknownException(
                $"The answer to a write ({Name(request)}) is not JSON, so it may have been done: read the records back before writing them again.", status));
    }

    /// <summary>Sends a GET whose body the caller reads as it comes.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string path, string mediaType, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, path, new CallTraits(CallEffect.Read, Streamed: true));
        request.Headers.Accept.Add(new(mediaType));
        var response = await http.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        try
        {
            await CheckAsync(request, response, cancellation);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Sends CSV whose answer has nothing to say. A lost answer is a <see cref="WriteUnknownException"/>.</summary>
    public async Task UploadAsync(string path, ReadOnlyMemory<byte> csv, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Put, path, new CallTraits(CallEffect.Once));
        request.Headers.Accept.Add(new("application/json"));
        request.Content = new ReadOnlyMemoryContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv", "utf-8") } };
        using var response = await http.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await CheckAsync(request, response, cancellation);
    }

    /// <summary>A path from an answer, such as <c>nextRecordsUrl</c>: only ever one of the org's own data paths.</summary>
    public static string Follow(string path) => path.StartsWith("/services/data/", StringComparison.OrdinalIgnoreCase)
        ? path
        : throw new OrgUnreachableException("The org names a next page outside its data paths: something between here and Salesforce answers in its stead.");

    /// <summary>The call for messages: its method and path, without the query, which may hold names and values.</summary>
    public static string Name(HttpRequestMessage request) => $"{request.Method} {request.RequestUri!.AbsolutePath}";

    /// <summary>Reads an answer that has to have a certain shape.</summary>
    public static T Shaped<T>(JsonElement answer, Func<JsonElement, T> read)
    {
        try
        {
            return read(answer);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or JsonException or FormatException or IndexOutOfRangeException)
        {
            throw new OrgUnreachableException("The org's answer is not shaped as Salesforce's: check Salesforce:LoginUrl and Salesforce:ApiVersion.", inner: e);
        }
    }

    /// <summary>Null for a body that is not JSON, as a proxy's page is not.</summary>
    public static async Task<JsonDocument?> JsonOrNullAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // Not disposed: a buffered body is read again from its start.
        var body = await response.Content.ReadAsStreamAsync(cancellation);
        try
        {
            return await JsonDocument.ParseAsync(body, default, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            if (body.CanSeek)
                body.Position = 0;
        }
    }

    /// <summary>The exception for an error answer, by what the table says of its code.</summary>
    public static SalesforceException Failure(int status, JsonElement? body, string call)
    {
        var error = body is { } json ? OrgError.Parse(json).FirstOrDefault() : null;
        if (error is null)
        {
            var http = $"HTTP_{status}";
            return status switch
            {
                401 or 403 or 407 => new OrgRefusedException(http,
                    $"{call} is refused (HTTP {status}) without Salesforce's usual answer: check the network between here and Salesforce.", status),
                404 or 410 => new OrgRefusedException(http,
                    $"{call} is not known to the org (HTTP {status}): check Salesforce:ApiVersion and Salesforce:LoginUrl.", status),
                _ => new OrgUnreachableException($"{call} is answered HTTP {status} without Salesforce's usual answer: try later.", status),
            };
        }
        var text = $"{call} failed with {error.Code}: {error.Message}";
        if (status == 410)
            return new OrgRefusedException(error.Code, $"{text}; set Salesforce:ApiVersion to a version the org still serves.", status);
        return ErrorTable.Classify(error.Code, error.Message) switch
        {
            ErrorClass.Stop when error.Code == "REQUEST_LIMIT_EXCEEDED" => new BudgetSpentException(
                $"The org's API calls of the last 24 hours are spent ({error.Message}): go on later.", status),
            ErrorClass.Stop or ErrorClass.RefreshAuth => new OrgRefusedException(error.Code, text, status),
            ErrorClass.Transient => new OrgUnreachableException(text, status, code: error.Code),
            _ when status >= 500 => new OrgUnreachableException(text, status, code: error.Code),
            _ => new SalesforceException(error.Code, text, status),
        };
    }

    private HttpRequestMessage Request(HttpMethod method, string path, CallTraits traits)
    {
        var request = new HttpRequestMessage(method, new Uri(settings.LoginUrl, path));
        CallTraits.Set(request, traits);
        return request;
    }

    /// <summary>Throws what an answer that is no success means.</summary>
    internal static async Task CheckAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
            return;
        using var body = await JsonOrNullAsync(response, cancellation);
        throw Failure((int)response.StatusCode, body?.RootElement, Name(request));
    }

    private static ByteArrayContent Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            write(writer);
        return new ByteArrayContent(bytes.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
    }
}
