using System.Net;
using System.Text.Json.Nodes;
using CooperationApi.Contracts;
using CooperationApi.Tests.Access;
using CooperationApi.Tests.Features.Search;

namespace CooperationApi.Tests.Resources.Provinces;

/// <summary>Tests of the full names and the aliases of provinces: their rules, `at`, search and files.</summary>
public sealed class ProvinceNameTests : IAsyncLifetime
{
    private AuthenticatedService service = null!;
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        service = await AuthenticatedService.Start();
        key = await service.CreateKeySecret(Role.Editor);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Every_unit_has_a_cited_full_name_and_a_citation_for_its_aliases()
    {
        var units = (await GetJson("/v1/provinces?limit=200")).GetItems();
        Assert.Equal(86, units.Count);
        foreach (var unit in units)
        {
            var kind = (string?)unit["kind"] == "Province" ? "tỉnh" : "thành phố";
            Assert.Equal($"{kind} {unit["name"]}", (string?)unit["fullName"], ignoreCase: true);
            var supported = unit["citations"]!.AsArray().SelectMany(citation => citation!["supports"]!.AsArray())
                .Select(member => (string)member!);
            Assert.Contains("fullName", supported);
            Assert.Equal(unit["aliases"]!.AsArray().Count > 0, supported.Contains("aliases"));
        }
    }

    [Theory]
    [InlineData("hue", "2019-10-26", "tỉnh Thừa Thiên Huế")]
    [InlineData("hue", "2025-01-01", "thành phố Huế")]
    [InlineData("quang-ninh", "2026-08-31", "tỉnh Quảng Ninh")]
    [InlineData("quang-ninh", "2026-09-01", "thành phố Quảng Ninh")]
    [InlineData("ho-chi-minh", "2019-10-26", "Thành phố Hồ Chí Minh")]
    public async Task Full_name_as_of_a_date_has_the_name_and_kind_of_that_date(string id, string day, string fullName)
    {
        Assert.Equal(fullName, (string?)(await GetJson($"/v1/provinces/{id}?at={day}"))["fullName"]);
        var listed = (await GetJson($"/v1/provinces?at={day}&id={id}")).GetItems()[0];
        Assert.Equal(fullName, (string?)listed["fullName"]);
        Assert.Equal((await GetJson($"/v1/provinces/{id}"))["aliases"]!.ToJsonString(), listed["aliases"]!.ToJsonString());
    }

    [Fact]
    public async Task Full_name_is_absent_as_of_any_date_if_the_record_has_none()
    {
        await Patch(200, "hue", new JsonObject { ["fullName"] = null });
        Assert.Null((await GetJson("/v1/provinces/hue?at=2019-10-26"))["fullName"]);
    }

