using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Statistics;

[Collection(nameof(SharedApi))]
public sealed class RelationTests(ApiFixture api)
{
    public static TheoryData<string> Units => ["ha-noi", "thai-binh", "ho-chi-minh", "da-nang", "quang-nam", "dien-bien", "bac-ninh-2025"];

    [Theory]
    [InlineData("/v1/provinces/thai-binh/relations", "ha-noi", "Received")]
    [InlineData("/v1/provinces/ha-noi/relations", "thai-binh", "Given")]
    public async Task Relation_of_Ha_Noi_and_Thai_Binh_has_its_record_counts_and_contributions(string address, string otherProvince,
        string direction)
    {
        var relation = await AssertRelation(address, otherProvince, (3, 1, 23, 14, 41));
        Assert.Equal(("2015", "2019-10-26"), ((string?)relation["since"], (string?)relation["last"]));
        Assert.Equal([$"{direction} 100 con bò giống: 1", $"{direction} 5570000000 VND: 3"], FormatContributions(relation));
    }

    [Theory]
    [InlineData("/v1/provinces/hung-yen-2025/relations?unit=current", "ha-noi", "Received")]
    [InlineData("/v1/provinces/thai-binh/relations?unit=current", "ha-noi", "Received")]
    [InlineData("/v1/provinces/ha-noi/relations?unit=current", "hung-yen-2025", "Given")]
    public async Task Relation_with_the_current_unit_includes_the_gift_to_the_successor(string address, string otherProvince,
        string direction)
    {
        var relation = await AssertRelation(address, otherProvince, (3, 1, 23, 15, 42));
        Assert.Equal(("2015", "2025-10-02"), ((string?)relation["since"], (string?)relation["last"]));
        Assert.Equal([$"{direction} 100 con bò giống: 1", $"{direction} 10570000000 VND: 4"], FormatContributions(relation));
    }

    private async Task<JsonNode> AssertRelation(string address, string otherProvince,
        (int Meetings, int Agreements, int Commitments, int Results, int Records) counts)
    {
        var relations = await api.GetJson(address);
        var relation = relations.GetItems().Single(relation => (string?)relation["provinceId"] == otherProvince);
        Assert.Equal(counts,
            ((int)relation["meetings"]!, (int)relation["agreements"]!, (int)relation["commitments"]!, (int)relation["results"]!,
                (int)relation["records"]!));
        // The 20 cows of 17 October 2019 are a part of the 100 cows.
        Assert.Equal(["thai-binh-20-con-bo-2019-tiep-nhan PartOfCounted"],
            relations["excluded"]!.AsArray().Select(item => $"{item!.GetId()} {item!["reason"]}"));
        return relation;
    }

    private static IEnumerable<string> FormatContributions(JsonNode relation) => relation["contributions"]!.AsArray()
        .Select(sum => $"{sum!["direction"]} {sum["amount"] ?? sum["quantity"]} {sum["currency"] ?? sum["unit"]}: {sum["count"]}");

    [Fact]
    public async Task Relations_of_a_current_unit_list_the_units_it_consists_of()
    {
        var relations = await api.GetJson("/v1/provinces/thai-binh/relations?unit=current");
        Assert.Equal(["hung-yen-2025", "hung-yen", "thai-binh"], relations["units"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(["thai-binh"],
            (await api.GetJson("/v1/provinces/thai-binh/relations?unit=own"))["units"]!.AsArray().Select(id => (string?)id));
        var haNoi = relations.GetItems().Single(relation => (string?)relation["provinceId"] == "ha-noi");
        Assert.Equal(["ha-noi"], haNoi["units"]!.AsArray().Select(id => (string?)id));
        Assert.Equal("Hà Nội", (string?)haNoi["name"]);
    }

    [Theory, MemberData(nameof(Units))]
    public async Task Relation_counts_equal_those_of_the_lists(string id)
    {
        var expected = new Dictionary<string, int>();
        var provinces = (await api.GetAllItems("/v1/provinces")).GetIds().ToHashSet();
        foreach (var type in (string[])["meetings", "agreements", "commitments", "results"])
        {
            foreach (var record in (await api.GetAllItems($"/v1/{type}{(type == "meetings" ? "?topLevel=true" : "")}"))
                .Select(record => GetProvinces(record, provinces))
                .Where(recordProvinces => recordProvinces.Contains(id)))
            {
                foreach (var other in record.Where(other => other != id))
                    expected[other] = expected.GetValueOrDefault(other) + 1;
            }
        }
        Assert.Equal(
            expected.OrderByDescending(other => other.Value).ThenBy(other => other.Key, StringComparer.Ordinal)
                .Select(other => (other.Key, other.Value)),
            (await api.GetJson($"/v1/provinces/{id}/relations")).GetItems()
                .Select(relation => ((string)relation["provinceId"]!, (int)relation["records"]!)));
    }

    [Theory, MemberData(nameof(Units))]
    public async Task Relation_is_symmetric_with_directions_reversed(string id)
    {
        foreach (var relation in (await api.GetJson($"/v1/provinces/{id}/relations")).GetItems())
        {
            var reversed = (await api.GetJson($"/v1/provinces/{relation["provinceId"]}/relations")).GetItems()
                .Single(other => (string?)other["provinceId"] == id);
            Assert.Equal(FormatCounts(relation), FormatCounts(reversed));
            Assert.Equal(FormatSums(relation, "Given", "Received", "Unknown"), FormatSums(reversed, "Received", "Given", "Unknown"));
        }

        static string FormatCounts(JsonNode relation) =>
            string.Join(' ',
                ((string[])["meetings", "agreements", "commitments", "results", "since", "last"]).Select(member => relation[member]));
        static IEnumerable<string> FormatSums(JsonNode relation, params string[] directions) =>
            directions.Select(direction => string.Join(", ",
                relation["contributions"]!.AsArray().Where(sum => (string?)sum!["direction"] == direction)
                    .Select(sum => $"{sum!["amount"]}{sum["currency"]}{sum["quantity"]}{sum["unit"]}")));
    }

    /// <summary>Returns the provinces of a record, including giver and receiver unless they are organizations.</summary>
    private static HashSet<string> GetProvinces(JsonNode record, HashSet<string> provinces) =>
        [.. record["provinceIds"]!.AsArray().Append(record["giverId"]).Append(record["receiverId"]).OfType<JsonNode>()
            .Select(id => (string)id!).Where(provinces.Contains)];
}
