using System.Globalization;

namespace CooperationApi.Tests.Resources.Provinces;

[Collection(nameof(SharedApi))]
public sealed class ProvinceTests(ApiFixture api)
{
    [Theory]
    [InlineData("2008-08-01", 63, 58, 5)]
    [InlineData("2019-10-26", 63, 58, 5)]
    [InlineData("2024-12-31", 63, 58, 5)]
    [InlineData("2025-01-01", 63, 57, 6)]
    [InlineData("2025-06-30", 63, 57, 6)]
    [InlineData("2025-07-01", 34, 28, 6)]
    [InlineData("2026-04-29", 34, 28, 6)]
    [InlineData("2026-04-30", 34, 27, 7)]
    [InlineData("2026-11-22", 34, 25, 9)]
    public async Task Unit_counts_as_of_a_date_are_those_of_that_date(string day, int all, int provinces, int municipalities)
    {
        Assert.Equal(all, (int)(await api.GetJson($"/v1/provinces?at={day}&total=true"))["total"]!);
        Assert.Equal(provinces, (int)(await api.GetJson($"/v1/provinces?at={day}&total=true&kind=Province"))["total"]!);
        Assert.Equal(municipalities, (int)(await api.GetJson($"/v1/provinces?at={day}&total=true&kind=Municipality"))["total"]!);
    }

    [Fact]
    public async Task List_without_a_date_has_the_units_of_all_times()
    {
        Assert.Equal(86, (await api.GetAllItems("/v1/provinces", limit: 7)).DistinctBy(unit => (string?)unit["id"]).Count());
    }

    [Fact]
    public async Task Unit_as_of_a_date_has_its_name_and_kind_of_that_date()
    {
        var past = await api.GetJson("/v1/provinces/hue?at=2019-10-26");
        Assert.Equal(("Thừa Thiên Huế", "Province"), ((string?)past["name"], (string?)past["kind"]));
        var now = await api.GetJson("/v1/provinces/hue");
        Assert.Equal(("Huế", "Municipality"), ((string?)now["name"], (string?)now["kind"]));
    }

    [Fact]
    public async Task List_as_of_a_date_equals_the_items_as_of_that_date()
    {
        foreach (var unit in await api.GetAllItems("/v1/provinces?at=2019-10-26"))
            Assert.Equal((await api.GetJson($"/v1/provinces/{unit.GetId()}?at=2019-10-26")).ToJsonString(), unit.ToJsonString());
    }

    [Fact]
    public async Task Thai_Binh_is_listed_in_2019_but_not_after_the_merger()
    {
        Assert.Contains("thai-binh", (await api.GetAllItems("/v1/provinces?at=2019-10-26")).GetIds());
        Assert.DoesNotContain("thai-binh", (await api.GetAllItems("/v1/provinces?at=2025-07-02")).GetIds());
    }

    [Theory]
    [InlineData("thai-binh", "2025-07-01")]
    [InlineData("hung-yen-2025", "2025-06-30")]
    public async Task Unit_is_not_found_as_of_a_date_when_it_did_not_exist(string id, string day)
    {
        Assert.Equal("not_in_force", (string?)(await api.GetProblem(404, $"/v1/provinces/{id}?at={day}"))["code"]);
    }

    [Theory]
    [InlineData("1990-01-01")]
    [InlineData("2008-07-31")]
    [InlineData("9999-12-31")]
    public async Task Date_outside_the_covered_period_is_rejected(string day)
    {
        Assert.Equal(["at: date_outside_coverage"], (await api.GetProblem(400, $"/v1/provinces?at={day}")).GetErrors());
        Assert.Equal(["at: date_outside_coverage"], (await api.GetProblem(400, $"/v1/provinces/ha-noi?at={day}")).GetErrors());
    }

