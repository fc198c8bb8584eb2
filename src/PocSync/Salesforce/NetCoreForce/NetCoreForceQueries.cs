using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using NetCoreForce.Client;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace PocSync.Salesforce.NetCoreForce;

/// <summary>
/// Small queries by NetCoreForce, over our own pipeline: the session, the budget of calls, retries and time-outs are the same as for every other call.
/// </summary>
internal sealed class NetCoreForceQueries(IHttpMessageHandlerFactory handlers, SalesforceSettings settings)
{
    /// <summary>The rows of a query, page after page as they are read. Throws what every other read throws.</summary>
    /// <param name="query">The query.</param>
    /// <param name="goOn">Where the org drops the cursor: the rows after the id that was read last.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<string?[]> RowsAsync(
        TableQuery query, Func<string, IAsyncEnumerable<string?[]>> goOn, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var plain = new PlainErrors(settings.LoginUrl, handlers.CreateHandler(OrgCalls.Client), cancellation);
        using var http = new HttpClient(plain) { Timeout = Timeout.InfiniteTimeSpan };
        // The pipeline puts the session's own instance and token in place of these.
        var client = new ForceClient(settings.LoginUrl.ToString(), $"v{settings.ApiVersion}", "by-the-pipeline", http) { ClientName = "PocSync" };
        await using var records = client.QueryAsync<Untouched>(query.Soql, query.WithDeleted, cancellationToken: cancellation).GetAsyncEnumerator(cancellation);
        var flat = new FlatRow(query);
        var id = query.Columns.ToList().FindIndex(c => c.Equals("Id", StringComparison.OrdinalIgnoreCase));
        var (last, isLost) = ((string?)null, false);
        while (await MoveAsync())
        {
            using var record = JsonDocument.Parse(records.Current.Json);
            var row = flat.Read(record.RootElement);
            last = id < 0 ? null : row[id];
            yield return row;
        }

        if (isLost)
        {
            await foreach (var row in goOn(last!).WithCancellation(cancellation))
                yield return row;
        }

        async Task<bool> MoveAsync()
        {
            try
            {
                return await records.MoveNextAsync();
            }
            catch (ForceApiException) when (last is not null && plain.Error?.SourceException is SalesforceException { Class: ErrorClass.RestartQuery })
            {
                isLost = true;
                return false;
            }
            catch (ForceApiException) when (plain.Error is { } error)
            {
                error.Throw();
                throw;
            }
            catch (Exception e) when (e is ForceApiException or NullReferenceException)
            {
                // It takes for granted that an answer has records.
                throw new OrgUnreachableException("The org's answer is not shaped as Salesforce's: check Salesforce:LoginUrl and Salesforce:ApiVersion.", inner: e);
            }
        }
    }

    /// <summary>NetCoreForce tells of an error by its text alone, and cannot be told to stop: this keeps what went wrong, and stops.</summary>
    private sealed class PlainErrors(Uri org, HttpMessageHandler pipeline, CancellationToken stop) : DelegatingHandler(pipeline)
    {
        public ExceptionDispatchInfo? Error { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            try
            {
                OrgCalls.Follow(org.IsBaseOf(request.RequestUri!) ? request.RequestUri!.AbsolutePath : "");
                CallTraits.Set(request, new CallTraits(CallEffect.Read));
                var response = await base.SendAsync(request, stop);
                await OrgCalls.CheckAsync(request, response, stop);
                return response;
            }
            catch (Exception e)
            {
                Error = ExceptionDispatchInfo.Capture(e);
                throw;
            }
        }

        protected override void Dispose(bool disposing)
        {
            // The pipeline is the factory's.
        }
    }

    /// <summary>A record as the org wrote it: texts that look like dates and numbers stay what they are.</summary>
    [JsonConverter(typeof(Reader))]
    private sealed record Untouched(string Json)
    {
        private sealed class Reader : JsonConverter<Untouched>
        {
            public override Untouched ReadJson(JsonReader reader, Type type, Untouched? existing, bool isThere, Newtonsoft.Json.JsonSerializer serializer)
            {
                (reader.DateParseHandling, reader.FloatParseHandling) = (DateParseHandling.None, FloatParseHandling.Decimal);
                using var text = new StringWriter(CultureInfo.InvariantCulture);
                using var writer = new Writer(text);
                JObject.Load(reader).WriteTo(writer);
                return new Untouched(text.ToString());
            }

            public override void WriteJson(JsonWriter writer, Untouched? value, Newtonsoft.Json.JsonSerializer serializer) => throw new NotSupportedException();
        }

        /// <summary>Newtonsoft would make 100000000.0 of 1.0E8.</summary>
        private sealed class Writer(TextWriter text) : JsonTextWriter(text)
        {
            public override void WriteValue(decimal value) => WriteRawValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
