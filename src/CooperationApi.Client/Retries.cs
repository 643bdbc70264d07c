using Polly;
using Polly.Retry;

namespace CooperationApi.Client;

/// <summary>
/// Repeats what the service put off (429 and 503, after the time that it names), and what failed on the way: a read in any case, a write only if the connection was never
/// made. A write whose answer was lost may have been carried out; repeated, it would be refused as if somebody else had changed the record.
/// </summary>
public sealed class Retries : DelegatingHandler
{
    private static readonly HttpRequestError[] NeverSent = [HttpRequestError.ConnectionError, HttpRequestError.NameResolutionError, HttpRequestError.SecureConnectionError, HttpRequestError.ProxyTunnelError];

    private readonly TimeSpan longestWait;
    private readonly ResiliencePipeline<HttpResponseMessage> ofReads;
    private readonly ResiliencePipeline<HttpResponseMessage> ofWrites;

    /// <param name="inner">What sends.</param>
    /// <param name="times">How often a request is repeated at most.</param>
    /// <param name="longestWait">Who is told to wait longer is told so, and does not wait. Half a minute by default.</param>
    public Retries(HttpMessageHandler inner, int times = 4, TimeSpan? longestWait = null) : base(inner)
    {
        this.longestWait = longestWait ?? TimeSpan.FromSeconds(30);
        ofReads = Pipeline(times, answer => (int)answer.StatusCode is 429 or 502 or 503 or 504, error => error is HttpRequestException { StatusCode: null });
        ofWrites = Pipeline(times, answer => (int)answer.StatusCode is 429 or 503, error => error is HttpRequestException { StatusCode: null } failed && NeverSent.Contains(failed.HttpRequestError));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        return await (isRead ? ofReads : ofWrites).ExecuteAsync(async cancel =>
        {
            var answer = await base.SendAsync(request, cancel);
            // What breaks off amid the answer has failed on the way too. Files are not kept whole in memory: who downloads them goes on by himself.
            if (isRead && answer.Content.Headers.ContentType?.MediaType == "application/json")
                await answer.Content.LoadIntoBufferAsync(cancel);
            return answer;
        }, cancellationToken);
    }

    private ResiliencePipeline<HttpResponseMessage> Pipeline(int times, Func<HttpResponseMessage, bool> isPutOff, Func<Exception, bool> failedOnTheWay) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = times,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = longestWait,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
            {
                { Exception: { } error } => failedOnTheWay(error),
                { Result: { } answer } => isPutOff(answer) && !(Exchange.RetryAfter(answer) > longestWait),
                _ => false,
            }),
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } answer ? Exchange.RetryAfter(answer) : null),
        }).Build();
}
