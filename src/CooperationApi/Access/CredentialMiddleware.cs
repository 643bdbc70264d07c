using CooperationApi.Contracts;
using Microsoft.AspNetCore.Authentication;

namespace CooperationApi.Access;

/// <summary>
/// Rejects invalid credentials on every route, also where none are required, logs the first use of valid ones in an hour, and lets the
/// monitor check them while the request lasts.
/// </summary>
internal sealed class CredentialMiddleware(RequestDelegate next, OpenRequestMonitor monitor, SecurityLog log, TimeProvider time)
{
    // Invalid credentials per address and minute. Above the limit, the response is 429 and the security log has no entry, so that a program
    // that guesses keys cannot fill it.
    private const int MaxFailures = 30;

    private readonly FixedWindowCounter failureCounter = new(time, windowSeconds: 60), hourlyCounter = new(time, windowSeconds: 3600);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
            return next(context);
        if (Caller.Find(context) is not { } caller)
            return Reject(context);
        AccessMetrics.CountRequest(caller);
        if (hourlyCounter.Increment(caller.Id).Count == 1)
            log.LogUse(caller, context);
        return monitor.Run(context, caller, next);
    }

    private async Task Reject(HttpContext context)
    {
        var (failureCount, secondsUntilReset) = failureCounter.Increment(ClientNetwork.GetRateLimitKey(context.Connection.RemoteIpAddress));
        if (failureCount > MaxFailures)
            throw AccessProblems.TooManyRequests("too_many_failed_attempts", secondsUntilReset);
        // Returns the result of the authentication middleware again.
        var code = ((await context.AuthenticateAsync()).Failure as InvalidCredentialException)?.Code ?? "key_invalid";
        log.LogRejection(code, ApiKeySecret.ParseId(BearerCredential.Read(context.Request)), context);
        throw code == "role_missing" ? AccessProblems.InsufficientRole(Role.Reader) : AccessProblems.InvalidCredential(code);
    }
}
