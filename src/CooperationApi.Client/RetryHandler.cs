using Polly;
using Polly.Retry;

namespace CooperationApi.Client;

/// <summary>
/// Repeats what the service put off (429 and 503, after the time that it names), and what failed on the way: a read in any case, a write only if the connection was never
/// made. A write whose answer was lost may have been carried out; repeated, it would be refused as if somebody else had changed the record.
/// </summary>
public sealed class RetryHandler : DelegatingHandler
{
    private static readonly HttpRequestError[] ConnectionErrors = [HttpRequestError.ConnectionError, HttpRequestError.NameResolutionError, HttpRequestError.SecureConnectionError, HttpRequestError.ProxyTunnelError];

    private readonly TimeSpan maxDelay;
    private readonly ResiliencePipeline<HttpResponseMessage> readPipeline;
    private readonly ResiliencePipeline<HttpResponseMessage> writePipeline;

    /// <param name="innerHandler">What sends.</param>
    /// <param name="maxRetries">How often a request is repeated at most.</param>
    /// <param name="maxDelay">Who is told to wait longer is told so, and does not wait. Half a minute by default.</param>
    public RetryHandler(HttpMessageHandler innerHandler, int maxRetries = 4, TimeSpan? maxDelay = null) : base(innerHandler)
    {
        this.maxDelay = maxDelay ?? TimeSpan.FromSeconds(30);
        readPipeline = CreatePipeline(maxRetries, response => (int)response.StatusCode is 429 or 502 or 503 or 504, error => error is HttpRequestException { StatusCode: null });
        writePipeline = CreatePipeline(maxRetries, response => (int)response.StatusCode is 429 or 503, error => error is HttpRequestException { StatusCode: null } failed && ConnectionErrors.Contains(failed.HttpRequestError));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        return await (isRead ? readPipeline : writePipeline).ExecuteAsync(async cancel =>
        {
            var response = await base.SendAsync(request, cancel);
            // What breaks off amid the answer has failed on the way too. Files are not kept whole in memory: who downloads them goes on by himself.
            if (isRead && response.Content.Headers.ContentType?.MediaType == "application/json")
                await response.Content.LoadIntoBufferAsync(cancel);
            return response;
        }, cancellationToken);
    }

    private ResiliencePipeline<HttpResponseMessage> CreatePipeline(int maxRetries, Func<HttpResponseMessage, bool> isRetryableResponse, Func<Exception, bool> isRetryableError) =>
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
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } response ? ApiTransport.GetRetryAfter(response) : null),
        }).Build();
}
