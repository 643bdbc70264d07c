using System.Globalization;
using CooperationApi.Http;

namespace CooperationApi.Access;

/// <summary>
/// Counts each key's requests, and of callers without a key each address's, by the minute; says in `RateLimit` what is left and in
/// `RateLimit-Policy` what the rule is. Past the limit it answers 429, and waiting out `Retry-After` works.
/// </summary>
internal sealed class RateLimits(LimitOptions limits, TimeProvider time)
{
    private const int Seconds = 60;

    private readonly WindowCounter windows = new(time, Seconds);
    private readonly Rule addresses = new("default", limits.RequestsPerMinute), keys = new("key", limits.KeyRequestsPerMinute);

    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        var caller = Callers.Of(context);
        var rule = caller is null ? addresses : keys;
        // Whoever watches over the service is not a caller of it.
        if (rule.Most == 0 || context.Request.Path.StartsWithSegments("/health"))
            return next(context);
        var (used, reset) = windows.Count(caller is null ? Network.Counted(context.Connection.RemoteIpAddress) : caller.Id);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = rule.Policy;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{rule.Name}\";r={Math.Max(0, rule.Most - used)};t={reset}");
        return used <= rule.Most ? next(context) : throw Refusal.TooMany("too_many_requests", reset);
    }

    private sealed record Rule(string Name, int Most)
    {
        public string Policy { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={Most};w={Seconds}");
    }
}
