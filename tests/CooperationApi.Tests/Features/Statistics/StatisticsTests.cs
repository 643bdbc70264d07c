using System.Net;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Statistics;

/// <summary>Tests of the statistics of commitments, meetings and citation coverage, and of the properties of all statistics.</summary>
[Collection(nameof(SharedApi))]
public sealed class StatisticsTests(ApiFixture api)
{
    public static TheoryData<string> Addresses =>
        ["/v1/statistics/contributions", "/v1/statistics/commitments", "/v1/statistics/meetings", "/v1/statistics/coverage",
            "/v1/provinces/thai-binh/relations", "/v1/timeline"];

    [Theory]
    [InlineData("")]
    [InlineData("?provinceId=thai-binh")]
    [InlineData("?provinceId=ha-noi,da-nang")]
    public async Task Commitment_counts_by_status_equal_those_of_the_list(string query)
    {
        var figures = await api.GetJson($"/v1/statistics/commitments{query}");
        var counted = new List<(string, int)>();
        foreach (var row in figures.GetItems())
            counted.Add(
                ((string)row["status"]!,
                    (int)(await api.GetJson(
                        $"/v1/commitments{(query == "" ? "?" : query + "&")}status={row["status"]}&total=true&limit=1"))["total"]!));
        Assert.Equal(counted, figures.GetItems().Select(row => ((string)row["status"]!, (int)row["count"]!)));
        Assert.Equal(counted.Sum(row => row.Item2), (int)figures["commitments"]!);
        Assert.Equal((await api.GetAllItems($"/v1/commitments{query}")).Count, (int)figures["commitments"]!);
    }

    [Fact]
    public async Task Commitment_counts_in_each_of_its_groups_and_once_per_pillar()
    {
        var commitments = await api.GetAllItems("/v1/commitments");
        var pillars = (await api.GetAllItems("/v1/cooperation-groups")).ToDictionary(group => group.GetId(),
            group => (string?)group["pillar"] ?? "");
        var groups = commitments.Select(
            commitment => commitment["groupIds"]!.AsArray().Select(id => (string)id!).DefaultIfEmpty("").ToList()).ToList();

        var byGroup = await api.GetJson("/v1/statistics/commitments?by=group");
        Assert.Equal(CountByKey(groups.SelectMany(ids => ids)), GetRows(byGroup, "groupId"));
        Assert.Equal(groups.Count(ids => ids.Count > 1), (int)byGroup["inSeveralRows"]!);

        var byPillar = await api.GetJson("/v1/statistics/commitments?by=pillar");
        Assert.Equal(CountByKey(groups.SelectMany(ids => ids.Select(id => pillars.GetValueOrDefault(id, "")).Distinct())),
            GetRows(byPillar, "pillar"));

        static IEnumerable<(string, int)> CountByKey(IEnumerable<string> keys) =>
            keys.GroupBy(key => key).Select(group => (group.Key, group.Count())).OrderBy(row => row.Key, StringComparer.Ordinal);
        static IEnumerable<(string, int)> GetRows(JsonNode figures, string key) =>
            figures.GetItems().Select(row => ((string?)row[key] ?? "", (int)row["count"]!));
    }

