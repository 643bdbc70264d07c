using Polly;
using Polly.Retry;

namespace CooperationApi.Client;

/// <summary>
/// Retries requests after 429 and 503, with the delay of `Retry-After`. A read is also retried after 502, 504 and any connection error. A
/// write is retried after a connection error only if no connection was established: a write whose response was lost may have been applied,
/// and a retry would be rejected as a conflict.
/// </summary>
public sealed class RetryHandler : DelegatingHandler
{
    private static readonly HttpRequestError[] ConnectionErrors = [HttpRequestError.ConnectionError, HttpRequestError.NameResolutionError,
        HttpRequestError.SecureConnectionError, HttpRequestError.ProxyTunnelError];

    private readonly TimeSpan maxDelay;
    private readonly ResiliencePipeline<HttpResponseMessage> readPipeline;
    private readonly ResiliencePipeline<HttpResponseMessage> writePipeline;

    /// <param name="innerHandler">The handler that sends the requests.</param>
    /// <param name="maxRetries">The maximum number of retries of a request.</param>
    /// <param name="maxDelay">
    /// The maximum delay. A response with a longer `Retry-After` is returned without a retry. Default: 30 seconds.
    /// </param>
    public RetryHandler(HttpMessageHandler innerHandler, int maxRetries = 4, TimeSpan? maxDelay = null) : base(innerHandler)
    {
        this.maxDelay = maxDelay ?? TimeSpan.FromSeconds(30);
        readPipeline = CreatePipeline(maxRetries, response => (int)response.StatusCode is 429 or 502 or 503 or 504,
            error => error is HttpRequestException { StatusCode: null });
        writePipeline = CreatePipeline(maxRetries, response => (int)response.StatusCode is 429 or 503,
            error => error is HttpRequestException { StatusCode: null } failed && ConnectionErrors.Contains(failed.HttpRequestError));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        return await (isRead ? readPipeline : writePipeline).ExecuteAsync(async cancel =>
        {
            var response = await base.SendAsync(request, cancel);
            // The body of a read is buffered here, so that a connection that breaks inside the body is retried too. Files are not buffered:
            // FileDownload resumes them.
            if (isRead && response.Content.Headers.ContentType?.MediaType == "application/json")
#if NET8_0
                await response.Content.LoadIntoBufferAsync().WaitAsync(cancel);
#else
                await response.Content.LoadIntoBufferAsync(cancel);
#endif
            return response;
        }, cancellationToken);
    }

    private ResiliencePipeline<HttpResponseMessage> CreatePipeline(int maxRetries, Func<HttpResponseMessage, bool> isRetryableResponse,
        Func<Exception, bool> isRetryableError) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = maxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = maxDelay,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
            {
                { Exception: { } error } => isRetryableError(error),
                { Result: { } response } => isRetryableResponse(response) && !(ApiTransport.GetRetryAfter(response) > maxDelay),
                _ => false,
            }),
            DelayGenerator =
                args => ValueTask.FromResult(args.Outcome.Result is { } response ? ApiTransport.GetRetryAfter(response) : null),
        }).Build();
}
