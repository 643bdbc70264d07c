using System.Net;
using System.Xml.Linq;
using CooperationApi.Queries;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Pages;

public sealed class SitemapTests
{
    private const string PublicUrl = "https://hop-tac.example/du-lieu";

    private static readonly XNamespace Sitemaps = "http://www.sitemaps.org/schemas/sitemap/0.9", Xhtml = "http://www.w3.org/1999/xhtml";

    [Fact]
    public async Task Site_map_has_every_record_once_with_its_last_change_and_both_languages()
    {
        await using var service = await AuthenticatedService.Start(("Pages:PublicUrl", PublicUrl));
        await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", "Một cơ quan");
        var pages = await ReadSitemap(service);
        Assert.Equal(pages.Count, pages.Select(GetAddress).Distinct().Count());
        foreach (var path in new[] { "/", "/about", "/meetings", "/provinces/thai-binh", "/results/"
            + "ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong" })
        {
            Assert.Contains(PublicUrl + path, pages.Select(GetAddress));
        }
        var page = pages.Single(page => GetAddress(page) == $"{PublicUrl}/organizations/mot-co-quan");
        Assert.True(DateTimeOffset.TryParse(page.Element(Sitemaps + "lastmod")!.Value, out _));
        Assert.Equal([("x-default", $"{PublicUrl}/organizations/mot-co-quan"), ("vi", $"{PublicUrl}/organizations/mot-co-quan?lang=vi"),
            ("en", $"{PublicUrl}/organizations/mot-co-quan?lang=en")],
            page.Elements(Xhtml + "link").Select(link => ((string)link.Attribute("hreflang")!, (string)link.Attribute("href")!)));
    }

    [Fact]
    public async Task Every_page_of_the_site_map_exists_and_names_the_same_address()
    {
        await using var service = await AuthenticatedService.Start(("Pages:PublicUrl", PublicUrl));
        foreach (var page in (await ReadSitemap(service)).Where((_, index) => index % 25 == 0))
        {
            using var response = await service.Get(GetAddress(page)[PublicUrl.Length..]);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains($"<link rel=\"canonical\" href=\"{GetAddress(page)}\"", await response.ReadText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Site_map_of_a_large_store_has_several_parts()
    {
        await using var service = await AuthenticatedService.Start();
        await service.ImportOrganizations(await service.CreateKeySecret(), RecordPart.MaxRecords, "co-quan-");
        var index = await ReadXml(service, "/sitemap.xml");
        Assert.Equal(["/sitemap-pages.xml", "/sitemap-0.xml", "/sitemap-1.xml"], index.Elements(Sitemaps + "sitemap")
            .Select(part => new Uri(GetAddress(part)).AbsolutePath));
        Assert.Equal(RecordPart.MaxRecords, (await ReadSitemap(service)).Count(page =>
            GetAddress(page).Contains("/co-quan-", StringComparison.Ordinal)));
        Assert.Equal(404, await service.GetStatusCode("/sitemap-2.xml"));
        Assert.Equal(404, await service.GetStatusCode("/sitemap-x.xml"));
    }

    [Fact]
    public async Task Robots_file_excludes_the_API_searches_and_former_states_and_names_the_site_map()
    {
        await using var service = await AuthenticatedService.Start(("Pages:PublicUrl", PublicUrl));
        using var response = await service.Get("/robots.txt");
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """
            User-agent: *
            Allow: /du-lieu/
            Disallow: /du-lieu/v1
            Disallow: /du-lieu/search
            Disallow: /du-lieu/*?revision=
            Disallow: /du-lieu/*&revision=

            Sitemap: https://hop-tac.example/du-lieu/sitemap.xml

            """, await response.ReadText());
    }

    [Theory]
    [InlineData("Pages:Enabled", 404)]
    [InlineData("Access:AllowAnonymousRead", 401)]
    public async Task Robots_file_without_pages_excludes_everything(string setting, int status)
    {
        await using var service = await AuthenticatedService.Start((setting, "false"));
        using var response = await service.Get("/robots.txt");
        Assert.Equal((HttpStatusCode.OK, "User-agent: *\nDisallow: /\n"), (response.StatusCode, await response.ReadText()));
        Assert.Equal(status, await service.GetStatusCode("/sitemap.xml"));
        Assert.Equal(status, await service.GetStatusCode("/changes.atom"));
    }

    private static async Task<List<XElement>> ReadSitemap(AuthenticatedService service)
    {
        var pages = new List<XElement>();
        foreach (var part in (await ReadXml(service, "/sitemap.xml")).Elements(Sitemaps + "sitemap"))
            pages.AddRange((await ReadXml(service, "/" + GetAddress(part).Split('/')[^1])).Elements(Sitemaps + "url"));
        return pages;
    }

    private static async Task<XElement> ReadXml(AuthenticatedService service, string address)
    {
        using var response = await service.Get(address);
        Assert.Equal((HttpStatusCode.OK, "application/xml"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return XDocument.Parse(await response.ReadText()).Root!;
    }

    private static string GetAddress(XElement element) => element.Element(Sitemaps + "loc")!.Value;
}
