using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Features.Statistics;

[Collection(nameof(SharedApi))]
public sealed class ContributionStatisticsTests(ApiFixture api)
{
    private const string Address = "/v1/statistics/contributions";
    private const string Cows = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong";

    public static TheoryData<string> GroupKeys =>
        ["year", "currency", "giver", "receiver", "group", "year,currency", "currency,year", "giver,receiver",
            "year,giver,receiver,currency", "group,year"];

    [Fact]
    public async Task Contributions_to_Thai_Binh_are_three_amounts_and_100_cows()
    {
        var figures = await api.GetJson($"{Address}?provinceId=thai-binh");
        Assert.Equal(
            ["2015: 2000000000 VND", "2018: 570000000 VND", "2019: 100 con bò giống", "2019: 3000000000 VND"],
            figures.GetItems().Select(row => $"{row["year"]}: {row["amount"] ?? row["quantity"]} {row["currency"] ?? row["unit"]}"));
        Assert.Equal((4, 0), ((int)figures["contributions"]!, (int)figures["inSeveralRows"]!));
        Assert.Equal([Cows], figures.GetItems()[2]["ids"]!.AsArray().Select(id => (string?)id));
    }

    [Fact]
    public async Task Planned_purchase_is_not_counted() =>
        Assert.DoesNotContain("3800000000", (await api.GetJson(Address)).ToJsonString(), StringComparison.Ordinal);

    [Fact]
    public async Task Undated_gift_counts_in_the_year_of_its_meeting_and_is_marked()
    {
        var row = Assert.Single((await api.GetJson($"{Address}?provinceId=quang-tri")).GetItems());
        Assert.Equal((2023, 3_000_000_000, 1), ((int?)row["year"], (long?)row["amount"], (int?)row["datedByMeeting"]));
        Assert.Null(Assert.Single((await api.GetJson($"{Address}?provinceId=quang-tri&by=giver")).GetItems())["datedByMeeting"]);
    }

