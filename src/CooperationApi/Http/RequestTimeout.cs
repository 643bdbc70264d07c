using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>
/// How long an answer may take to make. Past it the work is stopped as if the caller had gone, and the caller told; what is sent as it is read
/// is not made first, and takes the time that it takes.
/// </summary>
internal sealed class RequestTimeout(LimitsOptions limits, TimeProvider timeProvider)
{
    /// <inheritdoc cref="RunWithTimeout{T}"/>
    public Task RunWithTimeout(HttpContext context, RequestDelegate work) => RunWithTimeout(context, async () =>
    {
        await work(context);
        return true;
    });

    /// <summary>Does the work of a request, which looks at `RequestAborted`. Throws a <see cref="ProblemException"/> when the time is over.</summary>
    public async Task<T> RunWithTimeout<T>(HttpContext context, Func<Task<T>> work)
    {
        if (limits.RequestTimeoutSeconds == 0)
            return await work();
        var requestAborted = context.RequestAborted;
        using var timeoutSource = new CancellationTokenSource(TimeSpan.FromSeconds(limits.RequestTimeoutSeconds), timeProvider);
        using var linkedSource = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, timeoutSource.Token);
        context.RequestAborted = linkedSource.Token;
        try
        {
            return await work();
        }
        catch (Exception) when (timeoutSource.IsCancellationRequested && !requestAborted.IsCancellationRequested)
        {
            throw new ProblemException(503, "processing_timeout", limits.RequestTimeoutSeconds);
        }
        finally
        {
            context.RequestAborted = requestAborted;
        }
    }
}
