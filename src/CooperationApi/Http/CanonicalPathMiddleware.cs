using Microsoft.AspNetCore.Http.Features;

namespace CooperationApi.Http;

/// <summary>
/// Removes the endpoint of a path that is not in its canonical form, so that the response is 404. Routing also matches other letter case,
/// a trailing or encoded slash and encoded letters.
/// </summary>
internal sealed class CanonicalPathMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!IsCanonical(context.Request))
            context.SetEndpoint(null);
        return next(context);
    }

    private static bool IsCanonical(HttpRequest request)
    {
        var path = request.Path.Value!;
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        // A request target in absolute form, as proxies send it, also has the host (RFC 9112, 3.2.2).
        if (!target.StartsWith('/') && target.IndexOf("://") is > 0 and var schemeEnd
            && target[(schemeEnd + 3)..].IndexOf('/') is >= 0 and var hostLength)
        {
            target = target[(schemeEnd + 3 + hostLength)..];
        }
        var queryStart = target.IndexOf('?');
        return target[..(queryStart < 0 ? target.Length : queryStart)].SequenceEqual(path)
            && (path.Length == 1 || path[^1] != '/')
            && !path.AsSpan().ContainsAnyInRange('A', 'Z')
            && !path.Contains("//", StringComparison.Ordinal);
    }
}
