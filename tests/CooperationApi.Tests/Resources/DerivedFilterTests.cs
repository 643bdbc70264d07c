using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Resources;

/// <summary>Tests of filters that compare dates, pairs of provinces, citations and relations between records.</summary>
[Collection(nameof(SharedApi))]
public sealed class DerivedFilterTests(ApiFixture api)
{
    [Theory]
    [InlineData("2000-01-01")]
    [InlineData("2019-10-25")]
    [InlineData("2019-10-26")]
    [InlineData("2023-03-20")]
    [InlineData("2026-11-01")]
    public async Task Agreements_in_force_began_by_the_day_and_did_not_end_before(string day)
    {
        var expected = (await api.GetAllItems("/v1/agreements?sort=id")).Where(agreement =>
        {
            var start = Parse(agreement["period"]?["from"] ?? agreement["adoptedOn"])?.FirstDay;
            var end = Parse(agreement["period"]?["to"])?.LastDay;
            return start <= DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)
                && !(end < DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
        });
        Assert.Equal(expected.GetIds(), (await api.GetAllItems($"/v1/agreements?inForceOn={day}&sort=id")).GetIds());
    }

    [Theory]
    [InlineData("meetings", "topLevel", "parentId", true)]
    [InlineData("results", "hasCommitment", "fulfils", false)]
    public async Task Boolean_filter_divides_the_list_by_a_member(string type, string filter, string member, bool isTrueIfAbsent)
    {
        var records = await api.GetAllItems($"/v1/{type}?sort=id");
        var withMember = records.Where(record => record[member] is JsonArray list ? list.Count > 0 : record[member] is not null).GetIds();
        Assert.NotEmpty(withMember);
        Assert.Equal(withMember, (await api.GetAllItems($"/v1/{type}?sort=id&{filter}={(isTrueIfAbsent ? "false" : "true")}")).GetIds());
        Assert.Equal(records.GetIds().Except(withMember),
            (await api.GetAllItems($"/v1/{type}?sort=id&{filter}={(isTrueIfAbsent ? "true" : "false")}")).GetIds());
    }

    [Fact]
    public async Task Commitments_with_and_without_a_result_are_all_commitments()
    {
        var fulfilled = (await api.GetAllItems("/v1/results")).SelectMany(result => result["fulfils"]!.AsArray())
            .Select(id => (string)id!).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(fulfilled, (await api.GetAllItems("/v1/commitments?hasResult=true&sort=id")).GetIds());
        Assert.Equal((await api.GetAllItems("/v1/commitments?sort=id")).GetIds().Except(fulfilled),
            (await api.GetAllItems("/v1/commitments?hasResult=false&sort=id")).GetIds());
    }

    [Theory]
    [InlineData("meetings")]
    [InlineData("agreements")]
    [InlineData("commitments")]
    [InlineData("results")]
    public async Task Records_between_two_provinces_refer_to_both_in_any_order(string type)
    {
        var both = (await api.GetAllItems($"/v1/{type}?sort=id")).Where(record => record["provinceIds"]!.AsArray()
            .Concat([record["giverId"], record["receiverId"]]).Select(id => (string?)id).ToHashSet() is var ids
                && ids.Contains("ha-noi") && ids.Contains("thai-binh")).GetIds();
        Assert.NotEmpty(both);
        Assert.Equal(both, (await api.GetAllItems($"/v1/{type}?betweenProvinces=ha-noi,thai-binh&sort=id")).GetIds());
        Assert.Equal(both, (await api.GetAllItems($"/v1/{type}?betweenProvinces=thai-binh,ha-noi&sort=id")).GetIds());
        foreach (var (value, code) in new[]
            { ("ha-noi", "two_ids_required"), ("ha-noi,ha-noi", "two_ids_required"), ("ha-noi,khong-co", "record_not_found") })
            Assert.Equal([$"betweenProvinces: {code}"], (await api.GetProblem(400, $"/v1/{type}?betweenProvinces={value}")).GetErrors());
    }

    [Fact]
    public async Task Basis_selects_records_with_such_a_citation_in_every_list()
    {
        foreach (var type in api.Catalog.Types.Where(type => type != "sources"))
        {
            foreach (var basis in Enum.GetNames<CitationBasis>())
            {
                var expected = (await api.GetAllItems($"/v1/{type}?sort=id"))
                    .Where(record => record["citations"]!.AsArray().Any(citation => (string?)citation!["basis"] == basis));
                Assert.Equal(expected.GetIds(), (await api.GetAllItems($"/v1/{type}?basis={basis}&sort=id")).GetIds());
            }
        }
        Assert.Equal(["basis: unknown_parameter"], (await api.GetProblem(400, "/v1/sources?basis=Stated")).GetErrors());
    }

