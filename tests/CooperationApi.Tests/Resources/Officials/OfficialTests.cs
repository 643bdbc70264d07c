using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Resources.Officials;

[Collection(nameof(SharedApi))]
public sealed class OfficialTests(ApiFixture api)
{
    [Fact]
    public async Task Positions_on_the_conference_date_are_those_in_the_report()
    {
        var positions = (await api.GetAllItems($"/v1/officials?at={SeedFacts.Date}")).SelectMany(FormatPositions);
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
            positions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_official_has_a_position_on_the_day_before_the_conference()
    {
        Assert.Empty(await api.GetAllItems("/v1/officials?at=2019-10-25"));
    }

    [Fact]
    public async Task Positions_as_of_a_date_exclude_those_without_evidence_for_it()
    {
        Assert.Empty((await api.GetJson("/v1/officials/hoang-trung-hai?at=2019-10-25"))["positions"]!.AsArray());
        Assert.Equal(2, (await api.GetJson($"/v1/officials/hoang-trung-hai?at={SeedFacts.Date}"))["positions"]!.AsArray().Count);
    }

    [Fact]
    public async Task Observed_positions_have_no_invented_start_or_end()
    {
        foreach (var official in await api.GetAllItems($"/v1/officials?at={SeedFacts.Date}"))
        {
            Assert.All(official["positions"]!.AsArray(), position =>
            {
                Assert.Equal(SeedFacts.Date, (string?)position!["observedOn"]);
                Assert.Null(position["from"]);
                Assert.Null(position["to"]);
            });
        }
    }

    [Fact]
    public async Task List_as_of_a_date_equals_the_items_as_of_that_date()
    {
        foreach (var official in await api.GetAllItems($"/v1/officials?at={SeedFacts.Date}"))
            Assert.Equal((await api.GetJson($"/v1/officials/{official.GetId()}?at={SeedFacts.Date}")).ToJsonString(),
                official.ToJsonString());
    }

    [Fact]
    public async Task Official_is_found_by_the_province_or_organization_of_a_position()
    {
        Assert.Equal(["nguyen-hong-dien"], (await api.GetAllItems($"/v1/officials?at={SeedFacts.Date}&provinceId=thai-binh")).GetIds());
        Assert.Equal(["nguyen-hong-dien"], (await api.GetAllItems($"/v1/provinces/thai-binh/officials?at={SeedFacts.Date}")).GetIds());
        Assert.Equal(["dao-duc-toan", "hoang-trung-hai"],
            (await api.GetAllItems("/v1/organizations/thanh-uy-ha-noi/officials?at=2019-10-26")).GetIds().Order());
    }

    private static IEnumerable<string> FormatPositions(JsonNode official) =>
        official["positions"]!.AsArray().Select(position => $"{official.GetId()}: {position!["title"]}");
}
