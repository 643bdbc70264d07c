using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;

namespace CooperationApi.Tests.Formats;

/// <summary>Tests that a list has the same rows in every format.</summary>
[Collection(nameof(SharedApi))]
public sealed class FormatTests(ApiFixture api)
{
    public static TheoryData<string> TypeCases => ResourceTypes.AsTheoryData;

    /// <summary>URLs of lists: filtered, sorted, with selected fields, as of a date, of the current unit, nested and empty.</summary>
    public static TheoryData<string> ListUrls =>
    [
        .. ResourceTypes.All.Select(type => $"/v1/{type}"),
        "/v1/provinces?sort=-name&kind=Municipality", "/v1/provinces?fields=name,id,code&sort=code", "/v1/provinces?at=2019-10-26",
        "/v1/officials?at=2019-10-26&fields=id,positions",
        "/v1/results?sort=-amount&from=2015", "/v1/meetings?provinceId=thai-binh,ha-noi",
        "/v1/provinces/thai-binh/results?kind=Contribution",
        "/v1/provinces/hai-phong-2025/agreements?unit=current", $"/v1/sources/{SeedFacts.SourceId}/citations",
        "/v1/meetings?from=1900&to=1950", "/v1/meetings?fields=titleEn",
        "/v1/search?q=h%E1%BB%A3p%20t%C3%A1c", "/v1/search?q=thai%20binh&types=results,meetings&from=2015", "/v1/timeline?sort=-on",
        "/v1/timeline?provinceId=hai-phong-2025&unit=current",
    ];

    [Theory, MemberData(nameof(ListUrls))]
    public async Task NDJSON_lines_equal_the_rows_of_the_list(string list) =>
        Assert.Equal((await GetRows(list)).Select(row => row.ToJsonString(ApiJson.Options)),
            FileFormatReader.ReadNdjson(await api.GetFile(list, "Accept: " + FileFormatReader.Ndjson)));

    [Theory, MemberData(nameof(TypeCases))]
    public async Task NDJSON_lines_equal_the_JSON_records_byte_for_byte(string type)
    {
        using var page = await api.Get($"/v1/{type}?limit=200&sort=-id");
        var lines = FileFormatReader.ReadNdjson(await api.GetFile($"/v1/{type}?sort=-id&format=ndjson"));
        Assert.StartsWith("""{"items":[""" + string.Join(',', lines) + "]", await page.ReadText(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ListUrls))]
    public async Task CSV_has_the_rows_of_the_list_under_the_member_names(string list)
    {
        var rows = await GetRows(list);
        var table = FileFormatReader.ReadCsv(await api.GetFile(AddQuery(list, "format=csv")));
        Assert.Equal(rows.Select(row => table[0].Select(member => FileFormatReader.ToCellText(row[member]))), table.Skip(1));
        var excelTable = FileFormatReader.ReadCsv(await api.GetFile(AddQuery(list, "format=csv&profile=excel")));
        Assert.Equal(rows.Select(row => table[0].Select(member => FileFormatReader.ToExcelCellText(row[member]))), excelTable.Skip(1));
    }

    [Theory, MemberData(nameof(TypeCases))]
    public async Task Headings_are_all_members_in_the_order_of_the_contract(string type)
    {
        var members = await GetMemberNames(type);
        Assert.Equal(members, FileFormatReader.ReadCsv(await api.GetFile($"/v1/{type}?format=csv"))[0]);
        Assert.Equal(members, FileFormatReader.ReadHeadings(await api.GetFile($"/v1/{type}?format=xlsx")));
        Assert.All(await GetRows($"/v1/{type}"),
            row => Assert.Equal(members.Where(row.AsObject().ContainsKey), row.AsObject().Select(member => member.Key)));
    }