    [Fact]
    public async Task Today_is_covered_and_the_day_after_tomorrow_is_not()
    {
        // The service uses the date in Vietnam (UTC+7), which is never two days ahead of UTC.
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        Assert.Equal(34, (int)(await api.GetJson($"/v1/provinces?at={today:yyyy-MM-dd}&total=true"))["total"]!);
        await Date_outside_the_covered_period_is_rejected(today.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Successor_and_predecessor_refer_to_each_other()
    {
        var before = (await api.GetJson("/v1/provinces/thai-binh"))["successors"]![0]!;
        Assert.Equal(("hung-yen-2025", "2025-07-01", "202/2025/QH15"),
            ((string?)before["id"], (string?)before["on"], (string?)before["legalBasis"]));
        var after = await api.GetJson("/v1/provinces/hung-yen-2025");
        Assert.Equal(["hung-yen", "thai-binh"], after["predecessors"]!.AsArray().Select(unit => (string)unit!["id"]!).Order());
    }

    [Fact]
    public async Task Every_succession_is_the_same_on_both_sides()
    {
        var units = await api.GetAllItems("/v1/provinces");
        HashSet<string> GetSuccessions(string member, Func<string, string, string> pair) =>
            [.. units.SelectMany(
                unit => unit[member]!.AsArray()
                    .Select(other => $"{pair(unit.GetId(), other!.GetId())} {other!["on"]} {other["legalBasis"]}"))];
        var before = GetSuccessions("successors", (from, to) => $"{from} > {to}");
        Assert.Equal(52, before.Count);
        Assert.Equal(before.Order(), GetSuccessions("predecessors", (to, from) => $"{from} > {to}").Order());
    }

    [Fact]
    public async Task Fifty_two_units_became_twenty_three()
    {
        var units = await api.GetAllItems("/v1/provinces");
        Assert.Equal(52, units.Count(unit => unit["successors"]!.AsArray().Count > 0));
        var sizes =
            units.Select(unit => unit["predecessors"]!.AsArray().Count).Where(size => size > 0).CountBy(size => size).ToDictionary();
        Assert.Equal(new() { [2] = 17, [3] = 6 }, sizes);
    }

    [Fact]
    public async Task Code_identifies_different_units_at_different_times()
    {
        Assert.Equal(["lao-cai-2025", "yen-bai"], (await api.GetAllItems("/v1/provinces?code=15")).GetIds().Order());
        Assert.Equal(["yen-bai"], (await api.GetAllItems("/v1/provinces?code=15&at=2019-10-26")).GetIds());
        var sharedCodes = (await api.GetAllItems("/v1/provinces")).CountBy(unit => (string)unit["code"]!)
            .Where(code => code.Value > 1).Select(code => code.Key);
        var codesWithSeveralNames = (await api.GetAllItems("/v1/provinces")).GroupBy(unit => (string)unit["code"]!)
            .Where(code => code.Select(unit => (string)unit["name"]!).Distinct().Count() > 1).Select(code => code.Key).Order();
        Assert.Equal(["15", "24", "44", "52", "80", "82", "91"], codesWithSeveralNames);
        Assert.Subset(sharedCodes.ToHashSet(), codesWithSeveralNames.ToHashSet());
    }

    [Fact]
    public async Task Names_sort_as_in_a_Vietnamese_dictionary()
    {
        var names = (await api.GetAllItems("/v1/provinces?sort=name", limit: 10)).ConvertAll(unit => (string)unit["name"]!);
        Assert.Equal("An Giang", names[0]);
        Assert.Equal(["Đà Nẵng", "Đắk Lắk", "Điện Biên", "Hà Nội"],
            names.Distinct().Where(name => name is "Đắk Lắk" or "Hà Nội" or "Điện Biên" or "Đà Nẵng"));
        var dictionary = CultureInfo.GetCultureInfo("vi-VN").CompareInfo;
        Assert.Equal(names.Order(Comparer<string>.Create((x, y) => dictionary.Compare(x, y))), names);
    }

    [Fact]
    public async Task Sort_as_of_a_date_uses_the_values_of_that_date()
    {
        var values = (await api.GetAllItems("/v1/provinces?at=2026-11-22&sort=validFrom")).ConvertAll(unit => (string)unit["validFrom"]!);
        Assert.Equal(values.Order(StringComparer.Ordinal), values);
    }

    [Theory]
    [InlineData("status=Existing", 34)]
    [InlineData("status=Ended", 52)]
    [InlineData("status=Existing&at=2019-10-26", 11)]
    [InlineData("status=Ended&at=2019-10-26", 52)]
    public async Task Status_filter_separates_existing_from_ended_units(string query, int units)
    {
        Assert.Equal(units, (int)(await api.GetJson($"/v1/provinces?{query}&total=true"))["total"]!);
    }

    [Fact]
    public async Task Region_filter_accepts_either_Unicode_normalization_form()
    {
        var region = "Đồng bằng sông Hồng";
        var composed = await api.GetAllItems("/v1/provinces?at=2019-10-26&region=" + Uri.EscapeDataString(region));
        Assert.Equal(11, composed.Count);
        Assert.Equal(composed.GetIds(),
            (await api.GetAllItems(
                "/v1/provinces?at=2019-10-26&region="
                    + Uri.EscapeDataString(region.Normalize(System.Text.NormalizationForm.FormD)))).GetIds());
    }

    [Theory]
    [InlineData("officials")]
    [InlineData("organizations")]
    [InlineData("meetings")]
    [InlineData("agreements")]
    [InlineData("commitments")]
    [InlineData("results")]
    [InlineData("indicators")]
    [InlineData("statements")]
    public async Task Nested_list_of_a_province_equals_the_list_filtered_by_it(string type)
    {
        var nested = await api.GetJson($"/v1/provinces/thai-binh/{type}?total=true&limit=200");
        Assert.NotEmpty(nested.GetItems());
        Assert.Equal((await api.GetJson($"/v1/{type}?provinceId=thai-binh&total=true&limit=200")).ToJsonString(), nested.ToJsonString());
    }
}
