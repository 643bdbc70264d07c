using System.Collections.Concurrent;
using System.IO.Compression;
using CooperationApi.Http.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>
/// Responds to GET and HEAD with conditional requests, compression and a cache of complete responses. A response depends only on the store
/// version and the request target, which are the cache key. A new store version clears the cache.
/// </summary>
internal sealed class ResponseCache(RequestTimeout requestTimeout)
{
    // Bytes of all cached bodies and keys. Above it the whole cache is cleared, which is simpler than evicting entries.
    private const long MaxCacheBytes = 32 << 20;

    // Larger responses go to clients that copy all data and do not request the same page again.
    private const int MaxEntryBytes = 1 << 20;

    private const int MinGzipBytes = 1024;

    /// <summary>The suffix of the entity tag of a compressed response.</summary>
    public const string GzipSuffix = "-gzip";

    private static readonly StringValues NoCache = "no-cache";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Gzip = "gzip";
    private static readonly string[] JsonMediaTypes = ["application/json"];

    private CacheGeneration generation = new("");

    /// <summary>
    /// Responds from the cache or creates the response. <paramref name="versionToken"/> is read from the store before
    /// <paramref name="createResponse"/> reads, so a response is never older than the version that it is cached under. The response is
    /// JSON, unless <paramref name="offered"/> lists other formats after JSON; <paramref name="createResponse"/> then selects the format.
    /// </summary>
    public async Task Respond(HttpContext context, string versionToken, Func<Task<ReadResponse>> createResponse, IReadOnlyList<string>? offered = null)
    {
        // Only JSON is cached. The key includes the query, so a target with `format=csv` has no entry.
        var isJson = ContentNegotiation.SelectMediaType(context.Request, offered ?? JsonMediaTypes) == JsonMediaTypes[0];
        if (!isJson && offered is null)
            throw new ProblemException(406, "not_acceptable", JsonMediaTypes[0]);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var current = GetCurrentGeneration(versionToken);
        if (!isJson || !current.Entries.TryGetValue(target, out var entry))
        {
            var response = await requestTimeout.RunWithTimeout(context, createResponse);
            if (response.Send is { } send)
            {
                await send(context);
                return;
            }
            entry = new(response);
            if (!response.IsNotModified)
                current.TryAdd(target, entry);
        }
        await Write(context, entry);
    }

