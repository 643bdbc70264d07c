namespace CooperationApi.Tests.Resources.Meetings;

[Collection(nameof(SharedApi))]
public sealed class MeetingTests(ApiFixture api)
{
    [Fact]
    public async Task Conference_has_one_host_from_each_province()
    {
        var conference = await api.GetJson($"/v1/meetings/{SeedFacts.ConferenceId}");
        Assert.Equal((SeedFacts.Date, "Morning", "Conference"),
            ((string?)conference["heldOn"], (string?)conference["timeOfDay"], (string?)conference["kind"]));
        var hosts = conference["participants"]!.AsArray().Where(participant => (string?)participant!["role"] == "Host");
        Assert.Equal(
            ["Ủy viên Bộ Chính trị, Bí thư Thành ủy: hoang-trung-hai of ha-noi",
                "Ủy viên T.Ư Đảng, Bí thư Tỉnh uỷ Thái Bình: nguyen-hong-dien of thai-binh"],
            hosts.Select(host => $"{host!["title"]}: {host["officialId"]} of {host["provinceId"]}"));
    }

    [Fact]
    public async Task Rapporteur_of_the_conference_is_Nguyen_Van_Suu()
    {
        var conference = await api.GetJson($"/v1/meetings/{SeedFacts.ConferenceId}");
        var rapporteur = Assert.Single(conference["participants"]!.AsArray(), participant => (string?)participant!["role"] == "Rapporteur");
        Assert.Equal("nguyen-van-suu", (string?)rapporteur!["officialId"]);
    }

    [Fact]
    public async Task Conference_has_no_place_because_the_report_states_none()
    {
        Assert.Null((await api.GetJson($"/v1/meetings/{SeedFacts.ConferenceId}"))["place"]);
    }

    [Fact]
    public async Task Year_of_the_conference_is_cited_as_inferred()
    {
        var citations = (await api.GetJson($"/v1/meetings/{SeedFacts.ConferenceId}"))["citations"]!.AsArray();
        var dateCitations =
            citations.Where(citation => citation!["supports"]!.AsArray().Any(member => (string?)member == "heldOn")).ToList();
        Assert.Contains(dateCitations, citation => (string?)citation!["quote"] == "Sáng 26/10" || (string?)citation["quote"] == "26/10");
        Assert.Contains(dateCitations, citation => (string?)citation!["basis"] == "Inferred");
    }

    [Fact]
    public async Task Visits_and_ceremonies_have_the_conference_as_parent()
    {
        var children = await api.GetAllItems($"/v1/meetings?parentId={SeedFacts.ConferenceId}&sort=id");
        Assert.Equal(
            ["dang-huong-den-tho-anh-hung-liet-si-thai-binh-2019-10", "dang-huong-den-tho-bac-ho-2019-10-26",
                "tham-quan-cong-ty-mxp-2019-10", "trao-tang-ha-noi-thai-binh-2019-10-26"],
            children.GetIds());
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
    public async Task Meeting_with_only_a_year_matches_ranges_that_overlap_the_year(string range, bool isFound)
    {
        var found = (await api.GetAllItems($"/v1/meetings?provinceId=thai-binh&{range}")).GetIds();
        Assert.Equal(isFound, found.Contains("tham-va-lam-viec-tai-thai-binh-2015"));
    }

    [Theory]
    [InlineData("from=2019-10-26&to=2019-10-26", true)]
    [InlineData("from=2019-10&to=2019-10", true)]
    [InlineData("from=2019-10-27", false)]
    [InlineData("to=2019-10-25", false)]
    [InlineData("to=2019-09", false)]
    public async Task Meeting_with_an_exact_date_matches_ranges_that_contain_it(string range, bool isFound)
    {
        Assert.Equal(isFound,
            (await api.GetAllItems($"/v1/meetings?provinceId=thai-binh&{range}")).GetIds().Contains(SeedFacts.ConferenceId));
    }

    [Fact]
    public async Task Meetings_are_sorted_newest_first_by_default()
    {
        var days = (await api.GetAllItems("/v1/meetings")).ConvertAll(meeting => (string?)meeting["heldOn"] ?? "");
        Assert.Equal(days.OrderDescending(StringComparer.Ordinal), days);
    }

    [Fact]
    public async Task Meeting_is_found_by_its_participants()
    {
        Assert.Equal([SeedFacts.ConferenceId],
            (await api.GetAllItems("/v1/meetings?officialId=nguyen-van-suu&from=2019&to=2019")).GetIds());
        Assert.Equal([SeedFacts.ConferenceId], (await api.GetAllItems("/v1/officials/nguyen-van-suu/meetings?from=2019&to=2019")).GetIds());
    }

    [Fact]
    public async Task Meeting_without_a_year_matches_no_range_and_sorts_before_all_others()
    {
        string[] undated = ["ha-noi-hoa-binh-04-18", "ha-noi-hoa-binh-11-10"];
        Assert.Equal(["--04-18", "--11-10"],
            (await api.GetAllItems($"/v1/meetings?id={string.Join(',', undated)}&sort=heldOn")).Select(
                meeting => (string?)meeting["heldOn"]));
        Assert.Empty((await api.GetAllItems("/v1/meetings?from=1000&to=9999")).GetIds().Intersect(undated));
        // Only a meeting without any date sorts before them.
        string[] first = ["hau-giang-can-tho-2021-hoi-nghi", .. undated];
        Assert.Equal(first, (await api.GetAllItems("/v1/meetings?sort=heldOn")).GetIds().Take(3));
        Assert.Equal(first.Reverse(), (await api.GetAllItems("/v1/meetings?sort=-heldOn")).GetIds().TakeLast(3));
    }

    [Theory]
    [InlineData("--04-18")]
    [InlineData("--02-29")]
    public async Task Date_without_a_year_is_rejected_as_a_range_bound(string day)
    {
        Assert.Equal(["from: invalid_partial_date"], (await api.GetProblem(400, "/v1/meetings?from=" + day)).GetErrors());
    }
}
