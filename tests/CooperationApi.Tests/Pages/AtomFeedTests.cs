using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Pages;

public sealed class AtomFeedTests
{
    private const string PublicUrl = "https://hop-tac.example/du-lieu";

    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task Feed_has_the_latest_50_changes_with_stable_ids_and_public_addresses()
    {
        await using var service = await AuthenticatedService.Start(("Pages:PublicUrl", PublicUrl));
        var revision = await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", "Một <cơ quan> & ]]>");
        var feed = await GetFeed(service, "/changes.atom");
        Assert.Equal("tag:hop-tac.example,2026:/du-lieu/changes", Get(feed, "id"));
        Assert.Equal("Thay đổi mới nhất của dữ liệu hợp tác", Get(feed, "title"));
        Assert.Equal(($"{PublicUrl}/changes.atom", $"{PublicUrl}/"), (FindLink(feed, "self"), FindLink(feed, "alternate")));
        var entries = feed.Elements(Atom + "entry").ToList();
        Assert.Equal(50, entries.Count);
        Assert.Equal(50, entries.Select(entry => Get(entry, "id")).Distinct().Count());
        Assert.Equal($"tag:hop-tac.example,2026:/du-lieu/organizations/mot-co-quan/{revision}", Get(entries[0], "id"));
        Assert.Equal("Một <cơ quan> & ]]>", Get(entries[0], "title"));
        Assert.Equal($"{PublicUrl}/organizations/mot-co-quan", FindLink(entries[0], "alternate"));
        Assert.Equal(Get(feed, "updated"), Get(entries[0], "updated"));
        Assert.All(entries, entry => DateTimeOffset.ParseExact(Get(entry, "updated"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
    }

    [Fact]
    public async Task Feed_says_that_a_record_was_deleted_merged_or_redacted_without_redacted_words()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        foreach (var id in new[] { "a", "b", "c", "d" })
            await service.PutOrganization(key, id, $"Cơ quan {id}");
        await service.DeleteOrganization(key, "a");
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/organizations/b/merge-into/c", key);
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/organizations/d/redact", key, new JsonObject { ["reason"] = "Lý do" });
        var feed = await GetFeed(service, "/changes.atom");
        Assert.Equal(["Đã xóa vĩnh viễn một bản ghi (Cơ quan, tổ chức)", "Đã hợp nhất: Cơ quan b", "Đã xóa: Cơ quan a"],
            feed.Elements(Atom + "entry").Take(3).Select(entry => Get(entry, "title")));
        Assert.DoesNotContain("Cơ quan d", feed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_of_a_province_has_the_records_that_refer_to_it()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        await service.PutOrganization(key, "mot-co-quan", "Một cơ quan");
        await SetProvince(service, key, "thai-binh");
        Assert.Contains("Một cơ quan", await ReadTitles(service, "/provinces/thai-binh/changes.atom"));
        Assert.DoesNotContain("Một cơ quan", await ReadTitles(service, "/provinces/nghe-an/changes.atom"));
        await SetProvince(service, key, "nghe-an");
        Assert.Contains("Không còn liên quan: Một cơ quan", await ReadTitles(service, "/provinces/thai-binh/changes.atom"));
        Assert.Equal(404, await service.GetStatusCode("/provinces/khong-co/changes.atom"));
    }

    [Fact]
    public async Task Feed_gets_304_until_a_change_and_pages_link_to_it()
    {
        await using var service = await AuthenticatedService.Start();
        using var feed = await service.Get("/changes.atom");
        Assert.Equal("application/atom+xml; charset=utf-8", feed.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", feed.GetHeader("Cache-Control"));
        var tag = $"If-None-Match: {feed.GetHeader("ETag")}";
        Assert.Equal(304, await service.GetStatusCode("/changes.atom", null, tag));
        await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", "Một cơ quan");
        Assert.Equal(200, await service.GetStatusCode("/changes.atom", null, tag));
        foreach (var (page, path) in new[] { ("/", "/changes.atom"), ("/provinces/thai-binh", "/provinces/thai-binh/changes.atom") })
        {
            using var response = await service.Get(page);
            var html = WebUtility.HtmlDecode(await response.ReadText());
            Assert.Matches($"<link rel=\"alternate\" type=\"application/atom\\+xml\" [^>]*href=\"{path}\"", html);
            Assert.Contains($"<a href=\"{path}\">", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Feed_in_English_keeps_the_ids_of_its_entries()
    {
        await using var service = await AuthenticatedService.Start();
        var (vietnamese, english) = (await GetFeed(service, "/changes.atom"), await GetFeed(service, "/changes.atom?lang=en"));
        Assert.Equal("en", (string?)english.Attribute(XNamespace.Xml + "lang"));
        Assert.EndsWith("/changes.atom?lang=en", FindLink(english, "self"), StringComparison.Ordinal);
        Assert.Equal(vietnamese.Descendants(Atom + "id").Select(id => id.Value), english.Descendants(Atom + "id").Select(id => id.Value));
    }

    private static async Task SetProvince(AuthenticatedService service, string key, string provinceId)
    {
        using var patch = new StringContent($$"""{"provinceId":"{{provinceId}}"}""", Encoding.UTF8, "application/merge-patch+json");
        using var response = await service.Send("PATCH", "/v1/organizations/mot-co-quan", patch, $"Authorization: Bearer {key}",
            "If-Match: *");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<IEnumerable<string>> ReadTitles(AuthenticatedService service, string address) =>
        (await GetFeed(service, address)).Elements(Atom + "entry").Select(entry => Get(entry, "title"));

    private static async Task<XElement> GetFeed(AuthenticatedService service, string address)
    {
        using var response = await service.Get(address);
        var text = await response.ReadText();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return XDocument.Parse(text).Root!;
    }

    private static string Get(XElement element, string name) => element.Element(Atom + name)!.Value;

    private static string? FindLink(XElement element, string relation) => (string?)element.Elements(Atom + "link")
        .Single(link => (string?)link.Attribute("rel") == relation).Attribute("href");
}
