using System.Net;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Statistics;

/// <summary>Commitments, meetings and the evidence counted, and what all figures have in common.</summary>
[Collection(nameof(Reading))]
public sealed class FigureTests(Api api)
{
    public static TheoryData<string> All =>
        ["/v1/statistics/contributions", "/v1/statistics/commitments", "/v1/statistics/meetings", "/v1/statistics/coverage", "/v1/provinces/thai-binh/relations", "/v1/timeline"];

    [Theory]
    [InlineData("")]
    [InlineData("?provinceId=thai-binh")]
    [InlineData("?provinceId=ha-noi,da-nang")]
    public async Task Commitments_by_status_are_those_that_the_list_counts(string query)
    {
        var figures = await api.Json($"/v1/statistics/commitments{query}");
        var counted = new List<(string, int)>();
        foreach (var row in figures.Items())
            counted.Add(((string)row["status"]!, (int)(await api.Json($"/v1/commitments{(query == "" ? "?" : query + "&")}status={row["status"]}&total=true&limit=1"))["total"]!));
        Assert.Equal(counted, figures.Items().Select(row => ((string)row["status"]!, (int)row["count"]!)));
        Assert.Equal(counted.Sum(row => row.Item2), (int)figures["commitments"]!);
        Assert.Equal((await api.All($"/v1/commitments{query}")).Count, (int)figures["commitments"]!);
    }

    [Fact]
    public async Task A_commitment_counts_in_each_of_its_groups_and_once_in_a_pillar()
    {
        var commitments = await api.All("/v1/commitments");
        var pillars = (await api.All("/v1/cooperation-groups")).ToDictionary(group => group.Id(), group => (string?)group["pillar"] ?? "");
        var groups = commitments.Select(commitment => commitment["groupIds"]!.AsArray().Select(id => (string)id!).DefaultIfEmpty("").ToList()).ToList();

        var byGroup = await api.Json("/v1/statistics/commitments?by=group");
        Assert.Equal(Counts(groups.SelectMany(ids => ids)), Rows(byGroup, "groupId"));
        Assert.Equal(groups.Count(ids => ids.Count > 1), (int)byGroup["inSeveralRows"]!);

        var byPillar = await api.Json("/v1/statistics/commitments?by=pillar");
        Assert.Equal(Counts(groups.SelectMany(ids => ids.Select(id => pillars.GetValueOrDefault(id, "")).Distinct())), Rows(byPillar, "pillar"));

        static IEnumerable<(string, int)> Counts(IEnumerable<string> keys) => keys.GroupBy(key => key).Select(group => (group.Key, group.Count())).OrderBy(row => row.Key, StringComparer.Ordinal);
        static IEnumerable<(string, int)> Rows(JsonNode figures, string key) => figures.Items().Select(row => ((string?)row[key] ?? "", (int)row["count"]!));
    }

