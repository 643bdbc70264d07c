using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;

namespace CooperationApi.Tests.Formats;

/// <summary>A list is the same in every format.</summary>
[Collection(nameof(Reading))]
public sealed class FormatTests(Api api)
{
    public static TheoryData<string> Types => Catalog.Each;

    /// <summary>Lists of every kind: filtered, sorted, in part, of a day, of today's unit, under a record, empty.</summary>
    public static TheoryData<string> Lists =>
    [
        .. Catalog.Types.Select(type => $"/v1/{type}"),
        "/v1/provinces?sort=-name&kind=Municipality", "/v1/provinces?fields=name,id,code&sort=code", "/v1/provinces?at=2019-10-26", "/v1/officials?at=2019-10-26&fields=id,positions",
        "/v1/results?sort=-amount&from=2015", "/v1/meetings?provinceId=thai-binh,ha-noi", "/v1/provinces/thai-binh/results?kind=Contribution",
        "/v1/provinces/hai-phong-2025/agreements?unit=current", $"/v1/sources/{Founding.Source}/citations", "/v1/meetings?from=1900&to=1950", "/v1/meetings?fields=titleEn",
        "/v1/search?q=h%E1%BB%A3p%20t%C3%A1c", "/v1/search?q=thai%20binh&types=results,meetings&from=2015", "/v1/timeline?sort=-on", "/v1/timeline?provinceId=hai-phong-2025&unit=current",
    ];

    [Theory, MemberData(nameof(Lists))]
    public async Task A_line_of_ndjson_is_a_row_of_the_list(string list) =>
        Assert.Equal((await Rows(list)).Select(row => row.ToJsonString(Wire.Json)), Files.Lines(await api.File(list, "Accept: " + Files.Ndjson)));

