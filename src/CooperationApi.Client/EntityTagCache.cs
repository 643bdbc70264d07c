using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Caching.Memory;

namespace CooperationApi.Client;

/// <summary>
/// Keeps JSON answers with their ETag and asks each time whether they still hold: an answer is never older than the service's, and what hasn't changed costs a 304.
/// </summary>
public sealed class EntityTagCache : DelegatingHandler
{
    private readonly MemoryCache kept;
    private readonly int longest;

    /// <param name="inner">What sends.</param>
    /// <param name="bytes">How much is kept.</param>
    /// <param name="longest">The longest answer that is kept, in bytes.</param>
    public EntityTagCache(HttpMessageHandler inner, long bytes = 32 << 20, int longest = 1 << 20) : base(inner) =>
        (kept, this.longest) = (new(new MemoryCacheOptions { SizeLimit = bytes }), longest);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        // Who asks with a condition, or for a part, wants the answer to that.
        if (request.Method != HttpMethod.Get || request.Headers.IfNoneMatch.Count > 0 || request.Headers.IfModifiedSince is not null || request.Headers.Range is not null)
            return await base.SendAsync(request, cancellationToken);
        // What is for one caller is not for another, even if they share this.
        var name = (request.RequestUri, request.Headers.Authorization?.ToString(), request.Headers.Accept.ToString(), request.Headers.AcceptLanguage.ToString());
        var known = kept.Get<Kept>(name);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known.Tag);
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotModified && known is not null)
        {
            answer.StatusCode = HttpStatusCode.OK;
            answer.Content = Content(known.Body, known.Type);
            return answer;
        }
        var type = answer.Content.Headers.ContentType;
        if (answer is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } tag } && answer.Headers.CacheControl?.NoStore != true && type?.MediaType == "application/json"
            && !(answer.Content.Headers.ContentLength > longest))
        {
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            answer.Content = Content(body, type);
            if (body.Length <= longest)
                kept.Set(name, new Kept(tag, type, body), new MemoryCacheEntryOptions { Size = body.Length + 512 });
        }
        return answer;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            kept.Dispose();
        base.Dispose(disposing);
    }

    private static ByteArrayContent Content(byte[] body, MediaTypeHeaderValue type) => new(body) { Headers = { ContentType = type } };

    private sealed record Kept(EntityTagHeaderValue Tag, MediaTypeHeaderValue Type, byte[] Body);
}
