using System.Globalization;

namespace CooperationApi.Tests.Provinces;

[Collection(nameof(Reading))]
public sealed class ProvinceTests(Api api)
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
    public async Task On_a_day_there_are_the_units_of_that_day(string day, int all, int provinces, int municipalities)
    {
        Assert.Equal(all, (int)(await api.Json($"/v1/provinces?at={day}&total=true"))["total"]!);
        Assert.Equal(provinces, (int)(await api.Json($"/v1/provinces?at={day}&total=true&kind=Province"))["total"]!);
        Assert.Equal(municipalities, (int)(await api.Json($"/v1/provinces?at={day}&total=true&kind=Municipality"))["total"]!);
    }

    [Fact]
    public async Task Without_a_day_there_are_the_units_of_every_time()
    {
        Assert.Equal(86, (await api.All("/v1/provinces", limit: 7)).DistinctBy(unit => (string?)unit["id"]).Count());
    }

    [Fact]
    public async Task On_a_day_a_unit_is_what_it_was_that_day()
    {
        var then = await api.Json("/v1/provinces/hue?at=2019-10-26");
        Assert.Equal(("Thừa Thiên Huế", "Province"), ((string?)then["name"], (string?)then["kind"]));
        var now = await api.Json("/v1/provinces/hue");
        Assert.Equal(("Huế", "Municipality"), ((string?)now["name"], (string?)now["kind"]));
    }

    [Fact]
    public async Task On_a_day_the_list_has_what_the_item_answers_for_that_day()
    {
        foreach (var unit in await api.All("/v1/provinces?at=2019-10-26"))
            Assert.Equal((await api.Json($"/v1/provinces/{unit.Id()}?at=2019-10-26")).ToJsonString(), unit.ToJsonString());
    }

    [Fact]
    public async Task Thai_Binh_is_listed_in_2019_and_no_more_after_the_merger()
    {
        Assert.Contains("thai-binh", (await api.All("/v1/provinces?at=2019-10-26")).Ids());
        Assert.DoesNotContain("thai-binh", (await api.All("/v1/provinces?at=2025-07-02")).Ids());
    }

    [Theory]
    [InlineData("thai-binh", "2025-07-01")]
    [InlineData("hung-yen-2025", "2025-06-30")]
    public async Task A_unit_is_not_found_on_a_day_when_it_did_not_exist(string id, string day)
    {
        Assert.Equal("not_in_force", (string?)(await api.Problem(404, $"/v1/provinces/{id}?at={day}"))["code"]);
    }

    [Theory]
    [InlineData("1990-01-01")]
    [InlineData("2008-07-31")]
    [InlineData("9999-12-31")]
    public async Task A_day_outside_the_covered_time_is_refused(string day)
    {
        Assert.Equal(["at: outside_covered_time"], (await api.Problem(400, $"/v1/provinces?at={day}")).Faults());
        Assert.Equal(["at: outside_covered_time"], (await api.Problem(400, $"/v1/provinces/ha-noi?at={day}")).Faults());
    }

    [Fact]
    public async Task Today_is_covered_and_the_day_after_tomorrow_is_not()
    {
        // Today is told in Vietnam. Whatever the zone, what's two days ahead in UTC isn't today there.
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        Assert.Equal(34, (int)(await api.Json($"/v1/provinces?at={today:yyyy-MM-dd}&total=true"))["total"]!);
        await A_day_outside_the_covered_time_is_refused(today.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Who_succeeded_whom_stands_in_both()
    {
        var before = (await api.Json("/v1/provinces/thai-binh"))["successors"]![0]!;
        Assert.Equal(("hung-yen-2025", "2025-07-01", "202/2025/QH15"), ((string?)before["id"], (string?)before["on"], (string?)before["legalBasis"]));
        var after = await api.Json("/v1/provinces/hung-yen-2025");
        Assert.Equal(["hung-yen", "thai-binh"], after["predecessors"]!.AsArray().Select(unit => (string)unit!["id"]!).Order());
    }

    [Fact]
    public async Task Every_succession_stands_in_both_alike()
    {
        var units = await api.All("/v1/provinces");
        HashSet<string> Successions(string member, Func<string, string, string> pair) =>
            [.. units.SelectMany(unit => unit[member]!.AsArray().Select(other => $"{pair(unit.Id(), other!.Id())} {other!["on"]} {other["legalBasis"]}"))];
        var before = Successions("successors", (from, to) => $"{from} > {to}");
        Assert.Equal(52, before.Count);
        Assert.Equal(before.Order(), Successions("predecessors", (to, from) => $"{from} > {to}").Order());
    }

    [Fact]
    public async Task Fifty_two_units_became_twenty_three()
    {
        var units = await api.All("/v1/provinces");
        Assert.Equal(52, units.Count(unit => unit["successors"]!.AsArray().Count > 0));
        var sizes = units.Select(unit => unit["predecessors"]!.AsArray().Count).Where(size => size > 0).CountBy(size => size).ToDictionary();
        Assert.Equal(new() { [2] = 17, [3] = 6 }, sizes);
    }

    [Fact]
    public async Task A_code_names_different_units_in_different_times()
    {
        Assert.Equal(["lao-cai-2025", "yen-bai"], (await api.All("/v1/provinces?code=15")).Ids().Order());
        Assert.Equal(["yen-bai"], (await api.All("/v1/provinces?code=15&at=2019-10-26")).Ids());
        var shared = (await api.All("/v1/provinces")).CountBy(unit => (string)unit["code"]!)
            .Where(code => code.Value > 1).Select(code => code.Key);
        var named = (await api.All("/v1/provinces")).GroupBy(unit => (string)unit["code"]!)
            .Where(code => code.Select(unit => (string)unit["name"]!).Distinct().Count() > 1).Select(code => code.Key).Order();
        Assert.Equal(["15", "24", "44", "52", "80", "82", "91"], named);
        Assert.Subset(shared.ToHashSet(), named.ToHashSet());
    }

    [Fact]
    public async Task Names_sort_as_in_a_Vietnamese_dictionary()
    {
        var names = (await api.All("/v1/provinces?sort=name", limit: 10)).ConvertAll(unit => (string)unit["name"]!);
        Assert.Equal("An Giang", names[0]);
        Assert.Equal(["Đà Nẵng", "Đắk Lắk", "Điện Biên", "Hà Nội"], names.Distinct().Where(name => name is "Đắk Lắk" or "Hà Nội" or "Điện Biên" or "Đà Nẵng"));
        var dictionary = CultureInfo.GetCultureInfo("vi-VN").CompareInfo;
        Assert.Equal(names.Order(Comparer<string>.Create((one, other) => dictionary.Compare(one, other))), names);
    }

    [Fact]
    public async Task What_is_sorted_by_a_members_values_on_a_day_is_in_the_order_of_the_values_shown()
    {
        var shown = (await api.All("/v1/provinces?at=2026-11-22&sort=validFrom")).ConvertAll(unit => (string)unit["validFrom"]!);
        Assert.Equal(shown.Order(StringComparer.Ordinal), shown);
    }

    [Theory]
    [InlineData("status=Existing", 34)]
    [InlineData("status=Ended", 52)]
    [InlineData("status=Existing&at=2019-10-26", 11)]
    [InlineData("status=Ended&at=2019-10-26", 52)]
    public async Task Units_that_exist_today_are_told_from_those_that_have_ended(string query, int units)
    {
        Assert.Equal(units, (int)(await api.Json($"/v1/provinces?{query}&total=true"))["total"]!);
    }

    [Fact]
    public async Task A_region_can_be_asked_for_in_either_normalisation_form()
    {
        var region = "Đồng bằng sông Hồng";
        var composed = await api.All("/v1/provinces?at=2019-10-26&region=" + Uri.EscapeDataString(region));
        Assert.Equal(11, composed.Count);
        Assert.Equal(composed.Ids(), (await api.All("/v1/provinces?at=2019-10-26&region=" + Uri.EscapeDataString(region.Normalize(System.Text.NormalizationForm.FormD)))).Ids());
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
    public async Task What_concerns_a_province_is_listed_under_it_as_by_the_filter(string type)
    {
        var under = await api.Json($"/v1/provinces/thai-binh/{type}?total=true&limit=200");
        Assert.NotEmpty(under.Items());
        Assert.Equal((await api.Json($"/v1/{type}?provinceId=thai-binh&total=true&limit=200")).ToJsonString(), under.ToJsonString());
    }
}
