namespace CooperationApi.Http;

/// <summary>The response to a GET: the body and its entity tag. A weak tag follows the store version, a strong tag the record.</summary>
internal sealed record ReadResponse(string Tag, bool IsWeak, byte[] Body)
{
    /// <summary>The time of the record's last change.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>The path and query of the next page.</summary>
    public string? NextPageUrl { get; init; }

    /// <summary>The path and query of a permanent redirect (308).</summary>
    public string? RedirectTo { get; init; }

    /// <summary>True if the client already has the response, so the body was not created.</summary>
    public bool IsNotModified { get; private init; }

    /// <summary>Creates the response for a client that already has it: see <see cref="ResponseCache.NotModifiedIfMatches"/>.</summary>
    public static ReadResponse NotModified(string tag) => new(tag, IsWeak: true, []) { IsNotModified = true };

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>The request headers that select the representation.</summary>
    public string Vary { get; init; } = "Accept, Accept-Encoding";

    /// <summary>Streams the response in place of the body; a streamed response is not cached.</summary>
    public Func<HttpContext, Task>? Send { get; init; }
}