    [Theory, MemberData(nameof(ListUrls))]
    public async Task Workbook_has_the_rows_of_the_list_with_typed_numbers_and_full_dates(string list)
    {
        var rows = await GetRows(list);
        var sheet = FileFormatReader.ReadSheet(await api.GetFile(list, "Accept: " + FileFormatReader.Xlsx));
        Assert.Equal(rows.Count, sheet.Count);
        foreach (var (row, cells) in rows.Zip(sheet))
        {
            Assert.Equal(row.AsObject().Select(member => member.Key), cells.Keys);
            foreach (var (member, value) in row.AsObject())
                Assert.Equal(ToTypedValue(member, value!), cells[member]);
        }

        static object ToTypedValue(string member, JsonNode value) => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Number => (double)value,
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => (bool)value,
            _ when (member.EndsWith("On", StringComparison.Ordinal) || member.EndsWith("AsOf", StringComparison.Ordinal)
                || member.StartsWith("valid", StringComparison.Ordinal) || member is "on" or "until")
                && DateOnly.TryParseExact((string?)value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) =>
                day,
            _ => FileFormatReader.ToCellText(value),
        };
    }

    [Fact]
    public async Task Province_code_is_text_and_its_dates_are_date_cells()
    {
        var haNoi = FileFormatReader.ReadSheet(await api.GetFile("/v1/provinces?format=xlsx")).Single(row => (string)row["id"] == "ha-noi");
        Assert.Equal(("01", new DateOnly(2008, 8, 1)), (haNoi["code"], haNoi["validFrom"]));
    }

    [Fact]
    public async Task Partial_date_stays_text()
    {
        var dates = FileFormatReader.ReadSheet(await api.GetFile("/v1/meetings?format=xlsx")).Where(row => row.ContainsKey("heldOn"))
            .Select(row => row["heldOn"]).ToList();
        Assert.Contains(dates, date => date is DateOnly);
        Assert.Contains(dates, date => date is string { Length: 4 or 7 });
    }

    [Theory, MemberData(nameof(ListUrls))]
    public async Task Row_Count_header_is_the_number_of_rows(string list)
    {
        var count = (await GetRows(list)).Count.ToString(CultureInfo.InvariantCulture);
        foreach (var type in FileFormatReader.MediaTypes)
        {
            using var response = await api.Get(list, "Accept: " + type);
            Assert.Equal(count, response.GetHeader("Row-Count"));
        }
    }

    [Fact]
    public async Task CSV_follows_RFC_4180()
    {
        var csv = Encoding.UTF8.GetString(
            await api.GetFile(
                "/v1/provinces?id=ha-noi,thai-binh&sort=id&fields=id,code,name,validFrom,validTo,predecessors,successors&format=csv"));
        Assert.Equal(
            "id,code,name,validFrom,validTo,predecessors,successors\r\n"
            + "ha-noi,01,Hà Nội,2008-08-01,,[],[]\r\n"
            + "thai-binh,34,Thái Bình,2008-08-01,2025-06-30,[],"
            + "\"[{\"\"id\"\":\"\"hung-yen-2025\"\",\"\"on\"\":\"\"2025-07-01\"\",\"\"legalBasis\"\":\"\"202/2025/QH15\"\"}]\"\r\n", csv);
    }

    [Fact]
    public async Task CSV_row_without_a_value_is_not_an_empty_line()
    {
        var csv = Encoding.UTF8.GetString(await api.GetFile("/v1/provinces?id=ha-noi&fields=isoCode&format=csv"));
        Assert.Equal("isoCode\r\nVN-HN\r\n", csv);
        csv = Encoding.UTF8.GetString(await api.GetFile("/v1/provinces?id=ha-noi&fields=validTo&format=csv"));
        Assert.Equal("validTo\r\n\"\"\r\n", csv);
    }

    [Fact]
    public async Task CSV_starts_with_a_BOM_only_for_the_Excel_profile()
    {
        var (plain, excel) = (await api.GetFile("/v1/provinces?format=csv"), await api.GetFile("/v1/provinces?format=csv&profile=excel"));
        Assert.Equal([0xEF, 0xBB, 0xBF], excel[..3]);
        Assert.Equal(plain, excel[3..]);
    }

    [Fact]
    public async Task Date_without_a_year_is_not_a_formula_in_the_Excel_profile()
    {
        var meetings = await api.GetJson("/v1/meetings?fields=heldOn&sort=heldOn&limit=200");
        var dateWithoutYear = meetings.GetItems().Select(meeting => (string?)meeting["heldOn"])
            .First(day => day?.StartsWith("--", StringComparison.Ordinal) is true);
        var csv = FileFormatReader.ReadCsv(await api.GetFile("/v1/meetings?format=csv&profile=excel&fields=heldOn"));
        Assert.Contains("'" + dateWithoutYear, csv.Select(row => row[0]));
    }

    [Theory, MemberData(nameof(TypeCases))]
    public async Task Workbook_headings_are_Vietnamese_if_the_client_prefers_it(string type)
    {
        using var response = await api.Get($"/v1/{type}?format=xlsx", "Accept-Language: vi-VN, en;q=0.5");
        Assert.Equal(("vi", "Accept, Accept-Language"), (response.GetHeader("Content-Language"), response.GetHeader("Vary")));
        var headings = FileFormatReader.ReadHeadings(await response.ReadBytes());
        Assert.Equal((await GetMemberNames(type)).Count, headings.Distinct().Count());
        Assert.All(headings, heading => Assert.True(heading.IsNormalized() && char.IsUpper(heading[0]), heading));
        Assert.Contains("Mã", headings);
        using var english = await api.Get($"/v1/{type}?format=xlsx");
        Assert.Equal("en", english.GetHeader("Content-Language"));
    }

    [Fact]
    public async Task Every_member_has_a_Vietnamese_heading()
    {
        var members = (await Task.WhenAll(ResourceTypes.All.Select(GetMemberNames))).SelectMany(names => names)
            .Concat(((Type[])[typeof(SourceCitation), typeof(RecordRevision), typeof(TimelineItem), typeof(SearchHit)])
                .SelectMany(type => CooperationApi.Formats.TableColumn.FromType(type)).Select(column => column.Name)).Distinct();
        Assert.All(members, member => Assert.False(string.IsNullOrWhiteSpace(CooperationApi.Formats.VietnameseHeadings.Get(member))));
    }

    [Theory]
    [InlineData("/v1/provinces/thai-binh/revisions")]
    [InlineData("/v1/sources/ha-noi-thai-binh-2019-10-26/citations")]
    [InlineData("/v1/timeline")]
    [InlineData("/v1/search?q=ha+noi")]
    public async Task Lists_other_than_of_records_are_served_as_workbooks_with_Vietnamese_headings(string list)
    {
        var workbook = await api.GetFile(AddQuery(list, "format=xlsx"), "Accept-Language: vi");
        Assert.NotEmpty(FileFormatReader.ReadPart(workbook, "xl/worksheets/sheet1.xml").Root!.Elements());
    }

    [Fact]
    public async Task Workbook_headings_are_frozen_and_have_filters()
    {
        var sheet = FileFormatReader.ReadPart(await api.GetFile("/v1/provinces?format=xlsx"), "xl/worksheets/sheet1.xml").Root!;
        var (pane, filter) = (sheet.Descendants().Single(element => element.Name.LocalName == "pane"),
            sheet.Elements().Single(element => element.Name.LocalName == "autoFilter"));
        Assert.Equal(("1", "frozen"), ((string?)pane.Attribute("ySplit"), (string?)pane.Attribute("state")));
        Assert.Equal($"A1:P{(await GetRows("/v1/provinces")).Count + 1}", (string?)filter.Attribute("ref"));
    }

    private async Task<List<JsonNode>> GetRows(string list) => await api.GetAllItems(list);

    /// <summary>Returns the member names of a resource, from the `allowed` list of the error for an unknown field.</summary>
    private async Task<List<string>> GetMemberNames(string type) =>
        [.. (await api.GetProblem(400, $"/v1/{type}?fields=unknown-member"))["errors"]![0]!["allowed"]!.AsArray()
            .Select(name => (string)name!)];

    private static string AddQuery(string list, string query) =>
        $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
}
