using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CooperationApi.Http;

/// <summary>A response with its header values, plain and compressed.</summary>
internal sealed class CachedResponse(ReadResponse response)
{
    /// <summary>The suffix of the entity tag of a compressed response.</summary>
    public const string GzipSuffix = "-gzip";

    private const int MinGzipBytes = 1024;

    public ReadResponse Response { get; } = response;

    public StringValues LastModified { get; } = response.LastModified is { } at ? new(HeaderUtilities.FormatDate(at)) : default;

    public StringValues Link { get; } = response.NextPageUrl is { } next ? new($"<{next}>; rel=\"next\"") : default;

    public StringValues ContentType { get; } = response.ContentType;

    public StringValues Vary { get; } = response.Vary;

    public StringValues CacheControl { get; } = response.CacheControl;

    /// <summary>The body without compression.</summary>
    private Representation Plain { get; } = new(response.Tag, response.IsWeak, new(response.Body), isCompressed: false);

    // Compressed when first sent: a 304 needs only the tag.
    private Representation Compressed { get; } =
        new(response.Tag + GzipSuffix, response.IsWeak, new(() => Compress(response.Body)), isCompressed: true);

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
    public sealed class Representation(string tag, bool isWeak, Lazy<byte[]> body, bool isCompressed)
    {
        public EntityTagHeaderValue ParsedETag { get; } = new($"\"{tag}\"", isWeak);

        public string ETag { get; } = isWeak ? $"W/\"{tag}\"" : $"\"{tag}\"";

        public byte[] Body => body.Value;

        public bool IsCompressed { get; } = isCompressed;
    }
}
