using System.Net;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Pages;

/// <summary>Pages after changes of the records and settings.</summary>
public sealed class PageChangeTests
{
    private const string Organization = "/organizations/mot-co-quan";

    [Fact]
    public async Task Page_shows_a_change_at_once_and_keeps_the_former_state_at_its_revision()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var revision = await service.PutOrganization(key, "mot-co-quan", "Tên thứ nhất");
        Assert.Contains("<bdi>Tên thứ nhất</bdi>", await GetPage(service, Organization), StringComparison.Ordinal);
        await service.PutOrganization(key, "mot-co-quan", "Tên thứ hai");
        Assert.Contains("<bdi>Tên thứ hai</bdi>", await GetPage(service, Organization), StringComparison.Ordinal);
        var former = await GetPage(service, $"{Organization}?revision={revision}");
        Assert.Contains("<h1><bdi>Tên thứ nhất</bdi></h1>", former, StringComparison.Ordinal);
        Assert.Contains($"Trạng thái ở phiên bản {revision}", former, StringComparison.Ordinal);
        Assert.Contains("noindex", former, StringComparison.Ordinal);
        Assert.Equal(404, await service.GetStatusCode($"{Organization}?revision={revision - 1}"));
        Assert.Equal(400, await service.GetStatusCode($"{Organization}?revision=x"));
        Assert.Contains("phiên bản", await GetPage(service, Organization + "/history"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_record_is_a_page_with_410_and_a_merged_one_redirects()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        foreach (var id in new[] { "a", "b", "c" })
            await service.PutOrganization(key, id, $"Cơ quan {id}");
        await service.DeleteOrganization(key, "c");
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/organizations/a/merge-into/b", key);
        using var deleted = await service.Get("/organizations/c");
        Assert.Equal((HttpStatusCode.Gone, "text/html"), (deleted.StatusCode, deleted.Content.Headers.ContentType?.MediaType));
        using var merged = await service.Get("/organizations/a?lang=en");
        Assert.Equal((308, "/organizations/b?lang=en"), ((int)merged.StatusCode, merged.GetHeader("Location")));
        Assert.Contains("The record a was merged into <a href=\"/organizations/b?lang=en\"><bdi>b</bdi></a>",
            await merged.ReadText(), StringComparison.Ordinal);
        Assert.Contains("<p>Xóa</p>", await GetPage(service, "/organizations/c/history"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onmouseover=\"alert(1)", "&quot; onmouseover=&quot;alert(1)")]
    [InlineData("</title><img src=x>", "&lt;/title&gt;&lt;img src=x&gt;")]
    public async Task Markup_in_a_name_is_shown_as_text(string name, string encoded)
    {
        await using var service = await AuthenticatedService.Start();
        await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", name);
        foreach (var address in new[] { Organization, "/organizations", Organization + "/history",
            $"/search?q={Uri.EscapeDataString(name)}" })
        {
            var page = await GetPage(service, address);
            Assert.DoesNotContain(name, page, StringComparison.Ordinal);
            Assert.Contains(encoded, page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Pages:Enabled")]
    [InlineData("Access:AllowAnonymousRead")]
    public async Task Pages_are_off_by_their_setting_and_if_reading_needs_a_key(string setting)
    {
        await using var service = await AuthenticatedService.Start((setting, "false"));
        using var root = await service.Get("/", "Accept: text/html");
        Assert.Equal((302, "/swagger/index.html"), ((int)root.StatusCode, root.GetHeader("Location")));
        using var page = await service.Get("/provinces/thai-binh", "Accept: text/html");
        await ApiFixture.ReadProblem(setting.StartsWith("Pages", StringComparison.Ordinal) ? 404 : 401, page);
    }

    [Fact]
    public async Task Page_names_its_public_address()
    {
        await using var service = await AuthenticatedService.Start(("Pages:PublicUrl", "https://hop-tac.example/"));
        var page = await GetPage(service, "/provinces/thai-binh?fbclid=1");
        Assert.Contains("<link rel=\"canonical\" href=\"https://hop-tac.example/provinces/thai-binh\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"https://hop-tac.example/provinces/thai-binh?lang=en\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://hop-tac.example/bao-loi",
        "https://hop-tac.example/bao-loi?page=https%3A%2F%2Fhop-tac.example%2Fprovinces%2Fthai-binh&revision=REVISION")]
    [InlineData("https://hop-tac.example/bao-loi?form=2&page=x#top", "https://hop-tac.example/bao-loi?form=2&page=x&revision=REVISION#top")]
    [InlineData("mailto:du-lieu@hop-tac.example",
        "mailto:du-lieu@hop-tac.example?subject=Report%20an%20error%3A%20https%3A%2F%2Fhop-tac.example%2Fprovinces%2Fthai-binh"
        + "&body=Address%20of%20this%20page%3A%20https%3A%2F%2Fhop-tac.example%2Fprovinces%2Fthai-binh%0D%0A"
        + "Revision%20of%20the%20data%3A%20REVISION%0D%0A%0D%0A")]
    public async Task Link_for_reports_has_the_address_and_revision_of_the_page(string reportUrl, string link)
    {
        await using var service = await AuthenticatedService.Start(("Pages:PublicUrl", "https://hop-tac.example"),
            ("Pages:ReportUrl", reportUrl));
        var revision = await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", "Một cơ quan");
        Assert.Contains($"href=\"{link.Replace("REVISION", $"{revision}", StringComparison.Ordinal).Replace("&", "&amp;",
            StringComparison.Ordinal)}\"", await GetPage(service, "/provinces/thai-binh?lang=en&fbclid=1"), StringComparison.Ordinal);
        Assert.Contains("two working days", await GetPage(service, "/about?lang=en"), StringComparison.Ordinal);
        Assert.Contains("hai ngày làm việc", await GetPage(service, "/about"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_without_an_address_for_reports_have_no_link_for_them()
    {
        await using var service = await AuthenticatedService.Start();
        foreach (var address in new[] { "/", "/about" })
            Assert.DoesNotContain("Báo lỗi", await GetPage(service, address), StringComparison.Ordinal);
    }

    private static async Task<string> GetPage(AuthenticatedService service, string address)
    {
        using var response = await service.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadText();
    }
}
