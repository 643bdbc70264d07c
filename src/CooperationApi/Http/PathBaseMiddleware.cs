using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>
/// Adds the path prefix of a reverse proxy (`X-Forwarded-Prefix`) to the headers `Location` and `Link`. Handlers write them as paths of
/// the service, and cached responses have no prefix.
/// </summary>
internal sealed class PathBaseMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.PathBase.HasValue)
            context.Response.OnStarting(AddPathBase, context);
        return next(context);
    }

    private static Task AddPathBase(object state)
    {
        var context = (HttpContext)state;
        var (headers, pathBase) = (context.Response.Headers, context.Request.PathBase.ToUriComponent());
        if (headers.Location is [['/', ..]])
            headers.Location = pathBase + headers.Location;
        headers.Link = new StringValues([.. headers.Link.Select(link => link is ['<', '/', ..] ? $"<{pathBase}{link[1..]}" : link)]);
        return Task.CompletedTask;
    }
}
