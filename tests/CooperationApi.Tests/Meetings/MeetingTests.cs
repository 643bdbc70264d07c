namespace CooperationApi.Tests.Meetings;

[Collection(nameof(Reading))]
public sealed class MeetingTests(Api api)
{
    [Fact]
    public async Task Two_officials_hosted_the_conference_one_for_each_province()
    {
        var conference = await api.Json($"/v1/meetings/{Founding.Conference}");
        Assert.Equal((Founding.Day, "Morning", "Conference"), ((string?)conference["heldOn"], (string?)conference["timeOfDay"], (string?)conference["kind"]));
        var hosts = conference["participants"]!.AsArray().Where(participant => (string?)participant!["role"] == "Host");
        Assert.Equal(
            ["Ủy viên Bộ Chính trị, Bí thư Thành ủy: hoang-trung-hai of ha-noi", "Ủy viên T.Ư Đảng, Bí thư Tỉnh uỷ Thái Bình: nguyen-hong-dien of thai-binh"],
            hosts.Select(host => $"{host!["title"]}: {host["officialId"]} of {host["provinceId"]}"));
    }

    [Fact]
    public async Task The_report_to_the_conference_was_given_by_Nguyen_Van_Suu()
    {
        var conference = await api.Json($"/v1/meetings/{Founding.Conference}");
        var rapporteur = Assert.Single(conference["participants"]!.AsArray(), participant => (string?)participant!["role"] == "Rapporteur");
        Assert.Equal("nguyen-van-suu", (string?)rapporteur!["officialId"]);
    }

    [Fact]
    public async Task The_conference_has_no_place_as_the_report_names_none()
    {
        Assert.Null((await api.Json($"/v1/meetings/{Founding.Conference}"))["place"]);
    }

    [Fact]
    public async Task That_it_was_2019_is_inferred_as_the_report_says_26_10_alone()
    {
        var citations = (await api.Json($"/v1/meetings/{Founding.Conference}"))["citations"]!.AsArray();
        var ofTheDay = citations.Where(citation => citation!["supports"]!.AsArray().Any(member => (string?)member == "heldOn")).ToList();
        Assert.Contains(ofTheDay, citation => (string?)citation!["quote"] == "Sáng 26/10" || (string?)citation["quote"] == "26/10");
        Assert.Contains(ofTheDay, citation => (string?)citation!["basis"] == "Inferred");
    }

    [Fact]
    public async Task The_visits_and_ceremonies_of_that_day_are_part_of_the_conference()
    {
        var parts = await api.All($"/v1/meetings?parentId={Founding.Conference}&sort=id");
        Assert.Equal(
            ["dang-huong-den-tho-anh-hung-liet-si-thai-binh-2019-10", "dang-huong-den-tho-bac-ho-2019-10-26", "tham-quan-cong-ty-mxp-2019-10", "trao-tang-ha-noi-thai-binh-2019-10-26"],
            parts.Ids());
    }

    [Theory]
    [InlineData("from=2015&to=2015", true)]
    [InlineData("from=2015-03", true)]
    [InlineData("from=2015-12-31", true)]
    [InlineData("to=2015-01-01", true)]
    [InlineData("from=2015-06-15&to=2015-06-15", true)]
    [InlineData("from=2016", false)]
    [InlineData("to=2014", false)]
    [InlineData("to=2014-12-31", false)]
    public async Task A_meeting_known_to_the_year_fits_a_range_that_any_of_its_days_is_in(string range, bool fits)
    {
        var found = (await api.All($"/v1/meetings?provinceId=thai-binh&{range}")).Ids();
        Assert.Equal(fits, found.Contains("tham-va-lam-viec-tai-thai-binh-2015"));
    }

    [Theory]
    [InlineData("from=2019-10-26&to=2019-10-26", true)]
    [InlineData("from=2019-10&to=2019-10", true)]
    [InlineData("from=2019-10-27", false)]
    [InlineData("to=2019-10-25", false)]
    [InlineData("to=2019-09", false)]
    public async Task A_meeting_known_to_the_day_fits_a_range_that_has_the_day(string range, bool fits)
    {
        Assert.Equal(fits, (await api.All($"/v1/meetings?provinceId=thai-binh&{range}")).Ids().Contains(Founding.Conference));
    }

    [Fact]
    public async Task The_newest_meeting_comes_first()
    {
        var days = (await api.All("/v1/meetings")).ConvertAll(meeting => (string?)meeting["heldOn"] ?? "");
        Assert.Equal(days.OrderDescending(StringComparer.Ordinal), days);
    }

    [Fact]
    public async Task A_meeting_is_found_by_who_took_part()
    {
        Assert.Equal([Founding.Conference], (await api.All("/v1/meetings?officialId=nguyen-van-suu&from=2019&to=2019")).Ids());
        Assert.Equal([Founding.Conference], (await api.All("/v1/officials/nguyen-van-suu/meetings?from=2019&to=2019")).Ids());
    }

    [Fact]
    public async Task A_meeting_whose_year_is_not_known_has_its_day_fits_no_range_and_stands_before_all_times()
    {
        string[] undated = ["ha-noi-hoa-binh-04-18", "ha-noi-hoa-binh-11-10"];
        Assert.Equal(["--04-18", "--11-10"], (await api.All($"/v1/meetings?id={string.Join(',', undated)}&sort=heldOn")).Select(meeting => (string?)meeting["heldOn"]));
        Assert.Empty((await api.All("/v1/meetings?from=1000&to=9999")).Ids().Intersect(undated));
        Assert.Equal(undated, (await api.All("/v1/meetings?sort=heldOn")).Ids().Take(2));
        Assert.Equal(undated.Reverse(), (await api.All("/v1/meetings?sort=-heldOn")).Ids().TakeLast(2));
    }

    [Theory]
    [InlineData("--04-18")]
    [InlineData("--02-29")]
    public async Task A_day_without_a_year_can_not_be_the_end_of_a_range(string day)
    {
        Assert.Equal(["from: invalid_partial_date"], (await api.Problem(400, "/v1/meetings?from=" + day)).Faults());
    }
}
