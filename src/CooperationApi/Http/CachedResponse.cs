using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>A response with its header values, plain and compressed.</summary>
internal sealed class CachedResponse(ReadResponse response)
{
    private const int MinGzipBytes = 1024;

    public ReadResponse Response { get; } = response;

    public StringValues Link { get; } = response.NextPageUrl is { } next ? new($"<{next}>; rel=\"next\"") : default;

    public StringValues ContentType { get; } = response.ContentType;

    public StringValues Vary { get; } = response.Vary;

    public StringValues CacheControl { get; } = response.CacheControl;

    /// <summary>The body without compression.</summary>
    private Representation Plain { get; } =
        new(EntityTags.Format(response.Tag, response.IsWeak), new(response.Body), isCompressed: false);

    // Compressed when first sent: a 304 needs only the tag.
    private Representation Compressed { get; } =
        new(EntityTags.Format(response.Tag + EntityTags.GzipSuffix, response.IsWeak), new(() => Compress(response.Body)),
            isCompressed: true);

    /// <summary>Selects the compressed body if the request accepts it and the body is not small.</summary>
    public Representation SelectRepresentation(HttpRequest request) =>
        Response.Body.Length >= MinGzipBytes && ContentNegotiation.AcceptsGzip(request) ? Compressed : Plain;

    private static byte[] Compress(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(body);
        return target.ToArray();
    }

    /// <summary>One encoding of a response, with its own entity tag.</summary>
    public sealed class Representation(string etag, Lazy<byte[]> body, bool isCompressed)
    {
        public string ETag => etag;

        public byte[] Body => body.Value;

        public bool IsCompressed => isCompressed;
    }
}
