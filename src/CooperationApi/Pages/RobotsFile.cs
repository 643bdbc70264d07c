using System.Text;
using CooperationApi.Http;

namespace CooperationApi.Pages;

/// <summary>
/// `robots.txt` (RFC 9309). Search engines index the pages, but not the API, searches, and former states. Without pages there is nothing to
/// index. They read the file at the root of a host only: with a path base, the proxy has to serve it there.
/// </summary>
internal sealed class RobotsFile(PageContext page) : IPageFile<RobotsFile.Rules>
{
    /// <summary>The path of the file.</summary>
    public const string Path = "/robots.txt";

    private static readonly string[] ExcludedPaths = ["/v1", "/search", "/*?revision=", "/*&revision="];

    /// <summary>The content, which does not depend on the store.</summary>
    public sealed record Rules;

    public static string ContentType => "text/plain; charset=utf-8";

    /// <summary>Creates the endpoint of the file for a service without pages.</summary>
    public static RequestDelegate ExcludeAll() => ResponseCache.Constant(() =>
        new("no-pages", IsWeak: false, "User-agent: *\nDisallow: /\n"u8.ToArray()) { ContentType = ContentType, Vary = "Accept-Encoding" });

    public byte[] Write(Rules content)
    {
        var root = new Uri(page.ToPublicUrl("/")).AbsolutePath.TrimEnd('/');
        return Encoding.UTF8.GetBytes(string.Join('\n',
        [
            "User-agent: *",
            $"Allow: {root}/",
            .. ExcludedPaths.Select(path => $"Disallow: {root}{path}"),
            "",
            $"Sitemap: {page.ToPublicUrl(SitemapIndex.Path)}",
            "",
        ]));
    }
}