    [Theory]
    [InlineData("thành phố Thái Bình")]
    [InlineData("tỉnh Hưng Yên")]
    [InlineData("Thái Bình")]
    [InlineData("TỈNH Thái Bình")]
    public async Task Full_name_that_contradicts_kind_or_name_is_rejected(string fullName)
    {
        var problem = await Patch(400, "thai-binh", new JsonObject { ["fullName"] = fullName });
        Assert.Equal(["/fullName: full_name_mismatch"], problem.GetErrors());
        Assert.Contains("'tỉnh Thái Bình'", (string?)problem["errors"]![0]!["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("THAI BINH")]
    [InlineData("Thai\u0301 Bi\u0300nh")]
    [InlineData("tinh Thái-Bình")]
    [InlineData("Tb")]
    public async Task Alias_that_search_cannot_tell_from_another_name_is_rejected(string alias)
    {
        var problem = await Patch(400, "thai-binh", new JsonObject { ["aliases"] = new JsonArray("TB", alias) });
        Assert.Equal(["/aliases/1: duplicate_name"], problem.GetErrors());
    }

    [Theory]
    [InlineData("", "too_short")]
    [InlineData("--", "text_without_words")]
    [InlineData(" TB", "outer_blanks")]
    public async Task Alias_without_words_or_with_outer_blanks_is_rejected(string alias, string code)
    {
        var problem = await Patch(400, "thai-binh", new JsonObject { ["aliases"] = new JsonArray(alias, alias) });
        Assert.Contains(code, problem["errors"]!.AsArray().Select(error => (string?)error!["code"]));
    }

    [Fact]
    public async Task Twenty_aliases_are_allowed_and_one_more_is_not()
    {
        var aliases = new JsonArray([.. Enumerable.Range(0, 21).Select(i => JsonValue.Create($"Tên {i}"))]);
        Assert.Equal(["/aliases: too_long"],
            (await Patch(400, "thai-binh", new JsonObject { ["aliases"] = aliases.DeepClone() })).GetErrors());
        aliases.RemoveAt(20);
        await Patch(200, "thai-binh", new JsonObject { ["aliases"] = aliases });
    }

    [Fact]
    public async Task Unit_with_an_equal_name_comes_before_units_whose_names_only_contain_the_words()
    {
        await Patch(200, "bac-lieu", new JsonObject { ["aliases"] = new JsonArray("Quảng") });
        Assert.Equal("provinces/bac-lieu", (await GetJson("/v1/search?q=qu%E1%BA%A3ng")).GetHits()[0]);
        await Patch(200, "bac-lieu", new JsonObject { ["aliases"] = new JsonArray("Huế", "Vinh") });
        // The title is before an alias.
        Assert.Equal(["provinces/hue", "provinces/bac-lieu"], (await GetJson("/v1/search?q=Hu%E1%BA%BF&types=provinces")).GetHits());
        Assert.Equal("provinces/bac-lieu", (await GetJson("/v1/search?q=vin&suggest=true&types=provinces")).GetHits()
            .First(hit => hit is "provinces/bac-lieu" or "provinces/tra-vinh"));
    }

    [Fact]
    public async Task Unit_is_no_longer_found_by_an_alias_that_was_removed_or_after_a_merge()
    {
        Assert.Equal(["kon-tum"], (await GetJson("/v1/provinces?q=kontum")).GetItems().GetIds());
        await Patch(200, "kon-tum", new JsonObject { ["aliases"] = null });
        Assert.Empty((await GetJson("/v1/provinces?q=kontum")).GetItems());

        // A merge does not copy the content of the merged record, so its aliases do not become those of the target.
        await Patch(200, "thai-binh", new JsonObject { ["aliases"] = new JsonArray("TB") });
        Assert.Equal(["thai-binh"], (await GetJson("/v1/provinces?q=tb")).GetItems().GetIds());
        await service.SendForJson(HttpStatusCode.OK, "POST", "/v1/provinces/thai-binh/merge-into/hung-yen", key);
        Assert.Empty((await GetJson("/v1/provinces?q=tb")).GetItems());
        Assert.Equal(["provinces/hung-yen", "provinces/hung-yen-2025"],
            (await GetJson("/v1/search?q=hung+yen&types=provinces")).GetHits().Order());
    }

    [Fact]
    public async Task Former_name_finds_a_unit_also_as_of_a_date()
    {
        Assert.Equal(["hue"], (await GetJson("/v1/provinces?q=t%E1%BB%89nh+th%E1%BB%ABa+thi%C3%AAn")).GetItems().GetIds());
        Assert.Equal(["hue"], (await GetJson("/v1/provinces?q=tt-hue&at=2019-10-26")).GetItems().GetIds());
        Assert.Equal(["provinces/thai-binh"],
            (await GetJson("/v1/search?q=%22t%E1%BB%89nh+Th%C3%A1i+B%C3%ACnh%22&types=provinces")).GetHits());
    }

    [Fact]
    public async Task File_has_a_column_of_full_names_and_one_of_aliases()
    {
        using var response = await service.Get("/v1/provinces?format=csv&id=bac-kan&fields=fullName,aliases");
        Assert.Equal(["fullName,aliases", "tỉnh Bắc Kạn,\"[\"\"Bắc Cạn\"\"]\""],
            (await response.ReadText()).TrimEnd().Split("\r\n"));
    }

    private async Task<JsonNode> GetJson(string address)
    {
        using var response = await service.Get(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.ReadText())!;
    }

    private async Task<JsonNode> Patch(int status, string id, JsonObject patch)
    {
        // A citation must not support a member that the record no longer has.
        var unit = await GetJson($"/v1/provinces/{id}");
        var citations = unit["citations"]!.DeepClone().AsArray();
        foreach (var citation in citations)
            citation!["supports"] = new JsonArray("name");
        patch["citations"] = citations;
        using var content = new StringContent(patch.ToJsonString(), System.Text.Encoding.UTF8, "application/merge-patch+json");
        using var response = await service.Send("PATCH", $"/v1/provinces/{id}", content, $"Authorization: Bearer {key}", "If-Match: *");
        Assert.Equal(status, (int)response.StatusCode);
        return JsonNode.Parse(await response.ReadText())!;
    }
}
