using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Pages;

public sealed class RecordCitationTests
{
    private const string Path = "/organizations/mot-co-quan";

    private static readonly (string Name, string Value) PublicUrl = ("Pages:PublicUrl", "https://hop-tac.example");

    [Fact]
    public async Task BibTeX_escapes_its_own_characters_and_keeps_Unicode()
    {
        await using var service = await AuthenticatedService.Start(PublicUrl);
        var revision = await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", @"Đội {5}\ 1% A&B_c #1 $2 ~ ^ 😀");
        using var file = await service.Get(Path + "/citation.bib");
        Assert.Equal("application/x-bibtex; charset=utf-8", file.Content.Headers.ContentType?.ToString());
        var day = service.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(7));
        var month = day.ToString("MMM", CultureInfo.InvariantCulture).ToLowerInvariant();
        var date = day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
        Assert.Equal(
            $$$$"""
            @misc{organizations-mot-co-quan-{{{{revision}}}},
              title = {{Đội \textbraceleft{}5\textbraceright{}\textbackslash{} 1\% A\&B\_c \#1 \$2 \textasciitilde{} \textasciicircum{} 😀}},
              howpublished = {Hợp tác giữa các tỉnh, thành phố},
              year = {{{{{day.Year}}}}},
              month = {{{{month}}}},
              url = {https://hop-tac.example{{{{Path}}}}?revision={{{{revision}}}}},
              language = {vietnamese},
              note = {phiên bản {{{{revision}}}} ngày {{{{date}}}}; địa chỉ mở đúng phiên bản này}
            }

            """, await file.ReadText());
    }

    [Fact]
    public async Task CSL_JSON_names_the_record_the_site_the_day_and_the_frozen_address()
    {
        await using var service = await AuthenticatedService.Start(PublicUrl);
        var revision = await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", "Đội \"5\" </pre>");
        using var file = await service.Get(Path + "/citation.json");
        Assert.Equal("application/vnd.citationstyles.csl+json", file.Content.Headers.ContentType?.ToString());
        var item = Assert.Single(JsonNode.Parse(await file.ReadText())!.AsArray())!;
        var day = service.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(7));
        Assert.Equal(($"organizations-mot-co-quan-{revision}", "webpage", "Đội \"5\" </pre>", "vi"),
            ((string)item["id"]!, (string)item["type"]!, (string)item["title"]!, (string)item["language"]!));
        Assert.Equal(("Hợp tác giữa các tỉnh, thành phố", $"https://hop-tac.example{Path}?revision={revision}"),
            ((string)item["publisher"]!, (string)item["URL"]!));
        Assert.Equal($"[[{day.Year},{day.Month},{day.Day}]]", item["issued"]!["date-parts"]!.ToJsonString());
        Assert.Null(item["author"]);
    }

    [Theory]
    [InlineData("bib")]
    [InlineData("json")]
    public async Task Citation_of_a_former_state_stays_the_same_after_a_change(string extension)
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        var revision = await service.PutOrganization(key, "mot-co-quan", "Tên thứ nhất");
        var first = await GetText(service, $"{Path}/citation.{extension}");
        await service.PutOrganization(key, "mot-co-quan", "Tên thứ hai");
        Assert.Equal(first, await GetText(service, $"{Path}/citation.{extension}?revision={revision}"));
        Assert.Contains("Tên thứ hai", await GetText(service, $"{Path}/citation.{extension}"), StringComparison.Ordinal);
        Assert.Equal(404, await service.GetStatusCode($"{Path}/citation.{extension}?revision={revision - 1}"));
        Assert.Equal(404, await service.GetStatusCode($"/organizations/khong-co/citation.{extension}"));
    }

    [Fact]
    public async Task Page_shows_the_citation_in_three_forms_and_links_to_its_files()
    {
        await using var service = await AuthenticatedService.Start(PublicUrl);
        var revision = await service.PutOrganization(await service.CreateKeySecret(), "mot-co-quan", "Một <b>cơ quan</b>");
        var page = await GetText(service, Path);
        foreach (var extension in new[] { "bib", "json" })
        {
            Assert.Contains(WebUtility.HtmlEncode($"citation.{extension}?revision={revision}"), page, StringComparison.Ordinal);
            Assert.Contains((await GetText(service, $"{Path}/citation.{extension}")).ReplaceLineEndings("\n").Trim(),
                WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        }
        Assert.Contains($"<span class=\"address\">https://hop-tac.example{Path}?revision={revision}</span>", page,
            StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Citation_of_a_merged_record_redirects_to_that_of_its_target()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret();
        foreach (var id in new[] { "a", "b" })
            await service.PutOrganization(key, id, $"Cơ quan {id}");
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/organizations/a/merge-into/b", key);
        using var response = await service.Get("/organizations/a/citation.bib");
        Assert.Equal((308, "/organizations/b/citation.bib"), ((int)response.StatusCode, response.GetHeader("Location")));
    }

    private static async Task<string> GetText(AuthenticatedService service, string address)
    {
        using var response = await service.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadText();
    }
}