    [Theory]
    [InlineData("responsibleId", "responsible")]
    [InlineData("voicedById", "voicedBy")]
    public async Task Party_filter_takes_ids_of_officials_organizations_and_provinces(string filter, string member)
    {
        var commitments = await api.GetAllItems("/v1/commitments?sort=id");
        foreach (var id in (string[])["hoang-trung-hai", "ban-thuong-vu-thanh-uy-ha-noi", "ha-noi"])
        {
            var expected = commitments.Where(commitment => commitment[member]!.AsArray().Any(party =>
                ((string[])["officialId", "organizationId", "provinceId"]).Any(idMember => (string?)party![idMember] == id)));
            Assert.Equal(expected.GetIds(), (await api.GetAllItems($"/v1/commitments?{filter}={id}&sort=id")).GetIds());
        }
        Assert.Equal([$"{filter}: unknown_reference"],
            (await api.GetProblem(400, $"/v1/commitments?{filter}=hoi-nghi-ha-noi-thai-binh-2019-10-26")).GetErrors());
    }

    [Fact]
    public async Task Latest_holder_of_a_position_is_the_one_with_the_latest_date()
    {
        var latest = await api.GetAllItems("/v1/officials?latest=true&sort=id");
        var earlier = await api.GetAllItems("/v1/officials?latest=false&sort=id");
        Assert.Equal((await api.GetAllItems("/v1/officials?sort=id")).GetIds(),
            latest.Concat(earlier).GetIds().Order(StringComparer.Ordinal));
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key, new JsonObject
        {
            ["officials"] = new JsonArray(
                CreateOfficial("truoc", ("Chủ tịch UBND tỉnh", "2020-01-01")), CreateOfficial("sau", ("chủ tịch ubnd tỉnh", "2024-05-01")),
                CreateOfficial("hai-chuc-vu", ("Chủ tịch UBND tỉnh", "2018-01-01"), ("Bí thư Tỉnh ủy", "2021-01-01"))),
        });
        Assert.Equal(["hai-chuc-vu", "sau"], await GetIds("true"));
        Assert.Equal(["truoc"], await GetIds("false"));

        async Task<IEnumerable<string>> GetIds(string value) => JsonNode.Parse(
            await (await service.Get($"/v1/officials?latest={value}&id=truoc,sau,hai-chuc-vu&sort=id")).ReadText())!.GetItems().GetIds();
    }

    [Theory]
    [InlineData("dueBefore=2025-07-01", "nam-2024", "thang-6", "xong")]
    [InlineData("dueBefore=2025-06-30", "nam-2024", "xong")]
    [InlineData("overdueOn=2025-07-01", "nam-2024", "thang-6")]
    [InlineData("overdueOn=2024-12-31")]
    [InlineData("periodEndedBefore=2026-01-01", "giai-doan")]
    [InlineData("periodEndedBefore=2025-12-31")]
    [InlineData("beneficiaryId=lai-chau", "giai-doan")]
    public async Task Due_dates_and_periods_are_compared_by_their_last_day(string query, params string[] ids)
    {
        await using var service = await AuthenticatedService.Start();
        var key = await service.CreateKeySecret(Role.Editor);
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/imports", key, new JsonObject
        {
            ["commitments"] = new JsonArray(
                CreateCommitment("nam-2024", ("dueOn", "2024")), CreateCommitment("thang-6", ("dueOn", "2025-06")),
                CreateCommitment("xong", ("dueOn", "2024-03-01"), ("status", "Done")),
                CreateCommitment("giai-doan", ("period", new JsonObject { ["from"] = "2020", ["to"] = "2025" }),
                    ("beneficiaryIds", new JsonArray("lai-chau"))),
                CreateCommitment("khong-han")),
        });
        using var response = await service.Get($"/v1/commitments?{query}&q=thử&sort=id");
        Assert.Equal(ids, JsonNode.Parse(await response.ReadText())!.GetItems().GetIds());
    }

    private static PartialDate? Parse(JsonNode? date) => date is null ? null : PartialDate.Parse((string)date!);

    private static JsonObject CreateOfficial(string id, params (string Title, string ObservedOn)[] positions) => new()
    {
        ["id"] = id,
        ["name"] = "Nguyễn Văn Thử",
        ["positions"] = new JsonArray([.. positions.Select(position => (JsonNode)new JsonObject
        {
            ["title"] = position.Title,
            ["provinceId"] = "lai-chau",
            ["observedOn"] = position.ObservedOn,
        })]),
        ["citations"] = CreateCitations("positions"),
    };

    private static JsonObject CreateCommitment(string id, params (string Name, JsonNode Value)[] members)
    {
        var commitment = new JsonObject
        {
            ["id"] = id,
            ["title"] = "Cam kết thử",
            ["kind"] = "Content",
            ["status"] = "Agreed",
            ["citations"] = CreateCitations("title"),
        };
        foreach (var (name, value) in members)
            commitment[name] = value;
        return commitment;
    }

    private static JsonArray CreateCitations(string member) =>
        [new JsonObject
        {
            ["sourceId"] = "ha-noi-quang-tri-2023-s1",
            ["locator"] = "đoạn 1",
            ["supports"] = new JsonArray(member),
            ["basis"] = "Referenced",
        }];
}
