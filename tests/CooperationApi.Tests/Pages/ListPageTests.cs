using System.Net;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Pages;

/// <summary>The filters, sort orders and files of lists.</summary>
[Collection(nameof(SharedApi))]
public sealed class ListPageTests(ApiFixture api)
{
    [Theory]
    [InlineData("meetings", "kind=Visit&from=2018&to=2023")]
    [InlineData("commitments", "status=Agreed&kind=Content")]
    [InlineData("commitments", "pillar=PartyBuilding")]
    [InlineData("results", "provinceId=hung-yen-2025,hung-yen,thai-binh&kind=Contribution&sort=-amount")]
    [InlineData("provinces", "region=T%C3%A2y+Nguy%C3%AAn&status=Ended")]
    [InlineData("sources", "kind=Press&sort=-publishedOn")]
    [InlineData("agreements", "from=2022")]
    public async Task Filtered_list_has_the_records_of_the_API_in_their_order(string type, string query)
    {
        var expected = await api.GetJson($"/v1/{type}?{query}&limit=50&total=true");
        var ids = expected["items"]!.AsArray().Select(record => (string)record!["id"]!).ToList();
        Assert.NotEmpty(ids);
        var page = await GetPage($"/{type}?{query}");
        Assert.Equal(ids, Regex.Matches(page, $"class=\"record-name\" href=\"/{type}/([^\"]*)\"").Select(match => match.Groups[1].Value));
        Assert.Contains($"<span class=\"count\">{expected["total"]}</span></h1>", page, StringComparison.Ordinal);
        Assert.Contains($">Xóa bộ lọc</a>", page, StringComparison.Ordinal);
        foreach (var pair in WebUtility.UrlDecode(query).Split('&').Select(pair => pair.Split('=')))
            Assert.Matches($"<option value=\"{pair[1]}\" selected>|<input name=\"{pair[0]}\" value=\"{pair[1]}\"", page);
    }

    [Fact]
    public async Task Empty_fields_of_the_form_filter_nothing()
    {
        var page = await GetPage("/meetings?provinceId=&kind=&from=&to=&sort=");
        Assert.DoesNotContain("Xóa bộ lọc", page, StringComparison.Ordinal);
        Assert.Contains("<link rel=\"canonical\" href=\"" + api.Address + "meetings\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_a_list_have_its_filters()
    {
        var page = await GetPage("/results?kind=Contribution&from=2019&sort=-amount");
        var link = WebUtility.HtmlDecode(Regex.Match(page, "href=\"([^\"]*format=csv[^\"]*)\"").Groups[1].Value);
        Assert.Contains("kind=Contribution&from=2019&sort=-amount", link, StringComparison.Ordinal);
        Assert.Contains("profile=readable", link, StringComparison.Ordinal);
        using var file = await api.Get(link);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal((string?)(await api.GetJson("/v1/results?kind=Contribution&from=2019&total=true&limit=1"))["total"]?.ToString(),
            file.GetHeader("Row-Count"));
    }

    [Fact]
    public async Task List_without_matching_records_says_so()
    {
        var page = await GetPage("/meetings?from=2090");
        Assert.Contains("Không có bản ghi nào phù hợp", page, StringComparison.Ordinal);
    }

    private async Task<string> GetPage(string address)
    {
        using var response = await api.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadText();
    }
}
