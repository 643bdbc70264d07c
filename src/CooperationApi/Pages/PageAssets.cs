using System.Security.Cryptography;
using CooperationApi.Http;

namespace CooperationApi.Pages;

/// <summary>The style sheet and the script of the pages.</summary>
internal static class PageAssets
{
    public static readonly PageAsset StyleSheet = new("site.css", "text/css; charset=utf-8");

    public static readonly PageAsset Script = new("site.js", "text/javascript; charset=utf-8");

    private static readonly PageAsset[] All = [StyleSheet, Script];

    /// <summary>The hash of the files and of the program: pages of another program version have another entity tag.</summary>
    public static string Version { get; } =
        Hash([.. All.SelectMany(asset => asset.Content), .. typeof(PageAssets).Module.ModuleVersionId.ToByteArray()]);

    /// <summary>Maps the files.</summary>
    public static void MapPageAssets(this IEndpointRouteBuilder routes)
    {
        foreach (var asset in All)
            routes.MapGetAndHead(asset.Path, asset.Send());
    }

    /// <summary>Returns the start of the SHA-256 of a content.</summary>
    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..12];
}
