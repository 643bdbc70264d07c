using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Statistics;

/// <summary>Figures of records that are made up for what no real one shows yet.</summary>
[Collection(nameof(VerbProcesses))]
public sealed class InventedFigureTests
{
    private const string Figures = "/v1/statistics/contributions";

    [Fact]
    public async Task Of_what_is_linked_by_way_of_another_the_exact_one_counts_and_of_equals_the_first()
    {
        using var api = await With(
            Gift("mot", 100, approximate: true, sameAs: ["hai"]), Gift("hai", 110, bound: "AtLeast", approximate: true, sameAs: ["ba"]), Gift("ba", 105),
            Gift("bon", 7, sameAs: ["nam"]), Gift("nam", 7));
        var figures = await api.Json($"{Figures}?by=currency&provinceId=dien-bien");
        var row = Assert.Single(figures.Items());
        Assert.Equal((112, 2, null), ((int)row["amount"]!, (int)row["count"]!, (bool?)row["approximate"]));
        Assert.Equal(["hai: ba, LessExact", "mot: ba, LessExact", "nam: bon, NotTheFirst"],
            figures["leftOut"]!.AsArray().OfType<JsonNode>().Select(part => $"{part.Id()}: {part["countedId"]}, {part["reason"]}"));
    }

    [Fact]
    public async Task A_sum_of_which_a_part_is_about_or_over_says_so()
    {
        using var api = await With(Gift("mot", 100, approximate: true), Gift("hai", 110, bound: "AtLeast"), Gift("ba", 1, currency: "USD", bound: "AtMost"));
        Assert.Equal(["USD 1: AtMost", "VND 210: Approximate AtLeast"], (await api.Json($"{Figures}?by=currency&provinceId=dien-bien")).Items().Select(row =>
            $"{row["currency"]} {row["amount"]}:{(row["approximate"] is null ? "" : " Approximate")}{(row["atLeast"] is null ? "" : " AtLeast")}{(row["atMost"] is null ? "" : " AtMost")}"));
    }

    [Fact]
    public async Task Money_beyond_64_bits_and_parts_of_things_are_added_up_exactly()
    {
        const long Most = 1_000_000_000_000_000;
        var money = Enumerable.Range(0, 9300).Select(i => Gift($"tien-{i:0000}", Most)).ToArray();
        using var api = await With([.. money, Things("mot", 0.1m), Things("hai", 0.2m)]);
        var rows = (await api.Json($"{Figures}?by=currency&provinceId=dien-bien")).Items();
        Assert.Equal("0.3", rows[0]["quantity"]!.ToJsonString());
        Assert.Equal(9300m * Most, (decimal)rows[1]["amount"]!);
        Assert.Equal((9300, 100), ((int)rows[1]["count"]!, rows[1]["ids"]!.AsArray().Count));
    }

    [Fact]
    public async Task In_two_groups_a_gift_counts_in_each_and_the_answer_says_so()
    {
        using var api = await With(Gift("mot", 100, groupIds: ["ha-noi-thai-binh-2019-se-5", "ha-noi-thai-binh-2019-se-7"]), Gift("hai", 1));
        var figures = await api.Json($"{Figures}?by=group&provinceId=dien-bien");
        Assert.Equal([" 1", "ha-noi-thai-binh-2019-se-5 100", "ha-noi-thai-binh-2019-se-7 100"], figures.Items().Select(row => $"{row["groupId"]} {row["amount"]}"));
        Assert.Equal((2, 1), ((int)figures["contributions"]!, (int)figures["inSeveralRows"]!));
    }

    [Fact]
    public async Task What_is_money_and_things_stands_in_a_row_of_each_and_what_is_neither_is_counted()
    {
        var both = Gift("mot", 100);
        (both["quantity"], both["unit"]) = (3, "con trâu");
        var neither = Gift("hai", 1);
        neither.Remove("amount");
        neither.Remove("currency");
        using var api = await With(both, neither);
        var figures = await api.Json($"{Figures}?by=year&provinceId=dien-bien");
        Assert.Equal(["1 hai:", "1 mot: 3 con trâu", "1 mot: 100 VND"],
            figures.Items().Select(row => $"{row["count"]} {row["ids"]![0]}: {row["amount"] ?? row["quantity"]} {row["currency"] ?? row["unit"]}".TrimEnd()));
        Assert.Equal(1, (int)figures["inSeveralRows"]!);
    }

