using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Officials;

[Collection(nameof(Reading))]
public sealed class OfficialTests(Api api)
{
    [Fact]
    public async Task The_posts_of_that_day_are_those_that_the_report_shows()
    {
        var shown = (await api.All($"/v1/officials?at={Founding.Day}")).SelectMany(Posts);
        Assert.Equal(
            [
                "dao-duc-toan: Phó Bí thư Thành ủy Hà Nội",
                "hoang-trung-hai: Bí thư Thành ủy Hà Nội",
                "hoang-trung-hai: Ủy viên Bộ Chính trị",
                "nguyen-hong-dien: Bí thư Tỉnh ủy Thái Bình",
                "nguyen-hong-dien: Ủy viên T.Ư Đảng",
                "nguyen-lan-huong: Chủ tịch Ủy ban MTTQ Việt Nam TP Hà Nội",
                "nguyen-thi-bich-ngoc: Chủ tịch HĐND TP Hà Nội",
                "nguyen-van-suu: Phó Chủ tịch Thường trực UBND TP Hà Nội",
            ],
            shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_day_before_nobody_is_shown_in_a_post()
    {
        Assert.Empty(await api.All("/v1/officials?at=2019-10-25"));
    }

    [Fact]
    public async Task On_a_day_an_official_has_no_post_that_no_source_shows_for_it()
    {
        Assert.Empty((await api.Json("/v1/officials/hoang-trung-hai?at=2019-10-25"))["positions"]!.AsArray());
        Assert.Equal(2, (await api.Json($"/v1/officials/hoang-trung-hai?at={Founding.Day}"))["positions"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_post_was_observed_and_its_beginning_and_end_are_not_invented()
    {
        foreach (var official in await api.All($"/v1/officials?at={Founding.Day}"))
        {
            Assert.All(official["positions"]!.AsArray(), post =>
            {
                Assert.Equal(Founding.Day, (string?)post!["observedOn"]);
                Assert.Null(post["from"]);
                Assert.Null(post["to"]);
            });
        }
    }

    [Fact]
    public async Task On_a_day_the_list_has_what_the_item_answers_for_that_day()
    {
        foreach (var official in await api.All($"/v1/officials?at={Founding.Day}"))
            Assert.Equal((await api.Json($"/v1/officials/{official.Id()}?at={Founding.Day}")).ToJsonString(), official.ToJsonString());
    }

    [Fact]
    public async Task An_official_is_found_by_the_province_of_the_post()
    {
        Assert.Equal(["nguyen-hong-dien"], (await api.All($"/v1/officials?at={Founding.Day}&provinceId=thai-binh")).Ids());
        Assert.Equal(["nguyen-hong-dien"], (await api.All($"/v1/provinces/thai-binh/officials?at={Founding.Day}")).Ids());
        Assert.Equal(["dao-duc-toan", "hoang-trung-hai"], (await api.All("/v1/organizations/thanh-uy-ha-noi/officials?at=2019-10-26")).Ids().Order());
    }

    private static IEnumerable<string> Posts(JsonNode official) => official["positions"]!.AsArray().Select(post => $"{official.Id()}: {post!["title"]}");
}