    [Theory, MemberData(nameof(Types))]
    public async Task A_line_of_ndjson_is_the_record_byte_for_byte(string type)
    {
        using var page = await api.Get($"/v1/{type}?limit=200&sort=-id");
        var lines = Files.Lines(await api.File($"/v1/{type}?sort=-id&format=ndjson"));
        Assert.StartsWith("""{"items":[""" + string.Join(',', lines) + "]", await page.Text(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Lists))]
    public async Task Csv_has_the_list_s_rows_under_the_members_names(string list)
    {
        var rows = await Rows(list);
        var table = Files.Table(await api.File(With(list, "format=csv")));
        Assert.Equal(rows.Select(row => table[0].Select(member => Files.Shown(row[member]))), table.Skip(1));
        var neutral = Files.Table(await api.File(With(list, "format=csv&profile=excel")));
        Assert.Equal(rows.Select(row => table[0].Select(member => Files.ShownByExcel(row[member]))), neutral.Skip(1));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task The_headings_are_all_members_in_the_order_of_the_contract(string type)
    {
        var members = await Members(type);
        Assert.Equal(members, Files.Table(await api.File($"/v1/{type}?format=csv"))[0]);
        Assert.Equal(members, Files.Headings(await api.File($"/v1/{type}?format=xlsx")));
        Assert.All(await Rows($"/v1/{type}"), row => Assert.Equal(members.Where(row.AsObject().ContainsKey), row.AsObject().Select(member => member.Key)));
    }

    [Theory, MemberData(nameof(Lists))]
    public async Task A_workbook_has_the_list_s_rows_numbers_as_numbers_and_whole_dates_as_days(string list)
    {
        var rows = await Rows(list);
        var sheet = Files.Sheet(await api.File(list, "Accept: " + Files.Xlsx));
        Assert.Equal(rows.Count, sheet.Count);
        foreach (var (row, shown) in rows.Zip(sheet))
        {
            Assert.Equal(row.AsObject().Select(member => member.Key), shown.Keys);
            foreach (var (member, value) in row.AsObject())
                Assert.Equal(Typed(member, value!), shown[member]);
        }

        static object Typed(string member, JsonNode value) => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Number => (double)value,
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => (bool)value,
            _ when (member.EndsWith("On", StringComparison.Ordinal) || member.EndsWith("AsOf", StringComparison.Ordinal) || member.StartsWith("valid", StringComparison.Ordinal) || member is "on" or "until")
                && DateOnly.TryParseExact((string?)value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
            _ => Files.Shown(value),
        };
    }

    [Fact]
    public async Task A_province_s_code_is_text_and_its_days_are_days()
    {
        var haNoi = Files.Sheet(await api.File("/v1/provinces?format=xlsx")).Single(row => (string)row["id"] == "ha-noi");
        Assert.Equal(("01", new DateOnly(2008, 8, 1)), (haNoi["code"], haNoi["validFrom"]));
    }

    [Fact]
    public async Task A_date_of_which_the_day_is_not_known_stays_as_it_is_written()
    {
        var dates = Files.Sheet(await api.File("/v1/meetings?format=xlsx")).Where(row => row.ContainsKey("heldOn")).Select(row => row["heldOn"]).ToList();
        Assert.Contains(dates, date => date is DateOnly);
        Assert.Contains(dates, date => date is string { Length: 4 or 7 });
    }

    [Theory, MemberData(nameof(Lists))]
    public async Task The_rows_are_counted_and_announced(string list)
    {
        var count = (await Rows(list)).Count.ToString(CultureInfo.InvariantCulture);
        foreach (var type in Files.Types)
        {
            using var answer = await api.Get(list, "Accept: " + type);
            Assert.Equal(count, answer.Header("Row-Count"));
        }
    }

    [Fact]
    public async Task Csv_is_written_as_RFC_4180_has_it()
    {
        var csv = Encoding.UTF8.GetString(await api.File("/v1/provinces?id=ha-noi,thai-binh&sort=id&fields=id,code,name,validFrom,validTo,predecessors,successors&format=csv"));
        Assert.Equal(
            "id,code,name,validFrom,validTo,predecessors,successors\r\n"
            + "ha-noi,01,Hà Nội,2008-08-01,,[],[]\r\n"
            + "thai-binh,34,Thái Bình,2008-08-01,2025-06-30,[],\"[{\"\"id\"\":\"\"hung-yen-2025\"\",\"\"on\"\":\"\"2025-07-01\"\",\"\"legalBasis\"\":\"\"202/2025/QH15\"\"}]\"\r\n", csv);
    }

    [Fact]
    public async Task A_row_without_a_value_is_no_empty_line()
    {
        var csv = Encoding.UTF8.GetString(await api.File("/v1/provinces?id=ha-noi&fields=isoCode&format=csv"));
        Assert.Equal("isoCode\r\nVN-HN\r\n", csv);
        csv = Encoding.UTF8.GetString(await api.File("/v1/provinces?id=ha-noi&fields=validTo&format=csv"));
        Assert.Equal("validTo\r\n\"\"\r\n", csv);
    }

    [Fact]
    public async Task Csv_for_Excel_begins_with_the_mark_and_other_csv_does_not()
    {
        var (plain, marked) = (await api.File("/v1/provinces?format=csv"), await api.File("/v1/provinces?format=csv&profile=excel"));
        Assert.Equal([0xEF, 0xBB, 0xBF], marked[..3]);
        Assert.Equal(plain, marked[3..]);
    }

    [Fact]
    public async Task A_day_of_an_unknown_year_is_no_sum_to_Excel()
    {
        var meetings = await api.Json("/v1/meetings?fields=heldOn&sort=heldOn&limit=200");
        var unknown = meetings.Items().Select(meeting => (string?)meeting["heldOn"]).First(day => day?.StartsWith("--", StringComparison.Ordinal) is true);
        var csv = Files.Table(await api.File("/v1/meetings?format=csv&profile=excel&fields=heldOn"));
        Assert.Contains("'" + unknown, csv.Select(row => row[0]));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_workbook_s_headings_are_Vietnamese_for_whoever_prefers_that(string type)
    {
        using var answer = await api.Get($"/v1/{type}?format=xlsx", "Accept-Language: vi-VN, en;q=0.5");
        Assert.Equal(("vi", "Accept, Accept-Language"), (answer.Header("Content-Language"), answer.Header("Vary")));
        var headings = Files.Headings(await answer.Bytes());
        Assert.Equal((await Members(type)).Count, headings.Distinct().Count());
        Assert.All(headings, heading => Assert.True(heading.IsNormalized() && char.IsUpper(heading[0]), heading));
        Assert.Contains("Mã", headings);
        using var english = await api.Get($"/v1/{type}?format=xlsx");
        Assert.Equal("en", english.Header("Content-Language"));
    }

    [Fact]
    public async Task Every_member_has_a_Vietnamese_heading()
    {
        var members = (await Task.WhenAll(Catalog.Types.Select(Members))).SelectMany(names => names)
            .Concat(CooperationApi.Formats.Column.Of(typeof(SourceCitation)).Select(column => column.Name)).Distinct();
        Assert.All(members, member => Assert.False(string.IsNullOrWhiteSpace(CooperationApi.Formats.Headings.Vietnamese(member))));
    }

    [Fact]
    public async Task A_workbook_s_headings_stay_in_sight_and_can_be_filtered_by()
    {
        var sheet = Files.Part(await api.File("/v1/provinces?format=xlsx"), "xl/worksheets/sheet1.xml").Root!;
        var (pane, filter) = (sheet.Descendants().Single(element => element.Name.LocalName == "pane"), sheet.Elements().Single(element => element.Name.LocalName == "autoFilter"));
        Assert.Equal(("1", "frozen"), ((string?)pane.Attribute("ySplit"), (string?)pane.Attribute("state")));
        Assert.Equal($"A1:N{(await Rows("/v1/provinces")).Count + 1}", (string?)filter.Attribute("ref"));
    }

    private async Task<List<JsonNode>> Rows(string list) => await api.All(list);

    /// <summary>The members of a resource's records, as the service names them to whoever asks for one that isn't there.</summary>
    private async Task<List<string>> Members(string type) =>
        [.. (await api.Problem(400, $"/v1/{type}?fields=nothing-is-named-so"))["errors"]![0]!["allowed"]!.AsArray().Select(name => (string)name!)];

    private static string With(string list, string query) => $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
}
