using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>
/// Answers every GET and HEAD: conditional requests, compression, and a cache of whole answers. An answer is a function of the store's
/// state and the address, so one found under both is as good as a new one, and all are dropped when the state changes.
/// </summary>
internal sealed class ResponseCache(RequestTimeout requestTimeout)
{
    // Together, in bytes of bodies. Past it the cache begins anew: simpler than choosing what to drop.
    private const long MaxCacheBytes = 32 << 20;

    // Longer ones are asked for by who copies everything, and not again.
    private const int MaxEntryBytes = 1 << 20;

    private const int MinGzipBytes = 1024;

    /// <summary>What the tag of an answer that is compressed ends with.</summary>
    public const string GzipSuffix = "-gzip";

    private static readonly StringValues NoCache = "no-cache";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Gzip = "gzip";
    private static readonly string[] JsonMediaTypes = ["application/json"];

    private CacheGeneration generation = new("");

    /// <summary>
    /// Answers from the cache or makes the answer. <paramref name="versionToken"/> is the store's state as one word, taken before
    /// <paramref name="createResponse"/> reads: an answer is never older than the state that it is kept under. What is served is JSON; where it is
    /// <paramref name="offered"/> in other formats too, JSON first, it is for <paramref name="createResponse"/> to say which it is to be.
    /// </summary>
    public async Task Respond(HttpContext context, string versionToken, Func<Task<ReadResponse>> createResponse, IReadOnlyList<string>? offered = null)
    {
        // Only JSON is kept, so what is found is JSON: asked for in the query, or wanted as far as is known here.
        var isJson = ContentNegotiation.SelectMediaType(context.Request, offered ?? JsonMediaTypes) == JsonMediaTypes[0];
        if (!isJson && offered is null)
            throw new CooperationApi.Http.Problems.ProblemException(406, "not_acceptable", JsonMediaTypes[0]);
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
    /// The answer to a caller who says to have the one with this weak tag, in whichever encoding; null for any other. What only follows the
    /// store's state can be told so before it is made: a 304 that costs no query.
    /// </summary>
    public static ReadResponse? NotModifiedIfMatches(HttpRequest request, string tag)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags))
            return null;
        var matchedTag = tags.Select(matchedTag => matchedTag.Tag.ToString().Trim('"')).FirstOrDefault(matchedTag => matchedTag == tag || matchedTag == tag + GzipSuffix);
        return matchedTag is null ? null : ReadResponse.NotModified(matchedTag);
    }

    /// <summary>Answers what is for this caller alone, and kept by nobody.</summary>
    public static Task RespondUncachedPrivate(HttpContext context, ReadResponse response)
    {
        EnsureAcceptsJson(context.Request);
        return Write(context, new(response), NoStore);
    }

    /// <summary>Answers what follows something else than the store's state, and is made anew for everybody.</summary>
    public static Task RespondUncached(HttpContext context, ReadResponse response) => Write(context, new(response));

    /// <summary>Refuses who does not take JSON, where there is nothing else: 406.</summary>
    public static void EnsureAcceptsJson(HttpRequest request)
    {
        if (ContentNegotiation.SelectMediaType(request, JsonMediaTypes) is null)
            throw new CooperationApi.Http.Problems.ProblemException(406, "not_acceptable", JsonMediaTypes[0]);
    }

    /// <summary>A handler that always answers the same, whatever the store's state.</summary>
    public static RequestDelegate CreateConstantHandler(Func<ReadResponse> createResponse)
    {
        var entry = new Lazy<CacheEntry>(() => new(createResponse()));
        return context => Write(context, entry.Value);
    }

    /// <summary>
    /// Begins an answer that is sent as it is read: its weak tag, and what decides over it. True if the caller has it already, and is told so.
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

    /// <summary>RFC 9110, 13.1.2 and 13.1.3: the tag decides; only without one does the date.</summary>
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

    /// <summary>The answers of one state of the store.</summary>
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

    /// <summary>An answer with its headers as they are sent.</summary>
    private sealed class CacheEntry(ReadResponse response)
    {
        public ReadResponse Response { get; } = response;

        public StringValues LastModified { get; } = response.LastModified is { } at ? new(HeaderUtilities.FormatDate(at)) : default;

        public StringValues Link { get; } = response.NextPageUrl is { } next ? new($"<{next}>; rel=\"next\"") : default;

        public StringValues ContentType { get; } = response.ContentType;

        public StringValues Vary { get; } = response.Vary;

        public Representation Plain { get; } = new(response.Tag, response.IsWeak, new(response.Body), isCompressed: false);

        // Compressed when it is first sent: a 304 needs the tag alone.
        public Representation Compressed { get; } = new(response.Tag + GzipSuffix, response.IsWeak, new(() => Compress(response.Body)), isCompressed: true);

        private static byte[] Compress(byte[] body)
        {
            using var target = new MemoryStream();
            using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
                gzip.Write(body);
            return target.ToArray();
        }
    }

    /// <summary>One representation of an answer, and the tag that is its own.</summary>
    private sealed class Representation(string tag, bool isWeak, Lazy<byte[]> body, bool isCompressed)
    {
        public EntityTagHeaderValue ParsedETag { get; } = new($"\"{tag}\"", isWeak);

        public string ETag { get; } = isWeak ? $"W/\"{tag}\"" : $"\"{tag}\"";

        public byte[] Body => body.Value;

        public bool IsCompressed { get; } = isCompressed;
    }
}
