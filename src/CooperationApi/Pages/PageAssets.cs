using System.Security.Cryptography;
using CooperationApi.Http;

namespace CooperationApi.Pages;

/// <summary>
/// The style sheet of the pages. Its address has the hash of its content, so browsers keep it for a year. It is embedded like the
/// migrations: `MapStaticAssets` finds the files of `wwwroot` only in a published folder or in the environment Development.
/// </summary>
internal static class PageAssets
{
    private const string LongCache = "public, max-age=31536000, immutable";

    private static readonly byte[] StyleSheet = ReadResource("site.css");

    /// <summary>The hash of the style sheet and of the program: pages of another program version have another entity tag.</summary>
    public static string Version { get; } = Hash([.. StyleSheet, .. typeof(PageAssets).Module.ModuleVersionId.ToByteArray()]);

    /// <summary>The path of the style sheet.</summary>
    public static string StyleSheetPath { get; } = $"/assets/site-{Hash(StyleSheet)}.css";

    /// <summary>Maps the style sheet.</summary>
    public static void MapPageAssets(this IEndpointRouteBuilder routes) =>
        routes.MapGetAndHead(StyleSheetPath, ResponseCache.Constant(() => new(Hash(StyleSheet), IsWeak: false, StyleSheet)
        {
            ContentType = "text/css; charset=utf-8",
            CacheControl = LongCache,
            Vary = "Accept-Encoding",
        }));

    private static byte[] ReadResource(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Pages/{name}")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..12];
}
