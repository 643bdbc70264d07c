using CooperationApi.Faults;

namespace CooperationApi.Http;

/// <summary>
/// How long an answer may take to make. Past it the work is stopped as if the caller had gone, and the caller told; what is sent as it is read
/// is not made first, and takes the time that it takes.
/// </summary>
internal sealed class Patience(LimitOptions limits, TimeProvider time)
{
    /// <inheritdoc cref="Within{T}"/>
    public Task Within(HttpContext context, RequestDelegate work) => Within(context, async () =>
    {
        await work(context);
        return true;
    });

    /// <summary>Does the work of a request, which looks at `RequestAborted`. Throws a <see cref="ProblemException"/> when the time is over.</summary>
    public async Task<T> Within<T>(HttpContext context, Func<Task<T>> work)
    {
        if (limits.RequestSeconds == 0)
            return await work();
        var gone = context.RequestAborted;
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(limits.RequestSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, over.Token);
        context.RequestAborted = either.Token;
        try
        {
            return await work();
        }
        catch (Exception) when (over.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            throw new ProblemException(503, "took_too_long", limits.RequestSeconds);
        }
        finally
        {
            context.RequestAborted = gone;
        }
    }
}
