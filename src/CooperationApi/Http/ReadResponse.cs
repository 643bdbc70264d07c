namespace CooperationApi.Http;

/// <summary>
/// What a GET answers: the bytes, and the tag that tells this state of them from any other. A weak tag follows the whole store,
/// a strong one the record alone.
/// </summary>
internal sealed record ReadResponse(string Tag, bool IsWeak, byte[] Body)
{
    /// <summary>When the record was last changed.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>The path and query of the next page.</summary>
    public string? NextPageUrl { get; init; }

    /// <summary>The path and query where what is asked for is now, for good: the answer is 308.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Whether the caller has this answer already, so that it was not made.</summary>
    public bool IsNotModified { get; private init; }

    /// <summary>The answer to a caller who has it: see <see cref="ResponseCache.NotModifiedIfMatches"/>.</summary>
    public static ReadResponse NotModified(string tag) => new(tag, IsWeak: true, []) { IsNotModified = true };

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>What of the request decides the representation.</summary>
    public string Vary { get; init; } = "Accept, Accept-Encoding";

    /// <summary>How it is sent if it isn't the body: as it is read, for this caller, and kept by nobody.</summary>
    public Func<HttpContext, Task>? Send { get; init; }
}
