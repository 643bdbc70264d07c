using System.Text.Json;
using CooperationApi.Contracts;

namespace CooperationApi.Http;

/// <summary>The response to a GET: the body and its entity tag. A weak tag follows the store version, a strong tag the record.</summary>
internal sealed record ReadResponse(string Tag, bool IsWeak, byte[] Body)
{
    /// <summary>The default of `Cache-Control`: revalidate before reuse.</summary>
    public const string NoCache = "no-cache";

    /// <summary>The path and query of the next page.</summary>
    public string? NextPageUrl { get; init; }

    /// <summary>The path and query of a permanent redirect (308).</summary>
    public string? RedirectTo { get; init; }

    /// <summary>True if the client already has the response, so the body was not created.</summary>
    public bool IsNotModified { get; private init; }

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>The request headers that select the representation.</summary>
    public string Vary { get; init; } = "Accept, Accept-Encoding";

    /// <summary>The `Cache-Control` header.</summary>
    public string CacheControl { get; init; } = NoCache;

    /// <summary>Streams the response in place of the body; a streamed response is not cached.</summary>
    public Func<HttpContext, Task>? Send { get; init; }

    /// <summary>Creates a JSON response with a weak tag.</summary>
    public static ReadResponse FromJson<TContent>(string tag, TContent content) =>
        new(tag, IsWeak: true, JsonSerializer.SerializeToUtf8Bytes(content, ApiJson.Options));

    /// <summary>
    /// Returns a 304 response if the client has the response with this weak tag, in any encoding; else null. The tag of a response that
    /// depends only on the store version is known before the response is created, so this 304 needs no query.
    /// </summary>
    public static ReadResponse? NotModifiedIfMatches(HttpRequest request, string tag) =>
        EntityTags.FindMatch(request, tag) is { } matchedTag ? new(matchedTag, IsWeak: true, []) { IsNotModified = true } : null;
}
