namespace CooperationApi.Access;

/// <summary>
/// Logs a warning, once, if a request has `X-Forwarded-For` from an address that is not in `Access:TrustedProxies`: behind such a proxy all
/// clients share one rate limit.
/// </summary>
internal sealed partial class IgnoredForwardingWarning(RequestDelegate next, ILogger<IgnoredForwardingWarning> logger)
{
    private int hasLogged;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        // The forwarded headers middleware adds `X-Original-For` if it used the header.
        if (hasLogged == 0 && headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("X-Original-For")
            && Interlocked.Exchange(ref hasLogged, 1) == 0)
        {
            LogIgnored(context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        }
        return next(context);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "X-Forwarded-For from {Address} is ignored, so rate limits and logs use this "
        + "address. If it is a proxy of yours, add it to Access:TrustedProxies")]
    private partial void LogIgnored(string address);
}
