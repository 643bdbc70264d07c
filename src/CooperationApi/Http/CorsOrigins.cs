using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>The web pages whose scripts may read answers: all (`*`), or those of a list of origins. None may use what the browser knows of its user: a key is sent by hand.</summary>
internal sealed class CorsOrigins(string allowedOrigins)
{
    private const string Wildcard = "*";

    private readonly bool isWildcard = allowedOrigins == Wildcard;
    private readonly HashSet<string> originSet = [.. Split(allowedOrigins)];

    /// <summary>The origins of a list with commas.</summary>
    public static IEnumerable<string> Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether it is an origin as browsers send it: scheme, host and port alone.</summary>
    public static bool IsOrigin(string text) =>
        text == Wildcard || Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.GetLeftPart(UriPartial.Authority) == text;

    /// <summary>Lets the page read the answer that follows, if it may. What everybody may see, any page may.</summary>
    public void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (isWildcard || context.Request.Path.Value!.StartsWith("/v1/openapi", StringComparison.Ordinal))
        {
            headers.AccessControlAllowOrigin = Wildcard;
            return;
        }
        if (context.Request.Headers.Origin is [{ } origin] && originSet.Contains(origin))
            headers.AccessControlAllowOrigin = origin;
        context.Response.OnStarting(() =>
        {
            headers.Vary = StringValues.Concat(headers.Vary, "Origin");
            return Task.CompletedTask;
        });
    }
}
