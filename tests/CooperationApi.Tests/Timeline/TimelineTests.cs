using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Timeline;

[Collection(nameof(Reading))]
public sealed class TimelineTests(Api api)
{
    public static TheoryData<string> Timelines =>
    [
        "/v1/timeline", "/v1/timeline?sort=-on", "/v1/timeline?provinceId=thai-binh", "/v1/timeline?provinceId=ha-noi&sort=-on", "/v1/timeline?provinceId=hung-yen-2025&unit=current",
        "/v1/timeline?provinceId=da-nang,quang-nam&unit=current&sort=-on", "/v1/timeline?types=meetings,provinces&from=2019-10&to=2025-07-01", "/v1/timeline?types=results",
        "/v1/timeline?provinceId=ha-noi,thai-binh,ho-chi-minh&from=2015&types=results,agreements,meetings",
    ];

    [Fact]
    public async Task Thai_Binh_met_Ha_Noi_and_became_part_of_Hung_Yen()
    {
        var rows = await api.All("/v1/timeline?provinceId=thai-binh");
        Assert.Equal(
            ["2015 Held tham-va-lam-viec-tai-thai-binh-2015", "2015 Given ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong", "2018 Held vong-tay-nhan-ai-2018"],
            rows.Take(3).Select(row => $"{row["on"]} {row["event"]} {row.Id()}"));
        Assert.Contains($"2019-10-26 Held {Founding.Conference}", rows.Select(row => $"{row["on"]} {row["event"]} {row.Id()}"));
        Assert.Contains($"2019-10-26 Adopted {Founding.Agreement}", rows.Select(row => $"{row["on"]} {row["event"]} {row.Id()}"));
        Assert.Equal(
            """{"on":"2025-07-01","type":"provinces","id":"thai-binh","event":"Merged","title":"Thái Bình","titleEn":"Thai Binh","provinceIds":["thai-binh"],"otherProvinceIds":["hung-yen-2025"],"legalBasis":"202/2025/QH15"}""",
            rows[^1].ToJsonString(Contracts.Wire.Json));
    }

    [Fact]
    public async Task Today_s_unit_was_formed_when_what_it_was_made_of_was_merged()
    {
        var page = await api.Json("/v1/timeline?provinceId=thai-binh&unit=current&types=provinces&total=true");
        Assert.Equal(["hung-yen Merged hung-yen-2025", "hung-yen-2025 Formed hung-yen thai-binh", "thai-binh Merged hung-yen-2025"],
            page.Items().Select(row => $"{row.Id()} {row["event"]} {string.Join(' ', row["otherProvinceIds"]!.AsArray())}"));
        Assert.Equal(["hung-yen-2025", "hung-yen", "thai-binh"], page["units"]!.AsArray().Select(id => (string?)id));
        Assert.Equal((3, 0), ((int)page["total"]!, (int)page["undated"]!));
        Assert.Null((await api.Json("/v1/timeline?provinceId=thai-binh&unit=own"))["units"]);
    }

    [Fact]
    public async Task Hue_was_renamed_and_made_a_municipality_on_one_day()
    {
        Assert.Equal(["KindChanged: Province, Municipality, 175/2024/QH15, Huế", "Renamed: Thừa Thiên Huế, Huế, 175/2024/QH15, Huế"],
            (await api.All("/v1/timeline?provinceId=hue&types=provinces", limit: 1)).Select(row => $"{row["event"]}: {row["before"]}, {row["after"]}, {row["legalBasis"]}, {row["title"]}"));
    }

    [Fact]
    public async Task Fifty_two_units_were_merged_and_twenty_three_formed_and_none_on_the_first_day_of_the_record()
    {
        var changes = (await api.All("/v1/timeline?types=provinces")).CountBy(row => $"{row["event"]} {row["on"]}").ToDictionary();
        Assert.Equal((52, 23), (changes["Merged 2025-07-01"], changes["Formed 2025-07-01"]));
        Assert.DoesNotContain(changes.Keys, change => change.EndsWith("2008-08-01", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Timelines))]
    public async Task Pages_of_any_size_have_every_row_once_and_in_order(string address)
    {
        var whole = (await api.All(address)).ConvertAll(Place);
        Assert.NotEmpty(whole);
        Assert.Distinct(whole);
        var ascending = whole.Order(StringComparer.Ordinal);
        Assert.Equal(address.Contains("-on", StringComparison.Ordinal) ? ascending.Reverse() : ascending, whole);
        foreach (var limit in new[] { 1, 2, 7 })
            Assert.Equal(whole, (await api.All(address, limit)).Select(Place));
        Assert.Equal(whole.Count, (int)(await api.Json(address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "total=true&limit=3"))["total"]!);

        // A line feed comes before whatever an id or a date may have: so a year comes before its months.
        static string Place(JsonNode row) => $"{row["on"]}\n{row["type"]}\n{row.Id()}\n{(row["type"]!.ToString() == "provinces" ? row["event"] : "")}";
    }

