using System.Data.Common;
using CooperationApi.Http.Problems;

namespace CooperationApi.Http;

/// <summary>
/// Limits the time for which a request may run. On timeout the work is canceled like after a disconnect, and the client gets a problem
/// document. Streamed responses have no timeout. `AddRequestTimeouts` would start a timer for each cached response too.
/// </summary>
internal sealed class RequestTimeout(LimitsOptions limits)
{
    /// <summary>
    /// Runs the work of a request, which observes `RequestAborted`. Throws a <see cref="ProblemException"/> (503) on timeout.
    /// </summary>
    public async Task<T> RunWithTimeout<T>(HttpContext context, Func<Task<T>> work)
    {
        if (limits.RequestTimeoutSeconds == 0)
            return await work();
        var requestAborted = context.RequestAborted;
        using var timeoutSource = CancellationTokenSource.CreateLinkedTokenSource(requestAborted);
        timeoutSource.CancelAfter(TimeSpan.FromSeconds(limits.RequestTimeoutSeconds));
        context.RequestAborted = timeoutSource.Token;
        try
        {
            return await work();
        }
        // An interrupted statement of the database throws a DbException.
        catch (Exception exception) when (exception is OperationCanceledException or DbException
            && timeoutSource.IsCancellationRequested && !requestAborted.IsCancellationRequested)
        {
            throw new ProblemException(503, "processing_timeout", limits.RequestTimeoutSeconds);
        }
        finally
        {
            context.RequestAborted = requestAborted;
        }
    }
}
