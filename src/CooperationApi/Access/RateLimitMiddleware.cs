using System.Globalization;
using CooperationApi.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace CooperationApi.Access;

/// <summary>
/// Limits the requests per minute by API key or token subject, and by address for anonymous callers. Sends the remaining quota in
/// `RateLimit` and the rule in `RateLimit-Policy`. Above the limit, the response is 429 with `Retry-After`.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, LimitsOptions limits, TimeProvider time)
{
    private const int WindowSeconds = 60;

    private readonly FixedWindowCounter counter = new(time, WindowSeconds);
    private readonly Rule anonymousRule = new("default", limits.AnonymousRequestsPerMinute),
        keyRule = new("key", limits.KeyRequestsPerMinute);

    public Task InvokeAsync(HttpContext context)
    {
        var caller = Caller.Find(context);
        var rule = caller is null ? anonymousRule : keyRule;
        if (rule.MaxRequests == 0 || context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
            return next(context);
        var (count, secondsUntilReset) =
            counter.Increment(caller is null ? ClientNetwork.GetRateLimitKey(context.Connection.RemoteIpAddress) : caller.Name);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = rule.PolicyHeader;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture,
            $"\"{rule.Name}\";r={Math.Max(0, rule.MaxRequests - count)};t={secondsUntilReset}");
        return count <= rule.MaxRequests ? next(context) : throw AccessProblems.TooManyRequests("too_many_requests", secondsUntilReset);
    }

    private sealed record Rule(string Name, int MaxRequests)
    {
        public string PolicyHeader { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={MaxRequests};w={WindowSeconds}");
    }
}
