using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Statistics;

[Collection(nameof(Reading))]
public sealed class ContributionFigureTests(Api api)
{
    private const string Figures = "/v1/statistics/contributions";
    private const string Cows = "ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong";
    private const string Purchase = "ha-noi-thai-binh-2019-mua-bo-giong-3-8-ty-dong";

    public static TheoryData<string> Keys =>
        ["year", "currency", "giver", "receiver", "group", "year,currency", "currency,year", "giver,receiver", "year,giver,receiver,currency", "group,year"];

    [Fact]
    public async Task What_Ha_Noi_gave_Thai_Binh_is_three_sums_of_money_and_a_hundred_cows()
    {
        var figures = await api.Json($"{Figures}?provinceId=thai-binh");
        Assert.Equal(
            ["2015: 2000000000 VND", "2018: 570000000 VND", "2019: 100 con bò giống", "2019: 3000000000 VND"],
            figures.Items().Select(row => $"{row["year"]}: {row["amount"] ?? row["quantity"]} {row["currency"] ?? row["unit"]}"));
        Assert.Equal((4, 0), ((int)figures["contributions"]!, (int)figures["inSeveralRows"]!));
        Assert.Equal([Cows], figures.Items()[2]["ids"]!.AsArray().Select(id => (string?)id));
    }

    [Fact]
    public async Task The_purchase_is_left_out_as_probably_the_same_as_the_cows()
    {
        var leftOut = Assert.Single((await api.Json($"{Figures}?provinceId=thai-binh"))["leftOut"]!.AsArray())!;
        Assert.Equal((Purchase, Cows, "LessExact", 3_800_000_000, "VND"),
            (leftOut.Id(), (string?)leftOut["countedId"], (string?)leftOut["reason"], (long)leftOut["amount"]!, (string?)leftOut["currency"]));
    }

    [Fact]
    public async Task What_is_left_out_is_left_out_even_where_the_other_is_not_asked_for()
    {
        // The cows came after the 25th of October 2019; the purchase is of the month.
        var figures = await api.Json($"{Figures}?provinceId=thai-binh&from=2019-10-01&to=2019-10-25");
        Assert.Empty(figures.Items());
        Assert.Equal([Purchase], figures["leftOut"]!.AsArray().Select(part => part!.Id()));
    }

    [Fact]
    public async Task By_giver_and_receiver_the_rows_come_in_that_order()
    {
        var rows = (await api.Json($"{Figures}?by=giver,receiver&provinceId=thai-binh")).Items();
        Assert.Equal(
            ["ha-noi > quy-an-sinh-xa-hoi-tinh-thai-binh", "ha-noi > quy-an-sinh-xa-hoi-tinh-thai-binh", "ha-noi > quy-xoa-doi-giam-ngheo-tinh-thai-binh", "ha-noi > thai-binh"],
            rows.Select(row => $"{row["giverId"]} > {row["receiverId"]}"));
    }

    [Theory, MemberData(nameof(Keys))]
    public async Task Sums_are_those_of_the_list_without_what_is_left_out(string by)
    {
        var figures = await api.Json($"{Figures}?by={by}");
        var leftOut = figures["leftOut"]!.AsArray().Select(part => part!.Id()).ToHashSet();
        var given = (await api.All("/v1/results?kind=Contribution")).Where(result => !leftOut.Contains(result.Id())).ToList();
        Assert.Equal(by.Split(','), figures["by"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(given.Count, (int)figures["contributions"]!);
        // In several groups a contribution counts in each.
        var times = given.ToDictionary(AnswersId, result => by.Contains("group", StringComparison.Ordinal) ? Math.Max(1, result["groupIds"]!.AsArray().Count) : 1);
        Assert.Equal(given.Count(result => times[result.Id()] > 1 || result["amount"] is not null && result["quantity"] is not null), (int)figures["inSeveralRows"]!);
        foreach (var (what, much) in new[] { ("currency", "amount"), ("unit", "quantity") })
        {
            Assert.Equal(
                given.Where(result => result[what] is not null).GroupBy(result => (string)result[what]!)
                    .Select(group => (group.Key, group.Sum(result => times[result.Id()] * (decimal)result[much]!))).Order(),
                figures.Items().Where(row => row[what] is not null).GroupBy(row => (string)row[what]!).Select(group => (group.Key, group.Sum(row => (decimal)row[much]!))).Order());
        }
        Assert.All(figures.Items(), row => Assert.Equal((int)row["count"]!, row["ids"]!.AsArray().Count));
        Assert.Equal(given.Ids().Order(), figures.Items().SelectMany(row => row["ids"]!.AsArray().Select(id => (string)id!)).Distinct().Order());

        static string AnswersId(JsonNode result) => result.Id();
    }

    [Theory, MemberData(nameof(Keys))]
    public async Task No_row_adds_one_thing_to_another_or_stands_twice(string by)
    {
        var rows = (await api.Json($"{Figures}?by={by}")).Items();
        Assert.All(rows, row => Assert.False(row["currency"] is not null && row["unit"] is not null));
        Assert.Distinct(rows.Select(row => string.Join('|', ((string[])["year", "giverId", "giver", "receiverId", "receiver", "groupId", "currency", "unit"]).Select(key => row[key]))));
    }

    [Fact]
    public async Task A_year_is_that_in_which_it_was_given_or_in_which_that_began_and_what_has_none_is_a_row_without()
    {
        var results = (await api.All("/v1/results?kind=Contribution")).ToDictionary(result => result.Id());
        foreach (var row in (await api.Json($"{Figures}?by=year")).Items())
        {
            Assert.All(row["ids"]!.AsArray(), id =>
            {
                var date = (string?)(results[(string)id!]["period"]?["from"] ?? results[(string)id!]["period"]?["to"]);
                Assert.Equal(date is null or ['-', ..] ? null : int.Parse(date[..4], System.Globalization.CultureInfo.InvariantCulture), (int?)row["year"]);
            });
        }
    }

    [Theory]
    [InlineData("by=yaer", "by: not_allowed")]
    [InlineData("by=year,year", "by: repeated_value")]
    [InlineData("by=", "by: empty_value")]
    [InlineData("by=year&by=giver", "by: repeated_parameter")]
    [InlineData("provinceId=thai-bin", "provinceId: record_not_found")]
    [InlineData("from=2020&to=2019", "from: range_reversed")]
    [InlineData("limit=10", "limit: unknown_parameter")]
    [InlineData("by=Year&from=2019-13&form=2019", "by: not_allowed", "from: invalid_partial_date", "form: unknown_parameter")]
    public async Task What_is_wrong_is_refused_all_of_it(string query, params string[] faults) =>
        Assert.Equal(faults.Order(), (await api.Problem(400, $"{Figures}?{query}")).Faults().Order());

    [Fact]
    public async Task A_mistyped_key_and_a_mistyped_province_are_suggested_right()
    {
        Assert.Equal("year", (string?)(await api.Problem(400, $"{Figures}?by=yaer"))["errors"]![0]!["suggestion"]);
        Assert.Equal("thai-binh", (string?)(await api.Problem(400, $"{Figures}?provinceId=thai-bin"))["errors"]![0]!["suggestion"]);
    }
}
