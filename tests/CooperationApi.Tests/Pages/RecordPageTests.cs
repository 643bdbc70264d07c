using System.Net;
using System.Text.RegularExpressions;

namespace CooperationApi.Tests.Pages;

/// <summary>The pages of officials, organizations, commitments and cooperation groups.</summary>
[Collection(nameof(SharedApi))]
public sealed class RecordPageTests(ApiFixture api)
{
    [Fact]
    public async Task Official_page_has_the_commitments_that_the_official_voiced_with_their_state()
    {
        var voiced = await api.GetAllItems("/v1/commitments?voicedById=hoang-trung-hai");
        var section = await GetSection("/officials/hoang-trung-hai", "voiced");
        Assert.Equal(voiced.Count, Regex.Count(section, "class=\"state "));
        Assert.All(voiced, commitment => Assert.Contains($"/commitments/{commitment["id"]}\"", section, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Official_page_has_the_role_in_each_meeting()
    {
        var section = await GetSection("/officials/hoang-trung-hai", "meetings");
        Assert.Matches("(?s)26/10/2019.*/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26\".*Chủ trì", section);
    }

    [Fact]
    public async Task Organization_page_has_the_gifts_that_it_received()
    {
        var section = await GetSection("/organizations/quy-an-sinh-xa-hoi-tinh-thai-binh", "received");
        Assert.Contains("/results/ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong\"", section, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Organization_page_has_its_parts_and_what_it_is_responsible_for()
    {
        Assert.Contains("/organizations/", await GetSection("/organizations/thanh-uy-ha-noi", "parts"), StringComparison.Ordinal);
        Assert.Contains("/commitments/", await GetSection("/organizations/ban-thuong-vu-thanh-uy-ha-noi", "responsible"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commitment_page_has_the_results_that_fulfil_it()
    {
        const string Id = "ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong";
        var section = await GetSection($"/commitments/{Id}", "progress");
        Assert.Contains("Đã thực hiện", section, StringComparison.Ordinal);
        foreach (var result in await api.GetAllItems($"/v1/commitments/{Id}/results"))
            Assert.Contains($"/results/{result["id"]}\"", section, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cooperation_group_page_has_its_commitments_and_results()
    {
        const string Id = "ha-noi-thai-binh-2019-se-7";
        foreach (var (type, section) in new[] { ("commitments", "promised"), ("results", "delivered") })
        {
            var html = await GetSection($"/cooperation-groups/{Id}", section);
            var records = await api.GetAllItems($"/v1/cooperation-groups/{Id}/{type}");
            Assert.NotEmpty(records);
            Assert.All(records, record => Assert.Contains($"/{type}/{record["id"]}\"", html, StringComparison.Ordinal));
        }
    }

    private async Task<string> GetSection(string address, string id)
    {
        using var response = await api.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var match = Regex.Match(await response.ReadText(), $"<section aria-labelledby=\"{id}\">.*?</section>", RegexOptions.Singleline);
        Assert.True(match.Success, $"{address} has no section {id}.");
        return match.Value;
    }
}
