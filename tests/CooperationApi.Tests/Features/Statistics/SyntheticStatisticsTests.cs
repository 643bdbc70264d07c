using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Statistics;

/// <summary>Tests of statistics with invented records, for cases that the seed data does not have.</summary>
public sealed class SyntheticStatisticsTests
{
    private const string ContributionsAddress = "/v1/statistics/contributions";

    [Fact]
    public async Task Exact_contribution_among_linked_duplicates_counts_otherwise_the_first()
    {
        using var api = await CreateApiWith(
            CreateGift("mot", 100, approximate: true, sameAs: ["hai"]),
            CreateGift("hai", 110, bound: "AtLeast", approximate: true, sameAs: ["ba"]), CreateGift("ba", 105),
            CreateGift("bon", 7, sameAs: ["nam"]), CreateGift("nam", 7));
        var figures = await api.GetJson($"{ContributionsAddress}?by=currency&provinceId=dak-nong");
        var row = Assert.Single(figures.GetItems());
        Assert.Equal((112, 2, null), ((int)row["amount"]!, (int)row["count"]!, (bool?)row["approximate"]));
        Assert.Equal(["hai: ba, LessExact", "mot: ba, LessExact", "nam: bon, NotTheFirst"],
            figures["excluded"]!.AsArray().OfType<JsonNode>().Select(item => $"{item.GetId()}: {item["countedId"]}, {item["reason"]}"));
    }

    [Fact]
    public async Task Sum_with_approximate_or_bounded_parts_is_marked_as_such()
    {
        using var api = await CreateApiWith(CreateGift("mot", 100, approximate: true), CreateGift("hai", 110, bound: "AtLeast"),
            CreateGift("ba", 1, currency: "USD", bound: "AtMost"));
        Assert.Equal(["USD 1: AtMost", "VND 210: Approximate AtLeast"],
            (await api.GetJson($"{ContributionsAddress}?by=currency&provinceId=dak-nong")).GetItems().Select(row =>
            $"{row["currency"]} {row["amount"]}:{(row["approximate"] is null ? "" : " Approximate")}"
            + $"{(row["atLeast"] is null ? "" : " AtLeast")}"
            + $"{(row["atMost"] is null ? "" : " AtMost")}"));
    }

    [Fact]
    public async Task Sums_up_to_2_to_the_53_and_decimal_quantities_are_exact()
    {
        const long MaxAmount = 1_000_000_000_000_000;
        var money = Enumerable.Range(0, 9).Select(i => CreateGift($"tien-{i}", MaxAmount)).Append(CreateGift("tien-9", 7_199_254_740_990));
        using var api = await CreateApiWith([.. money, CreateGiftInKind("mot", 0.1m), CreateGiftInKind("hai", 0.2m)]);
        var rows = (await api.GetJson($"{ContributionsAddress}?by=currency&provinceId=dak-nong")).GetItems();
        Assert.Equal("0.3", rows[0]["quantity"]!.ToJsonString());
        Assert.Equal("9007199254740990", rows[1]["amount"]!.ToJsonString());
        Assert.Equal((10, 10), ((int)rows[1]["count"]!, rows[1]["ids"]!.AsArray().Count));
    }

    [Fact]
    public async Task Sum_that_some_JSON_readers_would_round_is_rejected()
    {
        using var api = await CreateApiWith([.. Enumerable.Range(0, 10).Select(i => CreateGift($"tien-{i}", 1_000_000_000_000_000))]);
        var problem = await api.GetProblem(400, $"{ContributionsAddress}?by=currency&provinceId=dak-nong");
        Assert.Equal("sum_too_large", (string?)problem["code"]);
    }

    [Fact]
    public async Task Contribution_in_two_groups_counts_in_each_and_is_reported_in_inSeveralRows()
    {
        using var api = await CreateApiWith(CreateGift("mot", 100, groupIds: ["ha-noi-thai-binh-2019-se-5", "ha-noi-thai-binh-2019-se-7"]),
            CreateGift("hai", 1));
        var figures = await api.GetJson($"{ContributionsAddress}?by=group&provinceId=dak-nong");
        Assert.Equal([" 1", "ha-noi-thai-binh-2019-se-5 100", "ha-noi-thai-binh-2019-se-7 100"],
            figures.GetItems().Select(row => $"{row["groupId"]} {row["amount"]}"));
        Assert.Equal((2, 1), ((int)figures["contributions"]!, (int)figures["inSeveralRows"]!));
    }

