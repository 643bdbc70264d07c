using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Resources.Provinces;

/// <summary>Tests of `unit=current`, which extends the lists of a province to the current unit and its predecessors.</summary>
[Collection(nameof(SharedApi))]
public sealed class CurrentUnitTests(ApiFixture api)
{
    private const string HaiDuongAlone = "hai-duong-bac-giang-2019", HaiDuongAndHaiPhong = "hai-duong-hai-phong-quang-ninh-2022";

    [Fact]
    public async Task Agreements_before_a_unit_was_formed_are_listed_only_with_unit_current()
    {
        Assert.Empty(await api.GetAllItems("/v1/provinces/hai-phong-2025/agreements"));
        var page = await api.GetJson("/v1/provinces/hai-phong-2025/agreements?unit=current&sort=adoptedOn");
        Assert.Equal([HaiDuongAlone, HaiDuongAndHaiPhong], page.GetItems().GetIds());
    }

    [Fact]
    public async Task Page_lists_the_units_with_the_items_each_was_party_to()
    {
        var page = await api.GetJson("/v1/provinces/hai-phong-2025/agreements?unit=current&sort=adoptedOn");
        Assert.Equal(
            ["hai-phong-2025 Hải Phòng 2025-07-01–: ", $"hai-duong Hải Dương 2008-08-01–2025-06-30: {HaiDuongAlone} {HaiDuongAndHaiPhong}",
                $"hai-phong Hải Phòng 2008-08-01–2025-06-30: {HaiDuongAndHaiPhong}"],
            FormatUnits(page));
    }

    [Fact]
    public async Task Ended_unit_with_unit_current_gives_the_lists_of_its_successor()
    {
        var ended = await api.GetJson("/v1/provinces/hai-duong/meetings?unit=current");
        var today = await api.GetJson("/v1/provinces/hai-phong-2025/meetings?unit=current");
        Assert.True(JsonNode.DeepEquals(ended["items"], today["items"]));
        Assert.True(JsonNode.DeepEquals(ended["units"], today["units"]));
        Assert.Equal(2, ended.GetItems().Count);
    }

    [Fact]
    public async Task Own_unit_is_the_default_and_its_page_has_no_units_member()
    {
        var page = await api.GetJson("/v1/provinces/hai-phong/agreements");
        Assert.Equal([HaiDuongAndHaiPhong], page.GetItems().GetIds());
        Assert.Null(page["units"]);
        Assert.True(JsonNode.DeepEquals(page, await api.GetJson("/v1/provinces/hai-phong/agreements?unit=own")));
    }

    [Fact]
    public async Task Unit_that_never_changed_is_its_own_current_unit()
    {
        var page = await api.GetJson("/v1/provinces/quang-ninh/agreements?unit=current");
        Assert.True(JsonNode.DeepEquals((await api.GetJson("/v1/provinces/quang-ninh/agreements"))["items"], page["items"]));
        Assert.Equal([$"quang-ninh Quảng Ninh 2008-08-01–: {HaiDuongAndHaiPhong}"], FormatUnits(page));
    }

    [Fact]
    public async Task Lists_with_unit_current_combine_those_of_all_predecessor_units()
    {
        foreach (var unit in await api.GetAllItems("/v1/provinces?status=Existing"))
        {
            foreach (var list in (string[])["agreements", "meetings", "commitments", "results", "officials", "organizations", "indicators"])
            {
                var page = await api.GetJson($"/v1/provinces/{unit.GetId()}/{list}?unit=current&limit=200");
                var parts = unit["predecessors"]!.AsArray().Select(part => part!.GetId()).Append(unit.GetId()).Order(StringComparer.Ordinal)
                    .ToList();
                Assert.Equal(parts, page["units"]!.AsArray().Select(part => part!.GetId()).Order(StringComparer.Ordinal));
                var idsPerUnit = new List<string>();
                foreach (var part in parts)
                    idsPerUnit.AddRange((await api.GetAllItems($"/v1/provinces/{part}/{list}")).GetIds());
                Assert.Equal(idsPerUnit.Distinct().Order(StringComparer.Ordinal), page.GetItems().GetIds().Order(StringComparer.Ordinal));
                Assert.Equal(idsPerUnit.Order(StringComparer.Ordinal),
                    page["units"]!.AsArray().SelectMany(part => part!["items"]!.AsArray().Select(id => (string)id!))
                        .Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Pages_with_unit_current_are_complete_and_their_cursors_are_bound_to_it()
    {
        var allIds = (await api.GetAllItems("/v1/provinces/ho-chi-minh-2025/results?unit=current")).GetIds();
        Assert.True(allIds.Count > 5);
        Assert.Equal(allIds, (await api.GetAllItems("/v1/provinces/ho-chi-minh-2025/results?unit=current", limit: 2)).GetIds());
        var next = (string?)(await api.GetJson("/v1/provinces/ho-chi-minh/results?unit=current&limit=1"))["next"];
        var problem = await api.GetProblem(400, $"/v1/provinces/ho-chi-minh/results?limit=1&cursor={next}");
        Assert.Equal(["cursor: cursor_filter_mismatch"], problem.GetErrors());
    }

    [Theory]
    [InlineData("/v1/provinces/hai-duong/agreements?unit=today", "unit: not_allowed")]
    [InlineData("/v1/agreements?unit=current", "unit: unknown_parameter")]
    [InlineData("/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26/agreements?unit=current", "unit: unknown_parameter")]
    public async Task Unit_parameter_accepts_two_values_and_only_in_lists_of_a_province(string address, string error) =>
        Assert.Equal([error], (await api.GetProblem(400, address)).GetErrors());

    private static IEnumerable<string> FormatUnits(JsonNode page) => page["units"]!.AsArray().Select(unit => unit!).Select(unit =>
        $"{unit.GetId()} {unit["name"]} {unit["validFrom"]}–{unit["validTo"]}: {string.Join(' ', unit["items"]!.AsArray())}");
}
