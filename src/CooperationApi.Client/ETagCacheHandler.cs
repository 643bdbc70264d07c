using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Caching.Memory;

namespace CooperationApi.Client;

/// <summary>
/// Caches JSON responses in memory and revalidates each with its ETag on every request: a response is never stale, and an unchanged
/// response is a 304 without a body.
/// </summary>
/// <param name="innerHandler">The handler that sends the requests.</param>
/// <param name="maxBytes">The maximum size of the cache in bytes. Default: 32 MiB.</param>
/// <param name="maxEntryBytes">The maximum size of a cached response in bytes. Default: 1 MiB.</param>
public sealed class ETagCacheHandler(HttpMessageHandler innerHandler, long maxBytes = 32 << 20, int maxEntryBytes = 1 << 20)
    : DelegatingHandler(innerHandler)
{
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = maxBytes });

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        // Conditional and range requests of the caller bypass the cache.
        if (request.Method != HttpMethod.Get || request.Headers.IfNoneMatch.Count > 0 || request.Headers.IfModifiedSince is not null
            || request.Headers.Range is not null)
            return await base.SendAsync(request, cancellationToken);
        // The key includes the authorization: callers with different keys never share an entry.
        var cacheKey = (request.RequestUri, request.Headers.Authorization?.ToString(), request.Headers.Accept.ToString(),
            request.Headers.AcceptLanguage.ToString());
        var cached = cache.Get<CacheEntry>(cacheKey);
        if (cached is not null)
            request.Headers.IfNoneMatch.Add(cached.ETag);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified && cached is not null)
        {
            response.StatusCode = HttpStatusCode.OK;
            response.Content = CreateContent(cached.Body, cached.ContentType);
            return response;
        }
        var contentType = response.Content.Headers.ContentType;
        if (response is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } etag } && response.Headers.CacheControl?.NoStore != true
            && contentType?.MediaType == "application/json"
            && !(response.Content.Headers.ContentLength > maxEntryBytes))
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            response.Content = CreateContent(body, contentType);
            if (body.Length <= maxEntryBytes)
                cache.Set(cacheKey, new CacheEntry(etag, contentType, body), new MemoryCacheEntryOptions { Size = body.Length + 512 });
        }
        return response;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            cache.Dispose();
        base.Dispose(disposing);
    }

    private static ByteArrayContent CreateContent(byte[] body, MediaTypeHeaderValue type) => new(body) { Headers = { ContentType = type } };

    private sealed record CacheEntry(EntityTagHeaderValue ETag, MediaTypeHeaderValue ContentType, byte[] Body);
}
