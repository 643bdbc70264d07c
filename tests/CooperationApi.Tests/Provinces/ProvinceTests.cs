namespace CooperationApi.Tests.Provinces;

[Collection(nameof(Reading))]
public sealed class ProvinceTests(Api api)
{
    [Theory]
    [InlineData("2019-10-26", 63, 58, 5)]
    [InlineData("2025-06-30", 63, 57, 6)]
    [InlineData("2025-07-01", 34, 28, 6)]
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
    public async Task Who_succeeded_whom_stands_in_both()
    {
        var before = (await api.Json("/v1/provinces/thai-binh"))["successors"]![0]!;
        Assert.Equal(("hung-yen-2025", "2025-07-01", "202/2025/QH15"), ((string?)before["id"], (string?)before["on"], (string?)before["legalBasis"]));
        var after = await api.Json("/v1/provinces/hung-yen-2025");
        Assert.Equal(["hung-yen", "thai-binh"], after["predecessors"]!.AsArray().Select(unit => (string)unit!["id"]!).Order());
    }
}
