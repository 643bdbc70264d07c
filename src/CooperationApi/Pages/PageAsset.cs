using CooperationApi.Http;

namespace CooperationApi.Pages;

/// <summary>
/// A file that pages load. Its address has the hash of its content, so browsers keep it for a year. It is embedded like the migrations:
/// `MapStaticAssets` finds the files of `wwwroot` only in a published folder or in the environment Development.
/// </summary>
internal sealed class PageAsset
{
    private const string LongCache = "public, max-age=31536000, immutable";

    private readonly string contentType, hash;

    /// <summary>Reads the embedded file.</summary>
    public PageAsset(string name, string contentType)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream($"Pages/{name}")!;
        Content = new byte[stream.Length];
        stream.ReadExactly(Content);
        (this.contentType, hash) = (contentType, PageAssets.Hash(Content));
        Path = $"/assets/{System.IO.Path.GetFileNameWithoutExtension(name)}-{hash}{System.IO.Path.GetExtension(name)}";
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] Content { get; }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>Creates the endpoint of the file.</summary>
    public RequestDelegate Send() => ResponseCache.Constant(() => new(hash, IsWeak: false, Content)
    {
        ContentType = contentType,
        CacheControl = LongCache,
        Vary = "Accept-Encoding",
    });
}
