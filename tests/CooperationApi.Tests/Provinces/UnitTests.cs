using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Provinces;

/// <summary>A province's lists answer for the unit of its time, or with `unit=current` for today's and all that it was made of.</summary>
[Collection(nameof(Reading))]
public sealed class UnitTests(Api api)
{
    private const string HaiDuongAlone = "hai-duong-bac-giang-2019", HaiDuongAndHaiPhong = "hai-duong-hai-phong-quang-ninh-2022";

    [Fact]
    public async Task A_unit_that_was_formed_later_has_agreements_only_as_the_unit_of_today()
    {
        Assert.Empty(await api.All("/v1/provinces/hai-phong-2025/agreements"));
        var page = await api.Json("/v1/provinces/hai-phong-2025/agreements?unit=current&sort=adoptedOn");
        Assert.Equal([HaiDuongAndHaiPhong, HaiDuongAlone], page.Items().Ids());
    }

    [Fact]
    public async Task The_page_says_which_unit_was_the_party()
    {
        var page = await api.Json("/v1/provinces/hai-phong-2025/agreements?unit=current&sort=adoptedOn");
        Assert.Equal(
            ["hai-phong-2025 Hải Phòng 2025-07-01–: ", $"hai-duong Hải Dương 2008-08-01–2025-06-30: {HaiDuongAndHaiPhong} {HaiDuongAlone}", $"hai-phong Hải Phòng 2008-08-01–2025-06-30: {HaiDuongAndHaiPhong}"],
            Units(page));
    }

    [Fact]
    public async Task A_unit_that_has_ended_stands_for_what_it_became_part_of()
    {
        var ended = await api.Json("/v1/provinces/hai-duong/meetings?unit=current");
        var today = await api.Json("/v1/provinces/hai-phong-2025/meetings?unit=current");
        Assert.True(JsonNode.DeepEquals(ended["items"], today["items"]));
        Assert.True(JsonNode.DeepEquals(ended["units"], today["units"]));
        Assert.Equal(2, ended.Items().Count);
    }

    [Fact]
    public async Task A_unit_alone_is_the_default_and_says_nothing_of_others()
    {
        var page = await api.Json("/v1/provinces/hai-phong/agreements");
        Assert.Equal([HaiDuongAndHaiPhong], page.Items().Ids());
        Assert.Null(page["units"]);
        Assert.True(JsonNode.DeepEquals(page, await api.Json("/v1/provinces/hai-phong/agreements?unit=own")));
    }

    [Fact]
    public async Task A_unit_that_never_changed_is_its_own_unit_of_today()
    {
        var page = await api.Json("/v1/provinces/quang-ninh/agreements?unit=current");
        Assert.True(JsonNode.DeepEquals((await api.Json("/v1/provinces/quang-ninh/agreements"))["items"], page["items"]));
        Assert.Equal([$"quang-ninh Quảng Ninh 2008-08-01–: {HaiDuongAndHaiPhong}"], Units(page));
    }

    [Fact]
    public async Task Every_row_is_named_by_a_unit_and_every_unit_of_today_covers_its_parts()
    {
        foreach (var unit in await api.All("/v1/provinces?status=Existing"))
        {
            foreach (var list in (string[])["agreements", "meetings", "commitments", "results", "officials", "organizations", "indicators"])
            {
                var page = await api.Json($"/v1/provinces/{unit.Id()}/{list}?unit=current&limit=200");
                var parts = unit["predecessors"]!.AsArray().Select(part => part!.Id()).Append(unit.Id()).Order(StringComparer.Ordinal).ToList();
                Assert.Equal(parts, page["units"]!.AsArray().Select(part => part!.Id()).Order(StringComparer.Ordinal));
                var own = new List<string>();
                foreach (var part in parts)
                    own.AddRange((await api.All($"/v1/provinces/{part}/{list}")).Ids());
                Assert.Equal(own.Distinct().Order(StringComparer.Ordinal), page.Items().Ids().Order(StringComparer.Ordinal));
                Assert.Equal(own.Order(StringComparer.Ordinal), page["units"]!.AsArray().SelectMany(part => part!["items"]!.AsArray().Select(id => (string)id!)).Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Pages_of_a_unit_of_today_hang_together_and_their_cursors_are_bound_to_it()
    {
        var whole = (await api.All("/v1/provinces/ho-chi-minh-2025/results?unit=current")).Ids();
        Assert.True(whole.Count > 5);
        Assert.Equal(whole, (await api.All("/v1/provinces/ho-chi-minh-2025/results?unit=current", limit: 2)).Ids());
        var next = (string?)(await api.Json("/v1/provinces/ho-chi-minh/results?unit=current&limit=1"))["next"];
        var problem = await api.Problem(400, $"/v1/provinces/ho-chi-minh/results?limit=1&cursor={next}");
        Assert.Equal(["cursor: cursor_filter_mismatch"], problem.Faults());
    }

    [Theory]
    [InlineData("/v1/provinces/hai-duong/agreements?unit=today", "unit: not_allowed")]
    [InlineData("/v1/agreements?unit=current", "unit: unknown_parameter")]
    [InlineData("/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26/agreements?unit=current", "unit: unknown_parameter")]
    public async Task Only_lists_under_a_province_know_units_and_only_the_two_words(string address, string fault) =>
        Assert.Equal([fault], (await api.Problem(400, address)).Faults());

    private static IEnumerable<string> Units(JsonNode page) => page["units"]!.AsArray().Select(unit => unit!).Select(unit =>
        $"{unit.Id()} {unit["name"]} {unit["validFrom"]}–{unit["validTo"]}: {string.Join(' ', unit["items"]!.AsArray())}");
}
