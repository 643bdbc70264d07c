using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

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
        headers.LastModified = cached.LastModified;
        headers.Link = cached.Link;
        if (cached.Response.RedirectTo is { } location)
        {
            (response.StatusCode, headers.Location) = (StatusCodes.Status308PermanentRedirect, location);
            return Task.CompletedTask;
        }
        if (cached.Response.IsNotModified || IsNotModified(request, cached, representation))
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
    public static bool TryRespondNotModified(HttpContext context, string tag, string vary)
    {
        var headers = context.Response.Headers;
        (headers.ETag, headers.CacheControl, headers.Vary) = ($"W/\"{tag}\"", NoCache, vary);
        if (!MatchesAny(context.Request.Headers.IfNoneMatch, new($"\"{tag}\"", isWeak: true)))
            return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Evaluates `If-None-Match`, and `If-Modified-Since` only in its absence (RFC 9110, 13.1.2 and 13.1.3).</summary>
    private static bool IsNotModified(HttpRequest request, CachedResponse cached, CachedResponse.Representation representation)
    {
        var ifNoneMatch = request.Headers.IfNoneMatch;
        if (ifNoneMatch.Count > 0)
            return ifNoneMatch.Count == 1 && ifNoneMatch[0] == representation.ETag || MatchesAny(ifNoneMatch, representation.ParsedETag);
        return cached.Response.LastModified is { } lastModified
            && request.Headers.IfModifiedSince.Count > 0
            && request.GetTypedHeaders().IfModifiedSince is { } since
            && lastModified.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    private static bool MatchesAny(StringValues header, EntityTagHeaderValue etag) =>
        EntityTagHeaderValue.TryParseList(header, out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(etag, useStrongComparison: false));
}