    [Fact]
    public async Task More_rows_than_are_sent_are_refused_and_not_cut()
    {
        using var api = Api.Alone();
        var groupIds = (await api.All("/v1/cooperation-groups")).Ids().ToArray();
        var givers = 50_000 / groupIds.Length + 1;
        await Add(api, "results", [.. Enumerable.Range(0, givers).Select(i => Gift($"tien-{i:0000}", i, giver: $"Ông {i}", groupIds: groupIds))]);
        Assert.Equal(["by: too_many_figures"], (await api.Problem(400, $"{Figures}?by=giver,group&provinceId=dien-bien")).Faults());
        var figures = await api.Json($"{Figures}?by=giver&provinceId=dien-bien");
        Assert.Equal((givers, givers), (figures.Items().Count, (int)figures["contributions"]!));
    }

    [Fact]
    public async Task What_goes_to_several_without_a_word_on_whom_counts_for_each_and_what_goes_past_them_for_none()
    {
        var toBoth = Gift("mot", 10, provinceIds: ["lai-chau", "dien-bien", "son-la"]);
        (toBoth["giverId"], toBoth["giver"]) = ("dien-bien", "tỉnh Điện Biên");
        var toOne = Gift("hai", 100, provinceIds: ["lai-chau", "dien-bien", "son-la"]);
        (toOne["giverId"], toOne["receiverId"]) = ("dien-bien", "son-la");
        using var api = await With(toBoth, toOne, Gift("ba", 1000, provinceIds: ["lai-chau", "dien-bien"]));
        Assert.Equal(["lai-chau 3: Given 10, Unknown 1000", "son-la 2: Given 110"], await Sums(api, "dien-bien"));
        Assert.Equal(["dien-bien 2: Received 110", "lai-chau 2: "], await Sums(api, "son-la"));

        static async Task<IEnumerable<string>> Sums(Api api, string province) => (await api.Json($"/v1/provinces/{province}/relations")).Items()
            .Select(other => $"{other["provinceId"]} {other["records"]}: {string.Join(", ", other["contributions"]!.AsArray().Select(sum => $"{sum!["direction"]} {sum["amount"]}"))}");
    }

    [Fact]
    public async Task Who_is_today_one_unit_is_one_and_has_no_relation_with_itself()
    {
        using var api = await With(Gift("mot", 10, provinceIds: ["hung-yen", "thai-binh", "dien-bien"]));
        var others = (await api.Json("/v1/provinces/dien-bien/relations?unit=current")).Items();
        Assert.Equal(["hung-yen-2025 1"], others.Select(other => $"{other["provinceId"]} {other["results"]}"));
        Assert.Equal(["hung-yen-2025", "hung-yen", "thai-binh"], others[0]["units"]!.AsArray().Select(unit => (string?)unit));
        Assert.Equal(["dien-bien", "hung-yen"], (await api.Json("/v1/provinces/thai-binh/relations")).Items().Select(other => (string)other["provinceId"]!).Except(["ha-noi"]).Order());
        Assert.Equal(["dien-bien"], (await api.Json("/v1/provinces/thai-binh/relations?unit=current")).Items().Select(other => (string)other["provinceId"]!).Except(["ha-noi"]));
    }

    [Fact]
    public async Task A_meeting_of_four_counts_for_six_pairs_and_one_without_a_year_is_a_row_without()
    {
        using var api = Api.Alone();
        await Add(api, "meetings", Meeting("bon", "2021-05", "dien-bien", "lai-chau", "son-la", "cao-bang"), Meeting("khong", "--05-19", "dien-bien", "lai-chau"), Meeting("mot", null, "dien-bien"));
        var figures = await api.Json("/v1/statistics/meetings?provinceId=dien-bien&by=pair,year");
        Assert.Equal(
            [" -  : 1", "cao-bang - dien-bien 2021: 1", "cao-bang - lai-chau 2021: 1", "cao-bang - son-la 2021: 1", "dien-bien - lai-chau : 1", "dien-bien - lai-chau 2021: 1", "dien-bien - son-la 2021: 1", "lai-chau - son-la 2021: 1"],
            figures.Items().Select(row => $"{row["provinceId"]} - {row["otherProvinceId"]} {row["year"]}: {row["count"]}"));
        Assert.Equal((3, 1), ((int)figures["meetings"]!, (int)figures["inSeveralRows"]!));
        Assert.Equal([": 2", "2021: 1"], (await api.Json("/v1/statistics/meetings?provinceId=dien-bien&by=year")).Items().Select(row => $"{row["year"]}: {row["count"]}"));
    }

