using System.Xml;
using CooperationApi.Http.Problems;

namespace CooperationApi.Pages;

/// <summary>
/// A part of the site map (sitemaps.org): pages with the time of their last change and their addresses in both languages. A part has far
/// less than the 50,000 addresses and 50 MB that a search engine reads at once. It is in the root folder, because a site map can have only
/// addresses under its own folder.
/// </summary>
internal sealed class Sitemap(PageContext page) : IPageFile<Sitemap.Part>
{
    /// <summary>The path of the part with the pages that are not about one record.</summary>
    public const string OverviewPath = "/sitemap-pages.xml";

    private const string XhtmlNamespace = "http://www.w3.org/1999/xhtml";

    /// <summary>The content: paths of pages, and the times of their last changes if they show one record.</summary>
    public sealed record Part(IEnumerable<(string Path, string? ChangedAt)> Pages);

    public static string ContentType => SitemapIndex.ContentType;

    /// <summary>Returns the path of a part of the records.</summary>
    public static string GetPath(long part) => $"/sitemap-{part}.xml";

    public static Task<Part> ReadOverview(PageReader reader) =>
        Task.FromResult(new Part(reader.Types.Prepend("pairs").Prepend("about").Prepend("").Select(name => ($"/{name}", (string?)null))));

    public static async Task<Part> Read(PageReader reader, long part)
    {
        var records = await reader.ReadPart(part);
        return records.Count > 0
            ? new(records.Select(record => ($"/{record.Type}/{record.Id}", (string?)record.ChangedAt)))
            : throw ProblemException.NotFound(GetPath(part));
    }

    public byte[] Write(Part content) => XmlFile.Write(xml =>
    {
        xml.WriteStartElement("urlset", SitemapIndex.Namespace);
        xml.WriteAttributeString("xmlns", "xhtml", null, XhtmlNamespace);
        foreach (var (path, changedAt) in content.Pages)
        {
            xml.WriteStartElement("url");
            xml.WriteElementString("loc", page.ToPublicUrl(path));
            if (changedAt is not null)
                xml.WriteElementString("lastmod", changedAt);
            WriteAlternate(xml, "x-default", page.ToPublicUrl(path));
            foreach (var language in PageLanguage.All)
                WriteAlternate(xml, PageLanguage.GetTag(language), page.ToPublicUrl(path, language));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });

    private static void WriteAlternate(XmlWriter xml, string language, string url)
    {
        xml.WriteStartElement("link", XhtmlNamespace);
        xml.WriteAttributeString("rel", "alternate");
        xml.WriteAttributeString("hreflang", language);
        xml.WriteAttributeString("href", url);
        xml.WriteEndElement();
    }
}

/// <summary>The index of the parts of the site map.</summary>
internal sealed class SitemapIndex(PageContext page) : IPageFile<IReadOnlyList<long>>
{
    /// <summary>The path of the index, which `robots.txt` names.</summary>
    public const string Path = "/sitemap.xml";

    /// <summary>The XML namespace of site maps.</summary>
    public const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    public static string ContentType => "application/xml; charset=utf-8";

    public byte[] Write(IReadOnlyList<long> content) => XmlFile.Write(xml =>
    {
        xml.WriteStartElement("sitemapindex", Namespace);
        foreach (var path in content.Select(Sitemap.GetPath).Prepend(Sitemap.OverviewPath))
        {
            xml.WriteStartElement("sitemap");
            xml.WriteElementString("loc", page.ToPublicUrl(path));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });
}
