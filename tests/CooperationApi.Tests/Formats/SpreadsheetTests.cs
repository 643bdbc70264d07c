using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Formats;

/// <summary>Tests of CSV and XLSX files in spreadsheet programs: values are unchanged, and no text becomes a formula.</summary>
public sealed class SpreadsheetTests
{
    // Formulas, text that looks like a formula or a number, escape sequences of the formats, and characters of two UTF-16 code units.
    private static readonly string[] Titles =
    [
        "=1+1", "=HYPERLINK(\"http://example.org\",\"x\")", "+84 24 3825", "-5", "@SUM(A1)", "01", "1e3", "TRUE", "2019-10-26", "'quoted'",
        "\"a", "a,b;c", "a;=1", "a; +1", "＝1+1", "＠SUM(A1)", "a-5",
        "a_x0041_b", "_x005F_", "<&>a", "😀 𠮷", "Hội nghị",
    ];

    private static readonly Dictionary<string, string> NeutralizedTitles = new()
    {
        ["=1+1"] = "'=1+1",
        ["=HYPERLINK(\"http://example.org\",\"x\")"] = "'=HYPERLINK(\"http://example.org\",\"x\")",
        ["+84 24 3825"] = "'+84 24 3825",
        ["-5"] = "'-5",
        ["@SUM(A1)"] = "'@SUM(A1)",
        ["a;=1"] = "a;'=1",
        ["a; +1"] = "a;' +1",
        ["＝1+1"] = "'＝1+1",
        ["＠SUM(A1)"] = "'＠SUM(A1)",
    };

    [Fact]
    public async Task Formula_like_text_is_preserved_and_neutralized_in_the_Excel_profile()
    {
        using var api = await StartWithTitles();
        Assert.Equal(Titles, (await api.GetAllItems("/v1/meetings?sort=id&id=" + TitledIds)).Select(meeting => (string?)meeting["title"]));
        var table = FileFormatReader.ReadCsv(await api.GetFile($"/v1/meetings?sort=id&fields=title,summary&format=csv&id={TitledIds}"));
        Assert.Equal(Titles, table.Skip(1).Select(row => row[0]));
        Assert.Equal("dòng một\ndòng hai", table[1][1]);
        var excel =
            FileFormatReader.ReadCsv(await api.GetFile($"/v1/meetings?sort=id&fields=title&format=csv&profile=excel&id={TitledIds}"));
        Assert.Equal(Titles.Select(title => NeutralizedTitles.GetValueOrDefault(title, title)), excel.Skip(1).Select(row => row[0]));
        var sheet = FileFormatReader.ReadSheet(await api.GetFile($"/v1/meetings?sort=id&fields=title&format=xlsx&id={TitledIds}"));
        Assert.Equal(Titles, sheet.Select(row => row["title"]));
    }

    [Fact]
    public async Task Negative_number_is_not_treated_as_a_formula()
    {
        using var api = ApiFixture.CreateIsolated();
        var indicator = (await api.GetJson("/v1/indicators?limit=1")).GetItems()[0].DeepClone().AsObject();
        indicator.Remove("revision");
        (indicator["id"], indicator["value"], indicator["unit"]) = ("below-zero", -2.50m, "%");
        await ImportBundle(api, new() { ["indicators"] = new JsonArray(indicator) });
        const string ListUrl = "/v1/indicators?id=below-zero&fields=value";
        Assert.Equal("value\r\n-2.50\r\n", Encoding.UTF8.GetString((await api.GetFile(ListUrl + "&format=csv&profile=excel"))[3..]));
        Assert.Equal(-2.5, FileFormatReader.ReadSheet(await api.GetFile(ListUrl + "&format=xlsx"))[0]["value"]);
    }

    [Fact]
    public async Task Number_with_more_digits_than_a_sheet_holds_is_text()
    {
        using var api = ApiFixture.CreateIsolated();
        var indicator = (await api.GetJson("/v1/indicators?limit=1")).GetItems()[0].DeepClone().AsObject();
        indicator.Remove("revision");
        (indicator["id"], indicator["value"], indicator["unit"]) = ("very-exact", 12345678.901234567m, "%");
        await ImportBundle(api, new() { ["indicators"] = new JsonArray(indicator) });
        Assert.Equal("12345678.901234567",
            FileFormatReader.ReadSheet(await api.GetFile("/v1/indicators?id=very-exact&format=xlsx"))[0]["value"]);
    }

    [Fact]
    public async Task Workbook_of_the_same_rows_has_the_same_bytes_at_any_time()
    {
        using var api = ApiFixture.CreateIsolated();
        var first = await api.GetFile("/v1/meetings?format=xlsx");
        // The times of ZIP entries have a resolution of two seconds.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal(first, await api.GetFile("/v1/meetings?format=xlsx"));
        using var package = new ZipArchive(new MemoryStream(first));
        Assert.All(package.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
    }

    [Fact]
    public async Task LibreOffice_reads_the_same_values()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("soffice"), "LibreOffice is not installed (Debian: libreoffice-calc-nogui).");
        using var api = await StartWithTitles();
        using var folder = new TempFolder();
        var written = new Dictionary<string, List<List<string>>>();
        foreach (var type in ResourceTypes.All)
        {
            await File.WriteAllBytesAsync(folder.GetPath(type + ".xlsx"), await api.GetFile($"/v1/{type}?format=xlsx&sort=id"),
                TestContext.Current.CancellationToken);
            written[type] = FileFormatReader.ReadCsv(await api.GetFile($"/v1/{type}?format=csv&sort=id"));
        }
        // Filter options: comma, UTF-8, values as displayed, quotes only where required, all sheets.
        await RunProgram("soffice", [$"-env:UserInstallation=file://{folder.GetPath("profile")}", "--headless",
            "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
            "--outdir", folder.GetPath("read"), .. ResourceTypes.All.Select(type => folder.GetPath(type + ".xlsx"))]);
        foreach (var (type, table) in written)
        {
            var read = FileFormatReader.ReadCsv(
                await File.ReadAllBytesAsync(folder.GetPath($"read/{type}-{type}.csv"), TestContext.Current.CancellationToken));
            Assert.Equal(table.Select(row => row.Select(value => value is "true" or "false" ? value.ToUpperInvariant() : value)), read);
        }
        Assert.Contains(written["provinces"], row => row[0] == "ha-noi" && row.Contains("01"));
    }

    private static string TitledIds => string.Join(',', Titles.Select((_, i) => $"titled-{i:00}"));

    private static async Task<ApiFixture> StartWithTitles()
    {
        var api = ApiFixture.CreateIsolated();
        await ImportBundle(api, new()
        {
            ["meetings"] = new JsonArray([.. Titles.Select((title, i) => (JsonNode)new JsonObject
            {
                ["id"] = $"titled-{i:00}",
                ["title"] = title,
                ["kind"] = "Conference",
                ["summary"] = "dòng một\ndòng hai",
                ["citations"] = new JsonArray(
                    new JsonObject
                    {
                        ["sourceId"] = SeedFacts.SourceId,
                        ["locator"] = "1",
                        ["supports"] = new JsonArray("title"),
                        ["basis"] = "Referenced",
                    }),
            })]),
        });
        return api;
    }

    private static async Task ImportBundle(ApiFixture api, JsonObject bundle)
    {
        var (exitCode, output, error) = await CliProcess.Import(api.StorePath, bundle);
        Assert.True(exitCode == 0, output + error);
    }

    private static async Task RunProgram(string program, params string[] arguments)
    {
        var (exitCode, output, error) = await ExternalProgram.Run(program, arguments);
        Assert.True(exitCode == 0, output + error);
    }
}
