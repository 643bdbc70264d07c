using System.Globalization;
using System.Text.Json.Nodes;

namespace CooperationApi.Tests.Features.Statistics;

/// <summary>Tests of the statistics of results and agreements, and of traceability, against the lists.</summary>
[Collection(nameof(SharedApi))]
public sealed class RecordStatisticsTests(ApiFixture api)
{
    [Theory]
    [InlineData("kind")]
    [InlineData("group")]
    [InlineData("year")]
    [InlineData("giver")]
    [InlineData("receiver")]
    [InlineData("kind,year,group")]
    public async Task Counts_of_results_equal_those_of_the_list(string by)
    {
        var held = (await api.GetAllItems("/v1/meetings")).ToDictionary(meeting => meeting.GetId(), meeting => (string?)meeting["heldOn"]);
        var results = await api.GetAllItems("/v1/results");
        var expected = results
            .SelectMany(result => CrossProduct([.. by.Split(',').Select(key => GetKeys(result, key, held))]))
            .GroupBy(key => key).ToDictionary(group => group.Key, group => group.Count());
        var statistics = await api.GetJson($"/v1/statistics/results?by={by}");
        Assert.Equal(expected, statistics.GetItems().ToDictionary(
            row => string.Join('|', by.Split(',').Select(key => GetRowKey(row, key))), row => (int)row["count"]!));
        Assert.Equal(results.Count, (int)statistics["results"]!);
        Assert.Equal(by.Contains("group", StringComparison.Ordinal) ? results.Count(result => result["groupIds"]!.AsArray().Count > 1) : 0,
            (int)statistics["inSeveralRows"]!);
    }

    [Theory]
    [InlineData("year")]
    [InlineData("pair")]
    [InlineData("pillar")]
    [InlineData("year,pair,pillar")]
    public async Task Counts_of_agreements_equal_those_of_the_list(string by)
    {
        var pillars = (await api.GetAllItems("/v1/cooperation-groups"))
            .ToLookup(group => (string)group["agreementId"]!, group => (string?)group["pillar"] ?? "");
        var agreements = await api.GetAllItems("/v1/agreements");
        var expected = agreements
            .SelectMany(agreement => CrossProduct([.. by.Split(',').Select(key => GetAgreementKeys(agreement, key, pillars))]))
            .GroupBy(key => key).ToDictionary(group => group.Key, group => group.Count());
        var statistics = await api.GetJson($"/v1/statistics/agreements?by={by}");
        Assert.Equal(expected, statistics.GetItems().ToDictionary(row => string.Join('|', by.Split(',').Select(key => key switch
        {
            "pair" => row["provinceId"] is null ? "" : $"{row["provinceId"]}+{row["otherProvinceId"]}",
            _ => $"{row[key]}",
        })), row => (int)row["count"]!));
        Assert.Equal(agreements.Count, (int)statistics["agreements"]!);
    }

    [Fact]
    public async Task Traceability_counts_joined_cited_quoted_and_dated_records()
    {
        foreach (var query in (string[])["", "?provinceId=thai-binh", "?agreementId=quang-nam-da-nang-2016"])
        {
            var traceability = await api.GetJson("/v1/statistics/traceability" + query);
            var (commitments, results) = (await api.GetAllItems("/v1/commitments" + query), await api.GetAllItems("/v1/results" + query));
            var fulfilled = (await api.GetAllItems("/v1/results")).SelectMany(result => result["fulfils"]!.AsArray())
                .Select(id => (string)id!).ToHashSet();
            AssertCounts(traceability["commitments"]!, commitments, commitment => fulfilled.Contains(commitment.GetId()),
                commitment => (commitment["dueOn"] ?? commitment["period"]?["to"] ?? commitment["statusAsOf"]) is not null);
            AssertCounts(traceability["results"]!, results, result => result["fulfils"]!.AsArray().Count > 0,
                result => (result["period"]?["from"] ?? result["period"]?["to"]) is not null);
        }
    }

    [Fact]
    public async Task Meetings_that_are_parts_of_another_count_neither_in_statistics_nor_in_relations()
    {
        Assert.Equal((await api.GetAllItems("/v1/meetings?topLevel=true")).Count,
            (int)(await api.GetJson("/v1/statistics/meetings"))["meetings"]!);
        var relation = (await api.GetJson("/v1/provinces/thai-binh/relations")).GetItems()
            .Single(item => (string?)item["provinceId"] == "ha-noi");
        Assert.Equal((3, "tham-va-lam-viec-tai-thai-binh-2015", "2015", SeedFacts.ConferenceId, "2019-10-26"),
            ((int)relation["meetings"]!, relation["firstMeeting"]!.GetId(), (string?)relation["firstMeeting"]!["heldOn"],
                relation["lastMeeting"]!.GetId(), (string?)relation["lastMeeting"]!["heldOn"]));
    }

    private static void AssertCounts(JsonNode counts, List<JsonNode> records, Func<JsonNode, bool> isJoined, Func<JsonNode, bool> isDated)
    {
        Assert.Equal((records.Count, records.Count(isJoined), records.Count, records.Count(IsQuoted), records.Count(isDated)),
            ((int)counts["records"]!, (int)counts["joined"]!, (int)counts["cited"]!, (int)counts["quoted"]!, (int)counts["dated"]!));
    }

    private static bool IsQuoted(JsonNode record) =>
        record["citations"]!.AsArray().Any(citation => (string?)citation!["basis"] == "Stated");

    private static IEnumerable<string> CrossProduct(IReadOnlyList<IReadOnlyList<string>> keys) => keys.Skip(1)
        .Aggregate((IEnumerable<string>)keys[0],
            (products, values) => products.SelectMany(product => values.Select(value => $"{product}|{value}")));

    private static IReadOnlyList<string> GetKeys(JsonNode result, string key, Dictionary<string, string?> held) => key switch
    {
        "kind" => [(string)result["kind"]!],
        "group" => [.. result["groupIds"]!.AsArray().Select(id => (string)id!).DefaultIfEmpty("")],
        "year" => [GetYear((string?)(result["period"]?["from"] ?? result["period"]?["to"])
            ?? (result["meetingId"] is { } id ? held[(string)id!] : null))],
        _ when (string?)result["kind"] != "Contribution" => [""],
        _ => [(string?)(result[key + "Id"] ?? result[key]) ?? ""],
    };

    private static IReadOnlyList<string> GetAgreementKeys(JsonNode agreement, string key, ILookup<string, string> pillars) => key switch
    {
        "year" => [GetYear((string?)agreement["adoptedOn"])],
        "pillar" => [.. pillars[agreement.GetId()].DefaultIfEmpty("").Distinct()],
        _ =>
        [
            .. GetPairs([.. agreement["provinceIds"]!.AsArray().Select(id => (string)id!).Order(StringComparer.Ordinal)])
                .DefaultIfEmpty(""),
        ],
    };

    private static IEnumerable<string> GetPairs(List<string> ids) =>
        ids.SelectMany((id, i) => ids.Skip(i + 1).Select(other => $"{id}+{other}"));

    private static string GetRowKey(JsonNode row, string key) => key switch
    {
        "kind" or "year" => $"{row[key]}",
        "group" => $"{row["groupId"]}",
        _ => $"{row[key + "Id"] ?? row[key]}",
    };

    private static string GetYear(string? date) =>
        date is [>= '1' and <= '9', ..] ? int.Parse(date[..4], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : "";
}
