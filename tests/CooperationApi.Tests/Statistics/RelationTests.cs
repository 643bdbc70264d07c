using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Statistics;

[Collection(nameof(Reading))]
public sealed class RelationTests(Api api)
{
    public static TheoryData<string> Units => ["ha-noi", "thai-binh", "ho-chi-minh", "da-nang", "quang-nam", "dien-bien", "bac-ninh-2025"];

    [Theory]
    [InlineData("/v1/provinces/thai-binh/relations", "ha-noi", "Received")]
    [InlineData("/v1/provinces/ha-noi/relations", "thai-binh", "Given")]
    [InlineData("/v1/provinces/hung-yen-2025/relations?unit=current", "ha-noi", "Received")]
    [InlineData("/v1/provinces/thai-binh/relations?unit=current", "ha-noi", "Received")]
    [InlineData("/v1/provinces/ha-noi/relations?unit=current", "hung-yen-2025", "Given")]
    public async Task Ha_Noi_and_Thai_Binh_met_seven_times_and_what_was_given_went_one_way(string address, string other, string direction)
    {
        var relations = await api.Json(address);
        var relation = relations.Items().Single(relation => (string?)relation["provinceId"] == other);
        Assert.Equal((7, 1, 21, 14, 43), ((int)relation["meetings"]!, (int)relation["agreements"]!, (int)relation["commitments"]!, (int)relation["results"]!, (int)relation["records"]!));
        Assert.Equal(("2015", "2019-10-26"), ((string?)relation["since"], (string?)relation["last"]));
        Assert.Equal([$"{direction} 100 con bò giống: 1", $"{direction} 5570000000 VND: 3"],
            relation["contributions"]!.AsArray().Select(sum => $"{sum!["direction"]} {sum["amount"] ?? sum["quantity"]} {sum["currency"] ?? sum["unit"]}: {sum["count"]}"));
        Assert.Contains("ha-noi-thai-binh-2019-mua-bo-giong-3-8-ty-dong", relations["leftOut"]!.AsArray().Select(part => part!.Id()));
    }

    [Fact]
    public async Task Today_s_units_say_what_they_were_made_of()
    {
        var relations = await api.Json("/v1/provinces/thai-binh/relations?unit=current");
        Assert.Equal(["hung-yen-2025", "hung-yen", "thai-binh"], relations["units"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(["thai-binh"], (await api.Json("/v1/provinces/thai-binh/relations?unit=own"))["units"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(["ha-noi"], relations.Items().Single()["units"]!.AsArray().Select(id => (string?)id));
        Assert.Equal("Hà Nội", (string?)relations.Items().Single()["name"]);
    }

    [Theory, MemberData(nameof(Units))]
    public async Task With_whom_and_how_often_is_as_the_lists_say(string id)
    {
        var expected = new Dictionary<string, int>();
        var provinces = (await api.All("/v1/provinces")).Ids().ToHashSet();
        foreach (var type in (string[])["meetings", "agreements", "commitments", "results"])
        {
            foreach (var record in (await api.All($"/v1/{type}")).Select(record => Named(record, provinces)).Where(named => named.Contains(id)))
            {
                foreach (var other in record.Where(other => other != id))
                    expected[other] = expected.GetValueOrDefault(other) + 1;
            }
        }
        Assert.Equal(expected.OrderByDescending(other => other.Value).ThenBy(other => other.Key, StringComparer.Ordinal).Select(other => (other.Key, other.Value)),
            (await api.Json($"/v1/provinces/{id}/relations")).Items().Select(relation => ((string)relation["provinceId"]!, (int)relation["records"]!)));
    }

    [Theory, MemberData(nameof(Units))]
    public async Task One_s_relation_is_the_other_s_turned_round(string id)
    {
        foreach (var relation in (await api.Json($"/v1/provinces/{id}/relations")).Items())
        {
            var turned = (await api.Json($"/v1/provinces/{relation["provinceId"]}/relations")).Items().Single(other => (string?)other["provinceId"] == id);
            Assert.Equal(Figures(relation), Figures(turned));
            Assert.Equal(Sums(relation, "Given", "Received", "Unknown"), Sums(turned, "Received", "Given", "Unknown"));
        }

        static string Figures(JsonNode relation) => string.Join(' ', ((string[])["meetings", "agreements", "commitments", "results", "since", "last"]).Select(member => relation[member]));
        static IEnumerable<string> Sums(JsonNode relation, params string[] directions) => directions.Select(direction => string.Join(", ",
            relation["contributions"]!.AsArray().Where(sum => (string?)sum!["direction"] == direction).Select(sum => $"{sum!["amount"]}{sum["currency"]}{sum["quantity"]}{sum["unit"]}")));
    }

    /// <summary>The provinces that a record is between: a giver or receiver may be an organization.</summary>
    private static HashSet<string> Named(JsonNode record, HashSet<string> provinces) =>
        [.. record["provinceIds"]!.AsArray().Append(record["giverId"]).Append(record["receiverId"]).OfType<JsonNode>().Select(id => (string)id!).Where(provinces.Contains)];
}
