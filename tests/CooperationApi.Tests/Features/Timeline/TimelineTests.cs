using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Timeline;

[Collection(nameof(SharedApi))]
public sealed class TimelineTests(ApiFixture api)
{
    public static TheoryData<string> Timelines =>
    [
        "/v1/timeline", "/v1/timeline?sort=-on", "/v1/timeline?provinceId=thai-binh", "/v1/timeline?provinceId=ha-noi&sort=-on",
        "/v1/timeline?provinceId=hung-yen-2025&unit=current",
        "/v1/timeline?provinceId=da-nang,quang-nam&unit=current&sort=-on",
        "/v1/timeline?types=meetings,provinces&from=2019-10&to=2025-07-01", "/v1/timeline?types=results",
        "/v1/timeline?provinceId=ha-noi,thai-binh,ho-chi-minh&from=2015&types=results,agreements,meetings",
    ];

    [Fact]
    public async Task Timeline_of_Thai_Binh_runs_from_its_first_meeting_to_its_merger()
    {
        var rows = await api.GetAllItems("/v1/timeline?provinceId=thai-binh");
        Assert.Equal(
            ["2015 Held tham-va-lam-viec-tai-thai-binh-2015", "2015 Given ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong",
                "2018 Held vong-tay-nhan-ai-2018"],
            rows.Take(3).Select(row => $"{row["on"]} {row["event"]} {row.GetId()}"));
        Assert.Contains($"2019-10-26 Held {SeedFacts.ConferenceId}", rows.Select(row => $"{row["on"]} {row["event"]} {row.GetId()}"));
        Assert.Contains($"2019-10-26 Adopted {SeedFacts.AgreementId}", rows.Select(row => $"{row["on"]} {row["event"]} {row.GetId()}"));
        Assert.Equal(
            """{"on":"2025-07-01","type":"provinces","id":"thai-binh","event":"Merged","title":"Thái Bình","titleEn":"Thai Binh","""
            + "\"provinceIds\":[\"thai-binh\"],\"otherProvinceIds\":[\"hung-yen-2025\"],\"legalBasis\":\"202/2025/QH15\"}",
            rows[^1].ToJsonString(Contracts.ApiJson.Options));
    }

    [Fact]
    public async Task Current_unit_is_formed_when_its_predecessors_are_merged()
    {
        var page = await api.GetJson("/v1/timeline?provinceId=thai-binh&unit=current&types=provinces&total=true");
        Assert.Equal(["hung-yen Merged hung-yen-2025", "hung-yen-2025 Formed hung-yen thai-binh", "thai-binh Merged hung-yen-2025"],
            page.GetItems().Select(row => $"{row.GetId()} {row["event"]} {string.Join(' ', row["otherProvinceIds"]!.AsArray())}"));
        Assert.Equal(["hung-yen-2025", "hung-yen", "thai-binh"], page["units"]!.AsArray().Select(id => (string?)id));
        Assert.Equal((3, 0), ((int)page["total"]!, (int)page["undated"]!));
        Assert.Null((await api.GetJson("/v1/timeline?provinceId=thai-binh&unit=own"))["units"]);
    }

    [Fact]
    public async Task Hue_is_renamed_and_changes_its_kind_on_the_same_day()
    {
        Assert.Equal(["KindChanged: Province, Municipality, 175/2024/QH15, Huế", "Renamed: Thừa Thiên Huế, Huế, 175/2024/QH15, Huế"],
            (await api.GetAllItems("/v1/timeline?provinceId=hue&types=provinces", limit: 1)).Select(
                row => $"{row["event"]}: {row["before"]}, {row["after"]}, {row["legalBasis"]}, {row["title"]}"));
    }

    [Fact]
    public async Task Timeline_has_52_mergers_and_23_formations_and_none_on_the_first_covered_day()
    {
        var changes = (await api.GetAllItems("/v1/timeline?types=provinces")).CountBy(row => $"{row["event"]} {row["on"]}").ToDictionary();
        Assert.Equal((52, 23), (changes["Merged 2025-07-01"], changes["Formed 2025-07-01"]));
        Assert.DoesNotContain(changes.Keys, change => change.EndsWith("2008-08-01", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Timelines))]
    public async Task Paging_with_any_size_returns_every_row_once_in_order(string address)
    {
        var allKeys = (await api.GetAllItems(address)).ConvertAll(GetSortKey);
        Assert.NotEmpty(allKeys);
        Assert.Distinct(allKeys);
        var ascending = allKeys.Order(StringComparer.Ordinal);
        Assert.Equal(address.Contains("-on", StringComparison.Ordinal) ? ascending.Reverse() : ascending, allKeys);
        foreach (var limit in new[] { 1, 2, 7 })
            Assert.Equal(allKeys, (await api.GetAllItems(address, limit)).Select(GetSortKey));
        Assert.Equal(allKeys.Count,
            (int)(await api.GetJson(
                address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "total=true&limit=3"))["total"]!);

        // A line feed sorts before every character of an id or a date, so a year sorts before its months.
        static string GetSortKey(JsonNode row) =>
            $"{row["on"]}\n{row["type"]}\n{row.GetId()}\n{(row["type"]!.ToString() == "provinces" ? row["event"] : "")}";
    }

