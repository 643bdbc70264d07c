using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Statistics;

[Collection(nameof(SharedApi))]
public sealed class ContributionStatisticsTests(ApiFixture api)
{
    private const string Address = "/v1/statistics/contributions";
    private const string Cows = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong";
    private const string Purchase = "ha-noi-thai-binh-2019-mua-bo-giong-3-8-ty-dong";

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
    public async Task Purchase_is_excluded_as_a_probable_duplicate_of_the_cows()
    {
        var excluded = Assert.Single((await api.GetJson($"{Address}?provinceId=thai-binh"))["excluded"]!.AsArray())!;
        Assert.Equal((Purchase, Cows, "LessExact", 3_800_000_000, "VND"),
            (excluded.GetId(), (string?)excluded["countedId"], (string?)excluded["reason"], (long)excluded["amount"]!,
                (string?)excluded["currency"]));
    }

    [Fact]
    public async Task Duplicate_is_excluded_even_if_the_counted_one_is_outside_the_range()
    {
        // The cows were given after 2019-10-25; the purchase is dated 2019-10.
        var figures = await api.GetJson($"{Address}?provinceId=thai-binh&from=2019-10-01&to=2019-10-25");
        Assert.Empty(figures.GetItems());
        Assert.Equal([Purchase], figures["excluded"]!.AsArray().Select(item => item!.GetId()));
    }

    [Fact]
    public async Task Rows_grouped_by_giver_and_receiver_are_sorted_by_them()
    {
        var rows = (await api.GetJson($"{Address}?by=giver,receiver&provinceId=thai-binh")).GetItems();
        Assert.Equal(
            ["ha-noi > quy-an-sinh-xa-hoi-tinh-thai-binh", "ha-noi > quy-an-sinh-xa-hoi-tinh-thai-binh",
                "ha-noi > quy-xoa-doi-giam-ngheo-tinh-thai-binh", "ha-noi > thai-binh"],
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
    public async Task Year_of_a_row_is_the_start_of_the_period_or_absent_if_unknown()
    {
        var results = (await api.GetAllItems("/v1/results?kind=Contribution")).ToDictionary(result => result.GetId());
        foreach (var row in (await api.GetJson($"{Address}?by=year")).GetItems())
        {
            Assert.All(row["ids"]!.AsArray(), id =>
            {
                var date = (string?)(results[(string)id!]["period"]?["from"] ?? results[(string)id!]["period"]?["to"]);
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