    [Fact]
    public async Task Probable_duplicate_and_part_are_excluded_with_the_counted_contribution()
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key, new JsonObject
        {
            ["results"] = new JsonArray(
                CreateGift("dung", 3_800_000_000),
                CreateGift("khoang", 4_000_000_000, ("approximate", true), ("probablySameAs", new JsonArray("dung"))),
                CreateGift("mot-phan", 800_000_000, ("partOf", "dung"))),
        });
        // The exact gift is outside the range; the others are excluded nevertheless.
        foreach (var (query, counted) in new[] { ("", 1), ("&from=2020", 0) })
        {
            var figures = JsonNode.Parse(await (await service.Get($"{Address}?provinceId=lai-chau{query}")).ReadText())!;
            Assert.Equal(counted, (int)figures["contributions"]!);
            Assert.Equal(counted == 1 ? [("khoang", "dung", "LessExact"), ("mot-phan", "dung", "PartOfCounted")] : [],
                figures["excluded"]!.AsArray()
                    .Select(item => (item!.GetId(), (string)item!["countedId"]!, (string)item["reason"]!)));
        }
    }

    private static JsonObject CreateGift(string id, long amount, params (string Name, JsonNode Value)[] members)
    {
        var gift = new JsonObject
        {
            ["id"] = id,
            ["title"] = "Quà tặng",
            ["kind"] = "Contribution",
            ["amount"] = amount,
            ["currency"] = "VND",
            ["period"] = new JsonObject { ["from"] = "2019", ["to"] = "2019" },
            ["giverId"] = "ha-noi",
            ["receiverId"] = "lai-chau",
            ["citations"] = JsonNode.Parse(
                """[{ "sourceId": "ha-noi-quang-tri-2023-s1", "locator": "đoạn 1", "supports": ["title"], "basis": "Referenced" }]"""),
        };
        foreach (var (name, value) in members)
            gift[name] = value;
        return gift;
    }

    [Fact]
    public async Task Rows_grouped_by_giver_and_receiver_are_sorted_by_them()
    {
        var rows = (await api.GetJson($"{Address}?by=giver,receiver&provinceId=thai-binh")).GetItems();
        Assert.Equal(
            ["ha-noi > quy-an-sinh-xa-hoi-tinh-thai-binh", "ha-noi > quy-xoa-doi-giam-ngheo-tinh-thai-binh", "ha-noi > thai-binh",
                "ha-noi > thai-binh"],
            rows.Select(row => $"{row["giverId"]} > {row["receiverId"]}"));
    }

    [Theory, MemberData(nameof(GroupKeys))]
    public async Task Sums_equal_those_of_the_list_without_excluded_contributions(string groupBy)
    {
        var figures = await api.GetJson($"{Address}?by={groupBy}");
        var excludedIds = figures["excluded"]!.AsArray().Select(item => item!.GetId()).ToHashSet();
        var contributions =
            (await api.GetAllItems("/v1/results?kind=Contribution")).Where(result => !excludedIds.Contains(result.GetId())).ToList();
        Assert.Equal(groupBy.Split(','), figures["by"]!.AsArray().Select(key => (string?)key));
        Assert.Equal(contributions.Count, (int)figures["contributions"]!);
        // A contribution in several groups counts in each of them.
        var rowsById = contributions.ToDictionary(GetRecordId,
            result => groupBy.Contains("group", StringComparison.Ordinal) ? Math.Max(1, result["groupIds"]!.AsArray().Count) : 1);
        Assert.Equal(
            contributions.Count(result => rowsById[result.GetId()] > 1 || result["amount"] is not null && result["quantity"] is not null),
            (int)figures["inSeveralRows"]!);
        foreach (var (unitMember, amountMember) in new[] { ("currency", "amount"), ("unit", "quantity") })
        {
            Assert.Equal(
                contributions.Where(result => result[unitMember] is not null).GroupBy(result => (string)result[unitMember]!)
                    .Select(group => (group.Key, group.Sum(result => rowsById[result.GetId()] * (decimal)result[amountMember]!))).Order(),
                figures.GetItems().Where(row => row[unitMember] is not null).GroupBy(row => (string)row[unitMember]!)
                    .Select(group => (group.Key, group.Sum(row => (decimal)row[amountMember]!))).Order());
        }
        Assert.All(figures.GetItems(), row => Assert.Equal((int)row["count"]!, row["ids"]!.AsArray().Count));
        Assert.Equal(contributions.GetIds().Order(),
            figures.GetItems().SelectMany(row => row["ids"]!.AsArray().Select(id => (string)id!)).Distinct().Order());

        static string GetRecordId(JsonNode result) => result.GetId();
    }

    [Theory, MemberData(nameof(GroupKeys))]
    public async Task Rows_are_unique_and_never_mix_currency_and_unit(string groupBy)
    {
        var rows = (await api.GetJson($"{Address}?by={groupBy}")).GetItems();
        Assert.All(rows, row => Assert.False(row["currency"] is not null && row["unit"] is not null));
        Assert.Distinct(
            rows.Select(
                row => string.Join('|',
                    ((string[])["year", "giverId", "giver", "receiverId", "receiver", "groupId", "currency", "unit"]).Select(
                        key => row[key]))));
    }

    [Fact]
    public async Task Year_of_a_row_is_the_start_of_the_period_or_the_year_of_the_meeting()
    {
        var results = (await api.GetAllItems("/v1/results?kind=Contribution")).ToDictionary(result => result.GetId());
        var meetings = (await api.GetAllItems("/v1/meetings")).ToDictionary(meeting => meeting.GetId());
        JsonNode? FindMeetingDate(JsonNode result) => result["meetingId"] is { } id ? meetings[(string)id!]["heldOn"] : null;
        foreach (var row in (await api.GetJson($"{Address}?by=year")).GetItems())
        {
            Assert.All(row["ids"]!.AsArray(), id =>
            {
                var result = results[(string)id!];
                var date = (string?)(result["period"]?["from"] ?? result["period"]?["to"] ?? FindMeetingDate(result));
                Assert.Equal(date is null or ['-', ..] ? null : int.Parse(date[..4], System.Globalization.CultureInfo.InvariantCulture),
                    (int?)row["year"]);
            });
        }
    }

    [Theory]
    [InlineData("by=yaer", "by: not_allowed")]
    [InlineData("by=year,year", "by: duplicate_value")]
    [InlineData("by=", "by: empty_value")]
    [InlineData("by=year&by=giver", "by: duplicate_parameter")]
    [InlineData("provinceId=thai-bin", "provinceId: record_not_found")]
    [InlineData("from=2020&to=2019", "from: range_reversed")]
    [InlineData("limit=10", "limit: unknown_parameter")]
    [InlineData("by=Year&from=2019-13&form=2019", "by: not_allowed", "from: invalid_partial_date", "form: unknown_parameter")]
    public async Task All_invalid_parameters_are_reported_at_once(string query, params string[] errors) =>
        Assert.Equal(errors.Order(), (await api.GetProblem(400, $"{Address}?{query}")).GetErrors().Order());

    [Fact]
    public async Task Closest_group_key_and_province_are_suggested()
    {
        Assert.Equal("year", (string?)(await api.GetProblem(400, $"{Address}?by=yaer"))["errors"]![0]!["suggestion"]);
        Assert.Equal("thai-binh", (string?)(await api.GetProblem(400, $"{Address}?provinceId=thai-bin"))["errors"]![0]!["suggestion"]);
    }
}