    /// <summary>
    /// Returns a 304 response if the client has the response with this weak tag, in any encoding; else null. The tag of a response that
    /// depends only on the store version is known before the response is created, so this 304 needs no query.
    /// </summary>
    public static ReadResponse? NotModifiedIfMatches(HttpRequest request, string tag)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags))
            return null;
        var matchedTag = tags.Select(entityTag => entityTag.Tag.ToString().Trim('"')).FirstOrDefault(value => value == tag || value == tag + GzipSuffix);
        return matchedTag is null ? null : ReadResponse.NotModified(matchedTag);
    }

    /// <summary>Writes a response for this caller only (`Cache-Control: no-store`).</summary>
    public static Task RespondUncachedPrivate(HttpContext context, ReadResponse response)
    {
        EnsureAcceptsJson(context.Request);
        return Write(context, new(response), NoStore);
    }

    /// <summary>Writes a response that does not depend on the store version only and is created for each request.</summary>
    public static Task RespondUncached(HttpContext context, ReadResponse response) => Write(context, new(response));

    /// <summary>Throws a 406 problem if the request does not accept JSON.</summary>
    public static void EnsureAcceptsJson(HttpRequest request)
    {
        if (ContentNegotiation.SelectMediaType(request, JsonMediaTypes) is null)
            throw new ProblemException(406, "not_acceptable", JsonMediaTypes[0]);
    }

    /// <summary>Creates a handler that returns the same response for every store version.</summary>
    public static RequestDelegate CreateConstantHandler(Func<ReadResponse> createResponse)
    {
        var entry = new Lazy<CacheEntry>(() => new(createResponse()));
        return context => Write(context, entry.Value);
    }

    /// <summary>
    /// Writes the validators of a streamed response: weak entity tag, `Cache-Control` and `Vary`. Returns true if the client already has
    /// the response; the status is then 304.
    /// </summary>
    public static bool TryRespondNotModified(HttpContext context, string tag, string vary)
    {
        WriteValidators(context.Response, $"W/\"{tag}\"", vary);
        if (!MatchesAny(context.Request.Headers.IfNoneMatch, new($"\"{tag}\"", isWeak: true)))
            return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static void WriteValidators(HttpResponse response, StringValues etag, StringValues vary)
    {
        response.Headers.ETag = etag;
        response.Headers.CacheControl = NoCache;
        response.Headers.Vary = vary;
    }

    private CacheGeneration GetCurrentGeneration(string versionToken)
    {
        var current = Volatile.Read(ref generation);
        if ((ReferenceEquals(current.VersionToken, versionToken) || current.VersionToken == versionToken) && current.Size <= MaxCacheBytes)
            return current;
        var next = new CacheGeneration(versionToken);
        Volatile.Write(ref generation, next);
        return next;
    }

    private static Task Write(HttpContext context, CacheEntry entry, StringValues? cacheControl = null)
    {
        var (request, response) = (context.Request, context.Response);
        var representation = entry.Response.Body.Length >= MinGzipBytes && ContentNegotiation.AcceptsGzip(request) ? entry.Compressed : entry.Plain;
        var headers = response.Headers;
        WriteValidators(response, representation.ETag, entry.Vary);
        if (cacheControl is { } value)
            headers.CacheControl = value;
        headers.LastModified = entry.LastModified;
        headers.Link = entry.Link;
        if (entry.Response.RedirectTo is { } location)
        {
            (response.StatusCode, headers.Location) = (StatusCodes.Status308PermanentRedirect, location);
            return Task.CompletedTask;
        }
        if (entry.Response.IsNotModified || IsNotModified(request, entry, representation))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        headers.ContentType = entry.ContentType;
        if (representation.IsCompressed)
            headers.ContentEncoding = Gzip;
        response.ContentLength = representation.Body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(representation.Body).AsTask();
    }

    /// <summary>Evaluates `If-None-Match`, and `If-Modified-Since` only in its absence (RFC 9110, 13.1.2 and 13.1.3).</summary>
    private static bool IsNotModified(HttpRequest request, CacheEntry entry, Representation representation)
    {
        var ifNoneMatch = request.Headers.IfNoneMatch;
        if (ifNoneMatch.Count > 0)
            return ifNoneMatch.Count == 1 && ifNoneMatch[0] == representation.ETag || MatchesAny(ifNoneMatch, representation.ParsedETag);
        return entry.Response.LastModified is { } lastModified
            && request.Headers.IfModifiedSince.Count > 0
            && request.GetTypedHeaders().IfModifiedSince is { } since
            && lastModified.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    private static bool MatchesAny(StringValues header, EntityTagHeaderValue etag) => EntityTagHeaderValue.TryParseList(header, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(etag, useStrongComparison: false));

    /// <summary>The cached responses of one store version.</summary>
    private sealed class CacheGeneration(string versionToken)
    {
        private long size;

        public string VersionToken { get; } = versionToken;

        public ConcurrentDictionary<string, CacheEntry> Entries { get; } = new(StringComparer.Ordinal);

        public long Size => Volatile.Read(ref size);

        public void TryAdd(string target, CacheEntry entry)
        {
            if (entry.Response.Body.Length <= MaxEntryBytes && Entries.TryAdd(target, entry))
                Interlocked.Add(ref size, entry.Response.Body.Length + 2 * target.Length + 1024);
        }
    }

    /// <summary>A response with its header values.</summary>
    private sealed class CacheEntry(ReadResponse response)
    {
        public ReadResponse Response { get; } = response;

        public StringValues LastModified { get; } = response.LastModified is { } at ? new(HeaderUtilities.FormatDate(at)) : default;

        public StringValues Link { get; } = response.NextPageUrl is { } next ? new($"<{next}>; rel=\"next\"") : default;

        public StringValues ContentType { get; } = response.ContentType;

        public StringValues Vary { get; } = response.Vary;

        public Representation Plain { get; } = new(response.Tag, response.IsWeak, new(response.Body), isCompressed: false);

        // Compressed when first sent: a 304 needs only the tag.
        public Representation Compressed { get; } = new(response.Tag + GzipSuffix, response.IsWeak, new(() => Compress(response.Body)), isCompressed: true);

        private static byte[] Compress(byte[] body)
        {
            using var target = new MemoryStream();
            using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
                gzip.Write(body);
            return target.ToArray();
        }
    }

    /// <summary>One encoding of a response, with its own entity tag.</summary>
    private sealed class Representation(string tag, bool isWeak, Lazy<byte[]> body, bool isCompressed)
    {
        public EntityTagHeaderValue ParsedETag { get; } = new($"\"{tag}\"", isWeak);

        public string ETag { get; } = isWeak ? $"W/\"{tag}\"" : $"\"{tag}\"";

        public byte[] Body => body.Value;

        public bool IsCompressed { get; } = isCompressed;
    }
}