    [Fact]
    public async Task Contribution_with_amount_and_quantity_has_two_rows_and_one_with_neither_is_counted()
    {
        var both = CreateGift("mot", 100);
        (both["quantity"], both["unit"]) = (3, "con trâu");
        var neither = CreateGift("hai", 1);
        neither.Remove("amount");
        neither.Remove("currency");
        using var api = await CreateApiWith(both, neither);
        var figures = await api.GetJson($"{ContributionsAddress}?by=year&provinceId=dak-nong");
        Assert.Equal(["1 hai:", "1 mot: 3 con trâu", "1 mot: 100 VND"],
            figures.GetItems()
                .Select(row =>
                    $"{row["count"]} {row["ids"]![0]}: {row["amount"] ?? row["quantity"]} {row["currency"] ?? row["unit"]}".TrimEnd()));
        Assert.Equal(1, (int)figures["inSeveralRows"]!);
    }

    [Fact]
    public async Task Too_many_groups_are_rejected_instead_of_truncated()
    {
        using var api = ApiFixture.CreateIsolated();
        var groupIds = (await api.GetAllItems("/v1/cooperation-groups")).GetIds().ToArray();
        var givers = 50_000 / groupIds.Length + 1;
        await Import(api, "results",
            [.. Enumerable.Range(0, givers).Select(i => CreateGift($"tien-{i:0000}", i, giver: $"Ông {i}", groupIds: groupIds))]);
        Assert.Equal(["by: too_many_groups"],
            (await api.GetProblem(400, $"{ContributionsAddress}?by=giver,group&provinceId=dak-nong")).GetErrors());
        var figures = await api.GetJson($"{ContributionsAddress}?by=giver&provinceId=dak-nong");
        Assert.Equal((givers, givers), (figures.GetItems().Count, (int)figures["contributions"]!));
    }

    [Fact]
    public async Task Contribution_without_a_receiver_counts_for_each_province_otherwise_for_the_receiver()
    {
        var toBoth = CreateGift("mot", 10, provinceIds: ["kon-tum", "dak-nong", "tay-ninh"]);
        (toBoth["giverId"], toBoth["giver"]) = ("dak-nong", "tỉnh Đắk Nông");
        var toOne = CreateGift("hai", 100, provinceIds: ["kon-tum", "dak-nong", "tay-ninh"]);
        (toOne["giverId"], toOne["receiverId"]) = ("dak-nong", "tay-ninh");
        using var api = await CreateApiWith(toBoth, toOne, CreateGift("ba", 1000, provinceIds: ["kon-tum", "dak-nong"]));
        Assert.Equal(["kon-tum 3: Given 10, Unknown 1000", "tay-ninh 2: Given 110"], await GetSums(api, "dak-nong"));
        Assert.Equal(["dak-nong 2: Received 110", "kon-tum 2: "], await GetSums(api, "tay-ninh"));

        static async Task<IEnumerable<string>> GetSums(ApiFixture api, string province) =>
            (await api.GetJson($"/v1/provinces/{province}/relations")).GetItems()
                .Select(other => $"{other["provinceId"]} {other["records"]}: "
                    + string.Join(", ", other["contributions"]!.AsArray().Select(sum => $"{sum!["direction"]} {sum["amount"]}")));
    }

    [Fact]
    public async Task Units_merged_into_one_are_one_relation_and_have_none_with_each_other()
    {
        using var api = await CreateApiWith(CreateGift("mot", 10, provinceIds: ["hung-yen", "thai-binh", "dak-nong"]));
        var others = (await api.GetJson("/v1/provinces/dak-nong/relations?unit=current")).GetItems();
        var merged = Assert.Single(others, other => other["units"]!.AsArray().Any(unit => (string?)unit is "hung-yen" or "thai-binh"));
        Assert.Equal(("hung-yen-2025", 1), ((string?)merged["provinceId"], (int)merged["results"]!));
        Assert.Equal(["hung-yen-2025", "hung-yen", "thai-binh"], merged["units"]!.AsArray().Select(unit => (string?)unit));
        Assert.Equal(["dak-nong", "hung-yen"],
            (await api.GetJson("/v1/provinces/thai-binh/relations")).GetItems().Select(other => (string)other["provinceId"]!)
                .Except(["ha-noi", "tra-vinh"]).Order());
        Assert.Equal(["lam-dong-2025"],
            (await api.GetJson("/v1/provinces/thai-binh/relations?unit=current")).GetItems().Select(other => (string)other["provinceId"]!)
                .Except(["ha-noi", "vinh-long-2025"]));
    }

