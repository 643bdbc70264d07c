using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>
/// The origins that CORS allows: all (`*`) or a comma-separated list. Credentials are never allowed: a script sends the API key in
/// `Authorization`.
/// </summary>
internal sealed class CorsOrigins(string allowedOrigins)
{
    private const string Wildcard = "*";

    private readonly bool isWildcard = allowedOrigins == Wildcard;
    private readonly HashSet<string> originSet = [.. Split(allowedOrigins)];

    /// <summary>Splits a comma-separated list and removes blanks and empty entries.</summary>
    public static IEnumerable<string> Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns true if the text is `*` or an origin as browsers send it: scheme, host and port only.</summary>
    public static bool IsOrigin(string text) =>
        text == Wildcard || Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.GetLeftPart(UriPartial.Authority) == text;

    /// <summary>
    /// Sets `Access-Control-Allow-Origin` if the origin of the request is allowed. The OpenAPI documents allow every origin.
    /// </summary>
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
