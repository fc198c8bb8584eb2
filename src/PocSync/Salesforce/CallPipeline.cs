using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace PocSync.Salesforce;

/// <summary>
/// Sends a call as often as it takes and no oftener than is safe: retry with jitter that honours <c>Retry-After</c>, a circuit breaker (while it is
/// open calls wait for it), a concurrency limit, the call budget, and a time-out for each attempt. One for the process, shared by all handlers.
/// </summary>
internal sealed class CallPipeline
{
    /// <summary>Who asks us to wait longer is not waited for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private static readonly ResiliencePropertyKey<Call> Key = new("call");

    private readonly ResiliencePipeline<HttpResponseMessage> _attempts;
    private readonly ResiliencePipeline<HttpResponseMessage> _attempt;
    private readonly SemaphoreSlim _slots;
    private readonly ApiBudget _budget;
    private readonly TimeProvider _time;

    public CallPipeline(SalesforceSettings settings, ApiBudget budget, TimeProvider time)
    {
        _budget = budget;
        _time = time;
        _slots = new SemaphoreSlim(settings.MaxConcurrentCalls);
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (settings.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = settings.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = settings.RetryDelay,
                MaxDelay = TimeSpan.FromSeconds(30),
                ShouldHandle = args => ValueTask.FromResult(MayRepeat(args.Context, args.Outcome)),
                DelayGenerator = args => ValueTask.FromResult(AskedWait(args.Outcome)),
            });
        }
        _attempts = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.8,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(10),
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e
                    ? IsTransport(e)
                    : args.Outcome.Result!.StatusCode >= HttpStatusCode.InternalServerError),
            })
            .Build();
        _attempt = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }.AddTimeout(settings.AttemptTimeout).Build();
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        var call = new Call(request, CallTraits.Of(request), send);
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(Key, call);
        try
        {
            var response = await _attempts.ExecuteAsync(static (context, self) => self.AttemptAsync(context), context, this);
            if (call.Last == Failure.None || !call.MayBeDone)
                return response;
            using (response)
                throw Unknown(call, (int)response.StatusCode);
        }
        catch (Exception e) when (IsTransport(e) || e is BrokenCircuitException)
        {
            throw call.MayBeDone
                ? Unknown(call, null, e)
                : new OrgUnreachableException(
                    $"{request.RequestUri!.Authority} gives no answer{(e is TimeoutRejectedException ? " in time" : "")}: check the network and Salesforce:LoginUrl, or try later.",
                    inner: e);
        }
        catch (BudgetSpentException) when (call.MayBeDone)
        {
            throw Unknown(call, null);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(ResilienceContext context)
    {
        var call = context.Properties.GetValue(Key, null!);
        call.Last = Failure.None;
        await _slots.WaitAsync(context.CancellationToken);
        try
        {
            if (call.Traits.Counted)
                await _budget.TakeAsync(context.CancellationToken);
            HttpResponseMessage? response = null;
            try
            {
                response = await _attempt.ExecuteAsync(static async (call, cancellation) =>
                {
                    HttpResponseMessage? response = null;
                    try
                    {
                        response = await call.Send(call.Request, cancellation);
                        // Read here, a body that breaks off counts as a failed attempt.
                        if (!call.Traits.Streamed || !response.IsSuccessStatusCode)
                            await response.Content.LoadIntoBufferAsync(cancellation);
                        return response;
                    }
                    catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellation.IsCancellationRequested)
                    {
                        throw new HttpRequestException(HttpRequestError.ConnectionError, "No connection in time.", e);
                    }
                    catch
                    {
                        response?.Dispose();
                        throw;
                    }
                }, call, context.CancellationToken);
            }
            finally
            {
                if (call.Traits.Counted)
                    await _budget.SettleAsync(response);
            }
            call.Note(await JudgeAsync(response, context.CancellationToken));
            return response;
        }
        catch (Exception e) when (IsTransport(e))
        {
            call.Note(Judge(e));
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    private bool MayRepeat(ResilienceContext context, Outcome<HttpResponseMessage> outcome)
    {
        var call = context.Properties.GetValue(Key, null!);
        var safe = outcome.Exception is BrokenCircuitException || call.Last == Failure.NotDone
            || (call.Last == Failure.MayBeDone && call.Traits.Effect != CallEffect.Once);
        return safe && (AskedWait(outcome) is not { } wait || wait <= LongestWait);
    }

    /// <summary>The pause the other side asks for; null leaves it to the back-off.</summary>
    private TimeSpan? AskedWait(Outcome<HttpResponseMessage> outcome)
    {
        var wait = outcome.Exception is BrokenCircuitException broken ? broken.RetryAfter
            : outcome.Result?.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - _time.GetUtcNow()
            : null;
        return wait is { } asked ? TimeSpan.FromTicks(Math.Max(0, asked.Ticks)) : null;
    }

    private static bool IsTransport(Exception e) => e is HttpRequestException or IOException or InvalidDataException or TimeoutRejectedException;

    private static Failure Judge(Exception e) => e is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    }
        ? Failure.NotDone
        : Failure.MayBeDone;

    private static async Task<Failure> JudgeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (status is >= 500 or 408)
            return Failure.MayBeDone;
        // Something between us and Salesforce answered in its stead.
        if (response.IsSuccessStatusCode)
            return response.Content.Headers.ContentType?.MediaType is "text/html" ? Failure.MayBeDone : Failure.None;
        // 420: the edge has no routing for the host.
        if (status is 420 or 429)
            return Failure.NotDone;
        if (status < 400)
            return Failure.None;
        using var body = await OrgCalls.JsonOrNullAsync(response, cancellation);
        return body is not null && OrgError.Parse(body.RootElement) is [var error, ..]
            && ErrorTable.Classify(error.Code, error.Message) is ErrorClass.Transient or ErrorClass.RetryRow
            ? Failure.NotDone
            : Failure.None;
    }

    private static WriteUnknownException Unknown(Call call, int? status, Exception? inner = null) =>
        new($"The answer to a write was lost ({OrgCalls.Name(call.Request)}), so it may have been done: read the records back before writing them again.",
            status, inner);

    private enum Failure
    {
        None,
        NotDone,
        MayBeDone,
    }

    private sealed class Call(
        HttpRequestMessage request, CallTraits traits, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send)
    {
        public HttpRequestMessage Request => request;
        public CallTraits Traits => traits;
        public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Send => send;
        public Failure Last { get; set; }

        /// <summary>A write of which some attempt may have been done.</summary>
        public bool MayBeDone { get; private set; }

        public void Note(Failure failure)
        {
            Last = failure;
            MayBeDone |= failure == Failure.MayBeDone && traits.Effect != CallEffect.Read;
        }
    }
}

/// <summary>Puts the pipeline under a named client; handlers come and go, the pipeline's state stays.</summary>
internal sealed class CallHandler(CallPipeline pipeline) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        pipeline.SendAsync(request, base.SendAsync, cancellation);
}
