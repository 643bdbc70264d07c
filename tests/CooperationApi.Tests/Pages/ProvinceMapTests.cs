using System.Net;
using System.Text.RegularExpressions;
using CooperationApi.Pages.Charts;

namespace CooperationApi.Tests.Pages;

/// <summary>The map of tiles, and the matrix of pairs of provinces.</summary>
[Collection(nameof(SharedApi))]
public sealed partial class ProvinceMapTests(ApiFixture api)
{
    [Theory]
    [InlineData(ProvinceEra.Current, "status=Existing")]
    [InlineData(ProvinceEra.Of2024, "at=2024-12-31")]
    public async Task Each_unit_of_an_era_has_exactly_one_tile(ProvinceEra era, string filter)
    {
        var units = (await api.GetAllItems($"/v1/provinces?{filter}")).Select(unit => (string?)unit["id"]);
        Assert.Equal(units.Order(StringComparer.Ordinal), TileArrangement.GetUnitIds(era).Order(StringComparer.Ordinal));
        Assert.Equal(0, TileArrangement.Get(era).Sum(tile => tile?.PartName is null ? 1 : 2) % TileArrangement.Columns);
    }

    [Theory]
    [InlineData("/", "da-nang-2025", "khanh-hoa-2025")]
    [InlineData("/?era=2024", "da-nang", "khanh-hoa")]
    [InlineData("/provinces", "da-nang-2025", "khanh-hoa-2025")]
    public async Task Map_has_tiles_for_the_archipelagos_that_link_to_their_provinces(string address, string daNang, string khanhHoa)
    {
        var tiles = TilePattern().Matches(await GetPage(address)).ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.Contains(tiles[$"/provinces/{daNang}"], tile => tile.Contains("Hoàng Sa", StringComparison.Ordinal));
        Assert.Contains(tiles[$"/provinces/{khanhHoa}"], tile => tile.Contains("Trường Sa", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/provinces", "current")]
    [InlineData("/provinces?era=2024", "own")]
    public async Task Tile_has_the_number_of_records_of_its_unit(string address, string unit)
    {
        var id = unit == "current" ? "hung-yen-2025" : "thai-binh";
        var count = 0;
        foreach (var type in new[] { "meetings", "agreements", "commitments", "results" })
        {
            var filter = type == "meetings" ? "&topLevel=true" : "";
            count += (int)(await api.GetJson($"/v1/provinces/{id}/{type}?unit={unit}&limit=1&total=true{filter}"))["total"]!;
        }
        var tile = TilePattern().Matches(await GetPage(address)).Single(match => match.Groups[1].Value == $"/provinces/{id}");
        Assert.Contains($"<strong>{count}</strong>", tile.Groups[2].Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/pairs", "current")]
    [InlineData("/pairs?era=2024", "own")]
    public async Task Matrix_has_the_numbers_of_the_relations_of_each_province(string address, string unit)
    {
        var cells = CellPattern().Matches(await GetPage(address))
            .ToDictionary(match => (match.Groups[1].Value, match.Groups[2].Value), match => int.Parse(match.Groups[3].Value, null));
        Assert.NotEmpty(cells);
        foreach (var province in cells.Keys.Select(pair => pair.Item1).Distinct())
        {
            var relations = (await api.GetJson($"/v1/provinces/{province}/relations?unit={unit}"))["items"]!.AsArray()
                .ToDictionary(relation => (string)relation!["provinceId"]!, relation => (int)relation!["records"]!);
            var row = cells.Where(cell => cell.Key.Item1 == province).ToDictionary(cell => cell.Key.Item2, cell => cell.Value);
            Assert.All(row, cell => Assert.Equal(relations[cell.Key], cell.Value));
            // A unit that was formed in 2025 is in no pair of the era before.
            Assert.Equal(relations.Keys.Where(id => unit == "current" || !id.EndsWith("-2025", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal), row.Keys.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Page_of_two_units_of_today_has_the_records_of_their_predecessors()
    {
        var page = await GetPage("/provinces/hung-yen-2025/with/ha-noi");
        Assert.Contains("/results/ha-noi-thai-binh-2019-trao-tang-quy-an-sinh-xa-hoi-3-ty-dong", page, StringComparison.Ordinal);
        Assert.Contains("/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26", page, StringComparison.Ordinal);
    }

    private async Task<string> GetPage(string address)
    {
        using var response = await api.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadText();
    }

    [GeneratedRegex("<a class=\"tile[^\"]*\" href=\"([^\"]*)\">(.*?)</a>", RegexOptions.Singleline)]
    private static partial Regex TilePattern();

    [GeneratedRegex("<td class=\"shade-\\d\"><a href=\"/provinces/([^/\"]*)/with/([^\"]*)\"[^>]*>(\\d+)</a>", RegexOptions.Singleline)]
    private static partial Regex CellPattern();
}