    [Theory]
    [InlineData("meetings", "heldOn")]
    [InlineData("agreements", "adoptedOn")]
    public async Task Every_record_of_a_known_year_is_there_and_the_others_are_counted(string type, string member)
    {
        foreach (var province in (string[])["", "provinceId=ha-noi", "provinceId=hoa-binh", "provinceId=ho-chi-minh"])
        {
            var records = await api.All($"/v1/{type}?{province}");
            var dated = records.Where(record => (string?)record[member] is [not '-', ..]).ToList();
            var page = await api.Json($"/v1/timeline?types={type}&{province}");
            Assert.Equal(records.Count - dated.Count, (int)page["undated"]!);
            Assert.Equal(dated.Select(record => $"{record[member]} {record.Id()} {record["title"]}").Order(),
                (await api.All($"/v1/timeline?types={type}&{province}")).Select(row => $"{row["on"]} {row.Id()} {row["title"]}").Order());
        }
    }

    [Fact]
    public async Task Results_stand_where_their_period_begins_and_say_when_it_ended_and_whether_they_were_given()
    {
        var results = (await api.All("/v1/results")).ToDictionary(result => result.Id());
        Assert.All(await api.All("/v1/timeline?types=results"), row =>
        {
            var result = results[row.Id()];
            Assert.Equal((string?)(result["period"]!["from"] ?? result["period"]!["to"]), (string?)row["on"]);
            Assert.Equal((string?)result["period"]!["to"] == (string?)row["on"] ? null : (string?)result["period"]!["to"], (string?)row["until"]);
            Assert.Equal((string?)result["kind"] == "Contribution" ? "Given" : "Delivered", (string?)row["event"]);
        });
    }

    [Theory]
    [InlineData("from=2019-01-01&to=2019-12-31", "2019")]
    [InlineData("from=2019&to=2019", "2019")]
    [InlineData("from=2018-01-01&to=2018-01-01", "2018")]
    [InlineData("from=2018-01-02&to=2018-12-31", "none")]
    [InlineData("from=2019-10-01&to=2019-10-25", "2019-10")]
    [InlineData("from=2019-10-02&to=2019-10-25", "none")]
    public async Task A_month_or_a_year_stands_where_it_begins(string range, string expected)
    {
        var rows = await api.All($"/v1/timeline?provinceId=thai-binh&{range}");
        if (expected == "none")
            Assert.Empty(rows);
        else
            Assert.All(rows, row => Assert.StartsWith(expected, (string)row["on"]!, StringComparison.Ordinal));
        var whole = await api.All("/v1/timeline?provinceId=thai-binh");
        Assert.Equal(expected == "none" ? 0 : whole.Count(row => expected.Length > 4 ? (string?)row["on"] == expected : ((string)row["on"]!)[..4] == expected), rows.Count);
    }

    [Fact]
    public async Task What_names_a_province_only_on_somebody_s_side_is_its_too()
    {
        var meetings = await api.All("/v1/meetings?provinceId=ha-noi");
        var rows = await api.All("/v1/timeline?provinceId=ha-noi&types=meetings");
        Assert.All(rows, row => Assert.Contains("ha-noi", row["provinceIds"]!.AsArray().Select(id => (string?)id)));
        Assert.Subset(meetings.Ids().ToHashSet(), rows.Ids().ToHashSet());
    }

    [Theory]
    [InlineData("provinceId=thai-bin", "provinceId: record_not_found")]
    [InlineData("provinceId=Thai-Binh", "provinceId: invalid_id")]
    [InlineData("types=meeting", "types: not_allowed")]
    [InlineData("types=officials", "types: not_allowed")]
    [InlineData("sort=heldOn&unit=now&limit=201&total=yes", "limit: out_of_range", "sort: not_allowed", "total: not_allowed", "unit: not_allowed")]
    [InlineData("from=2020&to=2019", "from: range_reversed")]
    [InlineData("from=--10-26", "from: invalid_partial_date")]
    [InlineData("fields=id&from=2019&from=2020", "fields: unknown_parameter", "from: repeated_parameter")]
    [InlineData("cursor=AAAA", "cursor: cursor_invalid")]
    public async Task What_is_wrong_is_refused_all_of_it(string query, params string[] faults) =>
        Assert.Equal(faults, (await api.Problem(400, $"/v1/timeline?{query}")).Faults().Order());

    [Fact]
    public async Task A_cursor_belongs_to_its_timeline_alone()
    {
        var next = (string)(await api.Json("/v1/timeline?provinceId=thai-binh&limit=2"))["next"]!;
        foreach (var other in (string[])["provinceId=ha-noi", "provinceId=thai-binh&sort=-on", "provinceId=thai-binh&unit=current", "provinceId=thai-binh&types=meetings", "provinceId=thai-binh&to=2020"])
            Assert.Equal(["cursor: cursor_filter_mismatch"], (await api.Problem(400, $"/v1/timeline?{other}&cursor={next}")).Faults());
        using var page = await api.Get("/v1/timeline?provinceId=thai-binh&limit=2");
        Assert.Equal($"</v1/timeline?provinceId=thai-binh&limit=2&cursor={next}>; rel=\"next\"", page.Header("Link"));
    }

    [Fact]
    public async Task A_forged_cursor_of_numbers_is_refused()
    {
        var forged = CooperationApi.Resources.Cursor.Write("timeline\non", 1, 2, 3, 4);
        Assert.Equal(["cursor: cursor_invalid"], (await api.Problem(400, $"/v1/timeline?cursor={forged}")).Faults());
    }
}