    [Fact]
    public async Task The_status_of_the_founding_commitments_is_as_old_as_the_conference()
    {
        var figures = await api.Json("/v1/statistics/commitments?provinceId=thai-binh");
        var today = DateOnly.ParseExact((string)figures["today"]!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(DateOnly.FromDateTime(DateTime.UtcNow.AddHours(7)), today);
        var days = today.DayNumber - new DateOnly(2019, 10, 26).DayNumber;
        Assert.Equal((days, days, 0), figures.Items().Where(row => (string?)row["status"] == "Agreed").Select(row => ((int)row["shortestDays"]!, (int)row["longestDays"]!, (int)row["withoutDate"]!)).Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("provinceId=thai-binh")]
    [InlineData("from=2019-10&to=2022")]
    public async Task Meetings_by_year_and_pair_are_those_of_the_list(string query)
    {
        var meetings = await api.All($"/v1/meetings?{query}");
        var byYear = await api.Json($"/v1/statistics/meetings?by=year&{query}");
        Assert.Equal(meetings.GroupBy(YearOf).Select(year => (year.Key, year.Count())).OrderBy(row => row.Key, StringComparer.Ordinal),
            byYear.Items().Select(row => (row["year"]?.ToString() ?? "", (int)row["count"]!)));
        Assert.Equal((meetings.Count, 0), ((int)byYear["meetings"]!, (int)byYear["inSeveralRows"]!));

        var byPair = await api.Json($"/v1/statistics/meetings?{query}");
        Assert.Equal(meetings.SelectMany(meeting => PairsOf(meeting).Select(pair => (YearOf(meeting), pair))).GroupBy(row => row).Select(row => (row.Key, row.Count())).OrderBy(row => $"{row.Key}", StringComparer.Ordinal),
            byPair.Items().Select(row => ((row["year"]?.ToString() ?? "", $"{row["provinceId"]} {row["otherProvinceId"]}"), (int)row["count"]!)).OrderBy(row => $"{row.Item1}", StringComparer.Ordinal));
        Assert.Equal(meetings.Count(meeting => PairsOf(meeting).Count() > 1), (int)byPair["inSeveralRows"]!);

        static string YearOf(JsonNode meeting) => (string?)meeting["heldOn"] is [not '-', ..] date ? date[..4] : "";
        static IEnumerable<string> PairsOf(JsonNode meeting)
        {
            var ids = meeting["provinceIds"]!.AsArray().Select(id => (string)id!).Order(StringComparer.Ordinal).ToList();
            return ids.SelectMany((one, i) => ids.Skip(i + 1).Select(other => $"{one} {other}")).DefaultIfEmpty(" ");
        }
    }

    [Fact]
    public async Task Seven_meetings_of_Ha_Noi_with_Thai_Binh_were_in_three_years()
    {
        Assert.Equal(["2015 ha-noi thai-binh 1", "2018 ha-noi thai-binh 1", "2019 ha-noi thai-binh 5"],
            (await api.Json("/v1/statistics/meetings?provinceId=thai-binh")).Items().Select(row => $"{row["year"]} {row["provinceId"]} {row["otherProvinceId"]} {row["count"]}"));
    }

    [Fact]
    public async Task The_evidence_of_each_type_is_that_of_its_records()
    {
        var figures = await api.Json("/v1/statistics/coverage");
        Assert.Equal(Catalog.Types, figures.Items().Select(row => (string?)row["type"]));
        var all = new List<JsonNode>();
        foreach (var row in figures.Items())
        {
            var records = await api.All($"/v1/{row["type"]}");
            var citations = records.SelectMany(record => record["citations"]?.AsArray().Select(citation => citation!) ?? []).ToList();
            HasCounts(row, records.Count, citations);
            all.AddRange(citations);
        }
        HasCounts(figures["total"]!, (int)(await api.Json("/v1/status"))["revision"]!, all);

        static void HasCounts(JsonNode row, int records, List<JsonNode> citations)
        {
            Assert.Equal((records, citations.Count), ((int)row["records"]!, (int)row["citations"]!));
            Assert.Equal(Math.Round((double)citations.Count / records, 2), (double)row["citationsPerRecord"]!);
            foreach (var basis in (string[])["stated", "inferred", "referenced"])
            {
                var count = citations.Count(citation => ((string)citation["basis"]!).Equals(basis, StringComparison.OrdinalIgnoreCase));
                Assert.Equal((count, citations.Count == 0 ? null : Math.Round((double)count / citations.Count, 4)), ((int)row[basis]!["count"]!, (double?)row[basis]!["part"]));
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task Figures_say_of_which_state_they_are_and_are_asked_for_again_in_vain(string address)
    {
        using var answer = await api.Get(address);
        Assert.Equal((await api.Json("/v1/status"))["revision"]!.ToString(), JsonNode.Parse(await answer.Text())!["revision"]!.ToString());
        Assert.StartsWith("W/\"", answer.ETag(), StringComparison.Ordinal);
        using var again = await api.Get(address, "If-None-Match: " + answer.ETag());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var stale = await api.Get(address, "If-None-Match: W/\"an-earlier-state\"");
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        using var post = await api.Send(HttpMethod.Post, address);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [InlineData("/v1/statistics")]
    [InlineData("/v1/statistics/results")]
    [InlineData("/v1/statistics/contributions/")]
    [InlineData("/v1/provinces/thai-bin/relations")]
    [InlineData("/v1/provinces/Thai-Binh/relations")]
    [InlineData("/v1/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26/relations")]
    public async Task Where_there_are_no_figures_is_nothing(string address) => await api.Problem(404, address);

    [Theory]
    [InlineData("/v1/statistics/commitments?by=statu,pilar", "by: not_allowed", "by: not_allowed")]
    [InlineData("/v1/statistics/commitments?from=2019", "from: unknown_parameter")]
    [InlineData("/v1/statistics/meetings?by=pair&to=0000", "to: invalid_partial_date")]
    [InlineData("/v1/statistics/coverage?by=type", "by: unknown_parameter")]
    [InlineData("/v1/provinces/thai-binh/relations?unit=today", "unit: not_allowed")]
    [InlineData("/v1/provinces/thai-binh/relations?limit=2&unit=own&unit=own", "limit: unknown_parameter", "unit: repeated_parameter")]
    public async Task What_is_wrong_is_refused_all_of_it(string address, params string[] faults) =>
        Assert.Equal(faults, (await api.Problem(400, address)).Faults());
}
