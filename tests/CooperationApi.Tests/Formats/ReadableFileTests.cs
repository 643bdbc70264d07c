using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CooperationApi.Contracts;
using CooperationApi.Formats.Readable;
using CooperationApi.Http.Problems;
using Record = CooperationApi.Contracts.Record;

namespace CooperationApi.Tests.Formats;

/// <summary>Tests of `profile=readable`: CSV and XLSX files for people.</summary>
public sealed partial class ReadableFileTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string CowsUrl = "/v1/results?id=ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong&profile=readable";

    private static readonly XNamespace Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Fact]
    public async Task Record_is_shown_with_names_words_dates_and_its_quote_in_Vietnamese()
    {
        var row = Assert.Single(await ReadRows(CowsUrl, "vi"));
        Assert.Equal("Lãnh đạo thành phố Hà Nội trao tặng tỉnh Thái Bình 100 con bò giống", row["Kết quả"]);
        Assert.Equal("100 con bò giống", row["Số lượng, giá trị"]);
        Assert.Equal("Hà Nội; Thái Bình", row["Tỉnh, thành phố"]);
        Assert.Equal("thay mặt Đảng bộ, chính quyền và Nhân dân Thủ đô, các đồng chí lãnh đạo TP Hà Nội → tỉnh Thái Bình",
            row["Bên trao → bên nhận"]);
        Assert.Equal("26/10/2019 (nhân dịp này)", row["Thời gian"]);
        Assert.Equal("Nông nghiệp", row["Nhóm hợp tác"]);
        Assert.StartsWith("Hỗ trợ, trao tặng\nThực hiện cam kết: Hà Nội giao ngành nông nghiệp", row["Bối cảnh"],
            StringComparison.Ordinal);
        Assert.Matches(@"^“[^”]*100 con bò giống”\nKinhtedothi.* \[\+\d+\]$", row["Dẫn chứng"]);
        Assert.Equal("ha-noi-thai-binh-2019-trao-tang-100-con-bo-giong", row["Mã"]);
        Assert.Equal("Mã", row.Keys.Last());
    }

    [Fact]
    public async Task Record_is_shown_in_English_by_default()
    {
        var row = Assert.Single(await ReadRows(CowsUrl));
        Assert.StartsWith("100 ", row["Quantity, amount"], StringComparison.Ordinal);
        Assert.Equal("Hanoi; Thai Binh", row["Provinces"]);
        Assert.StartsWith("26 October 2019", row["Time"], StringComparison.Ordinal);
        Assert.StartsWith("Contribution\nFulfils: ", row["Context"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3_000_000_000, null, "3 tỷ đồng", "VND 3 billion")]
    [InlineData(3_812_000_000, null, "3,812 tỷ đồng", "VND 3.812 billion")]
    [InlineData(3_812_345_678, null, "3.812.345.678 đồng", "VND 3,812,345,678")]
    [InlineData(250_500_000, "AtLeast", "trên 250,5 triệu đồng", "over VND 250.5 million")]
    [InlineData(950_000, "AtMost", "không quá 950.000 đồng", "at most VND 950,000")]
    public async Task Amount_is_exact_and_written_as_offices_write_it(long amount, string? bound, string vietnamese, string english)
    {
        using var isolated = ApiFixture.CreateIsolated();
        await Import(isolated, record => (record["amount"], record["currency"], record["bound"]) = (amount, "VND", bound));
        Assert.Equal(vietnamese, Assert.Single(await ReadRows(isolated, NewResultUrl, "vi"))["Số lượng, giá trị"]);
        Assert.Equal(english, Assert.Single(await ReadRows(isolated, NewResultUrl, "en"))["Quantity, amount"]);
    }

    [Theory]
    [InlineData("2019", "2019", null, "2019", "2019")]
    [InlineData("2019-01", "2019-09", null, "tháng 1/2019 – tháng 9/2019", "January 2019 – September 2019")]
    [InlineData("2019-10-26", null, null, "từ 26/10/2019", "from 26 October 2019")]
    [InlineData(null, "2019", null, "đến 2019", "until 2019")]
    [InlineData("2019-10-26", "2019-10-26", "nhân dịp này", "26/10/2019 (nhân dịp này)", "26 October 2019 (nhân dịp này)")]
    [InlineData("2019-01", "2019-09", "9 tháng năm 2019", "9 tháng năm 2019", "9 tháng năm 2019")]
    public async Task Period_is_written_as_people_write_it(string? from, string? to, string? label, string vietnamese, string english)
    {
        using var isolated = ApiFixture.CreateIsolated();
        await Import(isolated, record => record["period"] = new JsonObject { ["from"] = from, ["to"] = to, ["label"] = label });
        Assert.Equal(vietnamese, Assert.Single(await ReadRows(isolated, NewResultUrl, "vi"))["Thời gian"]);
        Assert.Equal(english, Assert.Single(await ReadRows(isolated, NewResultUrl, "en"))["Time"]);
    }

    [Fact]
    public async Task No_list_shows_an_id_where_a_name_belongs()
    {
        var ids = new HashSet<string>();
        foreach (var type in ResourceTypes.All)
            ids.UnionWith((await api.GetAllItems($"/v1/{type}")).Select(record => (string)record["id"]!));
        foreach (var type in ResourceTypes.All)
        {
            foreach (var row in await ReadRows($"/v1/{type}?profile=readable"))
            {
                // Notes of the editors can name records by their ids.
                var words = row.Where(cell => cell.Key is not ("Id" or "Address" or "Link" or "Note"))
                    .SelectMany(cell => SeparatorPattern().Split(cell.Value));
                // An id without a hyphen can be an ordinary word.
                Assert.DoesNotContain(words, word => word.Contains('-', StringComparison.Ordinal) && ids.Contains(word));
            }
        }
    }

    [Fact]
    public async Task Every_member_except_the_revision_is_shown()
    {
        foreach (var type in ResourceTypes.All)
        {
            var members = ApiJson.Options.GetTypeInfo(RecordTypes[type]).Properties.Select(member => member.Name)
                .Where(member => member != "revision").ToList();
            Assert.True(members.Count > 3);
            foreach (var member in members)
                Assert.NotEmpty((await ReadTable(api, $"/v1/{type}?profile=readable&fields={member}"))[0]);
        }
        Assert.Equal(["fields: fields_not_readable"],
            (await api.GetProblem(400, "/v1/results?profile=readable&fields=revision")).GetErrors());
    }

    [Fact]
    public void Every_enum_value_of_the_records_has_words_in_both_languages()
    {
        var enums = typeof(Record).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Record)))
            .SelectMany(FindEnums).Append(typeof(TimelineEvent)).Except([typeof(Bound), typeof(DatePrecision)]).Distinct().ToList();
        Assert.True(enums.Count > 12);
        foreach (var value in enums.SelectMany(type => Enum.GetValues(type).Cast<Enum>()))
        {
            Assert.NotEqual("", DisplayNames.Get(value, Language.English));
            Assert.NotEqual(DisplayNames.Get(value, Language.English), DisplayNames.Get(value, Language.Vietnamese));
        }
    }

    [Fact]
    public async Task Other_lists_are_readable_too()
    {
        var timeline = await ReadRows("/v1/timeline?profile=readable&provinceId=thai-binh", "vi");
        var merger = Assert.Single(timeline, row => row["Sự kiện"] == "Sáp nhập");
        Assert.Equal(("01/07/2025", "Thái Bình", "Hưng Yên\n202/2025/QH15"), (merger["Ngày"], merger["Tiêu đề"], merger["Thay đổi"]));
        Assert.Contains(await ReadRows("/v1/search?q=bò giống&profile=readable", "vi"), row => row["Loại"] == "Kết quả");
        Assert.Contains(await ReadRows($"/v1/sources/{SeedFacts.SourceId}/citations?profile=readable", "vi"),
            row => row["Loại"] == "Thỏa thuận" && row["Dẫn chứng"].StartsWith('“'));
        Assert.Equal("Ghi", Assert.Single(await ReadRows("/v1/provinces/thai-binh/revisions?profile=readable", "vi"))["Thao tác"]);
    }

    [Fact]
    public async Task Province_as_of_a_date_has_the_name_of_that_date()
    {
        const string Url = "/v1/provinces?id=hue&profile=readable&fields=name";
        Assert.Equal("thành phố Huế", Assert.Single(await ReadRows(Url, "vi"))["Tên"]);
        Assert.Equal("tỉnh Thừa Thiên Huế", Assert.Single(await ReadRows(Url + "&at=2019-10-26", "vi"))["Tên"]);
    }

    [Theory]
    [InlineData("", null, FileFormatReader.Xlsx)]
    [InlineData("", "*/*", FileFormatReader.Xlsx)]
    [InlineData("", "text/csv", FileFormatReader.Csv)]
    [InlineData("&format=csv", "application/json", FileFormatReader.Csv)]
    public async Task Profile_selects_a_format_for_people(string query, string? accept, string type)
    {
        using var response = await api.Get("/v1/meetings?profile=readable" + query, accept is null ? [] : ["Accept: " + accept]);
        Assert.Equal((200, type), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Accept-Language", response.GetHeader("Vary"), StringComparison.Ordinal);
        Assert.Equal("en", response.GetHeader("Content-Language"));
        Assert.Contains("-readable-en", response.GetHeader("ETag"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_without_its_formats_is_rejected()
    {
        Assert.Equal(["profile: profile_not_available"],
            (await api.GetProblem(400, "/v1/meetings?profile=readable&format=json")).GetErrors());
        Assert.Equal(["profile: profile_not_available"],
            (await api.GetProblem(400, "/v1/meetings?profile=readable&format=ndjson")).GetErrors());
        await api.GetProblem(406, "/v1/meetings?profile=readable", "Accept: application/json");
    }

    [Fact]
    public async Task List_with_too_many_rows_is_rejected()
    {
        using var isolated = ApiFixture.CreateIsolated();
        using (var connection = TestStore.CreateConnection(isolated.StorePath))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 10000)
                INSERT INTO statement SELECT 1000000 + n, 'generated-' || n, kind FROM number, (SELECT kind FROM statement LIMIT 1) first
                """;
            command.ExecuteNonQuery();
        }
        foreach (var format in new[] { "csv", "xlsx" })
        {
            var problem = await isolated.GetProblem(400, "/v1/statements?profile=readable&format=" + format);
            Assert.Equal(["profile: too_many_readable_rows"], problem.GetErrors());
        }
    }

    [Fact]
    public async Task Workbook_prints_in_landscape_as_wide_as_a_page_with_wrapped_texts()
    {
        var workbook = await api.GetFile("/v1/results?profile=readable");
        var sheet = FileFormatReader.ReadPart(workbook, "xl/worksheets/sheet1.xml");
        var setup = sheet.Descendants(Sheet + "pageSetup").Single();
        Assert.Equal(("landscape", "1", "0"),
            ((string?)setup.Attribute("orientation"), (string?)setup.Attribute("fitToWidth"), (string?)setup.Attribute("fitToHeight")));
        Assert.Equal("1", (string?)sheet.Descendants(Sheet + "pageSetUpPr").Single().Attribute("fitToPage"));
        Assert.Equal("'results'!$1:$1",
            FileFormatReader.ReadPart(workbook, "xl/workbook.xml").Descendants(Sheet + "definedName").Single().Value);
        var styles = FileFormatReader.ReadPart(workbook, "xl/styles.xml").Descendants(Sheet + "cellXfs").Single().Elements().ToList();
        Assert.All(sheet.Descendants(Sheet + "c"),
            cell => Assert.Equal("1", (string?)styles[(int)cell.Attribute("s")!].Element(Sheet + "alignment")?.Attribute("wrapText")));
        Assert.All(sheet.Descendants(Sheet + "row"), row => Assert.InRange((int)row.Attribute("ht")!, 13, 409));
    }

    [Fact]
    public async Task Evidence_links_to_the_source_at_its_quote()
    {
        using var isolated = ApiFixture.CreateIsolated();
        await Import(isolated, record => record["citations"] = new JsonArray(CreateCitation("câu dài hơn về 3 tỷ đồng", "title"),
            CreateCitation("tặng 3 tỷ đồng", "title"), CreateCitation("3 tỷ", "period")));
        const string Url = "https://example.vn/bai#:~:text=t%E1%BA%B7ng%203%20t%E1%BB%B7%20%C4%91%E1%BB%93ng";
        var row = Assert.Single(await ReadRows(isolated, NewResultUrl, "vi"));
        Assert.Equal(("“tặng 3 tỷ đồng”\nBáo Thử, 26/10/2019 [+2]", Url), (row["Dẫn chứng"], row["Liên kết"]));

        var workbook = await isolated.GetFile(NewResultUrl, "Accept-Language: vi");
        Assert.Equal("↗", FileFormatReader.ReadSheet(workbook)[0]["Liên kết"]);
        var link = FileFormatReader.ReadPart(workbook, "xl/worksheets/sheet1.xml").Descendants(Sheet + "hyperlink").Single();
        var target = FileFormatReader.ReadPart(workbook, "xl/worksheets/_rels/sheet1.xml.rels").Root!.Elements().Single();
        Assert.Equal(Url, $"{target.Attribute("Target")!.Value}#{link.Attribute("location")!.Value}");
    }

    [Fact]
    public async Task LibreOffice_prints_the_results_on_at_most_eight_pages()
    {
        Prerequisite.Require(ExternalProgram.AreInstalled("soffice"), "LibreOffice is not installed (Debian: libreoffice-calc-nogui).");
        using var folder = new TempFolder();
        var path = folder.GetPath("results.xlsx");
        await File.WriteAllBytesAsync(path, await api.GetFile("/v1/results?profile=readable", "Accept-Language: vi"),
            TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await ExternalProgram.Run("soffice",
            [$"-env:UserInstallation=file://{folder.GetPath("profile")}", "--headless", "--convert-to", "pdf", "--outdir",
                folder.GetPath("."), path]);
        Assert.True(exitCode == 0, output + error);
        var pdf = Encoding.Latin1.GetString(
            await File.ReadAllBytesAsync(folder.GetPath("results.pdf"), TestContext.Current.CancellationToken));
        Assert.InRange(PagePattern().Count(pdf), 2, 8);
    }

    private const string NewResultUrl = "/v1/results?id=ket-qua-thu&profile=readable";

    private static readonly Dictionary<string, Type> RecordTypes = new()
    {
        ["provinces"] = typeof(Province),
        ["organizations"] = typeof(Organization),
        ["officials"] = typeof(Official),
        ["meetings"] = typeof(Meeting),
        ["agreements"] = typeof(Agreement),
        ["cooperation-groups"] = typeof(CooperationGroup),
        ["commitments"] = typeof(Commitment),
        ["results"] = typeof(Result),
        ["indicators"] = typeof(Indicator),
        ["statements"] = typeof(Statement),
        ["sources"] = typeof(Source),
    };

    private Task<List<Dictionary<string, string>>> ReadRows(string address, string language = "en") => ReadRows(api, address, language);

    /// <summary>Returns the rows of the CSV file by heading.</summary>
    private static async Task<List<Dictionary<string, string>>> ReadRows(ApiFixture service, string address, string language)
    {
        var table = await ReadTable(service, address, language);
        return [.. table.Skip(1).Select(row => table[0].Zip(row).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static async Task<List<List<string>>> ReadTable(ApiFixture service, string address, string language = "en") =>
        FileFormatReader.ReadCsv(await service.GetFile(address + "&format=csv", "Accept-Language: " + language));

    private static async Task Import(ApiFixture service, Action<JsonObject> change)
    {
        var result = new JsonObject
        {
            ["id"] = "ket-qua-thu",
            ["title"] = "Kết quả thử",
            ["kind"] = "Output",
            ["citations"] = new JsonArray(CreateCitation("kết quả", "title")),
        };
        change(result);
        foreach (var member in result.Where(member => member.Value is null).Select(member => member.Key).ToList())
            result.Remove(member);
        if (result["period"] is JsonObject period)
        {
            foreach (var member in period.Where(member => member.Value is null).Select(member => member.Key).ToList())
                period.Remove(member);
        }
        var (exitCode, _, error) = await CliProcess.Import(service.StorePath, new JsonObject
        {
            ["sources"] = new JsonArray(new JsonObject
            {
                ["id"] = "bao-thu",
                ["title"] = "Bài báo",
                ["publisher"] = "Báo Thử",
                ["publishedOn"] = "2019-10-26",
                ["url"] = "https://example.vn/bai",
                ["kind"] = "Press",
            }),
            ["results"] = new JsonArray(result),
        });
        Assert.True(exitCode == 0, error);
    }

    private static JsonObject CreateCitation(string quote, string member) => new()
    {
        ["sourceId"] = "bao-thu",
        ["quote"] = quote,
        ["start"] = 0,
        ["end"] = quote.Length,
        ["supports"] = new JsonArray(member),
        ["basis"] = "Stated",
    };

    private static IEnumerable<Type> FindEnums(Type type)
    {
        foreach (var property in type.GetProperties())
        {
            var memberType = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
            if (memberType.IsEnum)
                yield return memberType;
            else if (memberType.Assembly == typeof(Record).Assembly)
            {
                foreach (var nested in FindEnums(memberType))
                    yield return nested;
            }
        }
    }

    [GeneratedRegex("[ ;:,()\n]+")]
    private static partial Regex SeparatorPattern();

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex PagePattern();
}
