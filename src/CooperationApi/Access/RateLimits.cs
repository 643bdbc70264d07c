using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using CooperationApi.Faults;

namespace CooperationApi.Access;

/// <summary>How much one caller may ask for: the `Limits` section of the configuration.</summary>
internal sealed record LimitOptions
{
    /// <summary>Requests a minute from one address; 0 for no limit.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerMinute { get; init; }
}

/// <summary>
/// Counts each address's requests in windows of a minute, and says in `RateLimit` what is left and in `RateLimit-Policy` what the rule is.
/// Past the limit it answers 429; waiting out `Retry-After` works, as windows begin with the clock's minutes for everybody.
/// </summary>
internal sealed class RateLimits(LimitOptions limits, TimeProvider time)
{
    // So many addresses in a minute are an attack; the window then begins anew rather than growing without end.
    private const int MostAddresses = 100_000;

    private readonly string policy = $"\"default\";q={limits.RequestsPerMinute};w=60";
    private Window window = new(0);

    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        // Whoever watches over the service is not a caller of it.
        if (limits.RequestsPerMinute == 0 || context.Request.Path.StartsWithSegments("/health"))
            return next(context);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var used = CurrentWindow(now / 60).Count(context.Connection.RemoteIpAddress ?? IPAddress.None);
        var (left, reset) = (Math.Max(0, limits.RequestsPerMinute - used), 60 - now % 60);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = policy;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"default\";r={left};t={reset}");
        if (used <= limits.RequestsPerMinute)
            return next(context);
        headers.RetryAfter = reset.ToString(CultureInfo.InvariantCulture);
        throw new ProblemException(429, "too_many_requests");
    }

    private Window CurrentWindow(long minute)
    {
        var current = Volatile.Read(ref window);
        if (current.Minute == minute && current.Addresses < MostAddresses)
            return current;
        var begun = new Window(minute);
        var found = Interlocked.CompareExchange(ref window, begun, current);
        return ReferenceEquals(found, current) ? begun : found;
    }

    private sealed class Window(long minute)
    {
        private readonly ConcurrentDictionary<IPAddress, int> counts = new();
        private int addresses;

        public long Minute => minute;

        public int Addresses => Volatile.Read(ref addresses);

        public int Count(IPAddress address)
        {
            var used = counts.AddOrUpdate(address, 1, (_, count) => count + 1);
            if (used == 1)
                Interlocked.Increment(ref addresses);
            return used;
        }
    }
}