    [Fact]
    public async Task Status_age_of_the_seed_commitments_dates_from_the_conference()
    {
        var figures = await api.GetJson("/v1/statistics/commitments?provinceId=thai-binh");
        var today = DateOnly.ParseExact((string)figures["today"]!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(DateOnly.FromDateTime(DateTime.UtcNow.AddHours(7)), today);
        var days = today.DayNumber - new DateOnly(2019, 10, 26).DayNumber;
        Assert.Equal((days, days, 0),
            figures.GetItems().Where(row => (string?)row["status"] == "Agreed")
                .Select(row => ((int)row["minDays"]!, (int)row["maxDays"]!, (int)row["withoutDate"]!)).Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("provinceId=thai-binh")]
    [InlineData("from=2019-10&to=2022")]
    public async Task Meeting_counts_by_year_and_pair_equal_those_of_the_list(string query)
    {
        var meetings = await api.GetAllItems($"/v1/meetings?topLevel=true&{query}");
        var byYear = await api.GetJson($"/v1/statistics/meetings?by=year&{query}");
        Assert.Equal(meetings.GroupBy(GetYear).Select(year => (year.Key, year.Count())).OrderBy(row => row.Key, StringComparer.Ordinal),
            byYear.GetItems().Select(row => (row["year"]?.ToString() ?? "", (int)row["count"]!)));
        Assert.Equal((meetings.Count, 0), ((int)byYear["meetings"]!, (int)byYear["inSeveralRows"]!));

        var byPair = await api.GetJson($"/v1/statistics/meetings?{query}");
        Assert.Equal(
            meetings.SelectMany(meeting => GetPairs(meeting).Select(pair => (GetYear(meeting), pair))).GroupBy(row => row)
                .Select(row => (row.Key, row.Count())).OrderBy(row => $"{row.Key}", StringComparer.Ordinal),
            byPair.GetItems()
                .Select(row => ((row["year"]?.ToString() ?? "", $"{row["provinceId"]} {row["otherProvinceId"]}"), (int)row["count"]!))
                .OrderBy(row => $"{row.Item1}", StringComparer.Ordinal));
        Assert.Equal(meetings.Count(meeting => GetPairs(meeting).Count() > 1), (int)byPair["inSeveralRows"]!);

        static string GetYear(JsonNode meeting) => (string?)meeting["heldOn"] is [not '-', ..] date ? date[..4] : "";
        static IEnumerable<string> GetPairs(JsonNode meeting)
        {
            var ids = meeting["provinceIds"]!.AsArray().Select(id => (string)id!).Order(StringComparer.Ordinal).ToList();
            return ids.SelectMany((first, i) => ids.Skip(i + 1).Select(second => $"{first} {second}")).DefaultIfEmpty(" ");
        }
    }

    [Fact]
    public async Task Three_meetings_of_Ha_Noi_and_Thai_Binh_are_counted_without_their_parts()
    {
        Assert.Equal(["2015 ha-noi thai-binh 1", "2018 ha-noi thai-binh 1", "2019 ha-noi thai-binh 1",
            "2024 thai-binh tra-vinh 1"],
            (await api.GetJson("/v1/statistics/meetings?provinceId=thai-binh")).GetItems()
                .Select(row => $"{row["year"]} {row["provinceId"]} {row["otherProvinceId"]} {row["count"]}"));
    }

    [Fact]
    public async Task Citation_coverage_by_type_equals_that_of_the_records()
    {
        var figures = await api.GetJson("/v1/statistics/coverage");
        Assert.Equal(ResourceTypes.All, figures.GetItems().Select(row => (string?)row["type"]));
        var all = new List<JsonNode>();
        foreach (var row in figures.GetItems())
        {
            var records = await api.GetAllItems($"/v1/{row["type"]}");
            var citations = records.SelectMany(record => record["citations"]?.AsArray().Select(citation => citation!) ?? []).ToList();
            AssertCounts(row, records.Count, citations);
            all.AddRange(citations);
        }
        AssertCounts(figures["total"]!, (int)(await api.GetJson("/v1/status"))["revision"]!, all);

        static void AssertCounts(JsonNode row, int records, List<JsonNode> citations)
        {
            Assert.Equal((records, citations.Count), ((int)row["records"]!, (int)row["citations"]!));
            Assert.Equal(Math.Round((double)citations.Count / records, 2), (double)row["citationsPerRecord"]!);
            foreach (var basis in (string[])["stated", "inferred", "referenced"])
            {
                var count = citations.Count(citation => ((string)citation["basis"]!).Equals(basis, StringComparison.OrdinalIgnoreCase));
                Assert.Equal((count, citations.Count == 0 ? null : Math.Round((double)count / citations.Count, 4)),
                    ((int)row[basis]!["count"]!, (double?)row[basis]!["fraction"]));
            }
        }
    }

    [Theory, MemberData(nameof(Addresses))]
    public async Task Statistics_state_their_revision_and_support_conditional_GET(string address)
    {
        using var response = await api.Get(address);
        Assert.Equal((await api.GetJson("/v1/status"))["revision"]!.ToString(),
            JsonNode.Parse(await response.ReadText())!["revision"]!.ToString());
        Assert.StartsWith("W/\"", response.GetETag(), StringComparison.Ordinal);
        using var repeated = await api.Get(address, "If-None-Match: " + response.GetETag());
        Assert.Equal(HttpStatusCode.NotModified, repeated.StatusCode);
        using var stale = await api.Get(address, "If-None-Match: W/\"an-earlier-state\"");
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        using var post = await api.Send(HttpMethod.Post, address);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [InlineData("/v1/statistics")]
    [InlineData("/v1/statistics/indicators")]
    [InlineData("/v1/statistics/contributions/")]
    [InlineData("/v1/provinces/thai-bin/relations")]
    [InlineData("/v1/provinces/Thai-Binh/relations")]
    [InlineData("/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26/relations")]
    public async Task Unknown_statistics_are_not_found(string address) => await api.GetProblem(404, address);

    [Theory]
    [InlineData("/v1/statistics/commitments?by=statu,pilar", "by: not_allowed", "by: not_allowed")]
    [InlineData("/v1/statistics/commitments?from=2019", "from: unknown_parameter")]
    [InlineData("/v1/statistics/meetings?by=pair&to=0000", "to: invalid_partial_date")]
    [InlineData("/v1/statistics/coverage?by=type", "by: unknown_parameter")]
    [InlineData("/v1/provinces/thai-binh/relations?unit=today", "unit: not_allowed")]
    [InlineData("/v1/provinces/thai-binh/relations?limit=2&unit=own&unit=own", "limit: unknown_parameter", "unit: duplicate_parameter")]
    public async Task All_invalid_parameters_are_reported_at_once(string address, params string[] errors) =>
        Assert.Equal(errors, (await api.GetProblem(400, address)).GetErrors());
}
