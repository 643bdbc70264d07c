using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Resources.Provinces;

/// <summary>Compares the province units of the seed data with the compiled tables, which are not part of the repository.</summary>
[Collection(nameof(SharedApi))]
public sealed class ProvinceDataTests(ApiFixture api)
{
    [Fact]
    public async Task Served_units_equal_the_compiled_table()
    {
        var compiled = ReadTable("provinces")
            .Select(row => string.Join('|', row["code"], row["valid_from"], row["valid_to"], row["name_vi"], row["name_en"],
            ToKind(row["type"]), row["iso_3166_2"], row["region"]));
        var served = (await api.GetAllItems("/v1/provinces")).Select(
            unit => string.Join('|', unit["code"], unit["validFrom"], unit["validTo"], unit["name"], unit["nameEn"],
            unit["kind"], unit["isoCode"], unit["region"]));
        Assert.Equal(compiled.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Served_periods_of_names_and_kinds_equal_the_compiled_table()
    {
        var compiled = ReadTable("province_versions")
            .Select(row => string.Join('|', row["code"], row["name_vi"], row["name_en"], ToKind(row["type"]), row["valid_from"],
                row["valid_to"])).ToList();
        Assert.Equal(90, compiled.Count);
        var served = (await api.GetAllItems("/v1/provinces")).SelectMany(
            unit => MergeVersionsIntoPeriods(unit).Select(period => $"{unit["code"]}|{period}"));
        Assert.Equal(compiled.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("63", "2023-01-08", false)]
    [InlineData("63", "2023-01-09", true)]
    [InlineData("63", "2025-06-30", true)]
    [InlineData("34", "2025-07-01", false)]
    [InlineData("34", "2025-10-04", false)]
    [InlineData("34", "2025-10-05", true)]
    public async Task Served_regions_equal_the_compiled_table_and_have_the_act_once_it_holds(string era, string day, bool actHolds)
    {
        var compiled = ReadTable("province_regions").Where(row => row["era"] == era)
            .Select(row => $"{row["code"]}|{row["region_vi"]}|{(actHolds ? row["legal_basis"] : "")}");
        var served = (await api.GetAllItems($"/v1/provinces?at={day}")).Select(unit =>
        {
            var version = unit["versions"]!.AsArray().Single(version => Covers(version!, day))!;
            Assert.Equal((string?)version["region"], (string?)unit["region"]);
            return $"{unit["code"]}|{version["region"]}|{version["regionLegalBasis"]}";
        });
        Assert.Equal(compiled.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Served_successions_equal_the_compiled_table()
    {
        var units = await api.GetAllItems("/v1/provinces");
        var labels = units.ToDictionary(unit => unit.GetId(), unit => $"{unit["code"]} {unit["name"]}");
        var compiled = ReadTable("province_successions").Select(row =>
            $"{row["predecessor_code"]} {row["predecessor_name"]} > {row["successor_code"]} {row["successor_name"]} "
            + $"{row["effective_date"]} {row["legal_basis"]}");
        var served = units.SelectMany(
            unit => unit["successors"]!.AsArray()
                .Select(to => $"{labels[unit.GetId()]} > {labels[to!.GetId()]} {to!["on"]} {to["legalBasis"]}"));
        Assert.Equal(compiled.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Served_changes_of_name_or_kind_equal_the_compiled_table()
    {
        var served = await api.GetAllItems("/v1/provinces");
        foreach (var row in ReadTable("province_status_changes"))
        {
            var unit = served.Single(unit => (string)unit["code"]! == row["code"] && unit["validTo"] is null);
            var before = (await api.GetJson(
                $"/v1/provinces/{unit.GetId()}?at={DateOnly.Parse(row["effective_date"], null).AddDays(-1):yyyy-MM-dd}"));
            var after = (await api.GetJson($"/v1/provinces/{unit.GetId()}?at={row["effective_date"]}"));
            Assert.Equal((row["old_name_vi"], ToKind(row["old_type"])), ((string)before["name"]!, (string)before["kind"]!));
            Assert.Equal((row["new_name_vi"], ToKind(row["new_type"])), ((string)after["name"]!, (string)after["kind"]!));
            var newVersion = unit["versions"]!.AsArray().Single(version => (string)version!["validFrom"]! == row["effective_date"])!;
            Assert.Equal(row["legal_basis"], (string?)newVersion["legalBasis"]);
        }
    }

    /// <summary>Returns the periods of a unit's name and kind: versions that differ only in the region are merged.</summary>
    private static IEnumerable<string> MergeVersionsIntoPeriods(JsonNode unit)
    {
        var periods = new List<(string NameAndKind, string From, string To)>();
        foreach (var version in unit["versions"]!.AsArray())
        {
            var nameAndKind = $"{version!["name"]}|{version["nameEn"]}|{version["kind"]}";
            var from = (string)version["validFrom"]!;
            if (periods.Count > 0 && periods[^1].NameAndKind == nameAndKind)
            {
                from = periods[^1].From;
                periods.RemoveAt(periods.Count - 1);
            }
            periods.Add((nameAndKind, from, (string?)version["validTo"] ?? ""));
        }
        return periods.Select(period => $"{period.NameAndKind}|{period.From}|{period.To}");
    }

    private static bool Covers(JsonNode version, string day) =>
        string.CompareOrdinal((string)version["validFrom"]!, day) <= 0
            && string.CompareOrdinal((string?)version["validTo"] ?? "9999", day) >= 0;

    private static string ToKind(string type) => char.ToUpperInvariant(type[0]) + type[1..];

    private static List<Dictionary<string, string>> ReadTable(string name)
    {
        var path = Path.Combine(RepositoryFiles.Root, "..", "shared", "data", name + ".csv");
        Prerequisite.Require(File.Exists(path), $"The compiled table is missing (not part of the repository): {path}.");
        var lines = File.ReadAllLines(path).Select(line => line.Split(',')).ToList();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second))];
    }
}