    [Fact]
    public async Task The_age_of_a_status_is_that_of_the_last_and_the_first_day_that_its_date_may_mean_and_never_negative()
    {
        using var api = Api.Alone();
        await Add(api, "commitments", Commitment("mot", "2019-02"), Commitment("hai", "2020-01-31"), Commitment("ba", null), Commitment("bon", "--01-31"), Commitment("nam", "2999"));
        var figures = await api.Json("/v1/statistics/commitments?provinceId=dien-bien");
        var today = DateOnly.ParseExact((string)figures["today"]!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var row = Assert.Single(figures.Items());
        Assert.Equal(("Planned", 5, 0, today.DayNumber - new DateOnly(2019, 2, 1).DayNumber, 2),
            ((string?)row["status"], (int)row["count"]!, (int)row["shortestDays"]!, (int)row["longestDays"]!, (int)row["withoutDate"]!));
    }

    private static async Task<Api> With(params JsonObject[] gifts)
    {
        var api = Api.Alone();
        await Add(api, "results", gifts);
        return api;
    }

    private static async Task Add(Api api, string type, params JsonObject[] records)
    {
        var (exit, _, error) = await Executable.Import(api.StorePath, new JsonObject { [type] = new JsonArray([.. records]) });
        Assert.True(exit == 0, error);
    }

    private static JsonObject Gift(string id, long amount, string currency = "VND", bool approximate = false, string? bound = null, string[]? sameAs = null,
        string[]? groupIds = null, string? giver = null, string[]? provinceIds = null)
    {
        var gift = Result(id, provinceIds ?? ["dien-bien", "lai-chau"]);
        (gift["amount"], gift["currency"], gift["probablySameAs"], gift["groupIds"]) = (amount, currency, Array(sameAs ?? []), Array(groupIds ?? []));
        if (approximate)
            gift["approximate"] = true;
        if (bound is not null)
            gift["bound"] = bound;
        if (giver is not null)
            gift["giver"] = giver;
        return gift;
    }

    private static JsonObject Things(string id, decimal quantity)
    {
        var gift = Result(id, ["dien-bien", "lai-chau"]);
        (gift["quantity"], gift["unit"]) = (quantity, "tấn gạo");
        return gift;
    }

    private static JsonObject Result(string id, string[] provinceIds) =>
        new() { ["id"] = id, ["title"] = "Một món quà", ["kind"] = "Contribution", ["provinceIds"] = Array(provinceIds), ["citations"] = Cited() };

    private static JsonObject Meeting(string id, string? heldOn, params string[] provinceIds)
    {
        var meeting = new JsonObject { ["id"] = id, ["title"] = "Một cuộc gặp", ["kind"] = "Conference", ["provinceIds"] = Array(provinceIds), ["citations"] = Cited() };
        if (heldOn is not null)
            meeting["heldOn"] = heldOn;
        return meeting;
    }

    private static JsonObject Commitment(string id, string? statusAsOf)
    {
        var commitment = new JsonObject { ["id"] = id, ["title"] = "Một lời hứa", ["kind"] = "Content", ["status"] = "Planned", ["provinceIds"] = Array(["dien-bien"]), ["citations"] = Cited() };
        if (statusAsOf is not null)
            commitment["statusAsOf"] = statusAsOf;
        return commitment;
    }

    private static JsonArray Array(string[] ids) => new([.. ids.Select(id => JsonValue.Create(id))]);

    private static JsonArray Cited() =>
        new(new JsonObject { ["sourceId"] = Founding.Source, ["locator"] = "bịa ra để thử", ["supports"] = new JsonArray("title"), ["basis"] = "Referenced" });
}
