using System.Globalization;
using CooperationApi.Http;

namespace CooperationApi.Access;

/// <summary>
/// Counts each key's requests, and of callers without a key each address's, by the minute; says in `RateLimit` what is left and in
/// `RateLimit-Policy` what the rule is. Past the limit it answers 429, and waiting out `Retry-After` works.
/// </summary>
internal sealed class RateLimitMiddleware(LimitsOptions limits, TimeProvider time)
{
    private const int WindowSeconds = 60;

    private readonly FixedWindowCounter counter = new(time, WindowSeconds);
    private readonly Rule anonymousRule = new("default", limits.AnonymousRequestsPerMinute), keyRule = new("key", limits.KeyRequestsPerMinute);

    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        var caller = CallerAuthenticator.FindCaller(context);
        var rule = caller is null ? anonymousRule : keyRule;
        // Whoever watches over the service is not a caller of it.
        if (rule.MaxRequests == 0 || context.Request.Path.StartsWithSegments("/health"))
            return next(context);
        var (count, secondsUntilReset) = counter.Increment(caller is null ? ClientNetwork.GetRateLimitKey(context.Connection.RemoteIpAddress) : caller.Id);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = rule.PolicyHeader;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{rule.Name}\";r={Math.Max(0, rule.MaxRequests - count)};t={secondsUntilReset}");
        return count <= rule.MaxRequests ? next(context) : throw AccessProblems.TooManyRequests("too_many_requests", secondsUntilReset);
    }

    private sealed record Rule(string Name, int MaxRequests)
    {
        public string PolicyHeader { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={MaxRequests};w={WindowSeconds}");
    }
}