    [Theory]
    [InlineData("meetings", "heldOn")]
    [InlineData("agreements", "adoptedOn")]
    public async Task Timeline_has_every_record_with_a_year_and_counts_the_undated(string type, string member)
    {
        foreach (var province in (string[])["", "provinceId=ha-noi", "provinceId=hoa-binh", "provinceId=ho-chi-minh"])
        {
            var records = await api.GetAllItems($"/v1/{type}?{province}");
            var dated = records.Where(record => (string?)record[member] is [not '-', ..]).ToList();
            var page = await api.GetJson($"/v1/timeline?types={type}&{province}");
            Assert.Equal(records.Count - dated.Count, (int)page["undated"]!);
            Assert.Equal(dated.Select(record => $"{record[member]} {record.GetId()} {record["title"]}").Order(),
                (await api.GetAllItems($"/v1/timeline?types={type}&{province}")).Select(row => $"{row["on"]} {row.GetId()} {row["title"]}")
                    .Order());
        }
    }

    [Fact]
    public async Task Results_are_placed_at_the_start_of_their_period_with_its_end_and_event_kind()
    {
        var results = (await api.GetAllItems("/v1/results")).ToDictionary(result => result.GetId());
        Assert.All(await api.GetAllItems("/v1/timeline?types=results"), row =>
        {
            var result = results[row.GetId()];
            Assert.Equal((string?)(result["period"]!["from"] ?? result["period"]!["to"]), (string?)row["on"]);
            Assert.Equal((string?)result["period"]!["to"] == (string?)row["on"] ? null : (string?)result["period"]!["to"],
                (string?)row["until"]);
            Assert.Equal((string?)result["kind"] == "Contribution" ? "Given" : "Delivered", (string?)row["event"]);
        });
    }

    [Theory]
    [InlineData("from=2019-01-01&to=2019-12-31", "2019")]
    [InlineData("from=2019&to=2019", "2019")]
    [InlineData("from=2018-01-01&to=2018-01-01", "2018")]
    [InlineData("from=2018-01-02&to=2018-12-31", "none")]
    [InlineData("from=2019-10-01&to=2019-10-16", "2019-10")]
    [InlineData("from=2019-10-02&to=2019-10-16", "none")]
    public async Task Month_or_year_is_placed_at_its_first_day(string range, string expected)
    {
        var rows = await api.GetAllItems($"/v1/timeline?provinceId=thai-binh&{range}");
        if (expected == "none")
            Assert.Empty(rows);
        else
            Assert.All(rows, row => Assert.StartsWith(expected, (string)row["on"]!, StringComparison.Ordinal));
        var allRows = await api.GetAllItems("/v1/timeline?provinceId=thai-binh");
        Assert.Equal(
            expected == "none"
                ? 0
                : allRows.Count(row => expected.Length > 4 ? (string?)row["on"] == expected : ((string)row["on"]!)[..4] == expected),
                rows.Count);
    }

    [Fact]
    public async Task Timeline_of_a_province_has_only_records_that_refer_to_it()
    {
        var meetings = await api.GetAllItems("/v1/meetings?provinceId=ha-noi");
        var rows = await api.GetAllItems("/v1/timeline?provinceId=ha-noi&types=meetings");
        Assert.All(rows, row => Assert.Contains("ha-noi", row["provinceIds"]!.AsArray().Select(id => (string?)id)));
        Assert.Subset(meetings.GetIds().ToHashSet(), rows.GetIds().ToHashSet());
    }

    [Theory]
    [InlineData("provinceId=thai-bin", "provinceId: record_not_found")]
    [InlineData("provinceId=Thai-Binh", "provinceId: invalid_id")]
    [InlineData("types=meeting", "types: not_allowed")]
    [InlineData("types=officials", "types: not_allowed")]
    [InlineData("sort=heldOn&unit=now&limit=201&total=yes", "limit: out_of_range", "sort: not_allowed", "total: not_allowed",
        "unit: not_allowed")]
    [InlineData("from=2020&to=2019", "from: range_reversed")]
    [InlineData("from=--10-26", "from: invalid_partial_date")]
    [InlineData("fields=id&from=2019&from=2020", "fields: unknown_parameter", "from: duplicate_parameter")]
    [InlineData("cursor=AAAA", "cursor: cursor_invalid")]
    public async Task All_invalid_parameters_are_reported_at_once(string query, params string[] errors) =>
        Assert.Equal(errors, (await api.GetProblem(400, $"/v1/timeline?{query}")).GetErrors().Order());

    [Fact]
    public async Task Cursor_is_bound_to_its_timeline()
    {
        var next = (string)(await api.GetJson("/v1/timeline?provinceId=thai-binh&limit=2"))["next"]!;
        foreach (var query in (string[])["provinceId=ha-noi", "provinceId=thai-binh&sort=-on", "provinceId=thai-binh&unit=current",
            "provinceId=thai-binh&types=meetings", "provinceId=thai-binh&to=2020"])
            Assert.Equal(["cursor: cursor_filter_mismatch"],
                (await api.GetProblem(400, $"/v1/timeline?{query}&cursor={next}")).GetErrors());
        using var page = await api.Get("/v1/timeline?provinceId=thai-binh&limit=2");
        Assert.Equal($"</v1/timeline?provinceId=thai-binh&limit=2&cursor={next}>; rel=\"next\"", page.GetHeader("Link"));
    }

    [Fact]
    public async Task Forged_cursor_of_numbers_is_rejected()
    {
        var forged = CooperationApi.Queries.PageCursor.Encode("timeline\non", 1, 2, 3, 4);
        Assert.Equal(["cursor: cursor_invalid"], (await api.GetProblem(400, $"/v1/timeline?cursor={forged}")).GetErrors());
    }
}