    [Fact]
    public async Task Meeting_of_four_provinces_counts_for_six_pairs_and_undated_ones_have_no_year()
    {
        using var api = ApiFixture.CreateIsolated();
        await Import(api, "meetings", CreateMeeting("bon", "2021-05", "dak-nong", "kon-tum", "tay-ninh", "binh-phuoc"),
            CreateMeeting("khong", "--05-19", "dak-nong", "kon-tum"), CreateMeeting("mot", null, "dak-nong"));
        var figures = await api.GetJson("/v1/statistics/meetings?provinceId=dak-nong&by=pair,year");
        Assert.Equal(
            [" -  : 1", "binh-phuoc - dak-nong 2021: 1", "binh-phuoc - kon-tum 2021: 1", "binh-phuoc - tay-ninh 2021: 1",
                "dak-nong - kon-tum : 1", "dak-nong - kon-tum 2021: 1", "dak-nong - tay-ninh 2021: 1", "kon-tum - tay-ninh 2021: 1"],
            figures.GetItems().Select(row => $"{row["provinceId"]} - {row["otherProvinceId"]} {row["year"]}: {row["count"]}"));
        Assert.Equal((3, 1), ((int)figures["meetings"]!, (int)figures["inSeveralRows"]!));
        Assert.Equal([": 2", "2021: 1"],
            (await api.GetJson("/v1/statistics/meetings?provinceId=dak-nong&by=year")).GetItems()
                .Select(row => $"{row["year"]}: {row["count"]}"));
    }

    [Fact]
    public async Task Status_age_uses_the_last_and_first_possible_day_and_is_never_negative()
    {
        using var api = ApiFixture.CreateIsolated();
        await Import(api, "commitments", CreateCommitment("mot", "2019-02"), CreateCommitment("hai", "2020-01-31"),
            CreateCommitment("ba", null), CreateCommitment("bon", "--01-31"), CreateCommitment("nam", "2999"));
        var figures = await api.GetJson("/v1/statistics/commitments?provinceId=dak-nong");
        var today = DateOnly.ParseExact((string)figures["today"]!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var row = Assert.Single(figures.GetItems());
        Assert.Equal(("Planned", 5, 0, today.DayNumber - new DateOnly(2019, 2, 1).DayNumber, 2),
            ((string?)row["status"], (int)row["count"]!, (int)row["minDays"]!, (int)row["maxDays"]!, (int)row["withoutDate"]!));
    }

    private static async Task<ApiFixture> CreateApiWith(params JsonObject[] gifts)
    {
        var api = ApiFixture.CreateIsolated();
        await Import(api, "results", gifts);
        return api;
    }

    private static async Task Import(ApiFixture api, string type, params JsonObject[] records)
    {
        var (exitCode, _, error) = await CliProcess.Import(api.StorePath, new JsonObject { [type] = new JsonArray([.. records]) });
        Assert.True(exitCode == 0, error);
    }

    private static JsonObject CreateGift(string id, long amount, string currency = "VND", bool approximate = false, string? bound = null,
        string[]? sameAs = null,
        string[]? groupIds = null, string? giver = null, string[]? provinceIds = null)
    {
        var gift = CreateResult(id, provinceIds ?? ["dak-nong", "kon-tum"]);
        (gift["amount"], gift["currency"], gift["probablySameAs"], gift["groupIds"]) =
            (amount, currency, ToJsonArray(sameAs ?? []), ToJsonArray(groupIds ?? []));
        if (approximate)
            gift["approximate"] = true;
        if (bound is not null)
            gift["bound"] = bound;
        if (giver is not null)
            gift["giver"] = giver;
        return gift;
    }

    private static JsonObject CreateGiftInKind(string id, decimal quantity)
    {
        var gift = CreateResult(id, ["dak-nong", "kon-tum"]);
        (gift["quantity"], gift["unit"]) = (quantity, "tấn gạo");
        return gift;
    }

    private static JsonObject CreateResult(string id, string[] provinceIds) =>
        new()
        {
            ["id"] = id,
            ["title"] = "Một món quà",
            ["kind"] = "Contribution",
            ["provinceIds"] = ToJsonArray(provinceIds),
            ["citations"] = CreateCitations(),
        };

    private static JsonObject CreateMeeting(string id, string? heldOn, params string[] provinceIds)
    {
        var meeting = new JsonObject
        {
            ["id"] = id,
            ["title"] = "Một cuộc gặp",
            ["kind"] = "Conference",
            ["provinceIds"] = ToJsonArray(provinceIds),
            ["citations"] = CreateCitations(),
        };
        if (heldOn is not null)
            meeting["heldOn"] = heldOn;
        return meeting;
    }

    private static JsonObject CreateCommitment(string id, string? statusAsOf)
    {
        var commitment = new JsonObject
        {
            ["id"] = id,
            ["title"] = "Một lời hứa",
            ["kind"] = "Content",
            ["status"] = "Planned",
            ["provinceIds"] = ToJsonArray(["dak-nong"]),
            ["citations"] = CreateCitations(),
        };
        if (statusAsOf is not null)
            commitment["statusAsOf"] = statusAsOf;
        return commitment;
    }

    private static JsonArray ToJsonArray(string[] ids) => new([.. ids.Select(id => JsonValue.Create(id))]);

    private static JsonArray CreateCitations() =>
        new(new JsonObject
        {
            ["sourceId"] = SeedFacts.SourceId,
            ["locator"] = "bịa ra để thử",
            ["supports"] = new JsonArray("title"),
            ["basis"] = "Referenced",
        });
}
