using System.Collections.Concurrent;
using CooperationApi.Http.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace CooperationApi.Http;

/// <summary>Handles a GET or HEAD request: returns the response, which the caller writes.</summary>
internal delegate Task<ReadResponse> ReadHandler(HttpContext context);

/// <summary>
/// Wraps the handlers of routes and caches their responses. A response depends only on the version token, the request target and the
/// variant, which are the cache key. A new version token clears the cache. The output cache of ASP.NET Core evicts by tag or time, and
/// stores no compressed bodies. An `IEndpointFilter` would compile an expression tree per route at start and box the arguments of each
/// request.
/// </summary>
internal sealed class ResponseCache(Func<string> getVersionToken, RequestTimeout requestTimeout)
{
    // Bytes of all cached bodies, without their compressed copies, and keys. Above it the whole cache is cleared, which is simpler than
    // evicting entries.
    private const long MaxCacheBytes = 32 << 20;

    // Larger responses go to clients that copy all data and do not request the same page again.
    private const int MaxEntryBytes = 1 << 20;

    private static readonly string[] JsonMediaTypes = ["application/json"];

    private CacheGeneration generation = new("");

    /// <summary>
    /// Creates the endpoint of a handler whose response is JSON, unless <paramref name="mediaTypes"/> lists other formats after JSON; the
    /// handler then selects the format. The request timeout applies to the handler.
    /// </summary>
    public RequestDelegate Cache(ReadHandler handler, IReadOnlyList<string>? mediaTypes = null) =>
        context => Respond(context, handler, mediaTypes ?? JsonMediaTypes);

    /// <summary>
    /// Creates the endpoint of a handler with one format, whose response also depends on a variant of the request, such as its language.
    /// </summary>
    public RequestDelegate CacheVariants(ReadHandler handler, Func<HttpContext, string> getVariant) =>
        context => RespondCached(context, handler, getVariant(context));

    /// <summary>Creates the endpoint of a handler whose response is JSON and is created for each request.</summary>
    public RequestDelegate Uncached(ReadHandler handler) => context =>
    {
        EnsureAcceptsJson(context.Request);
        return RunHandler(context, handler, _ => { });
    };

    /// <summary>Creates an endpoint that sends the same response for every store version.</summary>
    public static RequestDelegate Constant(Func<ReadResponse> createResponse)
    {
        var entry = new Lazy<CachedResponse>(() => new(createResponse()));
        return context => ResponseWriter.Write(context, entry.Value);
    }

    /// <summary>Throws a 406 problem if the request does not accept JSON.</summary>
    public static void EnsureAcceptsJson(HttpRequest request)
    {
        if (ContentNegotiation.SelectMediaType(request, JsonMediaTypes) is null)
            throw new ProblemException(406, "not_acceptable", JsonMediaTypes[0]);
    }

    private Task Respond(HttpContext context, ReadHandler handler, IReadOnlyList<string> mediaTypes)
    {
        // Only JSON is cached. The key includes the query, so a target with `format=csv` has no entry.
        if (ContentNegotiation.SelectMediaType(context.Request, mediaTypes) != JsonMediaTypes[0])
            return mediaTypes.Count > 1
                ? RunHandler(context, handler, _ => { })
                : throw new ProblemException(406, "not_acceptable", JsonMediaTypes[0]);
        return RespondCached(context, handler, variant: "");
    }

    private Task RespondCached(HttpContext context, ReadHandler handler, string variant)
    {
        // The version is read before the handler reads, so a response is never older than the version that it is cached under.
        var current = GetCurrentGeneration(getVersionToken());
        var target = variant + context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var isHit = current.Entries.TryGetValue(target, out var cached);
        HttpMetrics.CountCacheRequest(isHit);
        return isHit
            ? ResponseWriter.Write(context, cached!)
            : RunHandler(context, handler, response => current.TryAdd(target, response));
    }

    private async Task RunHandler(HttpContext context, ReadHandler handler, Action<CachedResponse> store)
    {
        var response = await requestTimeout.RunWithTimeout(context, () => handler(context));
        if (response.Send is { } send)
        {
            await send(context);
            return;
        }
        var cached = new CachedResponse(response);
        if (!response.IsNotModified)
            store(cached);
        await ResponseWriter.Write(context, cached);
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

    /// <summary>The cached responses of one store version.</summary>
    private sealed class CacheGeneration(string versionToken)
    {
        private long size;

        public string VersionToken { get; } = versionToken;

        public ConcurrentDictionary<string, CachedResponse> Entries { get; } = new(StringComparer.Ordinal);

        public long Size => Volatile.Read(ref size);

        public void TryAdd(string target, CachedResponse entry)
        {
            if (entry.Response.Body.Length <= MaxEntryBytes && Entries.TryAdd(target, entry))
                Interlocked.Add(ref size, entry.Response.Body.Length + 2 * target.Length + 1024);
        }
    }
}
