using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>Writes responses to GET and HEAD, with conditional requests and compression.</summary>
internal static class ResponseWriter
{
    private static readonly StringValues NoCache = ReadResponse.NoCache;
    private static readonly StringValues Gzip = "gzip";

    /// <summary>Writes a response, or a 304 if the client already has it.</summary>
    public static Task Write(HttpContext context, CachedResponse cached)
    {
        var (request, response) = (context.Request, context.Response);
        var representation = cached.SelectRepresentation(request);
        var headers = response.Headers;
        headers.ETag = representation.ETag;
        headers.CacheControl = cached.CacheControl;
        headers.Vary = cached.Vary;
        headers.Link = cached.Link;
        if (cached.Response.RedirectTo is { } location)
        {
            (response.StatusCode, headers.Location) = (StatusCodes.Status308PermanentRedirect, location);
            // Only the redirects of pages have a text.
            if (representation.Body.Length == 0)
                return Task.CompletedTask;
        }
        else if (cached.Response.IsNotModified || IsNotModified(context, cached.Response.Tag, cached.Response.IsWeak))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        headers.ContentType = cached.ContentType;
        if (representation.IsCompressed)
            headers.ContentEncoding = Gzip;
        response.ContentLength = representation.Body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(representation.Body).AsTask();
    }

    /// <summary>
    /// Writes the validators of a streamed response: weak entity tag, `Cache-Control` and `Vary`. Returns true if the client already has
    /// the response; the status is then 304.
    /// </summary>
    public static bool TryRespondNotModified(HttpContext context, string tag, bool isCompressed, string vary)
    {
        var headers = context.Response.Headers;
        headers.ETag = EntityTags.Format(isCompressed ? tag + EntityTags.GzipSuffix : tag, isWeak: true);
        (headers.CacheControl, headers.Vary) = (NoCache, vary);
        if (!IsNotModified(context, tag, isWeak: true))
            return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>
    /// Returns true if `If-None-Match` has the tag of the response; the `ETag` of the response is then this tag. There is no
    /// `If-Modified-Since`: several revisions can have the same second.
    /// </summary>
    private static bool IsNotModified(HttpContext context, string tag, bool isWeak)
    {
        var (ifNoneMatch, headers) = (context.Request.Headers.IfNoneMatch, context.Response.Headers);
        // The usual request needs no parsing.
        if (ifNoneMatch.Count == 1 && (ifNoneMatch[0] == headers.ETag || ifNoneMatch[0] == "*"))
            return true;
        if (EntityTags.FindMatch(context.Request, tag) is not { } matchedTag)
            return false;
        headers.ETag = EntityTags.Format(matchedTag, isWeak);
        return true;
    }
}
